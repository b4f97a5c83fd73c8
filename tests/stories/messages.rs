//! Messages: both ways, for who is away, written without a network, and a reconnect with nothing new (O6, P4, S1).

use crate::seen;
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways};
use serde_json::Value;

both_ways!(messages_go_both_ways_and_wait_for_who_is_away, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "", |_| true).await;
    alice.run(&["send", "Attic", "안녕하세요 👋"]).await;
    seen::message(&bob, "Attic", "안녕하세요 👋").await;
    bob.run(&["send", "Attic", "hello back"]).await;
    seen::message(&alice, "Attic", "hello back").await;
    bob.close().await;
    for n in 1..=5 {
        alice.run(&["send", "Attic", &format!("while you were away {n}")]).await;
    }
    bob.open().await;
    let log = bob.run(&["log", "Attic"]).await;
    let texts: Vec<&str> = log.iter().filter_map(|item| item["text"].as_str()).collect();
    let away: Vec<String> = (1..=5).map(|n| format!("while you were away {n}")).collect();
    assert_eq!(texts[2..], away, "order is the order of the log");
    alice.close().await;
    bob.close().await;
});

both_ways!(who_answers_has_read, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    alice.run(&["send", "Attic", "are you there?"]).await;
    seen::room(&bob, "Attic", "with one unread", |room| room["unread"] == 1).await;
    bob.run(&["send", "Attic", "yes"]).await;
    seen::room(&bob, "Attic", "with none unread", |room| room["unread"] == 0).await;
    bob.kill().await;
    bob.open().await;
    seen::room(&bob, "Attic", "with none unread after a restart", |room| room["unread"] == 0).await;
    alice.run(&["send", "Attic", "good"]).await;
    seen::room(&bob, "Attic", "with one unread again", |room| room["unread"] == 1).await;
    alice.close().await;
    bob.close().await;
});

both_ways!(what_is_written_without_a_network_goes_out_once_when_it_is_back, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "", |_| true).await;
    world.network.set(Weather::Cut);
    for n in 1..=3 {
        let said = alice.ask(&["send", "Attic", &format!("offline {n}"), "--wait", "0"]).await;
        assert_eq!(said.code, 3, "{:?}", said.lines);
    }
    let waits = |item: &Value| item["text"] == "offline 1" && item["pos"].is_null();
    seen::said(&alice, "Attic", "the waiting message", waits).await;
    alice.kill().await;
    world.network.set(Weather::Fair);
    alice.open().await;
    for n in 1..=3 {
        seen::message(&bob, "Attic", &format!("offline {n}")).await;
    }
    let log = bob.run(&["log", "Attic"]).await;
    let texts: Vec<&str> = log.iter().filter_map(|item| item["text"].as_str()).collect();
    assert_eq!(texts, ["offline 1", "offline 2", "offline 3"], "once each, in the order of writing");
    alice.close().await;
    bob.close().await;
});

both_ways!(a_reconnect_with_nothing_new_is_a_null_sync, async |world: &mut World| {
    let mut alice = world.alice().await;
    alice.run(&["rooms", "create", "Attic"]).await;
    seen::room(&alice, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    alice.run(&["send", "Attic", "note"]).await;
    // Who sends has read: the device that said so knows it, and the mark is no news to it.
    alice.close().await;
    alice.open().await;
    alice.close().await;
    alice.open().await;
    let status = alice.is_online().await;
    assert_eq!(status["sync"]["kind"], "null", "{status}");
    alice.close().await;
    world.power_cut().await;
    alice.open().await;
    let status = alice.is_online().await;
    assert_eq!(status["sync"]["kind"], "null", "after a power cut of the server: {status}");
    alice.close().await;
});
