//! What a person answers to offers: yes, always yes, no. A yes is on the disk before it is told.

use super::known::offered;
use super::row::{Offer, Side};
use super::table;
use crate::command::Answer;
use crate::transfer::part::{namesake, part_path};
use crate::transfer::perform::Along;
use crate::transfer::queue::{Queue, now};
use crate::transfer::row::{Kind, Row};
use crate::transfer::step::Any;
use crate::view::ErrorView;
use pod_machine::offer::{Down, DownInput, Yes};
use pod_shared::content::check_name;
use pod_shared::offer::OfferState;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode, OfferId, TransferId, limits};
use std::path::{Path, PathBuf};
use uuid::Uuid;

impl Queue {
    /// Takes offers, or lets those go on that were cut off.
    pub(in crate::transfer) async fn accept(
        &mut self,
        offers: Vec<OfferId>,
        always: bool,
        folder: Option<PathBuf>,
    ) -> Result<Answer, ErrorView> {
        if offers.len() > limits::OFFERS_OPEN_PER_PAIR_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "these are more offers than one person can make"));
        }
        if folder.as_ref().is_some_and(|folder| !folder.is_absolute()) {
            return Err(ErrorView::new(ErrorCode::BadRequest, "the folder is not named from its root"));
        }
        for offer in &offers {
            if self.offers.transfer(*offer).is_none()
                && self.offers.states.get(offer).is_none_or(|state| self.asks(state).is_none())
            {
                return Err(ErrorView::new(ErrorCode::NotFound, "there is no such offer any more"));
            }
        }
        for offer in offers {
            if let Some(id) = self.offers.transfer(offer) {
                self.move_to(id, folder.as_deref()).await;
                self.step(id, DownInput::Accept).await;
                self.step(id, DownInput::Retry).await;
                continue;
            }
            let Some(state) = self.offers.states.get(&offer).cloned() else { continue };
            if always {
                self.always(state.from, true).await?;
            }
            self.take(&state, folder.as_deref(), Yes::Person).await?;
        }
        self.tell_offers().await;
        Ok(Answer::Done)
    }

    /// A person whose offers are taken without a question made one.
    pub(in crate::transfer) async fn take_always(&mut self, state: &OfferState) {
        let wanted = self.offers.always.contains(&state.from) && self.offers.transfer(state.offer).is_none();
        if wanted
            && self.asks(state).is_some()
            && let Err(error) = self.take(state, None, Yes::Itself).await
        {
            tracing::warn!(code = %error.code, "an offer was not taken by itself");
        }
    }

    /// The same, of all that is known.
    pub(in crate::transfer) async fn take_all_always(&mut self) {
        for state in self.offers.states.values().cloned().collect::<Vec<_>>() {
            self.take_always(&state).await;
        }
    }

    /// A new row: from here on the yes is told until the messenger has it.
    async fn take(&mut self, state: &OfferState, folder: Option<&Path>, yes: Yes) -> Result<(), ErrorView> {
        let account = self.account()?;
        let newer = || ErrorView::new(ErrorCode::UnsupportedVersion, "the offer was made by a newer Pod");
        let (offered, body) = offered(state).ok_or_else(newer)?;
        let name = if check_name(&body.name).is_ok() { body.name.clone() } else { "file".to_owned() };
        let person = self.name(state.from).await.name;
        let folder =
            folder.map_or_else(|| folder_of(self.settings.folder.as_deref(), &person), Path::to_owned);
        let id = TransferId(Uuid::now_v7());
        let heard = (state.round, state.step, offered);
        let device = self.ports.device.id();
        let mut down = Down::accepted(id, state.offer, device, heard, self.settings.options, yes);
        down.stands = self.settings.paused;
        let path = self.free(&folder.join(&name));
        let offer = Offer { peer: state.from, batch: body.batch, side: Side::Down(down), manifest: None };
        let row = Row::new(name, path, now(), Kind::Offer(offer));
        self.add(account, Vec::new(), vec![Box::new(row)]).await?;
        Ok(())
    }

    /// A file that stopped goes on in another folder: what came so far is there already, or comes again.
    async fn move_to(&mut self, id: TransferId, folder: Option<&Path>) {
        let Some(folder) = folder else { return };
        if self.running.contains_key(&id) {
            return;
        }
        let Some(row) = self.rows.get(&id) else { return };
        let from = part_path(&row.path, id);
        let path = self.free(&folder.join(&row.name));
        let to = part_path(&path, id);
        if let Some(row) = self.rows.get_mut(&id) {
            row.path = path;
        }
        self.note(id);
        let moved = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(to.parent().unwrap_or(Path::new("/")))?;
            match std::fs::rename(&from, &to) {
                Err(_) => std::fs::copy(&from, &to).and_then(|_| std::fs::remove_file(&from)),
                done => done,
            }
        });
        if !matches!(moved.await, Ok(Ok(()))) {
            tracing::info!(transfer = %id, "what came so far stays behind and comes again");
        }
        if let Err(code) = self.save(id, Along::default()).await {
            tracing::warn!(%code, transfer = %id, "the new place of a file was not kept");
        }
    }

    /// A place that no other download goes to.
    fn free(&self, wanted: &Path) -> PathBuf {
        let free = (1..).map(|number| namesake(wanted, number)).find(|path| !self.is_taken(path));
        free.unwrap_or_else(|| wanted.to_owned())
    }

    /// Does not take offers. Works without a connection: the messenger hears it when there is one.
    pub(in crate::transfer) async fn decline(&mut self, offers: Vec<OfferId>) -> Result<Answer, ErrorView> {
        let account = self.account()?;
        for offer in offers {
            if let Some(id) = self.offers.transfer(offer) {
                self.step(id, Any::Cancel).await;
            } else if self.offers.states.get(&offer).is_some_and(|state| !state.step.is_over()) {
                self.ports.state.run(move |db| table::set_declined(db, account, offer, true)).await?;
                self.offers.declined.insert(offer);
                self.decline_now(offer).await;
            }
        }
        self.tell_offers().await;
        Ok(Answer::Done)
    }

    /// Whether a person's offers are taken without a question.
    pub(in crate::transfer) async fn always(&mut self, peer: AccountId, on: bool) -> Result<(), ErrorView> {
        let account = self.account()?;
        if on && self.offers.always.len() >= limits::ALWAYS_ACCEPTED_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "offers of that many people are taken already"));
        }
        self.ports.state.run(move |db| table::set_always(db, account, peer, on)).await?;
        if on {
            self.offers.always.insert(peer);
        } else {
            self.offers.always.remove(&peer);
        }
        Ok(())
    }

    /// The people whose offers are taken without a question.
    pub(in crate::transfer) async fn always_accepted(&self) -> Result<Answer, ErrorView> {
        let mut people = Vec::new();
        for account in &self.offers.always {
            let row = self.ports.cache.person(*account).await?;
            let (name, display_name) = row.map(|row| (row.name, row.display_name)).unwrap_or_default();
            people.push(Person { account: *account, name, display_name });
        }
        Ok(Answer::People(people))
    }
}

/// Where accepted files of a person go: what was set, or `Downloads/Pod`; in it a folder of their own.
pub(super) fn folder_of(set: Option<&Path>, person: &str) -> PathBuf {
    let home = || std::env::home_dir().unwrap_or_else(std::env::temp_dir).join("Downloads");
    let base = set.map_or_else(|| home().join("Pod"), Path::to_owned);
    if check_name(person).is_ok() { base.join(person) } else { base }
}
