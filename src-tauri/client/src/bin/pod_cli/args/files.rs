//! What can be typed about a room's folder.

use clap::{Subcommand, ValueEnum};
use pod_client::view::SortBy;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Files {
    /// What is in the folder.
    Ls {
        /// A folder in it, like `plans/2026`.
        folder: Option<String>,
        /// In which order; folders always stand first.
        #[arg(long, value_enum, default_value = "name")]
        sort: Order,
        /// The last first.
        #[arg(long)]
        reverse: bool,
    },
    /// Send files and folders into it.
    Put {
        /// Which.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Into this folder of the room.
        #[arg(long, value_name = "FOLDER")]
        into: Option<String>,
    },
    /// Fetch a file, or all files of a folder.
    Get {
        /// The file: its id, or its name with the folders before it; a folder by its name.
        name: String,
        /// A file or a folder on this computer; without it: the pod's own place.
        dest: Option<PathBuf>,
    },
    /// A new folder.
    Mkdir {
        /// Its name, with the folders before it.
        name: String,
    },
    /// Rename or move.
    Mv {
        /// The file or folder.
        from: String,
        /// A folder to move it into, or its new name.
        to: String,
    },
    /// Delete.
    Rm {
        /// The file or folder.
        name: String,
    },
    /// Undo a deletion.
    Restore {
        /// The id of what was deleted, or its name.
        name: String,
    },
}

/// What a folder is sorted by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Order {
    /// The name, numbers by their value.
    Name,
    /// The time of the last change.
    Modified,
    /// Bytes.
    Size,
    /// Who registered it.
    Person,
    /// The kind of file.
    Kind,
}

impl From<Order> for SortBy {
    fn from(order: Order) -> Self {
        match order {
            Order::Name => Self::Name,
            Order::Modified => Self::Modified,
            Order::Size => Self::Size,
            Order::Person => Self::Person,
            Order::Kind => Self::Kind,
        }
    }
}
