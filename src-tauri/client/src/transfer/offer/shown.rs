//! The list of offers that wait for an answer of this person, and what of the queue's own offers may be fetched straight.

use super::accept::folder_of;
use super::book::Entry;
use super::known::offered;
use super::row::{Offer, Side};
use crate::event::Event;
use crate::transfer::queue::Queue;
use crate::view::{ErrorView, OfferAsks, OfferView};
use pod_shared::TransferId;
use pod_shared::content::PreviewKind;
use pod_shared::offer::{OfferState, OfferStep};

/// Offers in a list; who has more asks again when some are answered.
const OFFERS_SHOWN_MAX: usize = 500;

impl Queue {
    /// Puts the file on the list of what may be fetched straight, or takes it off.
    pub(in crate::transfer) fn serve(&mut self, id: TransferId) {
        let Some(row) = self.rows.get(&id) else { return };
        let Some(offer) = row.offer() else { return };
        let Side::Up(up) = &offer.side else { return };
        let stamp = up.offered.as_ref().and_then(|offered| offered.content.stamp);
        let entry = match (up.serves() && !self.settings.paused, stamp, offer.manifest.clone()) {
            (true, Some(stamp), Some(manifest)) => {
                Some(Entry { path: row.path.clone(), stamp, manifest, device: up.device })
            }
            _ => None,
        };
        self.offers.ledger.set(offer.id(), entry);
    }

    /// What waits for an answer of this person.
    pub(in crate::transfer) async fn open_offers(&self) -> Result<Vec<OfferView>, ErrorView> {
        let mut all = Vec::new();
        for state in self.offers.states.values() {
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
            });
        }
        Ok(all)
    }

    /// What an offer wants of this person, if anything.
    pub(super) fn asks(&self, state: &OfferState) -> Option<OfferAsks> {
        if Some(state.to) != self.account {
            return None;
        }
        if let Some(id) = self.offers.transfer(state.offer) {
            let offer = self.rows.get(&id).and_then(|row| row.offer());
            return offer.is_some_and(Offer::asks_receiver).then_some(OfferAsks::Interrupted);
        }
        if self.offers.declined.contains(&state.offer) {
            return None;
        }
        let free = state.to_device.is_none_or(|device| device == self.ports.device.id());
        match state.step {
            // A renewed request is for the device that has the beginning, or for whoever takes the whole.
            OfferStep::Asked => Some(OfferAsks::Asked),
            OfferStep::Forwarding { from: 0 } if free => Some(OfferAsks::Asked),
            OfferStep::Forwarded { from: 0 } if free => Some(OfferAsks::Forwarded),
            OfferStep::Accepted
            | OfferStep::Interrupted
            | OfferStep::Paused
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
    pub(in crate::transfer) async fn tell_offers(&mut self) {
        match self.open_offers().await {
            Ok(offers) if offers != self.offers.told => {
                self.offers.told.clone_from(&offers);
                self.ports.sink.emit(Event::Offers { offers });
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(code = %error.code, "the offers could not be shown"),
        }
    }
}
