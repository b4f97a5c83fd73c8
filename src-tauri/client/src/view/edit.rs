//! A file that is being edited on this computer.

use pod_shared::{EntryId, RoomId};
use serde::{Deserialize, Serialize};

/// How an edit stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EditState {
    /// The newest version is being fetched.
    Fetching,
    /// It can be edited; all that was saved is at the server.
    Open,
    /// A save is on its way.
    Sending,
    /// The lock is lost: what is saved from now on becomes a copy beside the file.
    Lost,
    /// What is left is sent, then the lock is given back.
    Closing,
    /// Something is in the way.
    Stuck {
        /// What.
        error: super::ErrorView,
    },
}

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct EditView {
    /// The file.
    pub entry: EntryId,
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub name: String,
    /// Where it lies on this computer.
    pub path: String,
    /// How it stands.
    #[serde(flatten)]
    pub state: EditState,
    /// It is here, and can be opened.
    pub ready: bool,
    /// Versions that were made of it.
    pub sent: u32,
    /// Something of it is not at the server yet.
    pub unsent: bool,
    /// It lies in a linked folder, which sends what is saved.
    pub linked: bool,
    /// It is a copy: the lock of the file of this name was lost.
    pub copy_of: Option<String>,
}
