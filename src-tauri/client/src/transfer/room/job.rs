//! What a run of work on a file of a room has at hand.

use super::row::RoomFile;
use std::path::PathBuf;

/// A file of a room, and what of it is on this computer already.
pub(in crate::transfer) struct Work {
    /// As it was when the run began.
    pub(in crate::transfer) file: RoomFile,
    /// An older, untouched copy of ours that lies where a download goes.
    pub(in crate::transfer) replaces: Option<PathBuf>,
    /// A file on this computer that has the wanted bytes already (O9).
    pub(in crate::transfer) at_hand: Option<PathBuf>,
}

/// One run of work on it.
pub(in crate::transfer) type Job = crate::transfer::job::Job<Work>;
