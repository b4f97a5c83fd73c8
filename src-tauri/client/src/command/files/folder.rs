//! What is asked about a room's folder beyond one file that is there.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use pod_shared::{ContentPosition, EntryId, RoomId};
use serde::{Deserialize, Serialize};

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
}
