//! Open rows found by what the world knows of them: an upload, a file of a room, a place on the disk. Noted with each step
//! beside `line`, so that news about one file looks at that file, however many there are.

use super::row::Row;
use pod_machine::transfer::Direction;
use pod_shared::{EntryId, TransferId, UploadId};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// Where rows are found.
#[derive(Default)]
pub(super) struct Index {
    /// Every row that is not over.
    open: HashMap<TransferId, Keys>,
    by_upload: HashMap<UploadId, TransferId>,
    by_entry: BTreeSet<(EntryId, TransferId)>,
    by_place: BTreeSet<(u64, TransferId)>,
    /// Offers of which the messenger is still to be told, over or not.
    saying: BTreeSet<TransferId>,
}

/// What a row is found by.
#[derive(Clone, Copy)]
struct Keys {
    upload: Option<UploadId>,
    entry: Option<EntryId>,
    /// Where it comes down to.
    place: Option<u64>,
}

impl Keys {
    fn of(row: &Row) -> Self {
        let machine = row.room().map(|file| &file.machine);
        let comes_down = row.direction() == Direction::Down;
        Self {
            upload: machine.and_then(|machine| machine.upload),
            entry: machine.and_then(|machine| machine.entry),
            place: comes_down.then(|| number(&row.path)),
        }
    }
}

impl Index {
    /// A row stands so now; nothing: it is gone.
    pub(super) fn note(&mut self, id: TransferId, row: Option<&Row>) {
        if let Some(before) = self.open.remove(&id) {
            before.upload.map(|upload| self.by_upload.remove(&upload));
            before.entry.map(|entry| self.by_entry.remove(&(entry, id)));
            before.place.map(|place| self.by_place.remove(&(place, id)));
        }
        if row.and_then(Row::offer).is_some_and(|offer| offer.say().is_some()) {
            self.saying.insert(id);
        } else {
            self.saying.remove(&id);
        }
        let Some(keys) = row.filter(|row| !row.is_over()).map(Keys::of) else { return };
        self.by_upload.extend(keys.upload.map(|upload| (upload, id)));
        self.by_entry.extend(keys.entry.map(|entry| (entry, id)));
        self.by_place.extend(keys.place.map(|place| (place, id)));
        self.open.insert(id, keys);
    }

    /// Rows that are not over.
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    /// Offers of which the messenger is still to be told.
    pub(super) fn saying(&self) -> impl Iterator<Item = TransferId> {
        self.saying.iter().copied()
    }

    /// The open row that is this upload.
    pub(super) fn of_upload(&self, upload: UploadId) -> Option<TransferId> {
        self.by_upload.get(&upload).copied()
    }

    /// Open rows about this file.
    pub(super) fn of_entry(&self, entry: EntryId) -> impl Iterator<Item = TransferId> {
        let all = (entry, TransferId(Uuid::nil()))..=(entry, TransferId(Uuid::max()));
        self.by_entry.range(all).map(|(_, id)| *id)
    }

    /// Rows that may come down to this place; whoever asks compares the path itself.
    pub(super) fn at_place(&self, path: &Path) -> impl Iterator<Item = TransferId> {
        let place = number(path);
        let all = (place, TransferId(Uuid::nil()))..=(place, TransferId(Uuid::max()));
        self.by_place.range(all).map(|(_, id)| *id)
    }
}

/// A number in place of a path: ten thousand paths are long.
fn number(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}
