//! What people say of themselves: heard by who may, found by it, the same on every computer, in one process and in two.

use pod_tests::proxy::Weather;
use pod_tests::world::PASSWORD;
use pod_tests::{Pod, World, both_ways, wait};
use serde_json::Value;

/// What somebody says, as a pod knows it, once it is so.
async fn says(pod: &Pod, name: &str, field: &str, text: &str) {
    wait::until(&format!("{} to read {field} of {name} as {text:?}", pod.name()), async || {
        let said = pod.ask(&["profile", "get", name]).await;
        (said.code == 0 && said.one()[field] == text).then_some(())
    })
    .await;
}

async fn found(pod: &Pod, text: &str) -> Vec<String> {
    let people = pod.run(&["people", "search", text]).await;
    people.iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

both_ways!(a_profile_is_read_and_found_by_contacts_and_roommates_only, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.open_person("bob").await;
    let mut carol = world.open_person("carol").await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    alice.run(&["profile", "set", "title", "Illustrator"]).await;
    alice.run(&["profile", "set", "about", "제주도 · rye bread"]).await;
    says(&bob, "alice", "title", "Illustrator").await;
    says(&bob, "alice", "about", "제주도 · rye bread").await;
    assert_eq!(found(&bob, "제주").await, ["alice"]);
    assert_eq!(found(&bob, "ILLUS").await, ["alice"]);
    assert!(found(&carol, "illus").await.is_empty(), "who is a stranger finds nobody by it");
    // A contact reads it from then on.
    carol.run(&["contacts", "add", "alice"]).await;
    wait::until("alice to be asked", async || {
        let asks = |person: &Value| person["contact"]["standing"] == "asks";
        alice.run(&["contacts", "list"]).await.iter().any(asks).then_some(())
    })
    .await;
    alice.run(&["contacts", "accept", "carol"]).await;
    says(&carol, "alice", "title", "Illustrator").await;
    assert_eq!(found(&carol, "illus").await, ["alice"]);

    // Away while it changes; another computer of the same person has it, too.
    carol.close().await;
    alice.run(&["profile", "set", "title", "Baker"]).await;
    alice.run(&["profile", "set", "about"]).await;
    let mut again = world.pod("alice-2");
    let sign_in = ["sign-in", "--name", "alice", "--server", &world.url()];
    let _ = again.ask_with(&format!("{PASSWORD}\n"), &sign_in).await.all();
    again.open().await;
    says(&again, "alice", "title", "Baker").await;
    carol.open().await;
    says(&carol, "alice", "title", "Baker").await;
    let said = carol.ask(&["profile", "get", "alice"]).await.one();
    assert_eq!((&said["about"], &said["name"]), (&Value::from(""), &Value::from("alice")));
    alice.ask(&["profile", "set", "phone", &"1".repeat(129)]).await.refused("too_large");
    world.network.set(Weather::Cut);
    let offline = alice.ask(&["--wait", "1", "profile", "set", "phone", "1"]).await;
    assert_eq!(offline.code, 3, "it is told when it is said: {:?}", offline.lines);
    world.network.set(Weather::Fair);
    for pod in [&mut alice, &mut again, &mut bob, &mut carol] {
        pod.close().await;
    }
});
