//! The transfer queue: files up to a room's folder and down to this computer.

use crate::command::{Answer, Command};
use crate::engine::Sink;
use crate::net::Net;
use crate::store::Db;
use crate::view::{ErrorView, FileState, TransferView};
use pod_shared::content::Entry;
use pod_shared::{EntryId, ErrorCode, RoomId, UploadId};
use std::path::PathBuf;

/// Tables of the transfer queue in `state.db`.
pub(crate) const TABLES: &str = "";

/// What the driver works with.
#[derive(Clone)]
pub(crate) struct Ports {
    /// `state.db`.
    pub(crate) state: Db,
    /// Requests to the content service, with its tokens.
    pub(crate) net: Net,
    /// The cache: `entry(id)` and `room_title(room)`.
    pub(crate) cache: crate::cache::Cache,
    /// Where events go.
    pub(crate) sink: Sink,
    /// The pod's own place for fetched files.
    pub(crate) files: PathBuf,
}

/// What the run loop tells the driver.
#[derive(Clone, Debug)]
pub(crate) enum Wake {
    /// Connected and signed in: tokens can be had.
    Online,
    /// The connection is gone.
    Offline,
    /// The person signed out: stop everything, keep the rows.
    SignedOut,
    /// A room made on this device is at the server now: its uploads may start.
    RoomAtServer(RoomId),
    /// The server says that an upload ended (stored, or cancelled by whoever).
    UploadEnded(UploadId),
    /// Entries of a room changed: fetched copies may be older now.
    EntriesChanged(Vec<EntryId>),
}

/// One upload of this device into a room, for the chat.
#[derive(Clone, Debug)]
pub(crate) struct LocalUpload {
    /// The upload, its id made here.
    pub(crate) upload: UploadId,
    /// Its transfer.
    pub(crate) transfer: TransferView,
}

/// A handle to the running queue; cheap to clone.
#[derive(Clone)]
pub(crate) struct Driver {
    ports: Ports,
}

impl Driver {
    /// Reads the queue and starts its task.
    pub(crate) async fn start(ports: Ports) -> Result<Self, ErrorView> {
        Ok(Self { ports })
    }

    /// Put, Get, LocalPath, Transfers, Transfer*, UploadCancel.
    pub(crate) async fn handle(&self, command: Command) -> Result<Answer, ErrorView> {
        let _ = command;
        Err(ErrorView::new(ErrorCode::Unavailable, "transfers come with the transfer queue"))
    }

    /// Something happened that the queue waits for. Never blocks.
    pub(crate) fn wake(&self, wake: Wake) {
        let _ = (wake, &self.ports.files);
    }

    /// Uploads of this device into a room that are not finished, oldest first.
    pub(crate) fn local_uploads(&self, room: RoomId) -> Vec<LocalUpload> {
        let _ = room;
        Vec::new()
    }

    /// Where this device has the newest version of these files, in the same order.
    pub(crate) async fn file_states(&self, entries: Vec<Entry>) -> Vec<FileState> {
        vec![FileState::Server; entries.len()]
    }

    /// Transfers that wait or move.
    pub(crate) fn waiting(&self) -> u32 {
        0
    }
}
