//! Everything is closed, killed, started again, and is all there.

use crate::seen;
use pod_tests::{World, both_ways};

both_ways!(both_pods_and_the_server_are_killed_and_everything_is_there, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    alice.run(&["send", "Attic", "before the cut"]).await;
    let bytes = seen::bytes(300_000);
    let source = world.folder().join("plan.pdf");
    std::fs::write(&source, &bytes).unwrap();
    alice.run(&["files", "Attic", "put", source.to_str().unwrap()]).await;
    seen::card(&bob, "Attic", "plan.pdf").await;
    alice.kill().await;
    bob.kill().await;
    world.power_cut().await;
    alice.open().await;
    bob.open().await;
    for pod in [&alice, &bob] {
        seen::message(pod, "Attic", "before the cut").await;
        seen::card(pod, "Attic", "plan.pdf").await;
        assert_eq!(seen::times(pod, "Attic", "before the cut").await, 1);
    }
    let fetched = world.folder().join("fetched.pdf");
    bob.run(&["files", "Attic", "get", "plan.pdf", fetched.to_str().unwrap()]).await;
    assert_eq!(std::fs::read(&fetched).unwrap(), bytes);
    alice.run(&["send", "Attic", "after the cut"]).await;
    seen::message(&bob, "Attic", "after the cut").await;
    alice.close().await;
    bob.close().await;
});

both_ways!(what_is_known_is_shown_before_the_network_answers, async |world: &mut World| {
    let mut alice = world.alice().await;
    alice.run(&["rooms", "create", "Attic"]).await;
    alice.run(&["send", "Attic", "remember this"]).await;
    seen::message(&alice, "Attic", "remember this").await;
    alice.close().await;
    world.network.set(pod_tests::proxy::Weather::Stalled);
    alice.open_offline().await;
    seen::message(&alice, "Attic", "remember this").await;
    world.network.set(pod_tests::proxy::Weather::Fair);
    alice.is_online().await;
    alice.close().await;
});
