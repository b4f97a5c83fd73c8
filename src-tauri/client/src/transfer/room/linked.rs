//! Files that move for a linked folder: asked for by its keeper, moved like all others, placed only where and over what
//! was planned.
//!
//! What both sides have when a file came or went is noted in the same transaction as the end of its transfer ([`Landed`]):
//! an edit that follows at once is an edit of that, and a deletion one of that. A process that dies between the name on the
//! disk and that note finds the content under its name, and notes it then. What stands in a file's way is tried again by
//! the queue, ever more seldom; only what the folder has otherwise by now ends the transfer, and is planned anew.

use super::row::RoomFile;
use crate::folder::disk;
use crate::transfer::part::{Part, drop_part, holds};
use crate::transfer::queue::Queue;
use crate::transfer::row::Row;
use crate::transfer::trouble::Failure;
use crate::view::ErrorView;
use pod_machine::folder::{Base, Mark};
use pod_machine::transfer::{Content, Direction, Transfer, Trouble};
use pod_shared::content::{Basis, EntryKind};
use pod_shared::{EntryId, ErrorCode, LinkedId, RoomId, TransferId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What a file has to know of the linked folder that it moves for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForLinked {
    /// Which folder.
    pub(crate) id: LinkedId,
    /// Where it lies.
    pub(crate) root: PathBuf,
    /// Downloads: the file there that it may take the place of.
    pub(crate) replaces: Option<Mark>,
    /// As what it lies there when it has moved.
    #[serde(default)]
    pub(crate) lies: Option<Lies>,
}

/// Where an entry lies on both sides, as it was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lies {
    /// The folder at the server.
    pub(crate) parent: Option<EntryId>,
    /// Its name there.
    pub(crate) name: String,
    /// Its name on the disk.
    pub(crate) local: String,
    /// Downloads: the version that was wanted, and its digest.
    pub(crate) version: Option<(u32, String)>,
}

/// What a linked folder is to know of a file that has moved for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Landed {
    /// Which folder.
    pub(crate) linked: LinkedId,
    /// SHA-256 in hex of what went up.
    pub(crate) sent: Option<String>,
    /// What both sides have now.
    pub(crate) base: Option<Base>,
}

/// A file that is to move.
#[derive(Clone, Debug)]
pub(crate) struct LinkedMove {
    /// Up or down.
    pub(crate) direction: Direction,
    /// The room.
    pub(crate) room: RoomId,
    /// Uploads: the folder it goes into.
    pub(crate) parent: Option<EntryId>,
    /// Downloads: the file.
    pub(crate) entry: Option<EntryId>,
    /// Its name at the server.
    pub(crate) name: String,
    /// Where it lies, or is to lie.
    pub(crate) path: PathBuf,
    /// Bytes, as far as known.
    pub(crate) size: u64,
    /// Uploads: what the content was made from.
    pub(crate) basis: Basis,
    /// For which folder.
    pub(crate) of: ForLinked,
}

/// A file that moves for a linked folder.
#[derive(Clone, Debug)]
pub(crate) struct OpenMove {
    /// Where it lies, or is to lie.
    pub(crate) path: PathBuf,
    /// What stands in its way.
    pub(crate) waits_for: Option<ErrorView>,
}

impl Queue {
    /// Takes files of a linked folder into the queue. What moves already for the same place is not asked for twice.
    pub(in crate::transfer) async fn move_linked(&mut self, moves: Vec<LinkedMove>) -> Result<(), ErrorView> {
        let account = self.account()?;
        let open = self.rows.values().filter(|row| !row.is_over());
        let linked = open.filter(|row| row.room().is_some_and(|file| file.linked.is_some()));
        let taken: HashSet<PathBuf> = linked.map(|row| row.path.clone()).collect();
        let options = self.settings.options;
        let row = |wanted: LinkedMove| {
            let id = TransferId(Uuid::now_v7());
            let machine = match (wanted.direction, wanted.entry) {
                (Direction::Down, Some(entry)) => Transfer::down(id, entry, wanted.size),
                (Direction::Down, None) | (Direction::Up, _) => Transfer::up(id, wanted.size),
            };
            let machine = Transfer { options, basis: wanted.basis, ..machine };
            let mut row = RoomFile::row(wanted.room, wanted.parent, wanted.name, wanted.path, machine);
            if let Some(file) = row.room_mut() {
                file.linked = Some(Box::new(wanted.of));
            }
            row
        };
        let fresh = moves.into_iter().filter(|one| !taken.contains(&one.path));
        let rows: Vec<Box<Row>> = fresh.map(row).map(Box::new).collect();
        self.has_room_for(rows.len())?;
        self.add(account, Vec::new(), rows).await.map(|_| ())
    }
}

