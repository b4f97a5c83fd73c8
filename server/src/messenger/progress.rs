//! Live progress of uploads (N12): at most every half second and room, only to who is looking, never stored.

use super::{Inner, Messenger, teller};
use crate::bus::{Delivery, News, Topic};
use crate::interlock::ProgressTarget;
use pod_shared::limits::PROGRESS_EVERY_MS;
use pod_shared::socket::{Progress, ServerFrame};
use pod_shared::{RoomId, UploadId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(PROGRESS_EVERY_MS);
/// Rooms with progress at a time, and uploads told of in one room; of more some reports are lost.
const ROOMS_MAX: usize = 4_096;
const UPLOADS_MAX: usize = 64;

#[derive(Default)]
pub(super) struct ProgressGate {
    rooms: Mutex<HashMap<RoomId, HashMap<UploadId, Progress>>>,
}

impl ProgressGate {
    /// Keeps the newest of each upload. Answers whether the room is new here, so that its turn must be begun.
    fn put(&self, progress: Progress) -> bool {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let full = rooms.len() >= ROOMS_MAX;
        match rooms.get_mut(&progress.room) {
            Some(waiting) => {
                if waiting.len() < UPLOADS_MAX || waiting.contains_key(&progress.upload) {
                    waiting.insert(progress.upload, progress);
                }
                false
            }
            None if full => false,
            None => {
                rooms.insert(progress.room, HashMap::from([(progress.upload, progress)]));
                true
            }
        }
    }

    /// What waits in a room; if nothing does, its turns end.
    fn take(&self, room: RoomId) -> Vec<Progress> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = rooms.get_mut(&room).map(std::mem::take).unwrap_or_default();
        if waiting.is_empty() {
            rooms.remove(&room);
        }
        waiting.into_values().collect()
    }
}

impl Inner {
    fn tell_progress(&self, progress: Progress) {
        let room = progress.room;
        if let Some(bytes) = teller::encode(&ServerFrame::Progress(progress)) {
            self.bus.publish(&[Topic::Looking(room)], &Delivery { room, news: News::Live, bytes });
        }
    }
}

impl ProgressTarget for Messenger {
    fn progress(&self, progress: Vec<Progress>) {
        for one in progress {
            let room = one.room;
            if self.inner.progress.put(one) {
                tokio::spawn(turns(Arc::clone(&self.inner), room));
            }
        }
    }
}

/// Tells what waits, at once and then every half second, until a turn finds nothing. A turn that came late makes the
/// next one no sooner.
async fn turns(inner: Arc<Inner>, room: RoomId) {
    loop {
        let waiting = inner.progress.take(room);
        if waiting.is_empty() {
            return;
        }
        for progress in waiting {
            inner.tell_progress(progress);
        }
        tokio::time::sleep(EVERY).await;
    }
}
