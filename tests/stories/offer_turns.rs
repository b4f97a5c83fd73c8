//! Offers that turn: a receiver who pauses, and one who lost what had come. Whoever goes on was killed before.

use crate::offers::{MIB, two};
use pod_tests::offers::{arrived, names, offered, text, told, transfer};
use pod_tests::{Arrangement, World, both_ways, world};
use serde_json::Value;

/// Bytes in a second that the sender lets go.
const PACE: &str = "8388608";

/// Time enough for an answer on a busy machine.
const WAIT_S: &str = "5";

fn moving(row: &Value) -> bool {
    row["via"] == "direct" && row["done"].as_u64() > Some(2 * MIB as u64)
}

fn done(row: &Value) -> bool {
    row["state"] == "done"
}

/// How often the story says something.
fn times(row: &Value, what: &str) -> usize {
    row["story"].as_array().unwrap().iter().filter(|line| line["what"] == what).count()
}

both_ways!(a_receiver_who_pauses_has_answered_and_is_waited_for, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 24 * MIB + 3).await;
    for (key, value) in [("transfers.wait_s", WAIT_S), ("transfers.up_limit", PACE)] {
        alice.run(&["settings", "set", key, value]).await;
    }
    let before = world.way_to_content().bytes_up();
    let sending = alice.begin(&["offer", "bob", text(&source)]);
    offered(&bob, "film.bin", "asked").await;
    let taking = bob.begin(&["accept", "film.bin", "--to", text(&dest)]);
    transfer(&bob, "film.bin", "on its way", moving).await;
    bob.run(&["transfers", "pause", "film.bin"]).await;
    transfer(&alice, "film.bin", "held", |row| row["waits_for"] == "held").await;
    // Nobody goes on from memory, and nobody is asked meanwhile.
    alice.kill().await;
    bob.kill().await;
    alice.open().await;
    let held = transfer(&alice, "film.bin", "held", |row| row["waits_for"] == "held").await;
    bob.open().await;
    assert_eq!((times(&held, "cut"), times(&held, "asked"), times(&held, "forwarding")), (0, 1, 0), "{held}");
    bob.run(&["transfers", "resume", "film.bin"]).await;
    let here = transfer(&bob, "film.bin", "done", done).await;
    arrived(&dest, "film.bin", &bytes);
    let sent = transfer(&alice, "film.bin", "done", done).await;
    assert!(told(&sent, "held") && told(&here, "held"), "{sent} {here}");
    assert_eq!((times(&sent, "accepted"), times(&here, "accepted")), (1, 1), "{sent} {here}");
    let up = world.way_to_content().bytes_up() - before;
    assert!(up < MIB as u64, "{up} bytes of it went through the server");
    drop((sending.await.unwrap(), taking.await.unwrap()));
    alice.close().await;
    bob.close().await;
});

both_ways!(a_receiver_who_lost_what_had_come_straight_gets_all_of_it_anew, async |world: &mut World| {
    let (mut alice, mut bob, bytes, source, dest) = two(world, 24 * MIB + 9).await;
    for (key, value) in [("transfers.wait_s", WAIT_S), ("transfers.up_limit", PACE)] {
        alice.run(&["settings", "set", key, value]).await;
    }
    let sending = alice.begin(&["offer", "bob", text(&source)]);
    offered(&bob, "film.bin", "asked").await;
    let taking = bob.begin(&["accept", "film.bin", "--to", text(&dest)]);
    transfer(&alice, "film.bin", "on its way", moving).await;
    bob.kill().await;
    // The rest goes to the server; then there is no beginning any more that it would fit.
    let sent = transfer(&alice, "film.bin", "at the server", |row| told(row, "forwarded")).await;
    assert!(times(&sent, "forwarding") == 1 && sent["done"].as_u64() == Some(bytes.len() as u64), "{sent}");
    let parts = names(&dest);
    assert!(parts.len() == 1 && parts[0].ends_with(".pod-part"), "{parts:?}");
    std::fs::remove_file(dest.join(&parts[0])).unwrap();
    alice.kill().await;
    bob.open().await;
    transfer(&bob, "film.bin", "lost", |row| told(row, "lost")).await;
    bob.kill().await;
    alice.open().await;
    bob.open().await;
    let here = transfer(&bob, "film.bin", "done", done).await;
    arrived(&dest, "film.bin", &bytes);
    let sent = transfer(&alice, "film.bin", "done", done).await;
    assert!(told(&sent, "lost") && told(&here, "lost"), "{sent} {here}");
    drop((sending.await.unwrap(), taking.await.unwrap()));
    alice.close().await;
    bob.close().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_who_is_back_gets_the_rest_straight_again_and_nobody_helps() {
    world::tell(Arrangement::Two, "straight-again", async |world: &mut World| {
        let (mut alice, mut bob, bytes, source, dest) = two(world, 96 * MIB + 1).await;
        for (key, value) in [("transfers.wait_s", WAIT_S), ("transfers.up_limit", "4194304")] {
            alice.run(&["settings", "set", key, value]).await;
        }
        let before = world.way_to_content().bytes_up();
        let sending = alice.begin(&["offer", "bob", text(&source)]);
        offered(&bob, "film.bin", "asked").await;
        let taking = bob.begin(&["accept", "film.bin", "--to", text(&dest)]);
        transfer(&alice, "film.bin", "on its way", moving).await;
        bob.kill().await;
        let up = |row: &Value| row["via"] == "server" && row["done"].as_u64() > Some(8 * MIB as u64);
        let row = transfer(&alice, "film.bin", "on its way to the server", up).await;
        assert!(told(&row, "cut") && told(&row, "receiver_away") && told(&row, "forwarding"), "{row}");
        alice.kill().await;
        alice.open().await;
        bob.open().await;
        let again = |row: &Value| row["via"] == "direct";
        transfer(&alice, "film.bin", "straight again", again).await;
        alice.run(&["settings", "set", "transfers.up_limit", "536870912"]).await;
        transfer(&bob, "film.bin", "done", done).await;
        arrived(&dest, "film.bin", &bytes);
        let sent = transfer(&alice, "film.bin", "done", done).await;
        assert!(
            sent["story"]
                .as_array()
                .unwrap()
                .iter()
                .any(|line| line["what"] == "asked" && line["auto"] == true),
            "{sent}"
        );
        let up = world.way_to_content().bytes_up() - before;
        assert!(up < 80 * MIB as u64, "{up} bytes went to the server");
        drop((sending.await.unwrap(), taking.await.unwrap()));
        alice.close().await;
        bob.close().await;
    })
    .await;
}
