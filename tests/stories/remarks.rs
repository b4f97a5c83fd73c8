//! What people say about a file, told in the chat and read at each computer.

use crate::seen;
use pod_tests::{World, both_ways, wait};
use serde_json::Value;

both_ways!(a_comment_and_a_rating_are_told_in_the_chat_and_read_by_all, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let file = world.folder().join("계획.txt");
    std::fs::write(&file, "one").unwrap();
    alice.run(&["files", "Attic", "put", file.to_str().unwrap()]).await;
    seen::entry(&bob, "Attic", "계획.txt").await;
    bob.run(&["files", "Attic", "comment", "계획.txt", "첫 줄이 좋아요"]).await;
    bob.run(&["files", "Attic", "rate", "계획.txt", "4.5"]).await;
    let told = |what: &'static str| {
        move |item: &Value| {
            item["type"] == "activity" && item["by_name"] == "bob" && item["kind"].to_string().contains(what)
        }
    };
    seen::said(&alice, "Attic", "that bob said something", told("commented")).await;
    seen::said(&alice, "Attic", "that bob rated it", told("rated")).await;
    let comments = alice.run(&["files", "Attic", "comments", "계획.txt"]).await;
    assert_eq!((comments.len(), comments[0]["text"].as_str()), (1, Some("첫 줄이 좋아요")));
    let ratings = alice.run(&["files", "Attic", "ratings", "계획.txt"]).await;
    assert_eq!((ratings[0]["by_name"].as_str(), ratings[0]["halves"].as_u64()), (Some("bob"), Some(9)));
    wait::until("the sums are at alice's computer", async || {
        let entry = seen::entry(&alice, "Attic", "계획.txt").await;
        (entry["comments"] == 1 && entry["rating"]["halves"] == 9).then_some(())
    })
    .await;
    bob.run(&["files", "Attic", "rate", "계획.txt", "none"]).await;
    assert!(alice.run(&["files", "Attic", "ratings", "계획.txt"]).await.is_empty());
    alice.close().await;
    bob.close().await;
});
