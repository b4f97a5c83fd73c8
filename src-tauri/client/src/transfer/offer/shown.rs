//! Offers as everybody else sees them: rows on the board, and the list of what waits for an answer.

use super::accept::folder_of;
use super::desk::{Desk, offered};
use super::perform::needs_person;
use super::row::RANK;
use crate::event::Event;
use crate::view::{ErrorView, Name, OfferAsks, OfferView, Stuck, TransferState};
use pod_shared::content::PreviewKind;
use pod_shared::offer::{OfferState, OfferStep};
use pod_shared::{AccountId, TransferId};
use std::time::Instant;

/// Offers in a list; who has more asks again when some are answered.
const OFFERS_SHOWN_MAX: usize = 500;

impl Desk {
    /// Shows one offer of the queue as it is now.
    pub(super) async fn show(&mut self, id: TransferId) {
        let Some(peer) = self.row(id).map(|row| row.peer) else { return };
        let name = self.name(peer).await;
        let (online, paused) = (self.online, self.settings.paused);
        let Some(row) = self.row(id) else { return };
        let (seq, over) = (row.seq, row.is_over());
        let mut transfer = row.view(name, online);
        let goes_on = matches!(transfer.state, TransferState::Moving | TransferState::Waiting(Stuck::Turn));
        if paused && goes_on {
            transfer.state = TransferState::Waiting(Stuck::PausedAll);
        }
        let transfer = self.board.put(RANK + seq, transfer, None);
        self.shown.insert(id, Instant::now());
        if over {
            self.shown.remove(&id);
        }
        self.ports.sink.emit(Event::Transfer { transfer });
    }

    pub(super) async fn name(&self, account: AccountId) -> Name {
        let known = self.ports.cache.person(account).await.ok().flatten();
        let name = known.map(|row| if row.display_name.is_empty() { row.name } else { row.display_name });
        Name { account, name: name.unwrap_or_default() }
    }

    /// What waits for an answer of this person.
    pub(super) async fn offers(&self) -> Result<Vec<OfferView>, ErrorView> {
        let mut all = Vec::new();
        for state in self.states.values() {
            if all.len() >= OFFERS_SHOWN_MAX {
                break;
            }
            let Some(step) = self.asks(state) else { continue };
            let Some((offered, body)) = offered(state) else { continue };
            let from = self.name(state.from).await;
            all.push(OfferView {
                offer: state.offer,
                batch: body.batch,
                folder: folder_of(self.settings.folder.as_deref(), &from.name).to_string_lossy().into_owned(),
                from,
                kind_of: PreviewKind::of(&body.name, offered.content.size),
                name: body.name,
                bytes: offered.content.size,
                at: state.at,
                step,
                direct: None,
            });
        }
        Ok(all)
    }

    /// What an offer wants of this person, if anything.
    pub(super) fn asks(&self, state: &OfferState) -> Option<OfferAsks> {
        if Some(state.to) != self.account {
            return None;
        }
        if let Some(row) = self.by_offer.get(&state.offer).and_then(|seq| self.rows.get(seq)) {
            return needs_person(&row.side).then_some(OfferAsks::Interrupted);
        }
        let free = state.to_device.is_none_or(|device| device == self.ports.device);
        match state.step {
            // A renewed request is for the device that has the beginning, or for whoever takes the whole.
            OfferStep::Asked => Some(OfferAsks::Asked),
            OfferStep::Forwarding { from: 0 } if free => Some(OfferAsks::Asked),
            OfferStep::Forwarded { from: 0 } if free => Some(OfferAsks::Forwarded),
            OfferStep::Accepted
            | OfferStep::Interrupted
            | OfferStep::Forwarding { .. }
            | OfferStep::Forwarded { .. }
            | OfferStep::Done
            | OfferStep::Declined
            | OfferStep::Cancelled
            | OfferStep::Failed { .. }
            | OfferStep::Expired => None,
        }
    }

    /// Tells the list when it changed.
    pub(super) async fn tell_offers(&mut self) {
        match self.offers().await {
            Ok(offers) if offers != self.told_offers => {
                self.told_offers.clone_from(&offers);
                self.ports.sink.emit(Event::Offers { offers });
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(code = %error.code, "the offers could not be shown"),
        }
    }
}
