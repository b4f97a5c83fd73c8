//! Files and folders over HTTP: the JSON bodies of the content service, and the rule for names.
//!
//! Uploads speak tus 1.0 at `/v1/uploads` with the metadata `room`, `parent` (absent: top), `filename`, and optionally
//! `id` (made by the client: repeating the creation finds the same upload), `sha256` (hex; refused at the end on a
//! mismatch) and `modified_ms`. An answer about a finished upload carries `Pod-Entry` and `Pod-Version`: what it became.
//! A name that is there already gets a new version of that file, unless `entry`, `version` and `copy` say otherwise:
//! [`Basis`]. Downloads are `GET /v1/entries/{id}/content` with
//! ranges and `ETag` (`"sha256hex"`), with `?quiet=true` told nobody (linked folders); `GET /v1/entries/{id}` is the
//! [`Entry`], `DELETE` deletes it, repeatably, and
//! `POST /v1/entries/{id}/restore` brings it back, repeatably: the answer is the [`Entry`] as it is now.
//!
//! `GET /v1/entries/{id}/preview?as=image` is a JPEG or PNG of at most `limits::PREVIEW_SIDE_PX`, `as=text` the first
//! `limits::PREVIEW_TEXT_BYTES_MAX` bytes as they are, with [`PREVIEW_TRUNCATED`]; neither counts as a download.
//! `bad_request` and `too_large` say that there is none. `PUT /v1/groups/{room}/picture` takes the bytes of any such
//! picture for the room, `GET` answers it drawn anew, `DELETE` clears it.

use crate::{AccountId, ActivityId, ContentPosition, EntryId, Role, RoomId, TimeMs, UploadId};
use serde::{Deserialize, Serialize};

mod chunks;
mod forwards;
mod instant;
mod locks;
mod names;
mod opened;
mod permissions;
mod preview;
mod remarks;
mod search;
mod space;
mod tolerant;
mod trash;
mod versions;
pub use chunks::{CHUNK_RECORD_BYTES, Chunk, CopyPart, chunks_of, cut};
pub use forwards::{ForwardNew, ForwardOffset, ForwardState, PIECE_BYTES, PIECE_DIGEST_BYTES, pieces};
pub use instant::{InstantAnswer, InstantNew, InstantProof};
pub use locks::{Lock, LockAsk, LockBreak, LockGrant};
pub use names::{NameProblem, check_name, composed, name_key, noted_name};
pub use opened::{OpenedNew, OpenedSwitch};
pub use permissions::{Mark, Permission, SharedWith, may_change, may_permit, may_see};
pub use preview::PreviewKind;
pub use remarks::{
    Comment, CommentLine, CommentNew, CommentPage, RATING_HALVES_MAX, RATING_HALVES_MIN, Rating, RatingNew,
    RatingPage, RatingSum,
};
pub use search::{AboutNew, SearchAsk, SearchHit, SearchPage};
pub use space::Space;
pub use trash::{TrashItem, TrashPage};
pub use versions::{Basis, FileVersion, VersionPage, VersionRestore};

/// The header of a preview of a text: `1` when the file goes on behind it, `0` when it is all.
pub const PREVIEW_TRUNCATED: &str = "pod-truncated";

/// File or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// One file or folder of a room's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id, through renames, moves and versions.
    pub id: EntryId,
    /// The room.
    pub room: RoomId,
    /// The folder it lies in; nothing: the room's top folder.
    pub parent: Option<EntryId>,
    /// Its name.
    pub name: String,
    /// File or folder.
    pub kind: EntryKind,
    /// Bytes of the newest version; 0 for folders.
    pub size: u64,
    /// SHA-256 of the newest version in hex; empty for folders.
    pub digest: String,
    /// Number of the newest version, from 1; 0 for folders.
    pub version: u32,
    /// When it was made.
    pub created_at: TimeMs,
    /// The registrant.
    pub created_by: AccountId,
    /// When it was last changed.
    pub modified_at: TimeMs,
    /// By whom.
    pub modified_by: AccountId,
    /// The content position of its last change.
    pub position: ContentPosition,
    /// It is deleted: in [`Changes`] a tombstone.
    #[serde(default)]
    pub deleted: bool,
    /// Who edits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// Comments on it that were not deleted.
    #[serde(default, skip_serializing_if = "is_none")]
    pub comments: u32,
    /// What people gave it; nothing: nobody rated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<RatingSum>,
    /// Its own permission; nothing: it takes nothing away beyond what the folders above it do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
    /// What somebody said that it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

