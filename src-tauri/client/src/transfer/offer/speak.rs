//! Telling the messenger what the rows have to say: each until it was taken, a few at once.

use super::desk::Desk;
use super::job::Report;
use super::row::{Row, Side};
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, Say, UpInput};
use pod_shared::bytes::ByteString;
use pod_shared::offer::{OfferBody, OfferRequest};
use pod_shared::socket::Request;
use pod_shared::{ErrorCode, Retry, TransferId};

/// Requests at once.
const SPEAKING_MAX: usize = 16;
/// What could not be taken is told again after this, in milliseconds.
const AGAIN_MS: u64 = 2_000;

impl Desk {
    /// Whoever has something to say and may.
    pub(super) fn speak_all(&mut self) {
        if !self.online {
            return;
        }
        let free = SPEAKING_MAX.saturating_sub(self.speaking.len());
        let waits = |row: &&Row| {
            let id = row.id();
            row.say().is_some() && !self.speaking.contains_key(&id) && !self.speak_at.contains_key(&id)
        };
        let ids: Vec<TransferId> = self.rows.values().filter(waits).take(free).map(Row::id).collect();
        for id in ids {
            self.speak(id);
        }
    }

    fn speak(&mut self, id: TransferId) {
        let Some(row) = self.row(id) else { return };
        let Some(say) = row.say() else { return };
        let Some(request) = request(row, say) else { return };
        let (asker, reports) = (self.ports.asker.clone(), self.reports.clone());
        self.speaking.insert(id, say);
        self.tasks.spawn(async move {
            let result = asker.request(Request::Offer(request)).await.map(|_| ());
            // The desk may be stopping; the row says it again.
            let _ = reports.send(Report::Spoke { transfer: id, say, result }).await;
        });
    }

    pub(super) async fn spoke(&mut self, id: TransferId, say: Say, result: Result<(), ErrorView>) {
        if self.speaking.get(&id) == Some(&say) {
            self.speaking.remove(&id);
        }
        let Some(row) = self.row(id) else { return };
        let (up, offer) = (matches!(row.side, Side::Up(_)), row.offer());
        match result {
            Ok(()) if up => self.up(id, UpInput::Said(say)).await,
            Ok(()) => self.down(id, DownInput::Said(say)).await,
            Err(error) if passes(&error) => {
                self.speak_at.insert(id, self.now_ms() + AGAIN_MS);
            }
            Err(error) => {
                row.detail = error.message;
                if up {
                    self.up(id, UpInput::Refused(say, error.code)).await;
                } else {
                    self.down(id, DownInput::Refused(say, error.code)).await;
                }
                // What the messenger knew may have come before its refusal.
                if let Some(state) = self.states.get(&offer).cloned() {
                    self.heard(&state).await;
                }
            }
        }
    }
}

/// The same may be taken later.
fn passes(error: &ErrorView) -> bool {
    matches!(error.retry, Retry::Now | Retry::After) || error.code == ErrorCode::NotSignedIn
}

fn request(row: &Row, say: Say) -> Option<OfferRequest> {
    let offer = row.offer();
    Some(match say {
        Say::Ask { round } => OfferRequest::Ask { offer, to: row.peer, body: body(row)?, round },
        Say::Accept { round } => OfferRequest::Accept { offer, round },
        Say::Interrupted { round } => OfferRequest::Interrupted { offer, round },
        Say::Forward { from } => OfferRequest::Forward { offer, from },
        Say::End { how } => OfferRequest::End { offer, how },
    })
}

fn body(row: &Row) -> Option<ByteString> {
    let Side::Up(up) = &row.side else { return None };
    let offered = up.offered.as_ref()?;
    let body = OfferBody {
        name: row.name.clone(),
        size: offered.content.size,
        sha256: offered.content.digest.clone(),
        manifest: offered.manifest,
        batch: row.batch,
        auto: false,
    };
    body.seal().ok()
}
