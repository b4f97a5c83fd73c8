//! What can be typed about folders of this computer that are kept in step with rooms.

use clap::Subcommand;
use std::path::PathBuf;

/// Folders that are kept in step.
#[derive(Debug, Subcommand)]
pub(crate) enum Linked {
    /// Keep a room's folder on this computer, both ways. Deletes nothing on either side.
    Link {
        /// The room: its id or its name.
        room: String,
        /// Where; made when it is not there.
        dir: PathBuf,
        /// Only this folder of the room.
        #[arg(long, value_name = "PATH")]
        folder: Option<String>,
    },
    /// Keep it no longer; everything stays where it is.
    Unlink {
        /// The room, or the folder of this computer.
        which: String,
    },
    /// How they stand.
    Status {
        /// Only this one: the room, or the folder of this computer.
        which: Option<String>,
    },
    /// Stop one.
    Pause {
        /// The room, or the folder of this computer.
        which: String,
    },
    /// Let one go on.
    Resume {
        /// The room, or the folder of this computer.
        which: String,
    },
    /// Answer the question about many deletions at once.
    Answer {
        /// The room, or the folder of this computer.
        which: String,
        /// Delete them, or bring back what is gone.
        #[arg(value_enum)]
        word: Word,
    },
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Word {
    /// Delete.
    Delete,
    /// Bring back.
    Keep,
}