/// What was done (N8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// The sharing group was made.
    GroupCreated,
    /// An upload began; its later state is in `UploadState`, its end in another activity with the same upload.
    UploadStarted,
    /// A new file.
    Uploaded,
    /// The upload was cancelled, or ran out.
    UploadCancelled,
    /// A new version of a file.
    Modified,
    /// A person downloaded this version, told once for each.
    Downloaded,
    /// A new folder.
    FolderCreated,
    /// Another name.
    Renamed {
        /// The name before.
        from: String,
    },
    /// Another folder.
    Moved,
    /// Deleted.
    Deleted,
    /// A deletion undone; the entry may have another name and another folder than before.
    Restored,
    /// The room has another picture: `name` is its digest, empty when it has none any more.
    RoomPicture,
    /// A content that was based on an older version was kept as a file of its own.
    ConflictKept {
        /// Name of the file that it was written for.
        of: String,
    },
    /// An old version is the newest one again.
    VersionRestored {
        /// Which.
        version: u32,
    },
    /// A person edits the file, and nobody else may.
    Locked,
    /// The lock was given back.
    Unlocked,
    /// The lock ended because nothing was heard of who had it.
    LockExpired,
    /// A manager ended the lock.
    LockBroken {
        /// Why.
        reason: String,
    },
    /// Something was said about it.
    Commented,
    /// The text of a comment was taken away.
    CommentDeleted,
    /// A person rated it.
    Rated {
        /// Half stars; 0: the rating was taken back.
        halves: u8,
    },
    /// Other people may see or change it than before.
    PermissionChanged,
    /// Deleted for good.
    Purged,
    /// All that was in the trash was deleted for good.
    TrashEmptied,
    /// Another description, or other tags.
    MetadataChanged,
    /// A person looked at this version of a file, told once for each; what a computer fetches by itself is not.
    Opened,
    /// From now on the room is told, or not, who opened what.
    OpenedTold {
        /// It is told.
        on: bool,
    },
    /// Something that this version does not know: kept, and not shown.
    Unknown {
        /// How it was written.
        was: String,
    },
}

/// One line of what happened in a room's folder; one row whatever the number of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// Its place in the folder's log.
    pub position: ContentPosition,
    /// The server's time, for showing.
    pub at: TimeMs,
    /// Who.
    pub by: AccountId,
    /// What.
    #[serde(deserialize_with = "tolerant::kind")]
    pub kind: ActivityKind,
    /// On which entry; nothing for the group itself and for uploads that did not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// The name of the entry, or of the file being uploaded, at that time.
    #[serde(default)]
    pub name: String,
    /// Bytes, for uploads and versions.
    #[serde(default)]
    pub size: u64,
    /// Version it is about, 0 where none.
    #[serde(default)]
    pub version: u32,
    /// The upload it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<UploadId>,
    /// The comment it is about, as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentLine>,
}

/// An open upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// Which.
    pub id: UploadId,
    /// The room.
    pub room: RoomId,
    /// Who sends.
    pub by: AccountId,
    /// Name of the file.
    pub name: String,
    /// Bytes the server has.
    pub offset: u64,
    /// Bytes of the whole.
    pub length: u64,
}

/// `GET /v1/rooms/{room}/changes?after=POSITION&limit=N`: everything after a position that this person may see, oldest
/// first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The activities.
    pub activities: Vec<Activity>,
    /// The entries they changed, as they are now, deleted ones too. The tombstone of a folder stands for all in it.
    pub entries: Vec<Entry>,
    /// Entries that were shown or hidden meanwhile and that this person does not see now: neither them nor what lies in
    /// them. Nobody deleted anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<EntryId>,
    /// Folders that were shown or hidden meanwhile and that this person sees now: what lies in them is to be listed anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<EntryId>,
    /// Open uploads of the room, all that this person may see.
    pub uploads: Vec<UploadState>,
    /// Everything up to here is included.
    pub position: ContentPosition,
    /// There is more after `position`.
    pub more: bool,
}

/// `GET /v1/rooms/{room}/entries?parent=ID&after=NAME&limit=N`: one folder, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// There are more after the last.
    pub more: bool,
}

/// `POST /v1/rooms/{room}/folders`: a new folder. Repeatable by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderNew {
    /// Made by the client.
    pub id: EntryId,
    /// Where; nothing: top.
    #[serde(default)]
    pub parent: Option<EntryId>,
    /// Its name.
    pub name: String,
}

/// `PATCH /v1/entries/{id}`: rename, move, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryChange {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<NewParent>,
    /// Refuse (`conflict`) if the entry was changed after this position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_position: Option<ContentPosition>,
}

/// Where a move goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewParent {
    /// The room's top folder.
    Top,
    /// A folder of the same room.
    Folder(EntryId),
}

/// `POST /v1/groups`: make a sharing group on the files side (N2). Repeatable by its id; its room follows by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupNew {
    /// Id of group and room.
    pub id: RoomId,
    /// Its title.
    pub title: String,
    /// The other members, as editors.
    pub members: Vec<AccountId>,
}

/// One sharing group as its member sees it: `GET /v1/groups`, `POST /v1/groups`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: RoomId,
    /// Its title.
    pub title: String,
    /// All members.
    pub members: Vec<GroupMember>,
    /// The folder stands here.
    pub position: ContentPosition,
}

/// One member of a sharing group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMember {
    /// Who.
    pub account: AccountId,
    /// The role.
    pub role: Role,
}

/// `PUT /v1/groups/{id}/members/{account}`: add, or another role. `DELETE` removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRole {
    /// The role.
    pub role: Role,
}

/// What a change on the files side that concerns both sides came to (decision 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Both sides have it.
    Done,
    /// The other side has not confirmed it yet, and will by itself.
    Pending,
}
