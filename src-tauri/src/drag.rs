//! Files dragged onto a window. Their paths stay here; the page learns where the pointer is, how many files there are,
//! and a number that stands for the drop. So a page can never name a file that nobody dropped.
//!
//! `commands::files` takes a drop by its number. It refuses numbers of other windows, used ones and old ones.

use serde::Serialize;
use std::{
    collections::VecDeque,
    path::PathBuf,
    time::{Duration, Instant},
};
use tauri::{DragDropEvent, PhysicalPosition};

#[cfg(test)]
mod tests;

/// A page answers a drop at once; what nobody asked for in this time is forgotten.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// Drops that may wait at the same time.
const KEPT_MAX: usize = 16;

/// What a page is told about a drag over it. `x` and `y` are CSS pixels of the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(crate) enum DragNotice {
    /// Files are held over the page.
    Over { x: f64, y: f64, files: usize },
    /// They went away again.
    Leave,
    /// They were let go here.
    Drop { drop: u64, x: f64, y: f64, files: usize },
}

#[derive(Debug)]
struct Dropped {
    number: u64,
    window: String,
    paths: Vec<PathBuf>,
    at: Instant,
}

/// The drops that wait for their page.
#[derive(Debug, Default)]
pub(crate) struct Drops {
    last: u64,
    /// Files in the drag now under way, told again with each move.
    dragged: usize,
    kept: VecDeque<Dropped>,
}

impl Drops {
    /// Takes a drag event of a window and says what its page is to be told.
    pub(crate) fn heard(
        &mut self,
        window: &str,
        event: &DragDropEvent,
        scale: f64,
        now: Instant,
    ) -> Option<DragNotice> {
        match event {
            DragDropEvent::Enter { paths, position } => {
                self.dragged = paths.len();
                let (x, y) = page_position(*position, scale);
                Some(DragNotice::Over { x, y, files: self.dragged })
            }
            DragDropEvent::Over { position } => {
                let (x, y) = page_position(*position, scale);
                Some(DragNotice::Over { x, y, files: self.dragged })
            }
            DragDropEvent::Drop { paths, position } => {
                let (x, y) = page_position(*position, scale);
                let files = paths.len();
                let drop = self.keep(window, paths.clone(), now);
                Some(DragNotice::Drop { drop, x, y, files })
            }
            DragDropEvent::Leave => Some(DragNotice::Leave),
            // The enum is open: a kind of a newer Tauri moves no files.
            _ => None,
        }
    }

    fn keep(&mut self, window: &str, paths: Vec<PathBuf>, now: Instant) -> u64 {
        self.last += 1;
        if self.kept.len() == KEPT_MAX {
            self.kept.pop_front();
        }
        self.kept.push_back(Dropped { number: self.last, window: window.to_owned(), paths, at: now });
        self.last
    }

    /// The files of a drop on this window, once.
    pub(crate) fn take(&mut self, window: &str, number: u64, now: Instant) -> Option<Vec<PathBuf>> {
        self.kept.retain(|dropped| now.saturating_duration_since(dropped.at) < KEPT_FOR);
        let place =
            self.kept.iter().position(|dropped| dropped.number == number && dropped.window == window)?;
        self.kept.remove(place).map(|dropped| dropped.paths)
    }
}

/// Windows tells physical pixels here, GTK and Cocoa tell the page's own.
fn page_position(position: PhysicalPosition<f64>, scale: f64) -> (f64, f64) {
    let scale = if cfg!(windows) { scale } else { 1.0 };
    (position.x / scale, position.y / scale)
}
