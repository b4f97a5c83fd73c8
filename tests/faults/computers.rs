//! Two whole pods on two computers, a server on a third: what the cable between the two and the server each do to a file
//! that goes from hand to hand (T1 to T5).

use crate::town::Town;
use pod_tests::offers::{arrived, told, transfer, transfer_within};
use pod_tests::{Said, seen, wait};
use serde_json::Value;
use std::time::Duration;
use tokio::task::JoinHandle;

/// One MiB.
const MIB: u64 = 1024 * 1024;
/// Bytes in a second that alice lets go.
const PACE: u64 = 4 * MIB;
/// Until a cable that is gone is noticed, the other way found, and a rest sent at that pace.
const A_WHILE: Duration = Duration::from_secs(90);

/// A file of so many bytes of which the first go straight; and the two commands that wait for its end.
async fn moving(town: &Town, size: u64) -> (Vec<u8>, [JoinHandle<Said>; 2]) {
    let bytes = seen::bytes(size as usize);
    let source = town.source("film.bin", &bytes);
    town.alice.run(&["settings", "set", "transfers.up_limit", &PACE.to_string()]).await;
    let asked = town.offer(&source).await;
    let direct = |row: &Value| row["via"] == "direct" && row["done"].as_u64().is_some_and(|done| done > MIB);
    transfer(&town.bob, "film.bin", "on its way straight", direct).await;
    (bytes, asked)
}

fn done(row: &Value) -> bool {
    row["state"] == "done"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_after_the_handshake_is_not_missed() {
    let mut town = Town::new("server-gone").await;
    let (bytes, asked) = moving(&town, 16 * MIB).await;
    town.server.process().kill().await;
    let here = transfer_within(A_WHILE, &town.bob, "film.bin", "done", done).await;
    assert!(told(&here, "direct") && !told(&here, "server") && !told(&here, "cut"), "{here}");
    arrived(&town.here(), "film.bin", &bytes);
    // The sender hears of the end from the receiver's computer or, later, from the messenger.
    town.server.start_again(&[]).await;
    transfer_within(A_WHILE, &town.alice, "film.bin", "done", done).await;
    town.alice.is_online().await;
    town.bob.is_online().await;
    town.end(asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cable_that_is_away_for_a_while_is_used_again() {
    let town = Town::new("cable-back").await;
    town.alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    let before = town.ground.left.sent_by("cable").await;
    let (bytes, asked) = moving(&town, 24 * MIB).await;
    town.ground.cut().await;
    let cut = |row: &Value| told(row, "cut") || row["via"].is_null();
    transfer_within(A_WHILE, &town.bob, "film.bin", "cut off", cut).await;
    town.ground.mend().await;
    let here = transfer_within(A_WHILE, &town.bob, "film.bin", "done", done).await;
    assert!(told(&here, "resumed") && !told(&here, "server"), "{here}");
    arrived(&town.here(), "film.bin", &bytes);
    transfer_within(A_WHILE, &town.alice, "film.bin", "done", done).await;
    let sent = town.ground.left.sent_by("cable").await - before;
    assert!(sent < (24 + 5) * MIB, "{sent} bytes went over the cable");
    town.end(asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_straight_way_to_the_server_and_back_nothing_is_sent_twice() {
    let town = Town::new("there-and-back").await;
    town.alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    let before = (town.ground.left.sent_by("cable").await, town.ground.left.sent_by("left").await);
    let (bytes, asked) = moving(&town, 64 * MIB).await;
    town.ground.cut().await;
    let at_server = |row: &Value| row["via"] == "server" && row["done"].as_u64() > Some(0);
    let row = transfer_within(A_WHILE, &town.alice, "film.bin", "on its way to the server", at_server).await;
    assert!(told(&row, "cut") && told(&row, "forwarding"), "{row}");
    town.ground.mend().await;
    wait::until("some of it to be at the server", async || {
        (town.ground.left.sent_by("left").await - before.1 > 4 * MIB).then_some(())
    })
    .await;
    town.alice.run(&["transfers", "retry", "film.bin"]).await;
    let here = transfer_within(A_WHILE, &town.bob, "film.bin", "done", done).await;
    assert!(told(&here, "direct") && told(&here, "resumed"), "{here}");
    arrived(&town.here(), "film.bin", &bytes);
    transfer_within(A_WHILE, &town.alice, "film.bin", "done", done).await;
    let straight = town.ground.left.sent_by("cable").await - before.0;
    assert!(straight < 70 * MIB, "{straight} bytes went straight: what had come before came again");
    town.end(asked).await;
}
