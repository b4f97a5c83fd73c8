//! One fetch of an offer at a time.

use super::*;
use uuid::Uuid;

fn offer(number: u128) -> OfferId {
    OfferId(Uuid::from_u128(number))
}

#[test]
fn a_newer_fetch_stops_the_one_before() {
    let running = Running::default();
    let first = running.begin(offer(1));
    let other = running.begin(offer(2));
    let second = running.begin(offer(1));
    assert!(first.stop.is_cancelled() && !second.stop.is_cancelled() && !other.stop.is_cancelled());
    drop(first);
    running.stop(offer(1));
    assert!(second.stop.is_cancelled() && !other.stop.is_cancelled());
}

#[test]
fn both_wait_for_the_same_part_file_and_nothing_is_left_behind() {
    let running = Running::default();
    let first = running.begin(offer(1));
    let held = Arc::clone(&first.file).try_lock_owned().unwrap();
    let second = running.begin(offer(1));
    assert!(second.file.try_lock().is_err());
    drop((first, held));
    assert!(second.file.try_lock().is_ok());
    drop(second);
    assert_eq!(running.len(), 0);
}
