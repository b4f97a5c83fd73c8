//! Where pictures are worked on: one at a time, with few that wait. Whoever comes beyond that is asked to come again.

use crate::error::Refusal;
use pod_shared::{ErrorCode, limits};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// When somebody who was sent away may come again.
const AGAIN_MS: u64 = 1_000;

/// The one worker and the places before it.
pub(crate) struct Studio {
    places: Arc<Semaphore>,
    worker: Arc<Semaphore>,
}

impl Default for Studio {
    fn default() -> Self {
        let places = Semaphore::new(limits::PREVIEWS_WAITING_MAX);
        Self { places: Arc::new(places), worker: Arc::new(Semaphore::new(1)) }
    }
}

impl Studio {
    /// Does the work when its turn comes, off the asynchronous threads. Work that began goes on when nobody waits for
    /// it any more.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let busy = "too many previews are asked for at once";
            return Err(Refusal::later(ErrorCode::RateLimited, busy, AGAIN_MS));
        };
        let turn = Arc::clone(&self.worker).acquire_owned().await;
        let turn = turn.map_err(|error| Refusal::internal(&error))?;
        let work = move || {
            let _held = (place, turn);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::of_work(&error))
    }

    /// Takes every place, so that a test sees what comes beyond.
    #[cfg(test)]
    pub(crate) fn fill(&self) -> Option<tokio::sync::OwnedSemaphorePermit> {
        let all = u32::try_from(limits::PREVIEWS_WAITING_MAX).ok()?;
        Arc::clone(&self.places).try_acquire_many_owned(all).ok()
    }
}
