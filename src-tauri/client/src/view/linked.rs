//! Folders of this computer that are kept in step with rooms.

use pod_machine::folder::Alone;
use pod_shared::{EntryId, LinkedId, RoomId};
use serde::{Deserialize, Serialize};

/// How a linked folder stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LinkedState {
    /// It is looked through, or files move.
    Working,
    /// Both sides have the same.
    InStep,
    /// Stopped by the person.
    Paused,
    /// There is no connection; what changes here is found when there is one.
    Offline,
    /// Something is in the way: nothing is taken for deleted, and it is tried again by itself.
    Stuck {
        /// What.
        error: super::ErrorView,
    },
}

/// Many deletions at once that wait for a person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LinkedQuestion {
    /// Files that would be deleted on this computer, because they are gone in the room.
    pub here: u32,
    /// Files that would be deleted in the room, because they are gone on this computer.
    pub there: u32,
}

/// Something that is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LeftAlone {
    /// Its path below the linked folder.
    pub path: String,
    /// Why.
    pub why: Alone,
}

/// A linked folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LinkedView {
    /// Which.
    pub id: LinkedId,
    /// The room.
    pub room: RoomId,
    /// What the room is called.
    pub room_title: String,
    /// The folder of the room; nothing: its top.
    pub entry: Option<EntryId>,
    /// Where it lies on this computer.
    pub path: String,
    /// How it stands.
    #[serde(flatten)]
    pub state: LinkedState,
    /// Files that both sides have.
    pub files: u32,
    /// Files that move or are about to.
    pub left: u32,
    /// What waits for a word.
    pub question: Option<LinkedQuestion>,
    /// What is left alone for longer than a moment; at most 100.
    pub alone: Vec<LeftAlone>,
}
