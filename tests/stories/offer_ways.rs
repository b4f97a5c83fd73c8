//! Offers that change their way, and answers that find no way: a *no* without a connection, a beginning that is lost, a
//! content that the server has, and the straight way that is back.

use crate::offers::{MIB, arrived, offered, text, told, transfer, two};
use crate::seen;
use pod_tests::proxy::Weather;
use pod_tests::{Arrangement, World, both_ways, wait, world};
use serde_json::Value;

fn moves(row: &Value) -> bool {
    row["done"].as_u64().is_some_and(|done| done > MIB as u64)
}

both_ways!(a_no_without_a_connection_is_heard_when_there_is_one, async |world: &mut World| {
    let (mut alice, mut bob, _, source, _) = two(world, MIB).await;
    alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
    let offer = offered(&bob, "asked").await;
    world.network.set(Weather::Cut);
    bob.run(&["decline", offer["id"].as_str().unwrap()]).await;
    assert!(bob.run(&["offers"]).await.is_empty(), "it is answered here");
    bob.kill().await;
    bob.open_offline().await;
    assert!(bob.run(&["offers"]).await.is_empty(), "also after a restart");
    world.network.set(Weather::Fair);
    transfer(&alice, "declined", |row| told(row, "declined")).await;
    alice.close().await;
    bob.close().await;
});

both_ways!(a_beginning_that_is_lost_after_a_forward_comes_again, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 48 * MIB + 11).await;
    alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
    offered(&bob, "asked").await;
    bob.ask(&["--wait", "1", "accept", "film.bin", "--to", text(&dest)]).await;
    transfer(&bob, "on its way", moves).await;
    bob.kill().await;
    let kept = |row: &Value| row["waits_for"] == "receiver" && told(row, "forwarded");
    transfer(&alice, "kept for bob", kept).await;
    for item in std::fs::read_dir(&dest).unwrap() {
        std::fs::remove_file(item.unwrap().path()).unwrap();
    }
    bob.open().await;
    let here = transfer(&bob, "done", |row| row["state"] == "done").await;
    assert!(told(&here, "lost"), "{here}");
    arrived(&dest, &bytes);
    let sent = transfer(&alice, "done", |row| row["state"] == "done").await;
    assert!(told(&sent, "lost"), "{sent}");
    alice.close().await;
    bob.close().await;
});

both_ways!(what_the_server_has_is_kept_for_who_is_away_without_being_sent, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 6 * MIB + 1).await;
    alice.run(&["files", "Attic", "put", text(&source)]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    bob.close().await;
    alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    let before = world.way_to_content().bytes_up();
    let sent = alice.run(&["offer", "bob", text(&source)]).await;
    assert!(told(&sent[0], "forwarded"), "{sent:?}");
    let up = world.way_to_content().bytes_up() - before;
    assert!(up < MIB as u64, "{up} bytes went up");
    alice.close().await;
    bob.open().await;
    offered(&bob, "forwarded").await;
    bob.run(&["accept", "film.bin", "--to", text(&dest)]).await;
    arrived(&dest, &bytes);
    bob.close().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_who_is_back_gets_the_rest_straight_without_retry() {
    world::tell(Arrangement::One, "back_to_straight", async |world: &mut World| {
        let (mut alice, mut bob, bytes, source, dest) = two(world, 96 * MIB + 7).await;
        alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
        alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
        offered(&bob, "asked").await;
        bob.ask(&["--wait", "1", "accept", "film.bin", "--to", text(&dest)]).await;
        transfer(&bob, "on its way", moves).await;
        bob.kill().await;
        // The rest takes longer than a look for the receiver.
        alice.run(&["settings", "set", "transfers.up_limit", "4000000"]).await;
        transfer(&alice, "on its way to the server", |row| row["via"] == "server").await;
        bob.open().await;
        transfer(&alice, "straight again", |row| row["via"] == "direct").await;
        alice.run(&["settings", "set", "transfers.up_limit"]).await;
        let sent = transfer(&alice, "done", |row| row["state"] == "done").await;
        assert!(told(&sent, "forwarding") && !told(&sent, "forwarded"), "{sent}");
        arrived(&dest, &bytes);
        let done = async || {
            bob.run(&["transfers", "list"]).await.iter().all(|row| row["state"] == "done").then_some(())
        };
        wait::until("bob to have it", done).await;
        alice.close().await;
        bob.close().await;
    })
    .await;
}
