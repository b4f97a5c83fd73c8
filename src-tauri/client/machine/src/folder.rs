//! A room's folder and a folder of this computer, kept in step: what is to be done, decided from three trees.
//!
//! The trees: what the disk has ([`Local`]), what the server has ([`Entry`]), and what both had when they were last alike
//! ([`Base`]). [`plan`] is a pure function of them. Its operations are ordered, and each can be repeated: whoever performs
//! some, all or none of them, looks at both sides again and plans anew ends at the same. So nothing has to be remembered
//! but the bases, and these are written only of what both sides have (`Note`).
//!
//! The law: what one side deleted is deleted on the other only if it is still what both had; what both changed stays twice;
//! without bases (a first link) nothing is ever deleted; many deletions at once are asked about. Contents are compared by
//! digest, never by time alone. Refuses to touch what is just changing, what is being moved, and what it cannot
//! name ([`Alone`]).

mod board;
mod deeds;
mod fate;
mod gone;
mod names;
mod narrow;
mod pairs;

#[cfg(test)]
mod tests;

pub use names::{beside, conflict_name, from_server, to_server};
pub use narrow::{Changed, Ground, Part, narrow, restless};

use board::Board;
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{ContentPosition, EntryId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// More deletions of files than this are asked about.
pub const DELETIONS_MAX: usize = 50;
/// So many deletions of files are never asked about, however few files there are.
pub const DELETIONS_FEW: usize = 3;

/// What tells a changed file from an unchanged one without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Bytes.
    pub size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// When the system last changed anything of it, in nanoseconds since 1970; no program can set this.
    pub changed_ns: i64,
    /// The file system's number for it, 0 where there is none.
    pub inode: u64,
}

/// Why something on the disk is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Alone {
    /// It is just changing, or was not read yet: looked at again by itself.
    Busy,
    /// It is being moved by the transfer queue.
    Moving,
    /// A symbolic link.
    Link,
    /// Neither file nor folder.
    Special,
    /// It may not be read.
    Unreadable,
    /// No server takes its name.
    Name,
    /// Another one beside it differs only in case or in the form of its letters.
    Clash,
    /// Something else that is left alone has its name.
    InTheWay,
    /// This person may only look, or somebody else holds the file.
    ReadOnly,
    /// It is no longer shared with this person; what they changed of it stays here.
    NotShared,
}

/// What lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A folder. Restless: something in it came or went just now, so what is missing may be coming back.
    Folder {
        /// Whether it is.
        restless: bool,
    },
    /// A file that was read through.
    File {
        /// SHA-256 in hex.
        digest: String,
        /// What it was when it was read.
        mark: Mark,
    },
    /// Something that is left alone.
    Alone(Alone),
}

/// One file or folder of the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its path below the linked folder, with `/` between the names.
    pub path: String,
    /// The file system's number for it, 0 where there is none.
    pub inode: u64,
    /// What it is.
    pub seen: Seen,
}

/// What both sides had of an entry when they were last alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// The entry.
    pub entry: EntryId,
    /// The folder it lay in at the server.
    pub parent: Option<EntryId>,
    /// Its name at the server.
    pub name: String,
    /// Its name on the disk.
    pub local: String,
    /// File or folder.
    pub kind: EntryKind,
    /// SHA-256 in hex; empty for folders.
    pub digest: String,
    /// The version that had it; 0 for folders.
    pub version: u32,
    /// What the file was; of folders only the inode counts.
    pub mark: Mark,
}

/// Whether what is here may change what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// It may.
    Write,
    /// This person may only look.
    Look,
}

