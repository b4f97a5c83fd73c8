//! Where each window was and how large, whether it was folded, and whether it stays above others: remembered by label,
//! on disk within a second of a change, so that a kill forgets nothing either.
//!
//! Decisions only; `windows` asks the system and acts. It refuses to bring a window back where no screen shows it.

mod geometry;
#[cfg(test)]
mod tests;

pub(crate) use geometry::{Rect, beside, on_screen, resized, screen_of};

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// The page lies compact below this width, in its own pixels: only a window as wide is remembered as expanded.
const EXPANDED_WIDTH_MIN: f64 = 640.0;
/// Only a window at most as wide counts as folded. What is between the two is on its way to one of them.
const COMPACT_WIDTH_MAX: f64 = 420.0;
/// So often the system may still tell a window's old size after it was folded or expanded.
const OLD_SIZES_MAX: u8 = 8;
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
    /// Old sizes that may still be told.
    #[serde(skip)]
    patience: u8,
}

/// Whether a window of this width, in pixels of its page, is folded; nothing: it is between.
fn is_compact(width: f64) -> Option<bool> {
    if width >= EXPANDED_WIDTH_MIN { Some(false) } else { (width <= COMPACT_WIDTH_MAX).then_some(true) }
}

impl Place {
    /// Where it is to be now.
    pub(crate) fn now(&self) -> Option<Rect> {
        if self.folded { self.compact } else { self.expanded }
    }

    /// It is folded, or expanded, as wished, and as wide as that.
    pub(crate) fn is(&self, folded: bool, width: f64) -> bool {
        self.folded == folded && is_compact(width) == Some(folded)
    }

    fn saw(&mut self, rect: Rect, width: f64) {
        let Some(compact) = is_compact(width) else { return };
        if compact != self.folded && self.patience > 0 {
            self.patience -= 1;
            return;
        }
        self.patience = 0;
        self.folded = compact;
        if compact {
            self.compact = Some(rect);
        } else {
            self.expanded = Some(rect);
            self.maximised = false;
        }
    }
}

/// What the system says of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Seen {
    /// It has this place, and this width in pixels of its page.
    At(Rect, f64),
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

    /// The window was moved or resized, by the person or by itself. Answers whether it is folded, if that changed by it:
    /// a person may drag a window narrow or wide.
    pub(crate) fn saw(&self, label: &str, seen: Seen) -> Option<bool> {
        let before = self.of(label).folded;
        self.change(label, |place| match seen {
            Seen::Maximised => place.maximised = !place.folded || place.maximised,
            Seen::At(rect, width) => place.saw(rect, width),
        });
        Some(self.of(label).folded).filter(|folded| *folded != before)
    }

    /// It is folded from now on, or not any more.
    pub(crate) fn fold(&self, label: &str, folded: bool) {
        self.change(label, |place| {
            place.folded = folded;
            place.patience = OLD_SIZES_MAX;
        });
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
