//! Hints from the disk: something happened at these places of a linked folder. They may be missing or late; the look is
//! the truth, and where too many came or some were lost, the look at everything.

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Of more places than this everything is looked at.
const PLACES_MAX: usize = 4_096;

/// Listens until it is dropped.
pub(crate) type Watching = RecommendedWatcher;

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    /// Here.
    Some(BTreeSet<PathBuf>),
    /// Everywhere.
    All,
}

/// What was hinted at and not looked at yet; cheap to clone.
#[derive(Clone)]
pub(crate) struct Hints {
    places: Arc<Mutex<Places>>,
    came: Arc<Notify>,
}

impl Default for Hints {
    fn default() -> Self {
        Self { places: Arc::new(Mutex::new(Places::All)), came: Arc::default() }
    }
}

impl Hints {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Look at these.
    pub(super) fn hear(&self, places: Vec<PathBuf>) {
        let mut all = self.places();
        if let Places::Some(known) = &mut *all {
            known.extend(places);
            if known.len() > PLACES_MAX {
                *all = Places::All;
            }
        }
        self.came.notify_one();
    }

    /// Look at everything.
    pub(crate) fn everything(&self) {
        *self.places() = Places::All;
        self.came.notify_one();
    }

    /// What is to be looked at; nothing is, then.
    pub(crate) fn take(&self) -> Places {
        std::mem::replace(&mut *self.places(), Places::Some(BTreeSet::new()))
    }

    /// Completes when there is something.
    pub(crate) async fn came(&self) {
        self.came.notified().await;
    }
}

/// Listens until it is dropped. Blocks for a moment.
pub(crate) fn watch(root: &Path, hints: Hints) -> Option<Watching> {
    let hint = move |event: notify::Result<notify::Event>| match event {
        Ok(event) if event.need_rescan() || event.paths.is_empty() => hints.everything(),
        Ok(event) if event.kind.is_access() => {}
        Ok(event) => {
            let places: Vec<PathBuf> = event.paths.into_iter().filter(|path| !is_passing(path)).collect();
            if !places.is_empty() {
                hints.hear(places);
            }
        }
        Err(_) => hints.everything(),
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
