//! The queue as everybody else sees it: views kept ready, so that a chat or a status line never waits for the queue.

use super::order::Ranks;
use crate::transfer::{LocalUpload, OpenMove};
use crate::view::{Direction, Stuck, TransferState, TransferView};
use pod_shared::{EntryId, LinkedId, RoomId, TransferId, UploadId};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Finished transfers in a list.
const FINISHED_SHOWN: usize = 200;

/// The views of all transfers; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Board {
    rows: Arc<Mutex<BTreeMap<TransferId, Shown>>>,
    ranks: Ranks,
}

#[derive(Clone)]
struct Shown {
    view: TransferView,
    upload: Option<UploadId>,
    linked: Option<LinkedId>,
}

impl Board {
    /// Shows a transfer as it is now; gives what is shown, with its place in the order, and whether it looks different.
    pub(super) fn put(
        &self,
        view: TransferView,
        upload: Option<UploadId>,
        linked: Option<LinkedId>,
    ) -> (TransferView, bool) {
        let view = TransferView { rank: self.ranks.of(view.id), ..view };
        let before = self.rows().insert(view.id, Shown { view: view.clone(), upload, linked });
        let differs = before.is_none_or(|before| before.view != view);
        (view, differs)
    }

    /// The places in the order.
    pub(super) fn ranks(&self) -> &Ranks {
        &self.ranks
    }

    /// Gives a transfer another place among those that are open; what is shown differently then.
    pub(super) fn reorder(&self, id: TransferId, before: Option<TransferId>) -> Option<Vec<TransferView>> {
        let mut rows = self.rows();
        let mut open: Vec<(u32, TransferId)> =
            rows.values().filter(|row| !is_over(&row.view)).map(|row| (row.view.rank, row.view.id)).collect();
        open.sort();
        let mut order: Vec<TransferId> = open.into_iter().map(|(_, id)| id).collect();
        order.remove(order.iter().position(|other| *other == id)?);
        let place = match before {
            Some(before) => order.iter().position(|other| *other == before)?,
            None => order.len(),
        };
        order.insert(place, id);
        self.ranks.set(&order);
        let mut changed = Vec::new();
        for row in rows.values_mut() {
            let rank = self.ranks.of(row.view.id);
            if std::mem::replace(&mut row.view.rank, rank) != rank {
                changed.push(row.view.clone());
            }
        }
        Some(changed)
    }

    /// Nothing to show.
    pub(super) fn clear(&self) {
        self.rows().clear();
    }

    /// What is open, oldest first, then the newest of what is over.
    pub(super) fn list(&self) -> Vec<TransferView> {
        let rows = self.rows();
        let mut open: Vec<&Shown> = rows.values().filter(|row| !is_over(&row.view)).collect();
        open.sort_by_key(|row| row.view.rank);
        let mut over: Vec<&Shown> = rows.values().filter(|row| is_over(&row.view)).collect();
        over.sort_by_key(|row| Reverse((row.view.created_at, row.view.id)));
        open.into_iter().chain(over.into_iter().take(FINISHED_SHOWN)).map(|row| row.view.clone()).collect()
    }

    /// One transfer.
    pub(super) fn find(&self, id: TransferId) -> Option<TransferView> {
        self.rows().get(&id).map(|row| row.view.clone())
    }

    /// The transfer that is this upload.
    pub(super) fn of_upload(&self, upload: UploadId) -> Option<TransferView> {
        self.rows().values().find(|row| row.upload == Some(upload)).map(|row| row.view.clone())
    }

    /// Uploads into a room that are not finished, oldest first.
    pub(super) fn uploads(&self, room: RoomId) -> Vec<LocalUpload> {
        let open = |row: &Shown| row.view.room == Some(room) && row.view.direction == Direction::Up;
        // What a linked folder sends is shown once the server knows of it.
        let wanted = |row: &Shown| {
            row.linked.is_none() && !matches!(row.view.state, TransferState::Done | TransferState::Cancelled)
        };
        let rows = self.rows();
        let mut mine: Vec<&Shown> = rows.values().filter(|row| open(row) && wanted(row)).collect();
        mine.sort_by_key(|row| (row.view.created_at, row.view.id));
        mine.into_iter()
            .filter_map(|row| Some(LocalUpload { upload: row.upload?, transfer: row.view.clone() }))
            .collect()
    }

    /// The open download of a file: its transfer, and the bytes that are here.
    pub(super) fn download(&self, entry: EntryId) -> Option<(TransferId, u64)> {
        let rows = self.rows();
        let mut of_entry = rows.values().map(|row| &row.view).filter(|view| {
            view.entry == Some(entry)
                && view.direction == Direction::Down
                && !is_over(view)
                && !needs_person(view)
        });
        of_entry.next().map(|view| (view.id, view.done))
    }

    /// What is open for a linked folder.
    pub(super) fn open_for(&self, linked: LinkedId) -> Vec<OpenMove> {
        let rows = self.rows();
        let mine = rows.values().filter(|row| row.linked == Some(linked) && !is_over(&row.view));
        let open = |row: &Shown| OpenMove {
            id: row.view.id,
            path: row.view.local_path.clone().into(),
            waits_for: match &row.view.state {
                TransferState::Waiting(Stuck::Person { error }) => Some(error.clone()),
                TransferState::Waiting(_)
                | TransferState::Moving
                | TransferState::Paused
                | TransferState::Verifying
                | TransferState::Done
                | TransferState::Failed { .. }
                | TransferState::Cancelled => None,
            },
        };
        mine.map(open).collect()
    }

    /// Transfers that wait or move.
    pub(super) fn waiting(&self) -> u32 {
        let count = self.rows().values().filter(|row| !is_over(&row.view)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<TransferId, Shown>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_over(view: &TransferView) -> bool {
    matches!(view.state, TransferState::Done | TransferState::Failed { .. } | TransferState::Cancelled)
}

fn needs_person(view: &TransferView) -> bool {
    matches!(view.state, TransferState::Waiting(Stuck::Person { .. }) | TransferState::Paused)
}
