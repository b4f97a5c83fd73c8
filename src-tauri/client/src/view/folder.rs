//! A room's folder.

use super::FileState;
use pod_shared::content::EntryKind;
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// One folder, open: folders first, then files, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FolderView {
    /// The room.
    pub room: RoomId,
    /// The way from the top to this folder; empty: the top.
    pub path: Vec<EntryPlace>,
    /// What is in it.
    pub entries: Vec<EntryView>,
    /// This person may add and change.
    pub writable: bool,
    /// Everything up to here is included.
    pub position: ContentPosition,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct EntryPlace {
    /// The folder.
    pub id: EntryId,
    /// Its name.
    pub name: String,
}

/// A file or folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct EntryView {
    /// Its id.
    pub id: EntryId,
    /// The room.
    pub room: RoomId,
    /// The folder it lies in.
    pub parent: Option<EntryId>,
    /// Its name.
    pub name: String,
    /// File or folder.
    pub kind: EntryKind,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256 in hex.
    pub digest: String,
    /// Number of the newest version.
    pub version: u32,
    /// Who registered it.
    pub created_by: AccountId,
    /// As to be shown.
    pub created_by_name: String,
    /// Who changed it last.
    pub modified_by: AccountId,
    /// As to be shown.
    pub modified_by_name: String,
    /// When it was made.
    pub created_at: TimeMs,
    /// When it was last changed.
    pub modified_at: TimeMs,
    /// Where this device has it.
    pub file: FileState,
    /// Entries in it, for folders.
    pub count: u32,
}
