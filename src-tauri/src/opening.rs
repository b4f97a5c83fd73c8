//! Files a person asked to open or show while they were not on this computer: opened when their download ends.
//!
//! The wish is written down before the download is asked for, so that a short one cannot end unseen. It refuses to be
//! durable: after a restart the file is simply there, to be opened with another click.

use pod_client::programs::is_program;
use pod_shared::EntryId;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

#[cfg(test)]
mod tests;

/// Wishes that may wait at once.
const WISHES_MAX: usize = 64;

/// What to do with a file once it is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    /// Open it with the system's program for it.
    Open,
    /// Show it in the system's file manager.
    Show,
}

/// Who wants what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// The window that is told when it fails.
    pub(crate) window: String,
    /// What it wants.
    pub(crate) act: Act,
}

/// The wishes that wait for a download.
#[derive(Debug, Default)]
pub(crate) struct Openings(Mutex<BTreeMap<EntryId, Wish>>);

impl Openings {
    /// Remembers a wish; the newest for a file counts. False: too many wait already.
    pub(crate) fn want(&self, entry: EntryId, wish: Wish) -> bool {
        let mut wishes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wishes.len() >= WISHES_MAX && !wishes.contains_key(&entry) {
            return false;
        }
        wishes.insert(entry, wish);
        true
    }

    /// The download ended: the wish is taken out.
    pub(crate) fn ended(&self, entry: EntryId) -> Option<Wish> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&entry)
    }
}

/// Opens or shows a file with the system's programs.
pub(crate) fn perform(path: &Path, act: Act) -> Result<(), tauri_plugin_opener::Error> {
    match safe(path, act) {
        Act::Open => tauri_plugin_opener::open_path(path, None::<&str>),
        Act::Show => tauri_plugin_opener::reveal_item_in_dir(path),
    }
}

fn safe(path: &Path, act: Act) -> Act {
    if is_program(path) { Act::Show } else { act }
}
