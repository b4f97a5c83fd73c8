//! Who waits until the other side has a change (decision 3).

use pod_shared::RelayId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// The requests that wait, by the relay row they wait for. As many as there are requests at once; who gave up is swept
/// out when the next one waits.
#[derive(Default)]
pub(crate) struct Settling {
    waiting: Mutex<HashMap<RelayId, Vec<oneshot::Sender<()>>>>,
}

impl Settling {
    /// Waits for a row from now on.
    pub(crate) fn wait_for(&self, row: RelayId) -> oneshot::Receiver<()> {
        let (done, settled) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, senders| {
            senders.retain(|sender| !sender.is_closed());
            !senders.is_empty()
        });
        waiting.entry(row).or_default().push(done);
        settled
    }

    /// The other side has these.
    pub(crate) fn settled(&self, rows: &[RelayId]) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for done in rows.iter().filter_map(|row| waiting.remove(row)).flatten() {
            // Who waited may have gone.
            let _ = done.send(());
        }
    }
}
