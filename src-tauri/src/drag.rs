//! Files dragged over a window: the page learns where the pointer is, how many files there are and whether Alt is held.
//! When they are let go their paths go into the store of held files, and the page gets the number.

use serde::Serialize;
use std::path::PathBuf;
use tauri::{DragDropEvent, PhysicalPosition};

mod alt;
#[cfg(test)]
mod tests;

pub(crate) use alt::is_held as alt_is_held;

/// What a page is told about a drag over it. `x` and `y` are CSS pixels of the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(crate) enum DragNotice {
    /// Files are held over the page.
    Over { x: f64, y: f64, files: usize, alt: bool },
    /// They went away again.
    Leave,
    /// They were let go here.
    Drop { drop: u64, x: f64, y: f64, files: usize, alt: bool },
}

/// The drag now under way; there is one pointer.
#[derive(Debug, Default)]
pub(crate) struct Drag {
    /// How many files it has, told again with each move.
    files: usize,
}

impl Drag {
    /// Takes a drag event of a window and says what its page is to be told. `hold` keeps the files of a drop.
    pub(crate) fn heard(
        &mut self,
        event: &DragDropEvent,
        scale: f64,
        alt: bool,
        hold: impl FnOnce(Vec<PathBuf>) -> u64,
    ) -> Option<DragNotice> {
        match event {
            DragDropEvent::Enter { paths, position } => {
                self.files = paths.len();
                let (x, y) = page_position(*position, scale);
                Some(DragNotice::Over { x, y, files: self.files, alt })
            }
            DragDropEvent::Over { position } => {
                let (x, y) = page_position(*position, scale);
                Some(DragNotice::Over { x, y, files: self.files, alt })
            }
            DragDropEvent::Drop { paths, position } => {
                let (x, y) = page_position(*position, scale);
                Some(DragNotice::Drop { drop: hold(paths.clone()), x, y, files: paths.len(), alt })
            }
            DragDropEvent::Leave => Some(DragNotice::Leave),
            // The enum is open: a kind of a newer Tauri moves no files.
            _ => None,
        }
    }
}

/// Windows tells physical pixels here, GTK and Cocoa tell the page's own.
fn page_position(position: PhysicalPosition<f64>, scale: f64) -> (f64, f64) {
    let scale = if cfg!(windows) { scale } else { 1.0 };
    (position.x / scale, position.y / scale)
}
