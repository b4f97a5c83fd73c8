//! How often guessing went wrong lately, by address and by account name. In memory: a restart forgives.

use crate::error::Refusal;
use pod_shared::ErrorCode;
use pod_shared::limits::SIGN_IN_FAILURES_PER_MINUTE_MAX;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
/// Addresses and names remembered; when more fail within a minute, the oldest are forgotten.
const REMEMBERED_MAX: usize = 16_384;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Suspect {
    Address(IpAddr),
    Name(String),
}

#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    failures: u32,
}

/// The counts.
#[derive(Default)]
pub(super) struct Failures {
    counts: Mutex<HashMap<Suspect, Count>>,
}

/// A try that counts as failed until it is forgiven, so that many at once cannot slip through.
pub(super) struct Attempt<'a> {
    failures: &'a Failures,
    suspects: [Suspect; 2],
}

impl Failures {
    /// Begins a try.
    pub(super) fn attempt(&self, address: IpAddr, name_key: &str) -> Result<Attempt<'_>, Refusal> {
        self.attempt_at(Instant::now(), address, name_key)
    }

    pub(super) fn attempt_at(
        &self,
        now: Instant,
        address: IpAddr,
        name_key: &str,
    ) -> Result<Attempt<'_>, Refusal> {
        let suspects = [Suspect::Address(address), Suspect::Name(name_key.to_owned())];
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for suspect in &suspects {
            let Some(count) = counts.get(suspect) else { continue };
            let age = now.saturating_duration_since(count.since);
            if age < WINDOW && count.failures >= SIGN_IN_FAILURES_PER_MINUTE_MAX {
                let wait_ms = u64::try_from((WINDOW - age).as_millis()).unwrap_or(u64::MAX);
                return Err(Refusal::later(ErrorCode::RateLimited, "too many failed tries", wait_ms));
            }
        }
        make_room(&mut counts, now);
        for suspect in &suspects {
            let count = counts.entry(suspect.clone()).or_insert(Count { since: now, failures: 0 });
            if now.saturating_duration_since(count.since) >= WINDOW {
                *count = Count { since: now, failures: 0 };
            }
            count.failures += 1;
        }
        Ok(Attempt { failures: self, suspects })
    }
}

impl Attempt<'_> {
    /// It was no guess gone wrong.
    pub(super) fn forgive(self) {
        let mut counts = self.failures.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for suspect in &self.suspects {
            if let Some(count) = counts.get_mut(suspect) {
                count.failures = count.failures.saturating_sub(1);
            }
        }
    }
}

fn make_room(counts: &mut HashMap<Suspect, Count>, now: Instant) {
    if counts.len() < REMEMBERED_MAX {
        return;
    }
    counts.retain(|_, count| count.failures > 0 && now.saturating_duration_since(count.since) < WINDOW);
    if counts.len() >= REMEMBERED_MAX {
        let mut ages: Vec<Instant> = counts.values().map(|count| count.since).collect();
        ages.sort_unstable();
        let middle = ages[ages.len() / 2];
        counts.retain(|_, count| count.since > middle);
    }
}
