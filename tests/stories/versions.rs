//! Versions of a file, as two people at their own computers see them.

use crate::seen;
use pod_tests::{World, both_ways, wait};
use serde_json::Value;

both_ways!(
    a_version_is_brought_back_and_one_that_was_not_seen_is_never_overwritten,
    async |world: &mut World| {
        let mut alice = world.alice().await;
        let mut bob = world.bob().await;
        alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
        seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
        let file = world.folder().join("계획.txt");
        let put = async |pod: &pod_tests::Pod, content: &str, how: &[&str]| {
            std::fs::write(&file, content).unwrap();
            pod.run(&[&["files", "Attic", "put", file.to_str().unwrap()], how].concat()).await;
        };
        put(&alice, "one", &[]).await;
        put(&alice, "two", &[]).await;
        let versions = async |pod: &pod_tests::Pod, name: &str| -> Vec<u64> {
            let all = pod.run(&["files", "Attic", "versions", name]).await;
            all.iter().map(|version| version["version"].as_u64().unwrap()).collect()
        };
        seen::entry(&bob, "Attic", "계획.txt").await;
        assert_eq!(versions(&bob, "계획.txt").await, [2, 1]);
        let old = world.folder().join("old.txt");
        bob.run(&["files", "Attic", "get", "계획.txt", old.to_str().unwrap(), "--version", "1"]).await;
        assert_eq!(std::fs::read(&old).unwrap(), b"one");
        bob.run(&["files", "Attic", "restore", "계획.txt", "--version", "1"]).await;
        let again =
            |item: &Value| item["type"] == "activity" && item.to_string().contains("version_restored");
        seen::said(&alice, "Attic", "that bob brought it back", again).await;
        assert_eq!(versions(&alice, "계획.txt").await, [3, 2, 1]);
        // Alice wrote on top of the second version; Bob's third stays.
        put(&alice, "four", &["--onto", "계획.txt", "--based-on", "2"]).await;
        assert_eq!(versions(&alice, "계획.txt").await, [3, 2, 1]);
        seen::entry(&bob, "Attic", "계획 (conflict).txt").await;
        let card = seen::card(&bob, "Attic", "계획 (conflict).txt").await;
        assert_eq!(card["conflict_of"], "계획.txt");
        put(&alice, "five", &["--onto", "계획.txt", "--based-on", "3"]).await;
        wait::until("bob hears of the fourth version", async || {
            let entry = seen::entry(&bob, "Attic", "계획.txt").await;
            (entry["version"] == 4).then_some(())
        })
        .await;
        let newest = world.folder().join("newest.txt");
        bob.run(&["files", "Attic", "get", "계획.txt", newest.to_str().unwrap()]).await;
        assert_eq!(std::fs::read(&newest).unwrap(), b"five");
        assert_eq!(bob.run(&["files", "Attic", "ls"]).await.len(), 2);
        alice.close().await;
        bob.close().await;
    }
);

both_ways!(while_one_edits_a_file_the_others_see_it_and_change_nothing, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let file = world.folder().join("계획.txt");
    std::fs::write(&file, "one").unwrap();
    let path = file.to_str().unwrap().to_owned();
    alice.run(&["files", "Attic", "put", &path]).await;
    seen::entry(&bob, "Attic", "계획.txt").await;
    alice.run(&["files", "Attic", "lock", "계획.txt"]).await;
    let lock = async |pod: &pod_tests::Pod, held: bool| {
        wait::until("the lock is seen", async || {
            let entry = seen::entry(pod, "Attic", "계획.txt").await;
            (entry["lock"].is_object() == held).then_some(entry)
        })
        .await
    };
    let seen_by_bob = lock(&bob, true).await;
    assert_eq!(
        (seen_by_bob["lock"]["by_name"].as_str(), seen_by_bob["lock"]["mine"].as_bool()),
        (Some("alice"), Some(false))
    );
    bob.ask(&["files", "Attic", "rm", "계획.txt"]).await.refused("locked");
    bob.ask(&["files", "Attic", "mv", "계획.txt", "x.txt"]).await.refused("locked");
    bob.ask(&["files", "Attic", "lock", "계획.txt"]).await.refused("locked");
    bob.ask(&["files", "Attic", "unlock", "계획.txt"]).await.refused("locked");
    bob.ask(&["files", "Attic", "unlock", "계획.txt", "--break", "now"]).await.refused("role_too_low");
    std::fs::write(&file, "two").unwrap();
    alice.run(&["files", "Attic", "put", &path, "--onto", "계획.txt", "--based-on", "1"]).await;
    alice.run(&["files", "Attic", "unlock", "계획.txt"]).await;
    lock(&bob, false).await;
    bob.run(&["files", "Attic", "lock", "계획.txt", "--for", "5"]).await;
    lock(&alice, true).await;
    alice.run(&["files", "Attic", "unlock", "계획.txt", "--break", "it is needed today"]).await;
    let broken = |item: &Value| item["type"] == "activity" && item.to_string().contains("it is needed today");
    seen::said(&bob, "Attic", "that alice ended it, and why", broken).await;
    assert_eq!(lock(&bob, false).await["version"], 2);
    alice.close().await;
    bob.close().await;
});