impl ForLinked {
    /// That the place is still what was planned with, and in the folder. Blocks.
    pub(super) fn check(&self, dest: &Path) -> Result<(), Failure> {
        let path = dest.strip_prefix(&self.root).ok().and_then(Path::to_str).unwrap_or_default();
        disk::check_root(&self.root, self.id)?;
        disk::place(&self.root, path)?;
        let there = dest.parent().is_some_and(Path::is_dir);
        let fits = match self.replaces {
            Some(mark) => disk::is(dest, mark),
            None => std::fs::symlink_metadata(dest).is_err(),
        };
        if there && fits { Ok(()) } else { Err(other()) }
    }

    /// Gives what came its place, over the file that was planned with and no other. Blocks.
    pub(super) fn place(&self, part: Part, dest: &Path, content: &Content) -> Result<Placed, Failure> {
        let part = part.whole(content)?;
        if let Err(failure) = self.check(dest) {
            let placed = self.is_there(dest, content).ok_or(failure);
            return placed.inspect(|_| drop_part(&part));
        }
        let mark = mark_at(&part)?;
        disk::put(&part, dest, self.replaces).map_err(|error| {
            if error.code == ErrorCode::FileChanged { other() } else { Failure::from(error) }
        })?;
        Ok(Placed { path: dest.to_owned(), mark: Some(mark) })
    }

    /// The very content lies there already: a process died between its name and the note of it. Blocks.
    pub(super) fn is_there(&self, dest: &Path, content: &Content) -> Option<Placed> {
        disk::check_root(&self.root, self.id).ok()?;
        let mark = mark_at(dest).ok()?;
        holds(dest, content).then(|| Placed { path: dest.to_owned(), mark: Some(mark) })
    }

    /// What both sides have now that this version of an entry lies there as this file.
    fn base(&self, entry: EntryId, version: u32, digest: String, mark: Mark) -> Option<Base> {
        let Lies { parent, name, local, .. } = self.lies.clone()?;
        Some(Base { entry, parent, name, local, kind: EntryKind::File, digest, version, mark })
    }
}

impl RoomFile {
    /// What its linked folder is to know now that it has come, and what the file was as it got its name.
    pub(in crate::transfer) fn came(&self, mark: Mark, newest: Option<(u32, String)>) -> Option<Landed> {
        let (linked, content) = (self.linked.as_ref()?, self.machine.content.as_ref()?);
        let wanted = linked.lies.as_ref().and_then(|lies| lies.version.clone());
        let known = [wanted, newest].into_iter().flatten().find(|(_, digest)| *digest == content.digest);
        let (version, digest) = known?;
        let base = linked.base(self.machine.entry?, version, digest, mark);
        Some(Landed { linked: linked.id, sent: None, base })
    }

    /// What its linked folder is to know now that it has gone up. A new file may have got another name there, and is
    /// looked at.
    pub(in crate::transfer) fn went(&self, entry: EntryId, version: Option<u32>) -> Option<Landed> {
        let (linked, content) = (self.linked.as_ref()?, self.machine.content.as_ref()?);
        let stamp = content.stamp?;
        let mark =
            Mark { size: stamp.size, modified_ns: stamp.modified_ns, changed_ns: 0, inode: stamp.inode };
        let same = self.machine.basis.entry == Some(entry);
        let base = version
            .filter(|_| same)
            .and_then(|version| linked.base(entry, version, content.digest.clone(), mark));
        Some(Landed { linked: linked.id, sent: Some(content.digest.clone()), base })
    }
}

/// A file that has its name, and what it was then.
#[derive(Debug)]
pub(in crate::transfer) struct Placed {
    /// Where.
    pub(in crate::transfer) path: PathBuf,
    /// In a linked folder: what tells it from a changed one, without the time that its new name changed.
    pub(in crate::transfer) mark: Option<Mark>,
}

/// A file as it is now. Its time of change is left out: a later change may fall into the same tick, so whoever compares
/// reads it once more.
fn mark_at(path: &Path) -> Result<Mark, Failure> {
    let metadata = std::fs::symlink_metadata(path).map_err(|_| other())?;
    Ok(Mark { changed_ns: 0, ..disk::mark_of(&metadata) })
}

/// What the keeper of a folder plans anew; everything else is tried again by the queue.
pub(in crate::transfer) fn is_planned_anew(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::FileChanged
            | ErrorCode::NotFound
            | ErrorCode::Gone
            | ErrorCode::NameExists
            | ErrorCode::Conflict
            | ErrorCode::Locked
            | ErrorCode::IdReused
            | ErrorCode::BadRequest
            | ErrorCode::FolderMissing
            | ErrorCode::Cancelled
    )
}

/// The keeper of the folder looks again, and plans anew.
pub(super) fn other() -> Failure {
    Failure::new(Trouble::Final(ErrorCode::FileChanged), "the folder was changed meanwhile")
}
