//! The items of a chat: messages, activities, the live upload that turns into a file card.

use pod_shared::content::{ActivityKind, PreviewKind};
use pod_shared::{
    AccountId, CommentId, EntryId, MessageId, Position, Role, RoomId, TimeMs, TransferId, UploadId,
};
use serde::{Deserialize, Serialize};

/// A stretch of a room's chat, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Timeline {
    /// The room.
    pub room: RoomId,
    /// The items; what waits in the outbox stands last.
    pub items: Vec<Item>,
    /// There are older ones: ask again with `before` the position of the first.
    pub more: bool,
    /// There are newer ones: ask again with `after` the position of the last.
    pub newer: bool,
    /// Up to where the log is known. Whoever sees the newest item has seen all up to there: a file keeps the place it
    /// was begun at, and what became of it lies behind.
    pub head: Position,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Item {
    /// Stays the same through the item's life: the message id, `upload:ID`, `activity:ID` or `event:POS`.
    pub key: String,
    /// Its place; nothing: not at the server yet.
    pub pos: Option<Position>,
    /// When.
    pub at: TimeMs,
    /// Who.
    pub by: AccountId,
    /// Who, as to be shown (members who left included).
    pub by_name: String,
    /// It is this person.
    pub mine: bool,
    /// What.
    pub kind: ItemKind,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemKind {
    /// A message.
    Message {
        /// Its id.
        id: MessageId,
        /// The text as it stands now; nothing: deleted, or written by a newer Pod.
        text: Option<String>,
        /// Where it is; a change of it that waits or failed is told here too.
        state: MessageState,
        /// Its text was changed.
        edited: bool,
        /// It was deleted: its line stays.
        deleted: bool,
        /// What it answers.
        reply: Option<super::ReplyView>,
        /// The people it names.
        mentions: Vec<super::Name>,
        /// The emoji under it, in the order in which they came.
        reactions: Vec<super::ReactionView>,
        /// This person may change its text.
        may_edit: bool,
        /// This person may delete it.
        may_delete: bool,
    },
    /// A file that came up in this chat: first live, then the card.
    Upload(LiveUpload),
    /// Something done in the folder.
    Activity(ActivityItem),
    /// The room was made.
    Created {
        /// Its title.
        title: String,
    },
    /// A member came, changed role, or (role absent) went.
    Member {
        /// Who.
        account: AccountId,
        /// As to be shown.
        name: String,
        /// The role.
        role: Option<Role>,
    },
    /// The room has another title.
    Renamed {
        /// The title.
        title: String,
    },
    /// The room has its folder now.
    FolderMade,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum MessageState {
    /// In the outbox.
    Waiting,
    /// In the room's log.
    Sent,
    /// Everybody else in the room has it on a device (rooms of at most 50).
    Delivered,
    /// Everybody else in the room has read it (rooms of at most 50).
    Read,
    /// Refused; *Retry* or *Discard*.
    Failed {
        /// Why.
        error: super::ErrorView,
    },
}

/// A file in the chat (N8, N12): one item from the first byte to the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LiveUpload {
    /// The upload.
    pub upload: UploadId,
    /// This device's transfer, when it is the sender.
    pub transfer: Option<TransferId>,
    /// The entry, once stored.
    pub entry: Option<EntryId>,
    /// Name of the file.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// How far.
    pub phase: UploadPhase,
    /// This person may cancel it: the sender, and who manages the room.
    pub may_cancel: bool,
    /// What a look into the file shows, once stored.
    pub preview: Option<PreviewKind>,
    /// The version it became; 0: not stored.
    pub version: u32,
    /// It is a copy that was kept beside the file of this name, because that had changed meanwhile.
    pub conflict_of: Option<String>,
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum UploadPhase {
    /// In this device's queue.
    Waiting {
        /// Waits for: the network, or its turn.
        stuck: Option<super::Stuck>,
        /// Bytes the server has.
        #[ts(type = "number")]
        offset: u64,
    },
    /// Moving.
    Moving {
        /// Bytes the server has.
        #[ts(type = "number")]
        offset: u64,
        /// Bytes a second, when known.
        #[ts(type = "number | null")]
        rate: Option<u64>,
    },
    /// Paused by its sender.
    Paused {
        /// Bytes the server has.
        #[ts(type = "number")]
        offset: u64,
    },
    /// In the folder.
    Stored {
        /// Where this device has it.
        file: FileState,
    },
    /// Cancelled.
    Cancelled,
    /// Given up.
    Failed {
        /// Why.
        error: super::ErrorView,
    },
    /// It was stored and is deleted now.
    Deleted,
}

/// Where this device has a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum FileState {
    /// On the server only.
    Server,
    /// Coming down.
    Downloading {
        /// The transfer.
        transfer: TransferId,
        /// Bytes here.
        #[ts(type = "number")]
        done: u64,
    },
    /// On this computer, the newest version.
    Here,
    /// On this computer, an older version.
    Older,
}

/// A line of the activity thread (N8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ActivityItem {
    /// What was done.
    pub kind: ActivityKind,
    /// The entry; its links work only when it is there and not deleted.
    pub entry: Option<EntryId>,
    /// Its name at that time.
    pub name: String,
    /// Its name now, or nothing if deleted.
    pub name_now: Option<String>,
    /// It is a folder.
    pub folder: bool,
    /// It happened this many times in a row (same person, same file).
    pub count: u32,
    /// What the comment says that it is about; nothing: it is about none, or that was deleted.
    pub said: Option<SaidLine>,
}

/// Something that a person did in a room and that concerns this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ConcerningView {
    /// The room.
    pub room: RoomId,
    /// What it is called.
    pub room_title: String,
    /// The line.
    pub item: Item,
}

/// The beginning of a comment, in the line that tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SaidLine {
    /// The comment.
    pub id: CommentId,
    /// Its beginning.
    pub text: String,
    /// It names this person, or answers them.
    pub to_me: bool,
    /// Whom it answers, as to be shown.
    pub answers: Option<String>,
}
