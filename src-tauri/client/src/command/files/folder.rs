//! What is asked about a room's folder beyond one file that is there.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use pod_shared::content::EntryKind;
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// What is looked for; what is missing is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FindAsk {
    /// In this room; nothing: in the 64 rooms in which something happened last.
    pub room: Option<RoomId>,
    /// Words.
    pub text: String,
    /// The registrant.
    pub by: Option<AccountId>,
    /// File or folder.
    pub kind: Option<EntryKind>,
    /// Files whose names end so, without the dot; none: all.
    pub endings: Vec<String>,
    /// Last changed then or later.
    pub since: Option<TimeMs>,
    /// Last changed then or before.
    pub until: Option<TimeMs>,
    /// Files of at least so many bytes.
    #[ts(type = "number | null")]
    pub size_min: Option<u64>,
    /// Files of at most so many bytes.
    #[ts(type = "number | null")]
    pub size_max: Option<u64>,
    /// Rated with at least so many half stars on average.
    pub halves_min: Option<u8>,
    /// With this tag.
    pub tag: Option<String>,
    /// Go on after this: `next` of the page before.
    #[ts(type = "number | null")]
    pub after: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum FolderCommand {
    /// What was deleted from a room's folder and can come back, what was deleted last first. Asks the server.
    Trash {
        /// The room.
        room: RoomId,
        /// Only what was deleted before this; nothing: from the newest.
        before: Option<ContentPosition>,
        /// At most this many.
        limit: u32,
    },
    /// Delete something in the trash for good, with all that lies in it.
    Purge {
        /// The room.
        room: RoomId,
        /// Which.
        entry: EntryId,
    },
    /// Delete for good all that was deleted up to a position, as who manages the room.
    TrashEmpty {
        /// The room.
        room: RoomId,
        /// Up to here.
        up_to: ContentPosition,
    },
    /// Files and folders by words and by what is known of them. Asks the server; where it cannot be reached, the names that
    /// are known here are searched.
    FilesFind {
        /// What is looked for.
        ask: Box<FindAsk>,
    },
    /// How much a room and this person take up, and may. Asks the server.
    Space {
        /// The room.
        room: RoomId,
    },
    /// Say what a file or folder is.
    Describe {
        /// Which.
        entry: EntryId,
        /// A text; empty: none.
        description: String,
        /// Tags; none: no tags.
        tags: Vec<String>,
    },
}
