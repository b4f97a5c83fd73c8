//! Telling the messenger what the rows have to say: each until it was taken, a few at once.

use super::row::{Offer, Side};
use super::table;
use crate::transfer::queue::{Net, Queue};
use crate::transfer::reports::Report;
use crate::transfer::row::Row;
use crate::transfer::step::Step;
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, Say, UpInput};
use pod_shared::bytes::ByteString;
use pod_shared::offer::{OfferBody, OfferRequest, OfferStep};
use pod_shared::socket::{Answer, Request};
use pod_shared::{ErrorCode, OfferId, Retry, TransferId};
use std::time::Duration;

/// Requests at once.
const SPEAKING_MAX: usize = 16;
/// Who declines waits for the messenger so long.
const NOW: Duration = Duration::from_secs(2);
/// What could not be taken is told again after this, in milliseconds.
const AGAIN_MS: u64 = 2_000;

impl Queue {
    /// Whoever has something to say and may.
    pub(in crate::transfer) fn speak_all(&mut self) {
        if self.net == Net::Offline {
            return;
        }
        let free = SPEAKING_MAX.saturating_sub(self.offers.speaking.len());
        let waits = |id: &TransferId| {
            !self.offers.speaking.contains_key(id) && !self.offers.speak_at.contains_key(id)
        };
        let ids: Vec<TransferId> = self.index.saying().filter(waits).take(free).collect();
        for id in ids {
            self.speak(id);
        }
    }

    /// Tells the messenger which offers are not wanted, each until it heard.
    pub(in crate::transfer) fn decline_all(&mut self) {
        if self.net == Net::Offline || self.offers.decline_at.is_some() {
            return;
        }
        let free = SPEAKING_MAX.saturating_sub(self.offers.declining.len());
        let untold: Vec<OfferId> =
            self.offers.declined.difference(&self.offers.declining).take(free).copied().collect();
        for offer in untold {
            self.offers.declining.insert(offer);
            let (asker, reports) = (self.ports.asker.clone(), self.reports.clone());
            self.tasks.spawn(async move {
                let asked = asker.request(Request::Offer(OfferRequest::Decline { offer })).await;
                // The queue may be stopping; the row says it again.
                let _ = reports.send(Report::Declined { offer, result: asked.map(|_| ()) }).await;
            });
        }
    }

    /// With a connection a *no* is told before it is answered: the process may end then.
    pub(in crate::transfer) async fn decline_now(&mut self, offer: OfferId) {
        if self.net == Net::Offline {
            return;
        }
        let asked = self.ports.asker.request(Request::Offer(OfferRequest::Decline { offer }));
        match tokio::time::timeout(NOW, asked).await {
            Ok(asked) => self.declined(offer, asked.map(|_| ())).await,
            // The connection is slow or gone: told as soon as there is one.
            Err(_) => self.offers.decline_at = Some(self.now_ms() + AGAIN_MS),
        }
    }

    /// The messenger heard, or will never take it: it is over already, or was never for this person.
    pub(in crate::transfer) async fn declined(&mut self, offer: OfferId, result: Result<(), ErrorView>) {
        self.offers.declining.remove(&offer);
        let Some(account) = self.account else { return };
        if result.is_err_and(|error| passes(&error)) {
            self.offers.decline_at = Some(self.now_ms() + AGAIN_MS);
            return;
        }
        let forgotten = self.ports.state.run(move |db| table::set_declined(db, account, offer, false)).await;
        if let Err(error) = forgotten {
            tracing::warn!(code = %error.code, "that an offer was declined is told once more at the next start");
        }
        self.offers.declined.remove(&offer);
        if let Some(state) = self.offers.states.get_mut(&offer).filter(|state| !state.step.is_over()) {
            state.step = OfferStep::Declined;
        }
    }

