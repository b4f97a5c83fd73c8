//! The messenger's half of the interlock, and who waits for a settlement.

use super::{Inner, Messenger, now};
use crate::error::Refusal;
use crate::interlock::Side;
use crate::store::sqlite::messenger::{Applied, FolderNews};
use futures_util::future::BoxFuture;
use pod_shared::interlock::{RelayBody, RelayRow, RowsApplied};
use pod_shared::{AccountId, RelayId, RoomId};
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, oneshot};

/// Requests that wait until the content service confirmed a row.
#[derive(Default)]
pub(super) struct Settlements {
    waiting: Mutex<HashMap<RelayId, Vec<oneshot::Sender<()>>>>,
}

impl Settlements {
    /// Completes when the row is settled. As many wait as there are requests in flight; who gave up is swept out here.
    pub(super) fn wait_for(&self, row: RelayId) -> impl Future<Output = ()> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, senders| {
            senders.retain(|sender| !sender.is_closed());
            !senders.is_empty()
        });
        waiting.entry(row).or_default().push(sender);
        async move { _ = receiver.await }
    }

    fn settled(&self, rows: &[RelayId]) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in rows.iter().filter_map(|row| waiting.remove(row)).flatten() {
            // Whoever asked may have gone.
            let _ = sender.send(());
        }
    }
}

impl Side for Messenger {
    fn pending(&self, limit: usize, held: Vec<RoomId>) -> BoxFuture<'_, Result<Vec<RelayRow>, Refusal>> {
        Box::pin(self.inner.store.pending(limit, held))
    }

    fn settled(&self, outcome: RowsApplied) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(async move {
            let rows = self.inner.store.settle(outcome, now()).await?;
            crate::fault::point("messenger.relay.settled");
            self.inner.settlements.settled(&rows);
            Ok(())
        })
    }

    fn apply(&self, rows: Vec<RelayRow>) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async move { Ok(self.inner.apply(rows).await) })
    }

    fn forget(&self, ids: Vec<RelayId>) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(self.inner.store.forget(ids))
    }

    fn relay_woken(&self) -> Arc<Notify> {
        self.inner.store.relay_woken()
    }
}

impl Inner {
    async fn apply(&self, rows: Vec<RelayRow>) -> RowsApplied {
        let mut outcome = RowsApplied { applied: Vec::new(), refused: Vec::new() };
        let news = folder_news(&rows);
        let mut behind: HashSet<RoomId> = HashSet::new();
        for (row, folder) in rows.into_iter().zip(news) {
            // Rows of one room keep their order: after one that must come again, the others wait.
            if behind.contains(&row.room) {
                continue;
            }
            let (id, room, is_pair) = (row.id, row.room, matches!(row.body, RelayBody::Pair { .. }));
            let applied = match self.directory.get(accounts(&row.body)).await {
                Ok(people) => self.store.apply(row, people, folder, now()).await,
                Err(refusal) => Err(refusal),
            };
            match applied {
                Ok(Applied::Applied) => outcome.applied.push(id),
                Ok(Applied::Refused(reason)) => {
                    outcome.refused.push((id, reason));
                    // What comes behind belongs to a group that only has the room's id.
                    if is_pair {
                        behind.insert(room);
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, row = %id, "a row of the content service could not be applied yet");
                    behind.insert(room);
                }
            }
            crate::fault::point("messenger.relay.applied");
        }
        outcome
    }
}

/// For each row, whether a later one of this delivery says more of where the same folder stands, with nothing else of
/// the room in between.
fn folder_news(rows: &[RelayRow]) -> Vec<FolderNews> {
    let mut next_is_folder: HashMap<RoomId, bool> = HashMap::new();
    let mut news: Vec<FolderNews> = rows
        .iter()
        .rev()
        .map(|row| {
            let is_folder = matches!(row.body, RelayBody::FolderAt { .. });
            let overtaken = is_folder && next_is_folder.insert(row.room, is_folder) == Some(true);
            if !is_folder {
                next_is_folder.insert(row.room, false);
            }
            if overtaken { FolderNews::Overtaken } else { FolderNews::Last }
        })
        .collect();
    news.reverse();
    news
}

/// The people whose names must be known to tell of it.
fn accounts(body: &RelayBody) -> Vec<AccountId> {
    match body {
        RelayBody::Pair { members, .. } => members.iter().map(|member| member.account).collect(),
        RelayBody::Member { member } => vec![member.account],
        RelayBody::Title { .. }
        | RelayBody::FolderAt { .. }
        | RelayBody::OfferForwarded { .. }
        | RelayBody::OfferExpired { .. }
        | RelayBody::OfferMay { .. }
        | RelayBody::OfferOver { .. } => Vec::new(),
    }
}
