//! Waiting for a state, with a deadline. The only place of the tests that looks at a clock; it refuses to wait for
//! time itself.

use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// Long enough for any one step of a story on a busy machine with two cores.
pub const STEP: Duration = Duration::from_secs(30);
/// A state that nobody announces is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Waits until `look` finds something; fails the test with `what` at the deadline of one [`STEP`].
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(STEP, what, look).await
}

/// As [`until`], with a deadline of its own.
pub async fn until_within<T>(limit: Duration, what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = deadline(limit, look).await;
    found.unwrap_or_else(|| panic!("waited {limit:?} in vain: {what}"))
}

/// Waits until `look` finds something, and gives nothing at the deadline: for who has more to tell about it.
pub async fn deadline<T>(limit: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let found = look().await;
        if found.is_some() || Instant::now() >= deadline {
            return found;
        }
    }
}

/// Waits for an announced thing; fails the test with `what` at the deadline of one [`STEP`].
pub async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> T {
    within(STEP, what, coming).await
}

/// As [`soon`], with a deadline of its own.
pub async fn within<T>(limit: Duration, what: &str, coming: impl Future<Output = T>) -> T {
    match timeout(limit, coming).await {
        Ok(value) => value,
        Err(_) => panic!("waited {limit:?} in vain: {what}"),
    }
}
