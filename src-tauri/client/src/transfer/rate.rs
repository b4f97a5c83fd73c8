//! Bytes a second of one transfer, smoothed over a few seconds.

use std::time::Instant;

/// A measurement shorter than this says nothing.
const WINDOW_MS_MIN: u128 = 400;

/// How fast a transfer moves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    since: Option<(Instant, u64)>,
    smooth: Option<u64>,
}

impl Rate {
    /// This many bytes are there now.
    pub(crate) fn at(&mut self, now: Instant, done: u64) {
        let Some((since, before)) = self.since else {
            self.since = Some((now, done));
            return;
        };
        let elapsed = now.saturating_duration_since(since).as_millis();
        if done < before {
            *self = Self { since: Some((now, done)), smooth: None };
        } else if elapsed >= WINDOW_MS_MIN {
            let fresh = u64::try_from(u128::from(done - before) * 1_000 / elapsed).unwrap_or(u64::MAX);
            self.smooth = Some(self.smooth.map_or(fresh, |old| old / 3 * 2 + fresh / 3));
            self.since = Some((now, done));
        }
    }

    /// It stands: what comes next is measured anew.
    pub(crate) fn stop(&mut self) {
        *self = Self::default();
    }

    /// The rate, once steady.
    pub(crate) fn bytes_a_second(&self) -> Option<u64> {
        self.smooth
    }
}
