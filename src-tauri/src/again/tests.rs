//! When to start anew, and how often.

use super::{TRIES_MAX, next, was_leaving};
use anyhow::anyhow;

#[test]
fn only_a_pod_that_left_while_being_woken_is_a_reason() {
    let left = anyhow!("failed to initialize plugin `single-instance`: NoReply")
        .context("the windows cannot be shown");
    assert!(was_leaving(&left));
    assert!(!was_leaving(&anyhow!("no display").context("the windows cannot be shown")));
}

#[test]
fn it_starts_anew_a_few_times_and_then_says_why_not() {
    assert_eq!(next(None), Some(2));
    assert_eq!(next(Some("not a number")), Some(2));
    let mut starts = vec![1];
    while let Some(start) = next(Some(&starts.last().unwrap().to_string())) {
        starts.push(start);
    }
    assert_eq!(starts.last(), Some(&TRIES_MAX));
}
