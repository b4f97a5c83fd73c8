//! One transfer as a state machine, and who of many may move now.
//!
//! The life of an upload: it waits for its turn, its source is read through (size, digest, stamp), it gets an upload id
//! that is written down before the server hears of it, its bytes move, the server checks the digest and links it. The
//! life of a download: it waits for its turn, it looks up what the newest version is, its bytes move into a part file, the digest is checked, the file gets its
//! name. Every step is saved before it is done ([`Effect::Save`] comes first), so a restart is: load the row, call
//! [`Transfer::reloaded`], and step. A driver may leave out a save that this would undo.
//!
//! Refuses to touch a file, a socket or a clock: the driver in `pod-client` does what [`Effect`] says and reports back
//! with [`Input`]. Reports of work that was stopped meanwhile are ignored.

mod effect;
mod step;
mod turns;

#[cfg(test)]
mod tests;

pub use effect::{Effect, Happened, Task, TransferOptions, WAIT_MS};
pub use turns::{Lane, Place, SMALL_BYTES, Standing, TURNS_BULK, TURNS_SMALL, lane, turns};

use pod_shared::content::Basis;
use pod_shared::{EntryId, ErrorCode, TransferId, UploadId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Pause after the first cut, in milliseconds; doubles with each try that moved no byte.
pub const PAUSE_MS_MIN: u64 = 500;
/// Longest pause between two tries, in milliseconds.
pub const PAUSE_MS_MAX: u64 = 30_000;
/// The content service may not know a new room for a moment; after this many tries it will not.
pub const ROOM_TRIES_MAX: u32 = 12;
/// A full disk is looked at after this time, in milliseconds.
pub const SPACE_LOOK_MS: u64 = 15_000;
/// A disk that said it had room and took nothing is left alone for longer, doubled so often.
const SPACE_LOOKS_MAX: u32 = 5;
/// A transfer whose bytes turned out wrong begins again this often before it is given up.
pub const RESTARTS_MAX: u32 = 3;

/// The pause after this many tries in a row that moved no byte; `jitter` spreads it: 0..=1000.
pub(crate) fn pause_ms(tries: u32, jitter: u16) -> u64 {
    let grown = PAUSE_MS_MIN.saturating_mul(1 << tries.min(16)).min(PAUSE_MS_MAX);
    grown / 2 + grown * u64::from(jitter.min(1_000)) / 2_000
}

/// How long a full disk is left alone that took nothing after so many tries.
pub(crate) fn space_ms(tries: u32) -> u64 {
    SPACE_LOOK_MS << tries.min(SPACE_LOOKS_MAX)
}

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the room's folder, or to another person.
    Up,
    /// To this computer.
    Down,
}

/// What tells a changed file from an unchanged one without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Time of its last change, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// The file system's number for it, 0 where there is none.
    pub inode: u64,
}

/// The bytes that move: what they are, wherever they lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// SHA-256 in hex.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Uploads: the source when it was read through.
    pub stamp: Option<Stamp>,
}

/// Whose disk is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "FullDisk")]
pub enum Disk {
    /// That of this computer.
    Here,
    /// The server's.
    Server,
}

/// What a transfer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Wait {
    /// Its turn.
    Turn,
    /// The network or the server; tries again by itself at this time, in milliseconds of the caller's clock.
    Network {
        /// When.
        until_ms: u64,
    },
    /// The room is not at the server yet; looks again by itself at this time.
    Room {
        /// When.
        until_ms: u64,
    },
    /// Room on a full disk; it is looked at again at this time, and goes on by itself.
    Space {
        /// Whose.
        disk: Disk,
        /// Bytes that are missing there, as far as known.
        missing: u64,
        /// When.
        until_ms: u64,
    },
    /// Something a person must change.
    Person {
        /// What.
        code: ErrorCode,
        /// Of a file that nobody asked for by hand: tried again by itself at this time, ever more seldom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until_ms: Option<u64>,
    },
}

impl Wait {
    /// When a tick ends it, or has somebody look.
    pub(crate) fn until_ms(self) -> Option<u64> {
        match self {
            Self::Network { until_ms } | Self::Room { until_ms } | Self::Space { until_ms, .. } => {
                Some(until_ms)
            }
            Self::Person { until_ms, .. } => until_ms,
            Self::Turn => None,
        }
    }

    /// Something a person must change.
    #[must_use]
    pub fn for_person(code: ErrorCode) -> Self {
        Self::Person { code, until_ms: None }
    }

