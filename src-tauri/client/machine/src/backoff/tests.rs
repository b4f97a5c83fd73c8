//! Laws of the wait.

use super::Backoff;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_wait_lies_between_half_and_all_of_the_grown_value(failures in 0_u32..200, chance: u32) {
        let backoff = Backoff::CONNECTION;
        let wait = backoff.delay_ms(failures, chance);
        prop_assert!(wait >= backoff.first_ms / 2);
        prop_assert!(wait <= backoff.max_ms);
    }

    #[test]
    fn more_failures_never_shorten_the_wait(failures in 1_u32..200, chance: u32) {
        let backoff = Backoff::REQUEST;
        prop_assert!(backoff.delay_ms(failures + 1, chance) >= backoff.delay_ms(failures, chance));
    }
}

#[test]
fn the_wait_doubles_up_to_its_end() {
    let waits: Vec<u64> = (1..=9).map(|failures| Backoff::CONNECTION.delay_ms(failures, u32::MAX)).collect();
    assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}
