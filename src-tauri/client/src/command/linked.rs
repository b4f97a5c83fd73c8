//! What is asked about folders of this computer that are kept in step with rooms.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use pod_shared::{EntryId, LinkedId, RoomId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum LinkedCommand {
    /// Keep a room's folder, or a folder of it, on this computer. Deletes nothing on either side.
    LinkedAdd {
        /// The room.
        room: RoomId,
        /// The folder of the room; nothing: its top.
        entry: Option<EntryId>,
        /// Where; made when it is not there.
        path: PathBuf,
    },
    /// Keep it no longer; everything stays where it is.
    LinkedRemove {
        /// Which.
        id: LinkedId,
    },
    /// All of them.
    LinkedFolders,
    /// Stop one, or let it go on.
    LinkedPause {
        /// Which.
        id: LinkedId,
        /// Stop it.
        paused: bool,
    },
    /// The word about many deletions at once.
    LinkedAnswer {
        /// Which.
        id: LinkedId,
        /// Delete them; else what is gone comes back from the other side.
        delete: bool,
    },
}
