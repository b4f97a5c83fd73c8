//! What is asked about one file beyond its name and place.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use pod_shared::content::Permission;
use pod_shared::{AccountId, CommentId, EntryId, RoomId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

mod folder;
pub use folder::{FindAsk, FolderCommand};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum FileCommand {
    /// The versions of a file, newest first. Asks the server.
    Versions {
        /// The file.
        entry: EntryId,
        /// Only before this one; nothing: from the newest.
        before: Option<u32>,
        /// At most this many.
        limit: u32,
    },
    /// Make an old version the newest one again, as a new version.
    VersionRestore {
        /// The file.
        entry: EntryId,
        /// Which.
        version: u32,
        /// Refuse if the newest version is another one by now.
        if_version: Option<u32>,
    },
    /// Fetch a version; nothing as destination: the pod's own place, under a name of its own.
    VersionGet {
        /// The file.
        entry: EntryId,
        /// Which.
        version: u32,
        /// A file or an existing folder.
        dest: Option<PathBuf>,
    },
    /// Send a file of this computer as a new version of one in the folder.
    VersionPut {
        /// The file in the folder.
        entry: EntryId,
        /// The file here.
        path: PathBuf,
        /// The version that it is based on: when there is a newer one by then, it is kept as a copy beside it. Nothing: it
        /// goes on top of whatever is there.
        version: Option<u32>,
        /// The lock with which it was written; nothing: that of this device, if it has one.
        fence: Option<u64>,
    },
    /// The beginning of a version of a text, to be compared with another.
    VersionText {
        /// The file.
        entry: EntryId,
        /// Which version.
        version: u32,
        /// Its bytes.
        #[ts(type = "number")]
        size: u64,
    },
    /// A piece of a version of a file, as it lies on this computer or else at the server; nobody is told. Waits through a
    /// cut. For who looks into a file that is not here, or plays it.
    Piece {
        /// The file.
        entry: EntryId,
        /// Which version.
        version: u32,
        /// The first byte.
        #[ts(type = "number")]
        from: u64,
        /// How many; the file has them all.
        #[ts(type = "number")]
        bytes: u64,
    },
    /// Keep others from changing a file: this device edits it.
    Lock {
        /// The file.
        entry: EntryId,
        /// For how long; nothing: as long as this pod runs, until it is given back.
        minutes: Option<u32>,
    },
    /// Give the lock of a file back.
    Unlock {
        /// The file.
        entry: EntryId,
    },
    /// Edit a file in a program of this computer: its lock is taken and its newest version fetched; from then on each
    /// save becomes a version, until *Done*. Opening it is left to whoever asks.
    Edit {
        /// The file.
        entry: EntryId,
    },
    /// Files that are edited on this computer.
    Edits,
    /// Done with editing: what is left is sent, then the lock is given back.
    EditDone {
        /// The file.
        entry: EntryId,
    },
    /// Try again to send a save that could not be sent.
    EditRetry {
        /// The file.
        entry: EntryId,
    },
    /// End the editing as it is: the lock is given back, and what was not sent stays on this computer. Answers where.
    EditLeave {
        /// The file.
        entry: EntryId,
    },
    /// A person looks at the newest version of a file: told once for each, where the room wants to know, as soon as the
    /// server can be told.
    Opened {
        /// The file.
        entry: EntryId,
    },
    /// Whether a room is told who opened what, by who manages it.
    OpenedTold {
        /// The room.
        room: RoomId,
        /// It is told.
        on: bool,
    },
    /// What a person did in rooms that both are in and that concerns this person: on their files, or said to them. Newest
    /// first.
    Concerning {
        /// Who.
        account: AccountId,
        /// At most this many.
        limit: u32,
    },
    /// Comments on a file or folder, newest first. Asks the server.
    Comments {
        /// Which.
        entry: EntryId,
        /// Only before this place; nothing: from the newest.
        before: Option<u32>,
        /// At most this many.
        limit: u32,
    },
    /// Say something about a file or folder.
    Comment {
        /// Which.
        entry: EntryId,
        /// What.
        text: String,
        /// The members it names.
        mentions: Vec<AccountId>,
        /// The comment that it answers.
        reply: Option<CommentId>,
    },
    /// Take the text of a comment away: one's own, or as who manages the room.
    CommentDelete {
        /// On which.
        entry: EntryId,
        /// The comment.
        comment: CommentId,
    },
    /// Rate a file or folder, or take one's rating back.
    Rate {
        /// Which.
        entry: EntryId,
        /// Half stars, 2 to 10.
        halves: Option<u8>,
    },
    /// Who rated a file or folder how. Asks the server.
    Ratings {
        /// Which.
        entry: EntryId,
    },
    /// Who may see and change a file or folder.
    Permissions {
        /// Which.
        entry: EntryId,
    },
    /// Say who may see and change a file or folder and what lies in it.
    PermissionSet {
        /// Which.
        entry: EntryId,
        /// Who; what takes nothing away clears it.
        permission: Permission,
    },
    /// End somebody else's lock, as who manages the room.
    LockBreak {
        /// The file.
        entry: EntryId,
        /// Why, for everybody to read.
        reason: String,
    },
    /// About the folder beyond one file.
    #[serde(untagged)]
    OfFolder(FolderCommand),
}
