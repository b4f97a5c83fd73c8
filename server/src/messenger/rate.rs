//! How often each person asked in the last minute: a pod that asks in a circle must not fill the server.

use crate::error::Refusal;
use pod_shared::{AccountId, ErrorCode};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(60);
/// People remembered before those who asked nothing lately are looked for.
const REMEMBERED_MAX: usize = 1_024;

/// The counts, by person.
pub(super) struct AskRate {
    max: u32,
    counts: Mutex<HashMap<AccountId, Count>>,
}

struct Count {
    since: Instant,
    asks: u32,
}

impl AskRate {
    /// So many in a minute.
    pub(super) fn new(max: u32) -> Self {
        Self { max, counts: Mutex::default() }
    }

    /// One more, unless there were too many.
    pub(super) fn count(&self, account: AccountId, now: Instant) -> Result<(), Refusal> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= REMEMBERED_MAX && !counts.contains_key(&account) {
            counts.retain(|_, count| now < count.since + WINDOW);
        }
        let count = counts.entry(account).or_insert(Count { since: now, asks: 0 });
        if now >= count.since + WINDOW {
            *count = Count { since: now, asks: 0 };
        }
        if count.asks >= self.max {
            let wait = (count.since + WINDOW).saturating_duration_since(now);
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            return Err(Refusal::later(ErrorCode::RateLimited, "too much was asked in a minute", wait_ms));
        }
        count.asks += 1;
        Ok(())
    }
}