    /// A disk is full; `left` bytes are still to come, `free` is what it says it has.
    pub(crate) fn for_space(disk: Disk, left: u64, free: u64, now_ms: u64, tries: u32) -> Self {
        Self::Space { disk, missing: left.saturating_sub(free), until_ms: now_ms + space_ms(tries) }
    }
}

/// What is being done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Uploads: the source is read through for its digest; downloads: the entry is looked up.
    Read,
    /// Bytes move.
    Move,
    /// The digest is checked.
    Verify,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Waits.
    Waiting(Wait),
    /// Somebody works on it.
    Working {
        /// At what.
        work: Work,
    },
    /// The connection broke, and the option to go on by itself is off: the person must say so.
    Asking,
    /// Stopped by the person.
    Paused,
    /// Finished.
    Done,
    /// Given up.
    Failed {
        /// Why.
        code: ErrorCode,
    },
    /// Cancelled, here or by another.
    Cancelled,
}

/// One transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Up or down.
    pub direction: Direction,
    /// Where it stands.
    pub phase: Phase,
    /// What moves, once known.
    pub content: Option<Content>,
    /// The upload at the server, from before the server hears of it.
    pub upload: Option<UploadId>,
    /// The entry: of a download from the start, of an upload at its end.
    pub entry: Option<EntryId>,
    /// Bytes durably at the destination.
    pub done: u64,
    /// Bytes of the whole, as far as known.
    pub total: u64,
    /// Tries in a row that moved no byte.
    pub tries: u32,
    /// How often it began anew because the bytes were other ones.
    pub restarts: u32,
    /// Uploads that the server is still to be told to drop.
    pub owed: BTreeSet<UploadId>,
    /// What happens by itself after a disconnection.
    #[serde(default)]
    pub options: TransferOptions,
    /// The byte that the run under way went on from, once it is known.
    #[serde(default)]
    pub from: Option<u64>,
    /// Uploads: what the content is based on.
    #[serde(default, skip_serializing_if = "Basis::is_unsaid")]
    pub basis: Basis,
    /// Downloads: this version; nothing: the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// What went wrong with a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection was cut, or the server is not there; not before this pause, in milliseconds.
    Network {
        /// What the server asked for, 0 if nothing.
        pause_ms: u64,
    },
    /// The server does not know the room; a new one takes a moment to arrive.
    RoomUnknown,
    /// A disk is full.
    NoSpace {
        /// Whose.
        disk: Disk,
        /// Bytes that it says it has free; 0: not known.
        free: u64,
    },
    /// A person must change something.
    Person(ErrorCode),
    /// The same of a file that nobody asked for by hand.
    Stays(ErrorCode),
    /// The source is another file than the one that was read through.
    SourceChanged,
    /// The server dropped the upload because nothing came for too long.
    UploadExpired,
    /// The bytes that came do not have the digest.
    BytesWrong,
    /// What had come is not on the disk any more, and the server has only what follows it.
    PartLost,
    /// There is no sense in another try.
    Final(ErrorCode),
}

/// What happens to a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// It is its turn.
    Go,
    /// What moves is known: the source was read through, or the entry looked up.
    WasRead {
        /// What it is.
        content: Content,
        /// A new id for the upload; not used by downloads.
        fresh: UploadId,
    },
    /// This many bytes are durably at the destination.
    Moved {
        /// How many.
        done: u64,
    },
    /// All bytes are at the destination.
    AllThere,
    /// The file is in the folder, or has its name on this computer.
    Finished {
        /// The entry.
        entry: Option<EntryId>,
    },
    /// The work did not succeed. `jitter` spreads the next try: 0..=1000.
    Trouble {
        /// Why.
        trouble: Trouble,
        /// Random.
        jitter: u16,
    },
    /// The network is back.
    NetworkBack,
    /// The room is at the server.
    RoomThere,
    /// The disk of this computer has so many bytes free where the file goes.
    Free {
        /// How many.
        bytes: u64,
    },
    /// Time went on.
    Tick,
    /// The person stops it.
    Pause,
    /// The person lets it go on.
    Resume,
    /// The person gives it up.
    Cancel,
    /// Another person cancelled the upload.
    CancelledElsewhere,
    /// The person wants another try.
    Retry,
    /// Other options.
    Options(TransferOptions),
    /// The server has dropped this upload.
    Forgotten {
        /// Which.
        upload: UploadId,
    },
}
