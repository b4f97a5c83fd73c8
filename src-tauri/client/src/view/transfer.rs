//! The transfer queue.

use pod_shared::{EntryId, RoomId, TimeMs, TransferId};
use serde::{Deserialize, Serialize};

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the room's folder.
    Up,
    /// To this computer.
    Down,
}

/// The way the bytes take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// Through the content service.
    Server,
}

/// What a transfer waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Stuck {
    /// Its turn.
    Turn,
    /// The network, or the server.
    Network,
    /// The room or folder it belongs to is not at the server yet.
    Room,
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
    /// Up or down.
    pub direction: Direction,
    /// The room.
    pub room: RoomId,
    /// The room's title.
    pub room_title: String,
    /// The entry, once known.
    pub entry: Option<EntryId>,
    /// Name of the file.
    pub name: String,
    /// Where it is or will be on this computer.
    pub local_path: String,
    /// The way in use.
    pub path: Path,
    /// Bytes durably at the destination.
    #[ts(type = "number")]
    pub done: u64,
    /// Bytes of the whole.
    #[ts(type = "number")]
    pub total: u64,
    /// Bytes a second, when moving and steady.
    #[ts(type = "number | null")]
    pub rate: Option<u64>,
    /// Where it stands.
    pub state: TransferState,
    /// When it was asked for.
    pub created_at: TimeMs,
}
