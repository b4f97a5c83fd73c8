//! Files that move for a linked folder: asked for by its keeper, moved like all others, placed only where and over what
//! was planned.

use super::row::RoomFile;
use crate::folder::disk;
use crate::transfer::part::Part;
use crate::transfer::queue::Queue;
use crate::transfer::row::Row;
use crate::transfer::trouble::Failure;
use crate::view::ErrorView;
use pod_machine::folder::Mark;
use pod_machine::transfer::{Content, Direction, Transfer, Trouble};
use pod_shared::content::Basis;
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
    /// The transfer.
    pub(crate) id: TransferId,
    /// Where it lies, or is to lie.
    pub(crate) path: PathBuf,
    /// It waits for a person.
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
                file.linked = Some(wanted.of);
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
    pub(super) fn place(&self, part: Part, dest: &Path, content: &Content) -> Result<PathBuf, Failure> {
        let part = part.whole(content)?;
        self.check(dest)?;
        disk::put(&part, dest, self.replaces).map_err(|error| {
            if error.code == ErrorCode::FileChanged { other() } else { Failure::from(error) }
        })?;
        Ok(dest.to_owned())
    }
}

/// The keeper of the folder looks again, and plans anew.
fn other() -> Failure {
    Failure::new(Trouble::Final(ErrorCode::FileChanged), "the folder was changed meanwhile")
}
