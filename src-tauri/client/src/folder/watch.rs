//! Hints from the disk: something happened in a linked folder. They may be missing or late; the look is the truth.

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::path::Path;
use tokio::sync::mpsc;

/// Listens until it is dropped.
pub(crate) type Watching = RecommendedWatcher;

/// Listens until it is dropped: each hint is one message, and a full queue has hints enough. Blocks for a moment.
pub(crate) fn watch(root: &Path, hints: mpsc::Sender<()>) -> Option<Watching> {
    let hint = move |event: notify::Result<notify::Event>| {
        let looked_at = event.as_ref().is_ok_and(|event| event.kind.is_access());
        let of_ours = event
            .as_ref()
            .is_ok_and(|event| !event.paths.is_empty() && event.paths.iter().all(|path| is_passing(path)));
        if !looked_at && !of_ours {
            // See above.
            let _ = hints.try_send(());
        }
    };
    let watcher = notify::recommended_watcher(hint).and_then(|mut watcher| {
        watcher.watch(root, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    watcher
        .inspect_err(|_| tracing::warn!("a linked folder is not watched: it is looked at now and then"))
        .ok()
}

fn is_passing(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "pod-part" || ending == "pod-old")
}
