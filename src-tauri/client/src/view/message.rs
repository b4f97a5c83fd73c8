//! What belongs to a message: its reply, its reactions, who has it, and where a stretch of chat begins.

use pod_shared::envelope::ReplyTo;
use pod_shared::{AccountId, MessageId, Position, UploadId};
use serde::{Deserialize, Serialize};

/// Somebody by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Name {
    /// Who.
    pub account: AccountId,
    /// As to be shown.
    pub name: String,
}

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum ReplyTarget {
    /// A message.
    Message {
        /// Its id.
        id: MessageId,
    },
    /// A file that came up in the chat.
    Upload {
        /// Its upload.
        id: UploadId,
    },
}

impl From<ReplyTo> for ReplyTarget {
    fn from(to: ReplyTo) -> Self {
        match to {
            ReplyTo::Message(id) => Self::Message { id },
            ReplyTo::Upload(id) => Self::Upload { id },
        }
    }
}

/// What a message answers, as to be shown above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReplyView {
    /// The message or file.
    pub target: ReplyTarget,
    /// Its place, to go there.
    pub pos: Option<Position>,
    /// Who wrote or sent it.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// It is this person's.
    pub mine: bool,
    /// Its text now, or its beginning as it was quoted; nothing: deleted, or not to be read.
    pub quote: Option<String>,
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReactionView {
    /// The emoji.
    pub emoji: String,
    /// How many gave it.
    pub count: u32,
    /// This person did.
    pub mine: bool,
    /// Up to ten of them.
    pub names: Vec<String>,
}

/// Where a stretch of chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Place {
    /// At the foot.
    Newest,
    /// What lies before a position.
    Before {
        /// The position.
        pos: Position,
    },
    /// What lies after a position.
    After {
        /// The position.
        pos: Position,
    },
    /// What lies on both sides of a position, and at it.
    Around {
        /// The position.
        pos: Position,
    },
}

/// Who has a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct MarksView {
    /// Who has read it.
    pub read: Vec<Name>,
    /// Who has it on a device and has not read it yet.
    pub delivered: Vec<Name>,
}

/// What a search in one room found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FoundView {
    /// Messages, newest first.
    pub items: Vec<super::Item>,
    /// Older ones were not looked at yet: ask again with `before` = `reached`.
    pub more: bool,
    /// Everything from here on was looked at; nothing: nothing is here.
    pub reached: Option<Position>,
}
