//! Files of rooms on this computer: what was fetched or sent, and whether it is still what it was.
//!
//! The table in `state.db` says what each file was when it was whole; the disk says what it is. A file that is gone or
//! was changed by hand is no copy any more. The scan at the start is the truth, what `watch` hears are hints.

use crate::transfer::source;
use crate::view::{ErrorView, FileState};
use pod_machine::transfer::Stamp;
use pod_shared::content::Entry;
use pod_shared::{EntryId, RoomId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// One file on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copy {
    /// Which file of the room it is.
    pub(crate) entry: EntryId,
    /// The room.
    pub(crate) room: RoomId,
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// SHA-256 in hex, when it was whole.
    pub(crate) digest: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub(crate) modified_ns: i64,
    /// It lies in the pod's own place and may be replaced by a newer version.
    pub(crate) ours: bool,
}

impl Copy {
    /// A copy of the file at this place, as it is now. Blocks.
    pub(in crate::transfer) fn of(
        entry: EntryId,
        room: RoomId,
        path: &Path,
        digest: &str,
        ours: bool,
    ) -> Result<Self, ErrorView> {
        let Stamp { size, modified_ns, .. } = source::stamp(path)?;
        Ok(Self { entry, room, path: path.to_owned(), digest: digest.to_owned(), size, modified_ns, ours })
    }

    /// Whether the file is what it was. Blocks for a moment.
    pub(in crate::transfer) fn is_intact(&self) -> bool {
        source::stamp(&self.path)
            .is_ok_and(|stamp| stamp.size == self.size && stamp.modified_ns == self.modified_ns)
    }
}

/// All copies, in memory; cheap to clone.
#[derive(Clone, Default)]
pub(in crate::transfer) struct Copies {
    held: Arc<RwLock<Held>>,
}

#[derive(Default)]
struct Held {
    by_entry: BTreeMap<EntryId, Vec<Copy>>,
    /// Which files have contents whose digest begins so.
    by_digest: BTreeSet<(u64, EntryId)>,
}

impl Held {
    /// One more, or the same file anew.
    fn put(&mut self, copy: Copy) {
        self.forget(&copy);
        self.by_digest.insert((beginning(&copy.digest), copy.entry));
        self.by_entry.entry(copy.entry).or_default().push(copy);
    }

    /// One less.
    fn forget(&mut self, copy: &Copy) {
        let Some(of_entry) = self.by_entry.get_mut(&copy.entry) else { return };
        for old in of_entry.extract_if(.., |old| old.path == copy.path) {
            self.by_digest.remove(&(beginning(&old.digest), old.entry));
        }
        // Another copy of the file may have the same bytes.
        self.by_digest.extend(of_entry.iter().map(|left| (beginning(&left.digest), left.entry)));
        if of_entry.is_empty() {
            self.by_entry.remove(&copy.entry);
        }
    }
}

/// The first digits of a digest as a number.
fn beginning(digest: &str) -> u64 {
    digest.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

impl Copies {
    /// Forgets what it had and holds these.
    pub(in crate::transfer) fn replace(&self, copies: Vec<Copy>) {
        let mut held = Held::default();
        copies.into_iter().for_each(|copy| held.put(copy));
        *self.write() = held;
    }

    /// One more, or the same file anew.
    pub(in crate::transfer) fn put(&self, copy: Copy) {
        self.write().put(copy);
    }

    /// One less.
    pub(in crate::transfer) fn drop(&self, copy: &Copy) {
        self.write().forget(copy);
    }

    /// The copies of one file, the newest found last.
    pub(in crate::transfer) fn of(&self, entry: EntryId) -> Vec<Copy> {
        self.read().by_entry.get(&entry).cloned().unwrap_or_default()
    }

    /// Files with these very bytes, whichever file of a room they are.
    pub(in crate::transfer) fn with_digest(&self, digest: &str) -> Vec<Copy> {
        let held = self.read();
        let begins = beginning(digest);
        let all = (begins, EntryId(Uuid::nil()))..=(begins, EntryId(Uuid::max()));
        let of_entries = held.by_digest.range(all).filter_map(|(_, entry)| held.by_entry.get(entry));
        of_entries.flatten().filter(|copy| copy.digest == digest).cloned().collect()
    }

    /// Every copy.
    pub(in crate::transfer) fn all(&self) -> Vec<Copy> {
        self.read().by_entry.values().flatten().cloned().collect()
    }

    /// What this computer has of a file, as far as known without looking at the disk.
    pub(in crate::transfer) fn state(&self, entry: &Entry) -> FileState {
        match self.read().by_entry.get(&entry.id).map(Vec::as_slice) {
            None | Some([]) => FileState::Server,
            Some(copies) if copies.iter().any(|copy| copy.digest == entry.digest) => FileState::Here,
            Some(_) => FileState::Older,
        }
    }

    /// Where the newest version lies, if it is intact. Blocks for a moment.
    pub(in crate::transfer) fn path(&self, entry: &Entry) -> Option<PathBuf> {
        let copies = self.of(entry.id);
        // The pod's own copy first: the source of an upload may be on a stick that is gone tomorrow.
        let (ours, others): (Vec<_>, Vec<_>) =
            copies.into_iter().filter(|copy| copy.digest == entry.digest).partition(|copy| copy.ours);
        ours.into_iter().chain(others).find(Copy::is_intact).map(|copy| copy.path)
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}
