//! What can be typed about a room's folder.

use super::search::{Described, Sought};
use crate::edits::How;
use clap::{Args, Subcommand, ValueEnum};
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
        /// As a new version of this file, whatever the file here is called.
        #[arg(long, value_name = "NAME", conflicts_with = "into")]
        onto: Option<String>,
        /// The version that it is based on: when there is a newer one, it is kept as a copy beside it.
        #[arg(long, value_name = "VERSION", requires = "onto")]
        based_on: Option<u32>,
    },
    /// Fetch a file, or all files of a folder.
    Get {
        /// The file: its id, or its name with the folders before it; a folder by its name.
        name: String,
        /// A file or a folder on this computer; without it: the pod's own place.
        dest: Option<PathBuf>,
        /// This version of the file.
        #[arg(long, value_name = "VERSION")]
        version: Option<u32>,
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
    /// Undo a deletion, or bring an old version back.
    Restore {
        /// The id of what was deleted, or its name.
        name: String,
        /// Make this version of a file the newest one again instead.
        #[arg(long, value_name = "VERSION")]
        version: Option<u32>,
    },
    /// What was deleted and can come back.
    Trash {
        /// At most this many, what was deleted last first.
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// Delete this for good: its id, or its name.
        #[arg(long, value_name = "NAME", conflicts_with = "limit")]
        purge: Option<String>,
        /// Delete all of it for good, as who manages the room.
        #[arg(long, conflicts_with_all = ["limit", "purge"])]
        empty: bool,
    },
    /// How much the room and you take up on the server.
    Space,
    /// Find files and folders.
    Search {
        /// What is looked for.
        #[command(flatten)]
        sought: Sought,
    },
    /// Say what a file or folder is; without anything to say: what was said.
    Describe {
        /// The file or folder.
        name: String,
        /// What is said.
        #[command(flatten)]
        new: Described,
    },
    /// Say something about a file or folder.
    Comment {
        /// The file or folder.
        name: String,
        /// What.
        text: String,
        /// Whom it names, each with this word before them.
        #[arg(long, value_name = "PERSON")]
        to: Vec<String>,
    },
    /// What was said about a file or folder.
    Comments {
        /// The file or folder.
        name: String,
        /// At most this many, the newest.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Rate a file or folder.
    Rate {
        /// The file or folder.
        name: String,
        /// 1 to 5 in half steps, or `none` to take it back.
        stars: String,
    },
    /// Who rated a file or folder how.
    Ratings {
        /// The file or folder.
        name: String,
    },
    /// Who may see and change a file or folder and what lies in it; with options: say so.
    Perm {
        /// The file or folder.
        name: String,
        /// Everybody in the room sees it, as far as they see the folder above.
        #[arg(long, conflicts_with_all = ["with", "only_me"])]
        everyone: bool,
        /// Only these members and who registered it see it.
        #[arg(long, value_name = "PERSON,..", value_delimiter = ',', conflicts_with = "only_me")]
        with: Vec<String>,
        /// Only you, who registered it, see it.
        #[arg(long)]
        only_me: bool,
        /// Only who registered it and who manages the room change it.
        #[arg(long, conflicts_with = "may_change")]
        view_only: bool,
        /// Whoever sees it and may change files changes it.
        #[arg(long)]
        may_change: bool,
    },
    /// Keep others from changing a file while you edit it.
    Lock {
        /// The file.
        name: String,
        /// For how long, in minutes; without it as long as Pod runs on this profile, or 10 minutes where it does not.
        #[arg(long = "for", value_name = "MINUTES")]
        minutes: Option<u32>,
    },
    /// Give the lock of a file back.
    Unlock {
        /// The file.
        name: String,
        /// End somebody else's lock, as who manages the room, and say why.
        #[arg(long = "break", value_name = "REASON")]
        reason: Option<String>,
    },
    /// Edit a file here: lock it, open it, send each save as a version, until it is done.
    Edit(Edit),
    /// The files of the room that are being edited here.
    Edits,
    /// Fetch a file if it is not here, and open it with the system's program for it.
    Open {
        /// The file.
        name: String,
    },
    /// Who of the room opened the newest version of a file.
    Opened {
        /// The file.
        name: String,
    },
    /// What was done in the folder, oldest first.
    Activity {
        /// Only with this file or folder.
        name: Option<String>,
        /// Only of this kind, like `renamed`; several are given one after the other.
        #[arg(long, value_name = "KIND")]
        kind: Vec<String>,
        /// Among so many items of the chat.
        #[arg(long, default_value_t = 200)]
        limit: u32,
    },
    /// The versions of a file, newest first.
    Versions {
        /// The file.
        name: String,
        /// At most this many.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
}

/// Which file is edited, and how.
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The file.
    name: String,
    #[command(flatten)]
    how: EditHow,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct EditHow {
    /// Open it with this program; when that ends, the edit is done.
    #[arg(long, value_name = "PROGRAM")]
    with: Option<PathBuf>,
    /// Open it with nothing: only say where it lies.
    #[arg(long)]
    no_open: bool,
    /// Done: what is left is sent, and the lock given back.
    #[arg(long)]
    done: bool,
    /// Try again to send what could not be sent.
    #[arg(long)]
    retry: bool,
    /// End it as it is: what was not sent stays on this computer.
    #[arg(long)]
    leave: bool,
}

impl Edit {
    /// The file, and what is to be done.
    pub(crate) fn read(self) -> (String, How) {
        let how = match self.how {
            EditHow { with: Some(program), .. } => How::Program(program),
            EditHow { no_open: true, .. } => How::Nothing,
            EditHow { done: true, .. } => How::Done,
            EditHow { retry: true, .. } => How::Retry,
            EditHow { leave: true, .. } => How::Leave,
            EditHow { .. } => How::System,
        };
        (self.name, how)
    }
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
    /// How often it was changed.
    Version,
    /// How much was said about it.
    Comments,
    /// What people gave it.
    Rating,
    /// Who edits it now, by since when.
    Lock,
}

impl From<Order> for SortBy {
    fn from(order: Order) -> Self {
        match order {
            Order::Name => Self::Name,
            Order::Modified => Self::Modified,
            Order::Size => Self::Size,
            Order::Person => Self::Person,
            Order::Kind => Self::Kind,
            Order::Version => Self::Version,
            Order::Comments => Self::Comments,
            Order::Rating => Self::Rating,
            Order::Lock => Self::Lock,
        }
    }
}
