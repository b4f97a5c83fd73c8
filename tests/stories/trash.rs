//! The trash of a room's folder: listed, whole trees brought back into the room and into linked folders, deleted for good.

use crate::seen;
use pod_tests::tree::{in_step, paths};
use pod_tests::{Arrangement, World, both_ways, wait, world};
use serde_json::Value;
use std::fs;
use std::time::Duration;

/// Within this linked folders come to rest on a busy machine.
const REST: Duration = Duration::from_secs(90);

fn names(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

both_ways!(a_tree_comes_back_from_the_trash_where_it_lay, async |world: &mut World| {
    let mut alice = world.alice().await;
    let mut bob = world.bob().await;
    alice.run(&["rooms", "create", "Attic", "--with", "bob"]).await;
    seen::room(&bob, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    let file = world.folder().join("계획.txt");
    std::fs::write(&file, "one").unwrap();
    for folder in ["plans", "plans/2026"] {
        alice.run(&["files", "Attic", "mkdir", folder]).await;
    }
    alice.run(&["files", "Attic", "put", file.to_str().unwrap(), "--into", "plans/2026"]).await;
    seen::entry(&bob, "Attic", "plans").await;
    bob.run(&["files", "Attic", "rm", "plans/2026"]).await;
    wait::until("alice sees it in the trash", async || {
        let trash = alice.run(&["files", "Attic", "trash"]).await;
        (names(&trash) == ["2026"]).then_some(())
    })
    .await;
    let trash = alice.run(&["files", "Attic", "trash"]).await;
    assert_eq!((trash[0]["by_name"].as_str(), trash[0]["below"].as_u64()), (Some("bob"), Some(1)));
    assert_eq!(trash[0]["path"].as_array().unwrap(), &["plans"]);
    // Its folder goes too; it comes back into what is left above.
    bob.run(&["files", "Attic", "rm", "plans"]).await;
    alice.run(&["files", "Attic", "restore", "plans/2026"]).await;
    assert_eq!(names(&alice.run(&["files", "Attic", "ls", "2026"]).await), ["계획.txt"]);
    let back = |item: &Value| item["type"] == "activity" && item["kind"].to_string().contains("restored");
    seen::said(&bob, "Attic", "that alice brought it back", back).await;
    // Bob may not delete for good what he did not register.
    bob.ask(&["files", "Attic", "trash", "--purge", "plans"]).await.refused("role_too_low");
    alice.run(&["files", "Attic", "trash", "--purge", "plans"]).await;
    assert!(alice.run(&["files", "Attic", "trash"]).await.is_empty());
    alice.run(&["files", "Attic", "rm", "2026"]).await;
    alice.run(&["files", "Attic", "trash", "--empty"]).await;
    assert!(bob.run(&["files", "Attic", "trash"]).await.is_empty());
    let emptied =
        |item: &Value| item["type"] == "activity" && item["kind"].to_string().contains("trash_emptied");
    seen::said(&bob, "Attic", "that alice emptied it", emptied).await;
    alice.close().await;
    bob.close().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_deleted_on_a_disk_lies_in_the_trash_and_comes_back() {
    world::tell(Arrangement::One, "trash-linked", async |world: &mut World| {
        let (mut alice, mut bob) = pod_tests::offers::two(world).await;
        let (hers, his) = (world.folder().join("hers"), world.folder().join("his"));
        alice.run(&["folder", "link", "Attic", hers.to_str().unwrap()]).await;
        bob.run(&["folder", "link", "Attic", his.to_str().unwrap()]).await;
        fs::create_dir_all(hers.join("work/deep")).unwrap();
        fs::write(hers.join("work/deep/plan.txt"), "a plan").unwrap();
        let there = async || {
            fs::read(his.join("work/deep/plan.txt")).is_ok_and(|text| text == b"a plan").then_some(())
        };
        wait::until_within(REST, "his folder to have it", there).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        fs::remove_dir_all(hers.join("work")).unwrap();
        wait::until_within(REST, "his folder to have it no longer", async || {
            paths(&his).is_empty().then_some(())
        })
        .await;
        wait::until_within(REST, "the whole tree to be in the trash", async || {
            let trash = alice.run(&["files", "Attic", "trash"]).await;
            names(&trash).contains(&"work".to_owned()).then_some(())
        })
        .await;
        let trash = names(&alice.run(&["files", "Attic", "trash"]).await);
        bob.run(&["files", "Attic", "restore", "work"]).await;
        // What was deleted before its folder lies in the trash by itself.
        for name in trash.iter().filter(|name| *name != "work") {
            bob.run(&["files", "Attic", "restore", name]).await;
        }
        wait::until_within(REST, "the file to be in the room again", async || {
            let here = bob.run(&["files", "Attic", "ls", "work/deep"]).await;
            names(&here).contains(&"plan.txt".to_owned()).then_some(())
        })
        .await;
        alice.close().await;
        bob.close().await;
    })
    .await;
}
