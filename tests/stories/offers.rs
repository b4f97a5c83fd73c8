//! Files offered from person to person: straight where both are there, through the server where one is away, and on from
//! where they stopped when a process is killed (T1 to T6). Nothing is resumed from memory: whoever goes on was killed.

use pod_tests::offers::{arrived, offered, text, told, transfer};
use pod_tests::{Pod, World, both_ways, offers, seen, wait};
use serde_json::Value;
use std::path::PathBuf;

pub(crate) const MIB: usize = 1024 * 1024;

/// Alice and Bob, in a room together; a file of hers, a folder of his.
pub(crate) async fn two(world: &World, size: usize) -> (Pod, Pod, Vec<u8>, PathBuf, PathBuf) {
    let (alice, bob) = offers::two(world).await;
    let bytes = seen::bytes(size);
    let (source, dest) = (world.folder().join("film.bin"), world.folder().join("here"));
    std::fs::write(&source, &bytes).unwrap();
    std::fs::create_dir(&dest).unwrap();
    (alice, bob, bytes, source, dest)
}

both_ways!(an_offered_file_goes_straight, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 8 * MIB + 5).await;
    let before = world.way_to_content().bytes_up();
    let offer = ["offer", "bob", text(&source)];
    let (sent, taken) = tokio::join!(alice.run(&offer), async {
        let offer = offered(&bob, "film.bin", "asked").await;
        assert_eq!(
            (offer["from"]["name"].as_str(), offer["bytes"].as_u64()),
            (Some("alice"), Some(bytes.len() as u64))
        );
        bob.run(&["accept", "film.bin", "--to", text(&dest)]).await
    });
    assert_eq!((sent[0]["state"].as_str(), taken[0]["state"].as_str()), (Some("done"), Some("done")));
    assert!(told(&sent[0], "direct") && told(&taken[0], "direct"), "{sent:?} {taken:?}");
    arrived(&dest, "film.bin", &bytes);
    let up = world.way_to_content().bytes_up() - before;
    assert!(up < MIB as u64, "{up} bytes of it went through the server");
    assert!(bob.run(&["offers"]).await.is_empty());
    alice.close().await;
    bob.close().await;
});

both_ways!(who_is_away_gets_it_from_the_server_when_the_sender_is_gone, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 5 * MIB + 3).await;
    bob.close().await;
    alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
    let sent = alice.run(&["offer", "bob", text(&source)]).await;
    assert_eq!((sent[0]["waits_for"].as_str(), sent[0]["via"].as_str()), (Some("receiver"), Some("server")));
    assert!(told(&sent[0], "receiver_away") && told(&sent[0], "forwarded"), "{sent:?}");
    alice.close().await;
    std::fs::remove_file(&source).unwrap();
    bob.open().await;
    offered(&bob, "film.bin", "forwarded").await;
    let taken = bob.run(&["accept", "film.bin", "--to", text(&dest)]).await;
    assert!(told(&taken[0], "server"), "{taken:?}");
    arrived(&dest, "film.bin", &bytes);
    alice.open().await;
    transfer(&alice, "film.bin", "done", |row| row["state"] == "done").await;
    alice.close().await;
    bob.close().await;
});

both_ways!(a_sender_and_a_receiver_killed_in_turn_lose_nothing, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 96 * MIB + 11).await;
    alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    let moving = |row: &Value| row["state"] == "moving" && row["done"].as_u64() > Some(MIB as u64);
    alice.run(&["settings", "set", "transfers.up_limit", "25165824"]).await;
    let sending = alice.begin(&["offer", "bob", text(&source)]);
    offered(&bob, "film.bin", "asked").await;
    let taking = bob.begin(&["accept", "film.bin", "--to", text(&dest)]);
    transfer(&bob, "film.bin", "on its way", moving).await;
    alice.kill().await;
    alice.open().await;
    transfer(&bob, "film.bin", "on its way", moving).await;
    bob.kill().await;
    bob.open().await;
    let here = transfer(&bob, "film.bin", "done", |row| row["state"] == "done").await;
    arrived(&dest, "film.bin", &bytes);
    transfer(&alice, "film.bin", "done", |row| row["state"] == "done").await;
    assert!(told(&here, "direct") && told(&here, "resumed"), "{here}");
    // Both ended with the pods that they spoke with.
    assert!(sending.await.unwrap().code != 0 && taking.await.unwrap().code != 0);
    alice.close().await;
    bob.close().await;
});

both_ways!(a_no_is_heard_and_a_sender_may_think_again, async |world: &mut World| {
    let (mut alice, mut bob, _, source, dest) = two(world, MIB).await;
    alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    let offer = ["offer", "bob", text(&source)];
    let (sent, ()) = tokio::join!(alice.ask(&offer), async {
        offered(&bob, "film.bin", "asked").await;
        bob.run(&["decline", "film.bin"]).await;
    });
    assert_eq!(sent.code, 1);
    assert!(told(&sent.lines[0], "declined"), "{sent:?}");
    alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
    let offer = offered(&bob, "film.bin", "asked").await;
    let open = transfer(&alice, "film.bin", "asked", |row| row["waits_for"] == "receiver").await;
    alice.run(&["transfers", "cancel", open["id"].as_str().unwrap()]).await;
    let gone = async || bob.run(&["offers"]).await.is_empty().then_some(());
    wait::until("the offer to be gone at bob", gone).await;
    bob.ask(&["accept", offer["id"].as_str().unwrap(), "--to", text(&dest)]).await;
    assert_eq!(std::fs::read_dir(&dest).unwrap().count(), 0, "nothing came of it");
    alice.close().await;
    bob.close().await;
});
