//! Live progress of uploads on its way from content to messenger: bounded, and only the newest of each upload.

use pod_shared::UploadId;
use pod_shared::socket::Progress;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Uploads whose progress may wait; of more, some reports are lost, which nobody can tell from a slow network.
const WAITING_MAX: usize = 4_096;

/// The content service puts progress in, the dispatch takes it out. Cheap to clone.
#[derive(Clone, Default)]
pub struct ProgressSink {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    waiting: Mutex<HashMap<UploadId, Progress>>,
    filled: Notify,
}

impl ProgressSink {
    /// How far an upload is; takes the place of what waits for it.
    pub fn put(&self, progress: Progress) {
        let mut waiting = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING_MAX || waiting.contains_key(&progress.upload) {
            waiting.insert(progress.upload, progress);
        }
        drop(waiting);
        self.inner.filled.notify_one();
    }

    /// Everything that waits, once there is something.
    pub async fn take(&self) -> Vec<Progress> {
        loop {
            let waiting =
                std::mem::take(&mut *self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if !waiting.is_empty() {
                return waiting.into_values().collect();
            }
            self.inner.filled.notified().await;
        }
    }
}
