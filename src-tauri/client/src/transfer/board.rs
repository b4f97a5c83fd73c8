//! The queue as everybody else sees it: views kept ready, so that a chat or a status line never waits for the queue, and
//! found by what they are asked for, so that no answer about one file looks at ten thousand.

use super::order::Ranks;
use crate::transfer::{Landed, LocalUpload, OpenMove};
use crate::view::{Direction, Stuck, TransferState, TransferView};
use pod_shared::{EntryId, LinkedId, RoomId, TimeMs, TransferId, UploadId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// Finished transfers in a list.
const FINISHED_SHOWN: usize = 200;

/// The views of all transfers; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Board {
    rows: Arc<Mutex<Rows>>,
    ranks: Ranks,
    /// What linked folders have not heard yet; of each no more than it had in the queue since.
    landed: Arc<Mutex<BTreeMap<LinkedId, Vec<Landed>>>>,
}

/// The views, and where each is found.
#[derive(Default)]
struct Rows {
    /// Boxed: a tree keeps room for twice as many as there are.
    all: BTreeMap<TransferId, Box<Shown>>,
    by_upload: HashMap<UploadId, TransferId>,
    /// Uploads that a chat shows as such, oldest first in each room.
    going_up: BTreeSet<(RoomId, TimeMs, TransferId)>,
    /// Downloads that go on by themselves.
    coming_down: BTreeSet<(EntryId, TransferId)>,
    /// Those that are not over.
    open: BTreeSet<TransferId>,
}

struct Shown {
    view: TransferView,
    upload: Option<UploadId>,
    linked: Option<LinkedId>,
}

impl Shown {
    /// Where it is found as an upload of a room.
    fn goes_up(&self) -> Option<(RoomId, TimeMs, TransferId)> {
        let view = &self.view;
        // What a linked folder sends is shown once the server knows of it.
        let wanted =
            self.linked.is_none() && !matches!(view.state, TransferState::Done | TransferState::Cancelled);
        let room = view.room.filter(|_| view.direction == Direction::Up && wanted)?;
        Some((room, view.created_at, view.id))
    }

    fn as_upload(&self) -> Option<LocalUpload> {
        Some(LocalUpload { upload: self.upload?, transfer: self.view.clone() })
    }

    /// Where it is found as a download of a file.
    fn comes_down(&self) -> Option<(EntryId, TransferId)> {
        let view = &self.view;
        let goes_on = view.direction == Direction::Down && !is_over(view) && !needs_person(view);
        Some((view.entry.filter(|_| goes_on)?, view.id))
    }
}

