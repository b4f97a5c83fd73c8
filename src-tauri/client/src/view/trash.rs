//! What was deleted from a room's folder.

use pod_shared::content::EntryKind;
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// What was deleted and can come back, what was deleted last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TrashView {
    /// The room.
    pub room: RoomId,
    /// What was deleted.
    pub items: Vec<TrashItemView>,
    /// There is more, deleted before.
    pub more: bool,
    /// Days until the server deletes for good.
    pub days: u32,
    /// This person may bring things back.
    pub writable: bool,
    /// This person may empty it.
    pub manages: bool,
}

/// One thing that was deleted, with all that went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TrashItemView {
    /// Its id.
    pub id: EntryId,
    /// What it was called.
    pub name: String,
    /// File or folder.
    pub kind: EntryKind,
    /// Bytes, for files.
    #[ts(type = "number")]
    pub size: u64,
    /// Names of the folders in which it lay, from the top down.
    pub path: Vec<String>,
    /// Files and folders that come back with it.
    #[ts(type = "number")]
    pub below: u64,
    /// Who deleted it.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// It was this person.
    pub mine: bool,
    /// When.
    pub at: TimeMs,
    /// Where its deletion stands in the folder's log.
    pub position: ContentPosition,
    /// When it is deleted for good.
    pub until: TimeMs,
    /// This person may delete it for good.
    pub purgeable: bool,
}
