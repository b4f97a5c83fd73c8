//! Which offers are being fetched or served now: one of each kind, the newest stops the one before.

use pod_shared::OfferId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

/// What runs, by offer; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Running(Arc<Mutex<BTreeMap<OfferId, Entry>>>);

#[derive(Default)]
struct Entry {
    stop: CancellationToken,
    /// Held by whoever has the part file open; a newer fetch waits for it.
    file: Arc<tokio::sync::Mutex<()>>,
    runs: usize,
}

/// One run; leaves the list when dropped.
pub(super) struct Turn {
    running: Running,
    offer: OfferId,
    /// Stopped from outside, or by a newer one.
    pub(super) stop: CancellationToken,
    /// For the part file.
    pub(super) file: Arc<tokio::sync::Mutex<()>>,
}

impl Running {
    /// Begins; stops what runs for this offer.
    pub(super) fn begin(&self, offer: OfferId) -> Turn {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = all.entry(offer).or_default();
        entry.stop.cancel();
        entry.stop = CancellationToken::new();
        entry.runs += 1;
        Turn { running: self.clone(), offer, stop: entry.stop.clone(), file: Arc::clone(&entry.file) }
    }

    /// Stops what runs for this offer.
    pub(super) fn stop(&self, offer: OfferId) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = all.get(&offer) {
            entry.stop.cancel();
        }
    }

    /// How many offers run.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut all = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = all.get_mut(&self.offer) {
            entry.runs = entry.runs.saturating_sub(1);
            if entry.runs == 0 {
                all.remove(&self.offer);
            }
        }
    }
}
