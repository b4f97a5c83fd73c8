//! What people do with files, as the others are told: who opened what, and what was said where it is read.

use pod_tests::offers::two;
use pod_tests::proxy::Weather;
use pod_tests::{Arrangement, World, seen, wait, world};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const FILE: &str = "계획.txt";

fn did(item: &Value, by: &str, what: &str) -> bool {
    item["type"] == "activity" && item["by_name"] == by && item["kind"].to_string().contains(what)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_opened_a_file_is_told_and_what_a_computer_fetches_is_not() {
    world::tell(Arrangement::Two, "activities-opened", async |world: &mut World| {
        let (mut alice, mut bob) = two(world).await;
        bob.close().await;
        let tools = world.folder().join("bin");
        fs::create_dir_all(&tools).unwrap();
        fs::write(tools.join("xdg-open"), "#!/bin/sh\nexit 0\n").unwrap();
        fs::set_permissions(tools.join("xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
        let search = format!("PATH={}:/usr/bin:/bin", tools.display());
        let mut bob = bob.through(vec!["/usr/bin/env".to_owned(), search]);
        bob.open().await;
        let file = world.folder().join(FILE);
        let put = async |text: &str| {
            fs::write(&file, text).unwrap();
            alice.run(&["files", "Attic", "put", file.to_str().unwrap()]).await;
        };
        put("one").await;
        seen::entry(&bob, "Attic", FILE).await;
        let opened = async || alice.run(&["files", "Attic", "opened", FILE]).await.swap_remove(0);
        assert_eq!((opened().await["count"].as_u64(), opened().await["of"].as_u64()), (Some(0), Some(1)));
        // Without a connection it is kept, and told with the next one; twice opened is told once.
        bob.run(&["files", "Attic", "get", FILE]).await;
        world.way_to_content().set(Weather::Cut);
        bob.run(&["files", "Attic", "open", FILE]).await;
        bob.run(&["files", "Attic", "open", FILE]).await;
        world.way_to_content().set(Weather::Fair);
        bob.kill().await;
        bob.open().await;
        wait::until("alice to be told", async || (opened().await["count"] == 1).then_some(())).await;
        assert_eq!(opened().await["people"][0]["name"], "bob");
        let told = alice.run(&["files", "Attic", "activity", FILE, "--kind", "opened"]).await;
        assert_eq!(told.len(), 1, "{told:?}");
        // What a linked folder fetches nobody has opened.
        let his = world.folder().join("his");
        bob.run(&["folder", "link", "Attic", his.to_str().unwrap()]).await;
        put("two").await;
        let look = async || fs::read_to_string(his.join(FILE)).is_ok_and(|text| text == "two").then_some(());
        wait::until("the second version to come", look).await;
        assert_eq!(
            (opened().await["version"].as_u64(), opened().await["count"].as_u64()),
            (Some(2), Some(0))
        );
        // A room that does not want to know is not told.
        alice.run(&["rooms", "opened", "Attic", "off"]).await;
        seen::said(&bob, "Attic", "the switch", |item| did(item, "alice", "opened_told")).await;
        bob.run(&["files", "Attic", "open", FILE]).await;
        bob.run(&["send", "Attic", "looked"]).await;
        seen::message(&alice, "Attic", "looked").await;
        wait::until("her pod to know it too", async || (opened().await["told"] == false).then_some(())).await;
        assert_eq!(alice.run(&["files", "Attic", "activity", "--kind", "opened"]).await.len(), 1);
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_is_read_in_the_chat_and_told_to_whom_it_names() {
    world::tell(Arrangement::One, "activities-comments", async |world: &mut World| {
        let (mut alice, mut bob) = two(world).await;
        let file = world.folder().join(FILE);
        fs::write(&file, "one").unwrap();
        alice.run(&["files", "Attic", "put", file.to_str().unwrap()]).await;
        seen::entry(&bob, "Attic", FILE).await;
        let notice = |kind: &'static str| {
            move |event: &Value| event["event"] == "notice" && event["notice"]["kind"] == kind
        };
        bob.run(&["files", "Attic", "comment", FILE, "first thoughts"]).await;
        alice.event("a notice of the comment", notice("comments")).await;
        bob.run(&["files", "Attic", "comment", FILE, "둘째 줄 좀 봐 주세요", "--to", "alice"]).await;
        alice.event("a notice that names her", notice("mentions")).await;
        let said =
            |item: &Value| did(item, "bob", "commented") && item["said"]["text"] == "둘째 줄 좀 봐 주세요";
        let line = seen::said(&alice, "Attic", "what he said", said).await;
        assert_eq!(line["said"]["to_me"], true);
        // In their conversation of two it is told too, as what he did on her file.
        let concerning = alice.run(&["people", "concerning", "bob"]).await;
        assert_eq!(concerning.len(), 2, "{concerning:?}");
        assert_eq!(concerning[0]["room_title"], "Attic");
        assert!(bob.run(&["people", "concerning", "alice"]).await.is_empty(), "none of his files");
        alice.close().await;
        bob.close().await;
    })
    .await;
}
