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
