//! Permissions between real processes: what is hidden leaves the other's list, chat and disk, its next byte is refused, and
//! nothing of it travels back.

use pod_tests::offers::{text, two};
use pod_tests::{Pod, World, both_ways, wait};
use serde_json::Value;
use std::fs;

/// What this person's pod shows in a folder of the room.
async fn names(pod: &Pod, folder: &str) -> Vec<String> {
    let ls = pod.run(&["files", "Attic", "ls", folder]).await;
    ls.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

both_ways!(
    what_one_hides_leaves_the_others_list_chat_and_disk_and_comes_back_whole,
    async |world: &mut World| {
        let (mut alice, mut bob) = two(world).await;
        let his = world.folder().join("his");
        bob.run(&["folder", "link", "Attic", text(&his)]).await;
        let source = world.folder().join("plans");
        fs::create_dir_all(source.join("deep")).unwrap();
        fs::write(source.join("deep/plan.txt"), "first").unwrap();
        fs::write(source.join("open.txt"), "open").unwrap();
        alice.run(&["files", "Attic", "put", text(&source)]).await;
        let plan = his.join("plans/deep/plan.txt");
        let there = async |there: bool| {
            wait::until(&format!("bob's copy to be there: {there}"), async || {
                (plan.exists() == there).then_some(())
            })
            .await;
        };
        there(true).await;
        let deep = bob.run(&["files", "Attic", "ls", "plans/deep"]).await;
        let id = deep[0]["id"].as_str().unwrap().to_owned();
        let hidden = alice.run(&["files", "Attic", "perm", "plans/deep", "--only-me"]).await;
        assert_eq!(hidden[0]["state"], "done");
        there(false).await;
        assert_eq!(names(&bob, "plans").await, ["open.txt"]);
        bob.ask(&["files", "Attic", "get", &id, text(&world.folder().join("mine"))])
            .await
            .refused("not_found");
        // The chat of his computer names it no more.
        let log = bob.run(&["log", "Attic", "--limit", "100"]).await;
        assert!(!log.iter().any(|item: &Value| item.to_string().contains("plan.txt")), "{log:?}");
        let view = alice.run(&["files", "Attic", "perm", "plans/deep"]).await;
        assert_eq!(view[0]["own"]["shared_with"], "only_me");
        alice.run(&["files", "Attic", "perm", "plans/deep", "--with", "bob", "--view-only"]).await;
        there(true).await;
        assert_eq!(fs::read_to_string(&plan).unwrap(), "first");
        assert_eq!(names(&bob, "plans/deep").await, ["plan.txt"]);
        // For viewing only: by no command, and what he saves stays on his disk.
        for command in [["mv", "plans/deep/plan.txt", "other.txt"].as_slice(), &["rm", "plans/deep/plan.txt"]]
        {
            bob.ask(&[["files", "Attic"].as_slice(), command].concat()).await.refused("role_too_low");
        }
        bob.ask(&["files", "Attic", "perm", "plans/deep", "--everyone"]).await.refused("role_too_low");
        wait::until("both to be in step", async || {
            let view = pod_tests::tree::linked(&bob, &his).await?;
            (view["state"] == "in_step" && view["files"] == 2).then_some(())
        })
        .await;
        // Whether the disk tells of it or not: a folder is looked at when its pod begins.
        bob.close().await;
        fs::write(&plan, "by bob, who may not").unwrap();
        bob.open().await;
        wait::until("his change to be left alone", async || {
            let alone = pod_tests::tree::linked(&bob, &his).await?["alone"].clone();
            (alone[0]["why"] == "read_only").then_some(())
        })
        .await;
        // Hidden while he has a change of his own: that stays with him, and is told as what it is.
        alice.run(&["files", "Attic", "perm", "plans/deep", "--only-me"]).await;
        wait::until("it to be no longer shared", async || {
            let alone = pod_tests::tree::linked(&bob, &his).await?["alone"].clone();
            (alone[0]["path"] == "plans/deep/plan.txt" && alone[0]["why"] == "not_shared").then_some(())
        })
        .await;
        assert_eq!(fs::read_to_string(&plan).unwrap(), "by bob, who may not");
        assert_eq!(names(&bob, "plans").await, ["open.txt"], "nothing of it travelled");
        let hers = alice.run(&["files", "Attic", "ls", "plans/deep"]).await;
        assert_eq!(hers[0]["version"], 1);
        alice.close().await;
        bob.close().await;
    }
);
