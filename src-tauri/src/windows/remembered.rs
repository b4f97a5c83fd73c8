//! Which rooms have a window open, on disk, so that they open again at the next start, also after a kill.

use pod_shared::RoomId;
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// At most this many windows open again; nobody reads more.
const ROOMS_MAX: usize = 24;

/// The open rooms.
#[derive(Debug)]
pub(crate) struct OpenRooms {
    file: PathBuf,
    rooms: Mutex<BTreeSet<RoomId>>,
}

impl OpenRooms {
    /// Reads the list; one that cannot be read is empty, since only window places would be lost.
    pub(crate) fn load(folder: &Path) -> Self {
        let file = folder.join("rooms.json");
        let rooms = fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<BTreeSet<RoomId>>(&bytes).ok())
            .unwrap_or_default();
        Self { file, rooms: Mutex::new(rooms) }
    }

    /// The rooms that were open.
    pub(crate) fn all(&self) -> Vec<RoomId> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).iter().take(ROOMS_MAX).copied().collect()
    }

    /// A window opened.
    pub(crate) fn add(&self, room: RoomId) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.len() < ROOMS_MAX && rooms.insert(room) {
            self.save(&rooms);
        }
    }

    /// A window was closed by the person.
    pub(crate) fn remove(&self, room: RoomId) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.remove(&room) {
            self.save(&rooms);
        }
    }

    fn save(&self, rooms: &BTreeSet<RoomId>) {
        if let Err(error) = write(&self.file, rooms) {
            tracing::warn!(%error, "the list of open windows could not be kept");
        }
    }
}

fn write(file: &Path, rooms: &BTreeSet<RoomId>) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = file.with_extension("new");
    fs::write(&half, serde_json::to_vec(rooms)?)?;
    fs::rename(half, file)
}