/// Everything that a plan is made of.
#[derive(Clone, Copy, Debug)]
pub struct Trees<'a> {
    /// The entry that is linked; nothing: the top of the room's folder.
    pub folder: Option<EntryId>,
    /// Something in the linked folder itself came or went just now, as [`Seen::Folder`] says of others.
    pub restless: bool,
    /// The disk, each folder before what lies in it.
    pub local: &'a [Local],
    /// The server, without what is deleted or lies elsewhere.
    pub remote: &'a [Entry],
    /// What both had.
    pub bases: &'a [Base],
    /// Files that both had in all, where the trees are only a part ([`narrow`]).
    pub files: Option<usize>,
    /// Paths that the transfer queue works on.
    pub moving: &'a BTreeSet<String>,
    /// Entries that somebody else holds, or that this person may only view: nobody here may change them.
    pub held: &'a BTreeSet<EntryId>,
    /// Entries that both had and that are no longer shared with this person: nothing of them is sent.
    pub hidden: &'a BTreeSet<EntryId>,
    /// Digests of what this computer has sent since both were last alike: what the server has of it lay here.
    pub sent: &'a BTreeSet<String>,
    /// Deletions that a person allowed.
    pub allowed: &'a BTreeSet<EntryId>,
    /// What this person may.
    pub right: Right,
    /// Who writes on this computer, for the name of a copy.
    pub person: &'a str,
    /// The day, for the name of a copy.
    pub date: &'a str,
}

/// A folder at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Under {
    /// This one; nothing: the top of the room's folder.
    Entry(Option<EntryId>),
    /// The one made for this path by an earlier operation of the same plan.
    Made(String),
}

/// One thing to do. Paths are as they are when all operations before it were done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Both sides have this now.
    Note(Base),
    /// Neither side has it any more, or it will be another entry.
    Forget(EntryId),
    /// Make a folder on the disk.
    MakeHere {
        /// Where.
        path: String,
    },
    /// Make a folder at the server.
    MakeThere {
        /// For which folder of the disk.
        path: String,
        /// Where.
        under: Under,
        /// Its name.
        name: String,
    },
    /// Move or rename on the disk; never over something else.
    MoveHere {
        /// From.
        from: String,
        /// To.
        to: String,
        /// What both sides have when it is done.
        note: Option<Base>,
    },
    /// Move or rename at the server.
    MoveThere {
        /// What.
        entry: EntryId,
        /// Where to.
        under: Under,
        /// The name.
        name: String,
        /// Not if it was changed after this.
        position: ContentPosition,
    },
    /// Both sides have something else under one name: what is here gets another.
    SetAside {
        /// From.
        from: String,
        /// To.
        to: String,
    },
    /// Send a file; the server keeps it beside the other one, under `copy`, if there is a newer version by then.
    Send {
        /// Where it lies.
        path: String,
        /// Bytes.
        size: u64,
        /// Into which folder.
        parent: Option<EntryId>,
        /// Under which name.
        name: String,
        /// The file that it is a version of, and the version that it was made from; nothing: a new file.
        onto: Option<(EntryId, u32)>,
        /// The name of the copy.
        copy: String,
    },
    /// Fetch a file.
    Fetch {
        /// Which.
        entry: EntryId,
        /// Where to.
        path: String,
        /// Bytes.
        size: u64,
        /// The file there that it may take the place of; nothing: there must be none.
        replaces: Option<Mark>,
    },
    /// Delete from the disk, if it still is this; nothing: a folder, if it is empty.
    DeleteHere {
        /// Where.
        path: String,
        /// What it must be.
        mark: Option<Mark>,
    },
    /// Delete at the server, with all that lies in it.
    DeleteThere {
        /// What.
        entry: EntryId,
    },
}

/// Many deletions at once, for which a person's word is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What would be deleted on this computer, because it is gone at the server.
    pub here: BTreeSet<EntryId>,
    /// What would be deleted at the server, because it is gone on this computer.
    pub there: BTreeSet<EntryId>,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In this order. Empty while nothing is left to do now.
    pub operations: Vec<Operation>,
    /// What waits for a person's word.
    pub question: Option<Question>,
    /// What is left alone, and why.
    pub alone: Vec<(String, Alone)>,
}

impl Plan {
    /// Something is left alone for a moment only: look again soon.
    #[must_use]
    pub fn looks_again(&self) -> bool {
        self.alone.iter().any(|(_, why)| *why == Alone::Busy)
    }
}

/// Decides what is to be done now.
#[must_use]
pub fn plan(trees: Trees<'_>) -> Plan {
    let mut board = Board::new(trees);
    pairs::pair(&mut board);
    fate::decide(&mut board);
    deeds::list(board)
}
