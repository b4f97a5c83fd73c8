//! Direct transfers between two computers: each in a network namespace of its own, a cable between them, and no server
//! anywhere. The cable is pulled, devices are killed, the disk runs full; the file arrives, and nothing is sent twice.

mod computer;

use crate::ground::Ground;
use computer::{Computer, MIB, Offered};
use pod_shared::limits::DIRECT_SILENCE_MS_MAX;
use pod_tests::wait;
use serde_json::json;
use std::time::Duration;

/// Until both sides count a silent connection as dead, on a busy machine.
const SILENCE: Duration = Duration::from_millis(DIRECT_SILENCE_MS_MAX as u64 + 20_000);

/// Two computers, and a file on the left one that the right one fetches; after `held` MiB it waits for a `go`.
async fn half_way(size: usize, held: u64) -> (Ground, Computer, Computer, Offered) {
    let ground = Ground::new().await;
    let mut sender = Computer::start(&ground.left).await;
    let mut receiver = Computer::start(&ground.right).await;
    let offered = sender.offer(&receiver, size, held).await;
    receiver.pull(&sender, &offered).await;
    receiver.has(held * MIB).await;
    (ground, sender, receiver, offered)
}

/// What happens when the cable is out for so long, and then in again: the same fetch goes on.
async fn a_cable_is_out_for(seconds: u64) {
    let (ground, mut sender, mut receiver, offered) = half_way(40, 8).await;
    ground.cut().await;
    sender.say("go").await;
    let ended = receiver.hears_within(Duration::from_secs(seconds), "pulled").await;
    assert_eq!(ended, None, "the fetch gave up");
    ground.mend().await;
    assert_eq!(receiver.hears("pulled").await, json!("Done"));
    receiver.has_the_file(&offered);
    assert_eq!(sender.hears_of(&json!({ "acked": 40 * MIB })).await, ());
    assert!(!sender.said("lost"), "nothing was lost");
}

#[tokio::test]
async fn a_cable_that_is_out_for_three_seconds_is_waited_for() {
    a_cable_is_out_for(3).await;
}

#[tokio::test]
async fn a_cable_that_is_out_for_twenty_seconds_is_waited_for() {
    a_cable_is_out_for(20).await;
}

#[tokio::test]
async fn after_a_cable_was_out_for_longer_the_next_fetch_goes_on() {
    let (ground, mut sender, mut receiver, offered) = half_way(40, 8).await;
    ground.cut().await;
    let (lost, cut) =
        tokio::join!(receiver.hears_within(SILENCE, "pulled"), sender.hears_within(SILENCE, "lost"));
    assert_eq!((lost, cut), (Some(json!("Lost")), Some(json!("Cut"))));
    ground.mend().await;
    let before = sender.go().await;
    receiver.pull(&sender, &offered).await;
    assert_eq!(receiver.hears("pulled").await, json!("Done"));
    receiver.has_the_file(&offered);
    assert_eq!(sender.go().await - before, 32 * MIB, "what was there is not sent again");
}

#[tokio::test]
async fn a_sender_that_is_killed_and_started_again_goes_on() {
    let (ground, mut sender, mut receiver, offered) = half_way(24, 8).await;
    sender.kill().await;
    assert_eq!(receiver.hears_within(SILENCE, "pulled").await, Some(json!("Lost")));
    sender = sender.start_again(&ground.left).await;
    sender.offer_again(&receiver, &offered).await;
    receiver.pull(&sender, &offered).await;
    assert_eq!(receiver.hears("pulled").await, json!("Done"));
    receiver.has_the_file(&offered);
    assert_eq!(sender.go().await, 16 * MIB, "what was there is not sent again");
}

#[tokio::test]
async fn a_receiver_that_is_killed_and_started_again_goes_on() {
    let (ground, mut sender, mut receiver, offered) = half_way(24, 8).await;
    receiver.kill().await;
    assert_eq!(sender.hears_within(SILENCE, "lost").await, Some(json!("Cut")));
    let before = sender.go().await;
    receiver = receiver.start_again(&ground.right).await;
    receiver.pull(&sender, &offered).await;
    assert_eq!(receiver.hears("pulled").await, json!("Done"));
    receiver.has_the_file(&offered);
    assert_eq!(sender.go().await - before, 16 * MIB, "what was there is not sent again");
}

#[tokio::test]
async fn a_disk_that_runs_full_keeps_what_it_has() {
    let ground = Ground::new().await;
    let mut sender = Computer::start(&ground.left).await;
    let mut receiver = Computer::start(&ground.right).await;
    let offered = sender.offer(&receiver, 12, 1000).await;
    ground.right.small_disk(&receiver.folder(), 6).await;
    receiver.pull(&sender, &offered).await;
    assert_eq!(receiver.hears("pulled").await, json!("Disk(DiskFull)"));
    assert_eq!(sender.hears("lost").await, json!("Disk"));
    ground.right.larger_disk(&receiver.folder(), 32).await;
    receiver.pull(&sender, &offered).await;
    let there = receiver.hears("progress").await;
    assert!(there.as_u64().unwrap() >= 4 * MIB, "{there} bytes were kept");
    assert_eq!(receiver.hears("pulled").await, json!("Done"));
    ground.right.assert_same(&sender.source(&offered), &receiver.part()).await;
}

#[tokio::test]
async fn a_source_that_changes_on_the_way_is_told_to_both() {
    let (_ground, mut sender, mut receiver, offered) = half_way(24, 8).await;
    std::fs::write(sender.source(&offered), b"another file").unwrap();
    sender.say("go").await;
    assert_eq!(receiver.hears("pulled").await, json!("SourceChanged"));
    assert_eq!(sender.hears("lost").await, json!("Changed"));
    wait::within(wait::STEP, "the device to go on living", sender.go()).await;
}
