//! Disks that run full: the server's while a file goes up and another is forwarded, the receiver's while files come.
//! What was there stays, nothing half appears, and it goes on when there is room.

use crate::town::Town;
use pod_tests::offers::{offered, rows, text, told, transfer, transfer_within};
use pod_tests::{seen, wait};
use serde_json::Value;
use std::time::Duration;

/// One MiB.
const MIB: usize = 1024 * 1024;
/// Until a full disk is looked at again, and the rest came.
const LOOKS: Duration = Duration::from_secs(60);

fn is_done(row: &Value) -> bool {
    row["state"] == "done"
}

/// It waits for room, and says how much.
fn is_stuck_on_the_disk(row: &Value) -> bool {
    row["waits_for"] == "space" && row["code"] == "disk_full" && row["error"]["missing"].as_u64() > Some(0)
}

fn is_stuck_on_the_server(row: &Value) -> bool {
    row["waits_for"] == "space" && row["code"] == "server_disk_full"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_disk_runs_full_takes_the_rest_when_there_is_room() {
    let town = Town::with_disk("server-full", Some(40)).await;
    let (film, gift) = (seen::bytes(48 * MIB), seen::bytes(12 * MIB + 5));
    let (film_file, gift_file) = (town.source("film.bin", &film), town.source("gift.bin", &gift));
    town.alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    let put = town.alice.begin(&["files", "Attic", "put", text(&film_file)]);
    let waits = |row: &Value| is_stuck_on_the_server(row) && row["done"].as_u64() > Some(MIB as u64);
    transfer(&town.alice, "film.bin", "waiting for room", waits).await;
    // Nobody says yes, and the server has no room for it either.
    let offer = town.alice.begin(&["offer", "bob", text(&gift_file)]);
    town.hub.larger_disk(town.server.data(), 400).await;
    let row = transfer_within(LOOKS, &town.alice, "film.bin", "done", is_done).await;
    assert_eq!(rows(&town.alice, "film.bin").await.len(), 1, "{row}");
    offered(&town.bob, "gift.bin", "forwarded").await;
    town.bob.run(&["accept", "gift.bin", "--to", text(&town.here())]).await;
    town.bob.run(&["files", "Attic", "get", "film.bin", text(&town.here())]).await;
    assert!(std::fs::read(town.here().join("gift.bin")).unwrap() == gift, "the bytes differ");
    assert!(std::fs::read(town.here().join("film.bin")).unwrap() == film, "the bytes differ");
    assert_eq!(town.bob.run(&["files", "Attic", "ls"]).await.len(), 1, "nothing is doubled");
    town.end([put, offer]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_whose_disk_runs_full_keeps_what_came_and_goes_on() {
    let town = Town::new("receiver-full").await;
    let bytes = [seen::bytes(16 * MIB), seen::bytes(14 * MIB + 9)];
    let offered_file = town.source("offered.bin", &bytes[0]);
    let put_file = town.source("put.bin", &bytes[1]);
    town.alice.run(&["files", "Attic", "put", text(&put_file)]).await;
    seen::entry(&town.bob, "Attic", "put.bin").await;
    town.ground.right.small_disk(&town.here(), 8).await;
    town.alice.run(&["settings", "set", "transfers.up_limit", "6291456"]).await;
    let asked = town.offer(&offered_file).await;
    let row = transfer(&town.bob, "offered.bin", "stuck on the full disk", is_stuck_on_the_disk).await;
    assert!(row["done"].as_u64() > Some(4 * MIB as u64), "{row}");
    let refused = town.bob.ask(&["files", "Attic", "get", "put.bin", text(&town.here())]).await;
    refused.refused("disk_full");
    // The sender waits meanwhile, and sends nothing elsewhere.
    let held = transfer(&town.alice, "offered.bin", "held", |row| row["waits_for"] == "held").await;
    assert!(!told(&held, "cut") && !told(&held, "forwarding"), "{held}");
    // Nobody helps: the disk is looked at now and then.
    town.ground.right.larger_disk(&town.here(), 64).await;
    for (name, source) in [("offered.bin", &offered_file), ("put.bin", &put_file)] {
        let row = transfer_within(LOOKS, &town.bob, name, "done", is_done).await;
        assert!(name != "offered.bin" || told(&row, "resumed"), "{row}");
        town.ground.right.assert_same(source, &town.here().join(name)).await;
    }
    wait::until("nothing half to be left", async || {
        let listed = town.ground.right.listed(&town.here()).await;
        (listed == ["offered.bin", "put.bin"]).then_some(())
    })
    .await;
    transfer(&town.alice, "offered.bin", "done", is_done).await;
    town.end(asked).await;
}
