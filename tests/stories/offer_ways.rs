//! Offers that need no way: a *no* without a connection, and a content that the server has.

use crate::offers::{MIB, two};
use crate::seen;
use pod_tests::offers::{arrived, offered, text, told, transfer};
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways};

both_ways!(a_no_without_a_connection_is_heard_when_there_is_one, async |world: &mut World| {
    let (mut alice, mut bob, _, source, _) = two(world, MIB).await;
    alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
    let offer = offered(&bob, "film.bin", "asked").await;
    world.network.set(Weather::Cut);
    bob.run(&["decline", offer["id"].as_str().unwrap()]).await;
    assert!(bob.run(&["offers"]).await.is_empty(), "it is answered here");
    bob.kill().await;
    bob.open_offline().await;
    assert!(bob.run(&["offers"]).await.is_empty(), "also after a restart");
    world.network.set(Weather::Fair);
    transfer(&alice, "film.bin", "declined", |row| told(row, "declined")).await;
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
    offered(&bob, "film.bin", "forwarded").await;
    bob.run(&["accept", "film.bin", "--to", text(&dest)]).await;
    arrived(&dest, "film.bin", &bytes);
    bob.close().await;
});