impl Rows {
    fn put(&mut self, shown: Box<Shown>) -> Option<Box<Shown>> {
        let id = shown.view.id;
        let before = self.all.remove(&id);
        if let Some(before) = &before {
            if before.upload != shown.upload
                && let Some(upload) = before.upload
            {
                self.by_upload.remove(&upload);
            }
            before.goes_up().map(|place| self.going_up.remove(&place));
            before.comes_down().map(|place| self.coming_down.remove(&place));
        }
        self.by_upload.extend(shown.upload.map(|upload| (upload, id)));
        self.going_up.extend(shown.goes_up());
        self.coming_down.extend(shown.comes_down());
        if is_over(&shown.view) {
            self.open.remove(&id);
        } else {
            self.open.insert(id);
        }
        self.all.insert(id, shown);
        before
    }
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
        let before = self.rows().put(Box::new(Shown { view: view.clone(), upload, linked }));
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
        let of_row = |id| rows.all.get(id).map(|row| (row.view.rank, row.view.id));
        let mut open: Vec<(u32, TransferId)> = rows.open.iter().filter_map(of_row).collect();
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
        for row in rows.all.values_mut() {
            let rank = self.ranks.of(row.view.id);
            if std::mem::replace(&mut row.view.rank, rank) != rank {
                changed.push(row.view.clone());
            }
        }
        Some(changed)
    }

    /// Nothing to show.
    pub(super) fn clear(&self) {
        *self.rows() = Rows::default();
    }

    /// What is open, oldest first, then the newest of what is over.
    pub(super) fn list(&self) -> Vec<TransferView> {
        let rows = self.rows();
        let mut open: Vec<&Shown> =
            rows.open.iter().filter_map(|id| rows.all.get(id).map(Box::as_ref)).collect();
        open.sort_by_key(|row| row.view.rank);
        let mut over: Vec<&Shown> =
            rows.all.values().map(Box::as_ref).filter(|row| is_over(&row.view)).collect();
        over.sort_by_key(|row| Reverse((row.view.created_at, row.view.id)));
        open.into_iter().chain(over.into_iter().take(FINISHED_SHOWN)).map(|row| row.view.clone()).collect()
    }

    /// One transfer.
    pub(super) fn find(&self, id: TransferId) -> Option<TransferView> {
        self.rows().all.get(&id).map(|row| row.view.clone())
    }

    /// The transfer that is this upload.
    pub(super) fn of_upload(&self, upload: UploadId) -> Option<TransferId> {
        self.rows().by_upload.get(&upload).copied()
    }

    /// Those of these uploads that are ours.
    pub(super) fn uploads_of(&self, uploads: impl Iterator<Item = UploadId>) -> Vec<LocalUpload> {
        let rows = self.rows();
        let mine = uploads.filter_map(|upload| rows.by_upload.get(&upload).and_then(|id| rows.all.get(id)));
        mine.filter(|row| row.goes_up().is_some()).filter_map(|row| row.as_upload()).collect()
    }

    /// The newest upload into a room that is not finished.
    pub(super) fn newest_upload(&self, room: RoomId) -> Option<LocalUpload> {
        let rows = self.rows();
        let (.., id) = rows.going_up.range(of_room(room)).next_back()?;
        rows.all.get(id)?.as_upload()
    }

    /// Uploads into a room that are not finished, oldest first, and no more than this.
    pub(super) fn uploads(&self, room: RoomId, most: usize) -> Vec<LocalUpload> {
        let rows = self.rows();
        let mine = rows.going_up.range(of_room(room)).take(most).filter_map(|(.., id)| rows.all.get(id));
        mine.filter_map(|row| row.as_upload()).collect()
    }

    /// The open download of a file: its transfer, and the bytes that are here.
    pub(super) fn download(&self, entry: EntryId) -> Option<(TransferId, u64)> {
        let rows = self.rows();
        let of_entry = (entry, TransferId(Uuid::nil()))..=(entry, TransferId(Uuid::max()));
        let (_, id) = rows.coming_down.range(of_entry).next()?;
        rows.all.get(id).map(|row| (row.view.id, row.view.done))
    }

    /// A file has moved for a linked folder.
    pub(super) fn landed(&self, landed: Landed) {
        self.all_landed().entry(landed.linked).or_default().push(landed);
    }

    /// What a linked folder has not heard yet, oldest first; it has then.
    pub(super) fn landed_for(&self, linked: LinkedId) -> Vec<Landed> {
        self.all_landed().remove(&linked).unwrap_or_default()
    }

    fn all_landed(&self) -> MutexGuard<'_, BTreeMap<LinkedId, Vec<Landed>>> {
        self.landed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is open for a linked folder.
    pub(super) fn open_for(&self, linked: LinkedId) -> Vec<OpenMove> {
        let rows = self.rows();
        let open_rows = rows.open.iter().filter_map(|id| rows.all.get(id).map(Box::as_ref));
        let mine = open_rows.filter(|row| row.linked == Some(linked));
        let open = |row: &Shown| OpenMove {
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
        u32::try_from(self.rows().open.len()).unwrap_or(u32::MAX)
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All places of a room's uploads.
fn of_room(room: RoomId) -> RangeInclusive<(RoomId, TimeMs, TransferId)> {
    let (first, last) = (TransferId(Uuid::nil()), TransferId(Uuid::max()));
    (room, TimeMs(i64::MIN), first)..=(room, TimeMs(i64::MAX), last)
}

fn is_over(view: &TransferView) -> bool {
    matches!(view.state, TransferState::Done | TransferState::Failed { .. } | TransferState::Cancelled)
}

fn needs_person(view: &TransferView) -> bool {
    matches!(view.state, TransferState::Waiting(Stuck::Person { .. }) | TransferState::Paused)
}
