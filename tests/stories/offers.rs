//! Files offered from person to person: straight where both are there, through the server where one is away, and on from
//! where they stopped when a process is killed (T1 to T6). Nothing is resumed from memory: whoever goes on was killed.

use crate::seen;
use pod_tests::{Pod, World, both_ways, wait};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) const MIB: usize = 1024 * 1024;

/// Alice and Bob, in a room together; a file of hers, a folder of his.
pub(crate) async fn two(world: &World, size: usize) -> (Pod, Pod, Vec<u8>, PathBuf, PathBuf) {
    let alice = world.alice().await;
    let bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let bytes = seen::bytes(size);
    let (source, dest) = (world.folder().join("film.bin"), world.folder().join("here"));
    std::fs::write(&source, &bytes).unwrap();
    std::fs::create_dir(&dest).unwrap();
    (alice, bob, bytes, source, dest)
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The offer as it waits at this person.
pub(crate) async fn offered(pod: &Pod, step: &str) -> Value {
    let look = async || {
        let offers = pod.run(&["offers"]).await;
        offers.into_iter().find(|offer| offer["name"] == "film.bin" && offer["step"] == step)
    };
    wait::until(&format!("{} to see what is {step}", pod.name()), look).await
}

/// The transfer of this person, once it fits.
pub(crate) async fn transfer(pod: &Pod, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let look = async || {
        let all = pod.run(&["transfers", "list"]).await;
        all.into_iter().find(|row| row["name"] == "film.bin" && fits(row))
    };
    wait::until(&format!("the transfer of {} to be {what}", pod.name()), look).await
}

pub(crate) fn told(row: &Value, what: &str) -> bool {
    row["story"].as_array().is_some_and(|lines| lines.iter().any(|line| line["what"] == what))
}

pub(crate) fn arrived(dest: &Path, bytes: &[u8]) {
    assert!(std::fs::read(dest.join("film.bin")).unwrap() == bytes, "the bytes differ");
    let names: Vec<_> = std::fs::read_dir(dest).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(names, ["film.bin"], "something half or double lies beside it");
}

both_ways!(an_offered_file_goes_straight, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 8 * MIB + 5).await;
    let before = world.way_to_content().bytes_up();
    let offer = ["offer", "bob", text(&source)];
    let (sent, taken) = tokio::join!(alice.run(&offer), async {
        let offer = offered(&bob, "asked").await;
        assert_eq!(
            (offer["from"]["name"].as_str(), offer["bytes"].as_u64()),
            (Some("alice"), Some(bytes.len() as u64))
        );
        bob.run(&["accept", "film.bin", "--to", text(&dest)]).await
    });
    assert_eq!((sent[0]["state"].as_str(), taken[0]["state"].as_str()), (Some("done"), Some("done")));
    assert!(told(&sent[0], "direct") && told(&taken[0], "direct"), "{sent:?} {taken:?}");
    arrived(&dest, &bytes);
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
    offered(&bob, "forwarded").await;
    let taken = bob.run(&["accept", "film.bin", "--to", text(&dest)]).await;
    assert!(told(&taken[0], "server"), "{taken:?}");
    arrived(&dest, &bytes);
    alice.open().await;
    transfer(&alice, "done", |row| row["state"] == "done").await;
    alice.close().await;
    bob.close().await;
});

both_ways!(a_sender_and_a_receiver_killed_in_turn_lose_nothing, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 96 * MIB + 11).await;
    alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    let moving = |row: &Value| row["done"].as_u64().is_some_and(|done| done > MIB as u64);
    let sent = alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
    assert!(sent.code == 0 || sent.code == 3, "{sent:?}");
    offered(&bob, "asked").await;
    bob.ask(&["--wait", "1", "accept", "film.bin", "--to", text(&dest)]).await;
    transfer(&bob, "on its way", moving).await;
    alice.kill().await;
    alice.open().await;
    transfer(&bob, "on its way", moving).await;
    bob.kill().await;
    bob.open().await;
    let here = transfer(&bob, "done", |row| row["state"] == "done").await;
    arrived(&dest, &bytes);
    transfer(&alice, "done", |row| row["state"] == "done").await;
    assert!(told(&here, "direct") || told(&here, "resumed"), "{here}");
    alice.close().await;
    bob.close().await;
});

both_ways!(a_no_is_heard_and_a_sender_may_think_again, async |world: &mut World| {
    let (mut alice, mut bob, _, source, dest) = two(world, MIB).await;
    alice.run(&["settings", "set", "transfers.forward", "off"]).await;
    let offer = ["offer", "bob", text(&source)];
    let (sent, ()) = tokio::join!(alice.ask(&offer), async {
        offered(&bob, "asked").await;
        bob.run(&["decline", "film.bin"]).await;
    });
    assert_eq!(sent.code, 1);
    assert!(told(&sent.lines[0], "declined"), "{sent:?}");
    alice.ask(&["--wait", "1", "offer", "bob", text(&source)]).await;
    let offer = offered(&bob, "asked").await;
    let open = transfer(&alice, "asked", |row| row["waits_for"] == "receiver").await;
    alice.run(&["transfers", "cancel", open["id"].as_str().unwrap()]).await;
    let gone = async || bob.run(&["offers"]).await.is_empty().then_some(());
    wait::until("the offer to be gone at bob", gone).await;
    bob.ask(&["accept", offer["id"].as_str().unwrap(), "--to", text(&dest)]).await;
    assert_eq!(std::fs::read_dir(&dest).unwrap().count(), 0, "nothing came of it");
    alice.close().await;
    bob.close().await;
});
