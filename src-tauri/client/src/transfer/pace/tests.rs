//! The limit holds over all who take together, and a rest does not add up.

use super::{BURST, Pace};
use std::time::{Duration, Instant};

#[test]
fn what_is_taken_together_is_within_the_limit() {
    let pace = Pace::default();
    let begun = Instant::now();
    assert_eq!(pace.due(u64::MAX, begun), Duration::ZERO, "no limit");
    pace.set(Some(1_000_000));
    let last = (0..40).map(|_| pace.due(250_000, begun)).last().unwrap();
    assert_eq!(last, Duration::from_secs(10) - BURST, "10 MB at 1 MB a second");
    let later = begun + Duration::from_secs(3_600);
    assert_eq!(pace.due(250_000, later), Duration::ZERO);
    assert!(pace.due(1_000_000, later) >= Duration::from_millis(900), "an hour of rest is no hour of credit");
    pace.set(None);
    assert_eq!(pace.due(u64::MAX, later), Duration::ZERO);
}
