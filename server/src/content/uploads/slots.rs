//! Whose turn it is at an upload. The newest request pre-empts the one that has the turn: that one may be half open, its
//! client long gone.

use crate::blobs::Digesting;
use pod_shared::UploadId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedMutexGuard, watch};

/// Hashing states kept for uploads that nobody sends to now; of more, some are hashed again from their files.
const IDLE_MAX: usize = 1_024;

/// The uploads that somebody sends to, or lately did.
#[derive(Default)]
pub(crate) struct Slots {
    map: Mutex<HashMap<UploadId, Slot>>,
}

struct Slot {
    newest: watch::Sender<u64>,
    digesting: Arc<tokio::sync::Mutex<Digesting>>,
}

/// The turn at one upload; ends when dropped.
pub(crate) struct Turn {
    id: UploadId,
    number: u64,
    newest: watch::Receiver<u64>,
    /// What is hashed so far.
    pub(super) digesting: OwnedMutexGuard<Digesting>,
}

impl Turn {
    /// Completes when a newer request wants the turn.
    pub(super) async fn pre_empted(&mut self) {
        let number = self.number;
        if self.newest.wait_for(|newest| *newest > number).await.is_err() {
            // The slot is forgotten: nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }
}

impl Slots {
    /// Asks for the turn: whoever has it is told to stop, and the turn comes when they did.
    pub(crate) async fn take(&self, id: UploadId) -> Turn {
        let (number, newest, digesting) = self.ask(id);
        Turn { id, number, newest, digesting: digesting.lock_owned().await }
    }

    /// Ends a turn at an upload that is over.
    pub(crate) fn forget(&self, turn: Turn) {
        self.map.lock().unwrap_or_else(PoisonError::into_inner).remove(&turn.id);
    }

    fn ask(&self, id: UploadId) -> (u64, watch::Receiver<u64>, Arc<tokio::sync::Mutex<Digesting>>) {
        let mut map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= IDLE_MAX {
            map.retain(|_, slot| Arc::strong_count(&slot.digesting) > 1);
        }
        let slot = map.entry(id).or_default();
        let number = *slot.newest.borrow() + 1;
        slot.newest.send_replace(number);
        (number, slot.newest.subscribe(), Arc::clone(&slot.digesting))
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self { newest: watch::Sender::new(0), digesting: Arc::default() }
    }
}
