//! The transfer queue.

use super::{Name, StoryLine};
use pod_machine::transfer::{Direction, Disk, TransferOptions};
use pod_shared::{EntryId, OfferId, RoomId, TimeMs, TransferId};
use serde::{Deserialize, Serialize};

/// The way the bytes take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// Through the content service.
    Server,
    /// From computer to computer.
    Direct,
}

/// What a transfer waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Stuck {
    /// Its turn.
    Turn,
    /// The network, or the server.
    Network {
        /// The next try; nothing: as soon as there is a way.
        until: Option<TimeMs>,
    },
    /// The room or folder it belongs to is not at the server yet.
    Room,
    /// The receiver: no answer yet, or they are away.
    Receiver,
    /// The sender is away.
    Sender,
    /// A person: *Retry* of the sender, *Accept* of the receiver, because an option is off.
    Asking,
    /// The receiver, who stopped it for a while.
    Held,
    /// The whole queue is paused.
    PausedAll,
    /// Room on a full disk; it goes on by itself.
    Space {
        /// Whose.
        disk: Disk,
        /// Bytes that are missing there, as far as known.
        #[ts(type = "number")]
        missing: u64,
        /// When it is looked at again.
        until: Option<TimeMs>,
    },
    /// Something a person must change, then *Retry*.
    Person {
        /// What.
        error: super::ErrorView,
    },
}

/// Where a transfer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TransferState {
    /// Waits.
    Waiting(Stuck),
    /// Bytes move.
    Moving,
    /// Stopped by the person.
    Paused,
    /// All bytes are there; the digest is checked.
    Verifying,
    /// Finished.
    Done,
    /// Given up.
    Failed {
        /// Why.
        error: super::ErrorView,
    },
    /// Cancelled, here or by another.
    Cancelled,
}

/// One row of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TransferView {
    /// The transfer.
    pub id: TransferId,
    /// Its place in the queue; lower ones go first.
    pub rank: u32,
    /// Up or down.
    pub direction: Direction,
    /// The room; nothing: it is an offer.
    pub room: Option<RoomId>,
    /// The room's title; empty for an offer.
    pub room_title: String,
    /// The other person of an offer.
    pub peer: Option<Name>,
    /// The offer.
    pub offer: Option<OfferId>,
    /// The entry, once known.
    pub entry: Option<EntryId>,
    /// Name of the file.
    pub name: String,
    /// Where it is or will be on this computer.
    pub local_path: String,
    /// The way in use, as far as one is.
    pub path: Option<Path>,
    /// Bytes durably at the destination.
    #[ts(type = "number")]
    pub done: u64,
    /// Bytes of the whole.
    #[ts(type = "number")]
    pub total: u64,
    /// Bytes a second, when moving and steady.
    #[ts(type = "number | null")]
    pub rate: Option<u64>,
    /// Seconds left, when moving and steady.
    #[ts(type = "number | null")]
    pub eta_s: Option<u64>,
    /// The byte that it last went on from, while moving.
    #[ts(type = "number | null")]
    pub resumed_at: Option<u64>,
    /// Where it stands.
    pub state: TransferState,
    /// When it was asked for.
    pub created_at: TimeMs,
    /// How it behaves after a disconnection.
    pub options: TransferOptions,
    /// What happened to it, oldest first; the last 12.
    pub story: Vec<StoryLine>,
}
