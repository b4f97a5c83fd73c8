//! Files: put on one side, seen in the chat, fetched byte-equal on the other, through cuts and kills (N6, N8, N16, S2).

use crate::seen;
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways};
use serde_json::Value;

const MIB: usize = 1024 * 1024;

both_ways!(a_file_put_on_one_side_is_told_and_fetched_byte_equal, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let bytes = seen::bytes(3 * MIB + 17);
    let source = world.folder().join("한국어 사진.bin");
    std::fs::write(&source, &bytes).unwrap();
    let put = alice.run(&["files", "Attic", "put", source.to_str().unwrap()]).await;
    assert_eq!(put[0]["state"]["state"].as_str().or(put[0]["state"].as_str()), Some("done"), "{put:?}");
    let card = seen::card(&bob, "Attic", "한국어 사진.bin").await;
    assert_eq!((card["by_name"].as_str(), card["size"].as_u64()), (Some("alice"), Some(bytes.len() as u64)));
    let fetched = world.folder().join("fetched.bin");
    bob.run(&["files", "Attic", "get", "한국어 사진.bin", fetched.to_str().unwrap()]).await;
    assert_eq!(std::fs::read(&fetched).unwrap(), bytes);
    let downloaded = |item: &Value| {
        item["type"] == "activity" && item["by_name"] == "bob" && item.to_string().contains("downloaded")
    };
    seen::said(&alice, "Attic", "that bob downloaded it", downloaded).await;
    alice.run(&["files", "Attic", "mv", "한국어 사진.bin", "photo.bin"]).await;
    seen::entry(&bob, "Attic", "photo.bin").await;
    alice.run(&["files", "Attic", "rm", "photo.bin"]).await;
    let deleted = |item: &Value| item["type"] == "activity" && item.to_string().contains("deleted");
    seen::said(&bob, "Attic", "that it was deleted", deleted).await;
    assert!(bob.run(&["files", "Attic", "ls"]).await.is_empty());
    alice.close().await;
    bob.close().await;
});

both_ways!(an_upload_resumes_after_the_server_was_killed_in_the_middle, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let bytes = seen::bytes(48 * MIB);
    let source = world.folder().join("large.bin");
    std::fs::write(&source, &bytes).unwrap();
    let before = world.way_to_content().bytes_up();
    world.way_to_content().set(Weather::CutAfterUp(20 * MIB as u64));
    let put = ["files", "Attic", "put", source.to_str().unwrap()];
    let (put, ()) = tokio::join!(alice.run(&put), async {
        world.way_to_content().was_cut().await;
        world.content_server().process().kill().await;
        world.start_again().await;
        world.way_to_content().set(Weather::Fair);
    });
    assert_eq!(put.len(), 1);
    let up = world.way_to_content().bytes_up() - before;
    assert!(up < 60 * MIB as u64, "{up} bytes went up for {}: it began anew", bytes.len());
    seen::card(&bob, "Attic", "large.bin").await;
    let fetched = world.folder().join("fetched.bin");
    bob.run(&["files", "Attic", "get", "large.bin", fetched.to_str().unwrap()]).await;
    assert!(std::fs::read(&fetched).unwrap() == bytes, "the bytes differ");
    assert_eq!(bob.run(&["files", "Attic", "ls"]).await.len(), 1, "the file is doubled");
    alice.close().await;
    bob.close().await;
});

both_ways!(a_download_resumes_after_a_cut, async |world: &mut World| {
    let mut alice = world.alice().await;
    alice.run(&["rooms", "create", "Attic"]).await;
    seen::room(&alice, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let bytes = seen::bytes(24 * MIB);
    let source = world.folder().join("large.bin");
    std::fs::write(&source, &bytes).unwrap();
    alice.run(&["files", "Attic", "put", source.to_str().unwrap()]).await;
    std::fs::remove_file(&source).unwrap();
    let mut again = world.pod("again");
    let sign_in = ["sign-in", "--server", &world.url(), "--name", "alice"];
    let _ = again.ask_with(&format!("{}\n", pod_tests::world::PASSWORD), &sign_in).await.all();
    again.open().await;
    seen::entry(&again, "Attic", "large.bin").await;
    let fetched = world.folder().join("fetched.bin");
    let get = ["files", "Attic", "get", "large.bin", fetched.to_str().unwrap()];
    let way = world.way_to_content();
    let before = way.bytes_down();
    tokio::join!(again.run(&get), async {
        let half = async || (way.bytes_down() - before > 8 * MIB as u64).then_some(());
        pod_tests::wait::until("a third of the file to come down", half).await;
        way.set(Weather::Cut);
        way.set(Weather::Fair);
    });
    assert!(std::fs::read(&fetched).unwrap() == bytes, "the bytes differ");
    alice.close().await;
    again.close().await;
});

both_ways!(a_cut_upload_with_retransfer_off_waits_until_it_is_on, async |world: &mut World| {
    let mut alice = world.alice().await;
    alice.run(&["rooms", "create", "Attic"]).await;
    seen::room(&alice, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    alice.run(&["settings", "set", "transfers.retransfer", "off"]).await;
    let source = world.folder().join("large.bin");
    std::fs::write(&source, seen::bytes(24 * MIB)).unwrap();
    let way = world.way_to_content();
    let before = way.bytes_up();
    way.set(Weather::CutAfterUp(9 * MIB as u64));
    let put = alice.ask(&["--wait", "1", "files", "Attic", "put", source.to_str().unwrap()]).await;
    assert_ne!(put.code, 0, "{put:?}");
    way.set(Weather::Fair);
    alice.is_online().await;
    let row = async |state: &str, waits_for: Option<&str>| {
        let row = alice.run(&["transfers", "list"]).await.remove(0);
        (row["state"] == state && row["waits_for"].as_str() == waits_for).then_some(row)
    };
    let asking =
        pod_tests::wait::until("it to wait for a person", async || row("waiting", Some("asking")).await)
            .await;
    assert!(asking["story"].to_string().contains("cut"), "{asking}");
    let sent = way.bytes_up() - before;
    alice.run(&["transfers", "options", "large.bin", "--retransfer", "on"]).await;
    let done = pod_tests::wait::until("it to be there", async || row("done", None).await).await;
    assert!(done["story"].to_string().contains("resumed"), "{done}");
    assert!(sent < 12 * MIB as u64, "{sent} bytes went up while a person was waited for");
    assert!(way.bytes_up() - before < 30 * MIB as u64, "it began anew");
    alice.close().await;
});
