//! Speed limits: bytes a second over all that moves in one direction, and a stop for the whole queue.

use crate::direct::Pace as Taken;
use futures_util::future::BoxFuture;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(test)]
mod tests;

/// What may move at once after a rest, as a part of a second.
const BURST: Duration = Duration::from_millis(250);

/// Under a limit this part of a second moves at once, so that many that share it all stay alive.
const SHARE: u64 = 16;
/// The least that moves at once, in bytes.
const AT_ONCE_MIN: u64 = 4 * 1024;

/// The limit of one direction, shared by whoever moves bytes in it.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    limit: Option<u64>,
    /// When what was taken so far is paid for.
    paid_at: Option<Instant>,
}

impl Pace {
    /// Another limit; nothing: none.
    pub(crate) fn set(&self, limit: Option<u64>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State { limit, paid_at: None };
    }

    /// How long whoever takes this much has to wait.
    fn due(&self, bytes: u64, now: Instant) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(limit) = state.limit.filter(|limit| *limit > 0) else { return Duration::ZERO };
        let cost = Duration::from_secs_f64(bytes as f64 / limit as f64);
        let earliest = now.checked_sub(BURST).unwrap_or(now);
        let paid_at = state.paid_at.unwrap_or(earliest).max(earliest) + cost;
        state.paid_at = Some(paid_at);
        paid_at.saturating_duration_since(now)
    }

    /// Bytes that are best moved at once.
    pub(crate) fn at_once(&self) -> usize {
        let limit = self.state.lock().unwrap_or_else(PoisonError::into_inner).limit;
        let most = limit.map_or(u64::MAX, |limit| (limit / SHARE).max(AT_ONCE_MIN));
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    /// Waits until this many bytes may move.
    pub(crate) async fn wait(&self, bytes: u64) {
        let due = self.due(bytes, Instant::now());
        if !due.is_zero() {
            tokio::time::sleep(due).await;
        }
    }
}

impl Taken for Pace {
    fn take(&self, bytes: u64) -> BoxFuture<'_, ()> {
        Box::pin(self.wait(bytes))
    }
}
