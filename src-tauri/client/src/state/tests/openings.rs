//! What was opened: told once, kept until it was, and bounded.

use super::me;
use crate::state::{open, openings};
use pod_shared::{EntryId, limits};

#[tokio::test]
async fn what_was_opened_waits_until_it_was_told_and_is_told_once() {
    let profile = tempfile::tempdir().unwrap();
    let state = open(profile.path()).unwrap();
    let entry = EntryId::from_slice(&[1; 16]).unwrap();
    assert!(openings::add(&state, me(), entry, 1).await.unwrap());
    assert!(!openings::add(&state, me(), entry, 1).await.unwrap(), "opened again");
    assert!(openings::add(&state, me(), entry, 2).await.unwrap());
    drop(state);
    let state = open(profile.path()).unwrap();
    openings::told(&state, me(), entry, 1).await.unwrap();
    assert_eq!(openings::untold(&state, me()).await.unwrap(), [(entry, 2)]);
    assert!(!openings::add(&state, me(), entry, 1).await.unwrap(), "it is not told twice");
}

#[tokio::test]
async fn of_very_many_openings_the_oldest_are_forgotten() {
    let profile = tempfile::tempdir().unwrap();
    let state = open(profile.path()).unwrap();
    let entry = EntryId::from_slice(&[1; 16]).unwrap();
    let most = limits::OPENINGS_KEPT_MAX;
    for version in 1..=most + 1 {
        openings::add(&state, me(), entry, version).await.unwrap();
    }
    let untold = openings::untold(&state, me()).await.unwrap();
    assert_eq!((untold.len(), untold[0]), (most as usize, (entry, 2)));
}