    /// Finds out whether the other person's device can be met.
    pub(in crate::transfer) fn look(&mut self, id: TransferId) {
        let Some(offer) = self.rows.get(&id).and_then(Row::offer).map(Offer::id) else { return };
        let (asker, reports) = (self.ports.asker.clone(), self.reports.clone());
        self.tasks.spawn(async move {
            let asked = asker.request(Request::Offer(OfferRequest::Peer { offer })).await;
            // Without an answer nothing is known; who wants to know looks again.
            if let Ok(Answer::Peer { online, .. }) = asked {
                // The queue may be stopping; the next process looks again.
                let _ = reports.send(Report::There { transfer: id, there: online }).await;
            }
        });
    }

    /// The messenger said whether that device can be met.
    pub(in crate::transfer) async fn is_there(&mut self, id: TransferId, there: bool) {
        let up = self.rows.get(&id).and_then(Row::offer).is_some_and(Offer::is_up);
        let step: Step = if up { UpInput::There(there).into() } else { DownInput::There(there).into() };
        self.step(id, step).await;
    }

    fn speak(&mut self, id: TransferId) {
        let Some(row) = self.rows.get(&id) else { return };
        let Some(say) = row.offer().and_then(Offer::say) else { return };
        let Some(request) = request(row, say) else { return };
        let (asker, reports) = (self.ports.asker.clone(), self.reports.clone());
        self.offers.speaking.insert(id, say);
        self.tasks.spawn(async move {
            let result = asker.request(Request::Offer(request)).await.map(|_| ());
            // The queue may be stopping; the row says it again.
            let _ = reports.send(Report::Spoke { transfer: id, say, result }).await;
        });
    }

    pub(in crate::transfer) async fn spoke(
        &mut self,
        id: TransferId,
        say: Say,
        result: Result<(), ErrorView>,
    ) {
        if self.offers.speaking.get(&id) == Some(&say) {
            self.offers.speaking.remove(&id);
        }
        let Some(row) = self.rows.get_mut(&id) else { return };
        let up = row.offer().is_some_and(Offer::is_up);
        match result {
            Ok(()) => {
                let said: Step = if up { UpInput::Said(say).into() } else { DownInput::Said(say).into() };
                self.step(id, said).await;
            }
            Err(error) if passes(&error) => {
                self.offers.speak_at.insert(id, self.now_ms() + AGAIN_MS);
            }
            Err(error) => {
                row.detail = error.message;
                let refused: Step = if up {
                    UpInput::Refused(say, error.code).into()
                } else {
                    DownInput::Refused(say, error.code).into()
                };
                self.step(id, refused).await;
                // What the messenger knew may have come before its refusal.
                self.hear_again(id).await;
            }
        }
    }
}

/// The same may be taken later.
fn passes(error: &ErrorView) -> bool {
    matches!(error.retry, Retry::Now | Retry::After) || error.code == ErrorCode::NotSignedIn
}

fn request(row: &Row, say: Say) -> Option<OfferRequest> {
    let (peer, offer) = row.offer().map(|offer| (offer.peer, offer.id()))?;
    Some(match say {
        Say::Ask { round } => OfferRequest::Ask { offer, to: peer, body: body(row)?, round },
        Say::Accept { round } => OfferRequest::Accept { offer, round },
        Say::Interrupted { round } => OfferRequest::Interrupted { offer, round },
        Say::Pause { round } => OfferRequest::Pause { offer, round },
        Say::Forward { from } => OfferRequest::Forward { offer, from },
        Say::End { how } => OfferRequest::End { offer, how },
    })
}

fn body(row: &Row) -> Option<ByteString> {
    let offer = row.offer()?;
    let Side::Up(up) = &offer.side else { return None };
    let offered = up.offered.as_ref()?;
    let body = OfferBody {
        name: row.name.clone(),
        size: offered.content.size,
        sha256: offered.content.digest.clone(),
        manifest: offered.manifest,
        batch: offer.batch,
        auto: false,
    };
    body.seal().ok()
}
