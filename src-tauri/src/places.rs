//! Where each window was and how large, whether it was folded, and whether it stays above others: remembered by label,
//! on disk within a second of a change, so that a kill forgets nothing either.
//!
//! Decisions only; `windows` asks the system and acts. It refuses to bring a window back where no screen shows it.

mod geometry;
#[cfg(test)]
mod tests;

pub(crate) use geometry::{Rect, on_screen, resized, screen_of};

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Windows remembered; the one not seen for longest is forgotten.
const WINDOWS_MAX: usize = 512;

/// One window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    /// Where it is when it is neither folded nor maximised.
    pub(crate) expanded: Option<Rect>,
    /// Where it is, or was last, when folded.
    pub(crate) compact: Option<Rect>,
    /// It is folded.
    pub(crate) folded: bool,
    /// It is maximised, or was when it was folded.
    pub(crate) maximised: bool,
    /// It stays above other windows.
    pub(crate) top: bool,
    /// Counts up with each change, of all windows.
    seen: u64,
}

impl Place {
    /// Where it is to be now.
    pub(crate) fn now(&self) -> Option<Rect> {
        if self.folded { self.compact } else { self.expanded }
    }
}

/// What the system says of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It has this place.
    At(Rect),
    /// It fills the screen.
    Maximised,
}

/// All windows.
#[derive(Debug)]
pub(crate) struct Places {
    file: PathBuf,
    known: Mutex<Known>,
    changed: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct Known {
    places: BTreeMap<String, Place>,
    last: u64,
}

impl Places {
    /// Reads what is remembered; a file that cannot be read is empty, since only places would be lost.
    pub(crate) fn load(folder: &Path) -> Self {
        let file = folder.join("places.json");
        let places = fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<BTreeMap<String, Place>>(&bytes).ok())
            .unwrap_or_default();
        let last = places.values().map(|place| place.seen).max().unwrap_or(0);
        Self { file, known: Mutex::new(Known { places, last }), changed: tokio::sync::Notify::new() }
    }

    /// What is known of a window.
    pub(crate) fn of(&self, label: &str) -> Place {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.places.get(label).cloned().unwrap_or_default()
    }

    /// The window was moved or resized, by the person or by itself.
    pub(crate) fn saw(&self, label: &str, seen: Seen) {
        self.change(label, |place| match seen {
            Seen::Maximised => place.maximised = !place.folded || place.maximised,
            Seen::At(rect) if place.folded => place.compact = Some(rect),
            Seen::At(rect) => {
                place.maximised = false;
                place.expanded = Some(rect);
            }
        });
    }

    /// It is folded from now on, or not any more.
    pub(crate) fn fold(&self, label: &str, folded: bool) {
        self.change(label, |place| place.folded = folded);
    }

    /// It stays above others from now on, or not any more.
    pub(crate) fn top(&self, label: &str, on: bool) {
        self.change(label, |place| place.top = on);
    }

    fn change(&self, label: &str, change: impl FnOnce(&mut Place)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut place = known.places.get(label).cloned().unwrap_or_default();
        let before = place.clone();
        change(&mut place);
        if place == before {
            return;
        }
        known.last += 1;
        place.seen = known.last;
        known.places.insert(label.to_owned(), place);
        if known.places.len() > WINDOWS_MAX {
            let oldest =
                known.places.iter().min_by_key(|(_, place)| place.seen).map(|(label, _)| label.clone());
            oldest.and_then(|label| known.places.remove(&label));
        }
        self.changed.notify_one();
    }

    /// Waits until something is not on disk yet.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Writes all of it.
    pub(crate) fn save(&self) {
        let places = self.known.lock().unwrap_or_else(PoisonError::into_inner).places.clone();
        if let Err(error) = write(&self.file, &places) {
            tracing::warn!(%error, "the places of the windows could not be kept");
        }
    }
}

fn write(file: &Path, places: &BTreeMap<String, Place>) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = file.with_extension("new");
    fs::write(&half, serde_json::to_vec(places)?)?;
    fs::rename(half, file)
}
