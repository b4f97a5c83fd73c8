//! Files a person asked to open or show while they were not on this computer: opened when their download ends.
//!
//! The wish is written down before the download is asked for, so that a short one cannot end unseen. It refuses to be
//! durable: after a restart the file is simply there, to be opened with another click.

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

/// Files that would run as programs when opened. They come from other people: they are shown instead.
const PROGRAMS: &[&str] = &[
    "app", "appimage", "bat", "cmd", "com", "command", "cpl", "desktop", "exe", "hta", "jar", "js", "jse",
    "lnk", "msi", "msp", "pif", "ps1", "reg", "scf", "scr", "sh", "url", "vb", "vbe", "vbs", "workflow",
    "wsf", "wsh",
];

/// Opens or shows a file with the system's programs.
pub(crate) fn perform(path: &Path, act: Act) -> Result<(), tauri_plugin_opener::Error> {
    match safe(path, act) {
        Act::Open => tauri_plugin_opener::open_path(path, None::<&str>),
        Act::Show => tauri_plugin_opener::reveal_item_in_dir(path),
    }
}

fn safe(path: &Path, act: Act) -> Act {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    if extension.is_some_and(|extension| PROGRAMS.contains(&extension.as_str())) { Act::Show } else { act }
}
