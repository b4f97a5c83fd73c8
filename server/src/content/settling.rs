//! Who waits until the other side has a change (decision 3).

use pod_shared::RelayId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// The requests that wait, by the relay row they wait for. As many as there are requests at once.
#[derive(Default)]
pub(crate) struct Settling {
    waiting: Mutex<HashMap<RelayId, oneshot::Sender<()>>>,
}

impl Settling {
    /// Waits for a row from now on.
    pub(crate) fn wait_for(&self, row: RelayId) -> oneshot::Receiver<()> {
        let (done, settled) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(row, done);
        settled
    }

    /// Waits no longer.
    pub(crate) fn forget(&self, row: RelayId) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&row);
    }

    /// The other side has these.
    pub(crate) fn settled(&self, rows: &[RelayId]) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            if let Some(done) = waiting.remove(row) {
                // Who waited may have gone.
                let _ = done.send(());
            }
        }
    }
}
