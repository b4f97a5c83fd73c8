//! Hints from the disk: something happened in the pod's own place for files.
//!
//! Hints may be missing or late (some file systems give none); the scan at the start is the truth. Only that something
//! happened is passed on, never what.

use super::room::chores::Side;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::path::Path;
use tokio::sync::mpsc;

/// Listens until it is dropped. Blocks for a moment.
pub(super) fn watch(files: &Path, side: mpsc::Sender<Side>) -> Option<RecommendedWatcher> {
    if let Err(error) = std::fs::create_dir_all(files) {
        tracing::warn!(kind = %error.kind(), "the place for files cannot be made");
        return None;
    }
    let hint = move |event: notify::Result<notify::Event>| {
        let looked_at = event.as_ref().is_ok_and(|event| event.kind.is_access());
        if !looked_at {
            // A full queue has hints enough.
            let _ = side.try_send(Side::Disk);
        }
    };
    let watcher = notify::recommended_watcher(hint).and_then(|mut watcher| {
        watcher.watch(files, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    watcher
        .inspect_err(|_| tracing::warn!("the place for files is not watched: changes show at the next start"))
        .ok()
}
