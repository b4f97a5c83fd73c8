//! How often a page is loaded again.

use super::{TIMES_MAX, WITHIN, may_load_again};
use std::time::{Duration, Instant};

#[test]
fn a_page_that_ends_again_and_again_is_left_alone_for_a_while() {
    let (mut ends, begin) = (Vec::new(), Instant::now());
    for second in 0..TIMES_MAX as u64 {
        assert!(may_load_again(&mut ends, begin + Duration::from_secs(second)));
    }
    assert!(!may_load_again(&mut ends, begin + Duration::from_secs(5)), "one too many");
    assert!(may_load_again(&mut ends, begin + Duration::from_secs(6) + WITHIN), "long after");
}
