//! A room's folder.

use super::{FileState, Item, Name};
use pod_shared::content::{EntryKind, Permission, PreviewKind, RatingSum};
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// How a folder is sorted. Folders always stand before files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The last first.
    pub descending: bool,
}

/// What a folder can be sorted by; equal ones stand by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// The name: without case, numbers by their value.
    Name,
    /// When it was last changed.
    Modified,
    /// Bytes; folders stay by name.
    Size,
    /// The name of who registered it.
    Person,
    /// The ending of the name; folders stay by name.
    Kind,
    /// How often it was changed; folders stay by name.
    Version,
    /// How much was said about it; folders, and files of which nothing was said, stay by name.
    Comments,
    /// What people gave it; folders, and files that nobody rated, stay by name.
    Rating,
    /// Since when somebody edits it; folders, and files that nobody edits, stay by name.
    Lock,
}

impl Sort {
    /// As a folder is sorted unless a person chose otherwise.
    pub const NAME: Self = Self { by: SortBy::Name, descending: false };
}

/// A page of one folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FolderView {
    /// The room.
    pub room: RoomId,
    /// The way from the top to this folder; empty: the top.
    pub path: Vec<EntryPlace>,
    /// Entries in it.
    pub total: u32,
    /// Bytes of the files in it.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How it is sorted.
    pub sort: Sort,
    /// How many entries stand before the page.
    pub offset: u32,
    /// The page.
    pub entries: Vec<EntryView>,
    /// This person may add and change.
    pub writable: bool,
    /// This person may comment and rate, in what is for viewing only too.
    pub may_remark: bool,
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
    /// What a look into it shows.
    pub preview: Option<PreviewKind>,
    /// Who edits it, so that nobody else may change it.
    pub lock: Option<LockView>,
    /// Comments on it.
    pub comments: u32,
    /// What people gave it; nothing: nobody rated it.
    pub rating: Option<RatingSum>,
    /// Who sees and changes it, where it says so itself.
    pub permission: Option<Permission>,
    /// This person may change its content, name and place, as far as role and permissions go.
    pub writable: bool,
    /// What somebody said that it is; empty: nothing.
    pub description: String,
    /// Its tags.
    pub tags: Vec<String>,
}

/// Who edits a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LockView {
    /// Who.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// Since when.
    pub since: TimeMs,
    /// At this computer.
    pub here: bool,
    /// It is this person, here or at another computer.
    pub mine: bool,
}

/// All about one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct EntryDetails {
    /// The entry.
    pub entry: EntryView,
    /// The folders above it, from the top down.
    pub path: Vec<EntryPlace>,
    /// Who uploaded the newest version, then who downloaded it.
    pub holders: Vec<Name>,
    /// Who else of the room opened the newest version; nothing: the room is not told.
    pub opened: Option<OpenedBy>,
    /// What was done to it, newest first; at most 20.
    pub activities: Vec<Item>,
}

/// Who opened a version, of all who did not make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct OpenedBy {
    /// Who opened it.
    pub people: Vec<Name>,
    /// Of so many.
    pub of: u32,
}

/// The beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TextPreview {
    /// What it says.
    pub text: String,
    /// The file goes on behind it.
    pub truncated: bool,
    /// It is Markdown.
    pub markdown: bool,
}

/// An entry that was found by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct EntryFound {
    /// The entry.
    pub entry: EntryView,
    /// What the room is called.
    pub room_title: String,
    /// Names of the folders above it, from the top down.
    pub path: Vec<String>,
}

/// A page of what a search of files found, what came last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FilesFoundView {
    /// What was found; a page may hold less than was asked for, and there is more all the same.
    pub found: Vec<EntryFound>,
    /// Where to go on; nothing: that was all.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
    /// The server could not be reached: only names that are known here were searched.
    pub here: bool,
}
