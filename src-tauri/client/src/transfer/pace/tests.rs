//! The limit holds over all who take together, and a rest does not add up.

use super::{BURST, Pace};
use pod_machine::transfer::{TURNS_BULK, TURNS_SMALL};
use pod_shared::limits;
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

#[test]
fn under_a_limit_so_little_moves_at_once_that_all_turns_stay_alive() {
    let pace = Pace::default();
    assert_eq!(pace.at_once(), usize::MAX);
    pace.set(Some(limits::SPEED_LIMIT_MIN));
    let turns = (TURNS_BULK + TURNS_SMALL) as u64;
    let round_ms = turns * pace.at_once() as u64 * 1_000 / limits::SPEED_LIMIT_MIN;
    assert!(round_ms < limits::HTTP_STALL_MS_MAX / 2, "{round_ms}");
}
