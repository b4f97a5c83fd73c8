//! Which windows beside the main one are open, on disk, so that they open again at the next start, also after a kill.
//! Where each was is in `places`.
//!
//! A window the person closes is forgotten. A start into the tray opens none: they wait until Pod is opened.

use super::{Focus, Kind, MAIN, open};
use pod_shared::RoomId;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Manager};

/// At most this many windows open again; nobody reads more.
pub(super) const WINDOWS_MAX: usize = 24;

/// The open windows, in the order they were opened.
#[derive(Debug)]
pub(crate) struct OpenWindows {
    file: PathBuf,
    labels: Mutex<Vec<String>>,
    /// Pod is in the tray since its start, and this person is in these rooms: the windows open when the main one does.
    waiting: Mutex<Option<Vec<RoomId>>>,
}

impl OpenWindows {
    /// Reads the list; one that cannot be read is empty, since only open windows would be lost.
    pub(crate) fn load(folder: &Path) -> Self {
        let file = folder.join("windows.json");
        let labels = read(&file).unwrap_or_default();
        Self { file, labels: Mutex::new(labels), waiting: Mutex::new(None) }
    }

    /// The windows that were open.
    pub(crate) fn all(&self) -> Vec<Kind> {
        let labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        labels
            .iter()
            .map(|label| Kind::of(label))
            .filter(|kind| *kind != Kind::Main)
            .take(WINDOWS_MAX)
            .collect()
    }

    /// A window opened. The main one always does.
    pub(crate) fn add(&self, kind: Kind) {
        if kind == Kind::Main {
            return;
        }
        let label = kind.label();
        let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        if labels.len() < WINDOWS_MAX && !labels.contains(&label) {
            labels.push(label);
            self.save(&labels);
        }
    }

    /// A window was closed by the person.
    pub(crate) fn remove(&self, kind: Kind) {
        let label = kind.label();
        let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        let before = labels.len();
        labels.retain(|known| *known != label);
        if labels.len() != before {
            self.save(&labels);
        }
    }

    /// They open when the main window does.
    fn wait(&self, rooms: Vec<RoomId>) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(rooms);
    }

    /// The rooms whose windows waited; from now on they do no more.
    fn waited(&self) -> Option<Vec<RoomId>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn save(&self, labels: &[String]) {
        if let Err(error) = write(&self.file, labels) {
            tracing::warn!(%error, "the list of open windows could not be kept");
        }
    }
}

/// At the start, when it is known in which rooms this person is: the windows that were open when Pod was last quit or
/// killed open again, or wait for the main one.
pub(crate) fn begin(app: &AppHandle, rooms: Vec<RoomId>, hidden: bool) {
    if !hidden {
        return reopen(app, &rooms);
    }
    app.state::<OpenWindows>().wait(rooms);
    // The main window may have been opened meanwhile.
    if app.get_webview_window(MAIN).is_some_and(|main| main.is_visible().unwrap_or(false)) {
        after_main(app);
    }
}

/// The main window is on the screen: what waited for it opens too.
pub(super) fn after_main(app: &AppHandle) {
    if let Some(rooms) = app.state::<OpenWindows>().waited() {
        reopen(app, &rooms);
    }
}

fn reopen(app: &AppHandle, rooms: &[RoomId]) {
    for kind in app.state::<OpenWindows>().all() {
        if kind.room().is_some_and(|room| !rooms.contains(&room)) {
            continue;
        }
        if let Err(error) = open(app, kind, Focus::Leave) {
            tracing::warn!(%error, "a window could not be opened again");
        }
    }
}

fn read(file: &Path) -> Option<Vec<String>> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

fn write(file: &Path, labels: &[String]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = file.with_extension("new");
    fs::write(&half, serde_json::to_vec(labels)?)?;
    fs::rename(half, file)
}
