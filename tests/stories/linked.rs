//! Linked folders: what one person does on their disk, the other has on theirs (N15).

use pod_tests::offers::two;
use pod_tests::tree::{in_step, linked, paths, tree};
use pod_tests::{Arrangement, Pod, World, both_ways, seen, wait, world};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Within this everything comes to rest on a busy machine.
const REST: Duration = Duration::from_secs(90);

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Two people whose pods keep the room's folder.
async fn both(world: &World) -> (Pod, PathBuf, Pod, PathBuf) {
    let (alice, bob) = two(world).await;
    let (hers, his) = (world.folder().join("hers"), world.folder().join("his"));
    alice.run(&["folder", "link", "Attic", text(&hers)]).await;
    bob.run(&["folder", "link", "Attic", text(&his)]).await;
    (alice, hers, bob, his)
}

both_ways!(what_one_does_in_a_linked_folder_the_other_has, async |world: &mut World| {
    let (mut alice, hers, mut bob, his) = both(world).await;
    let same = async |alice: &Pod, bob: &Pod| in_step(REST, &[(alice, &hers), (bob, &his)]).await;
    fs::create_dir_all(hers.join("work/deep")).unwrap();
    fs::write(hers.join("work/deep/plan.txt"), "first").unwrap();
    fs::write(hers.join("work/한국어.txt"), "둘").unwrap();
    fs::write(his.join("his.txt"), "his").unwrap();
    wait::until("his tree to have hers", async || (paths(&his).len() == 5).then_some(())).await;
    same(&alice, &bob).await;
    // An edit in place, an editor's way of saving, a rename, a move, a deletion.
    fs::write(his.join("work/deep/plan.txt"), "secnd").unwrap();
    fs::write(hers.join(".new"), "saved by an editor").unwrap();
    fs::rename(hers.join(".new"), hers.join("his.txt")).unwrap();
    let has = async |path: PathBuf, text: &str| {
        let look = async || fs::read_to_string(&path).is_ok_and(|found| found == text).then_some(());
        wait::until(&format!("{} to be {text}", path.display()), look).await;
    };
    has(hers.join("work/deep/plan.txt"), "secnd").await;
    has(his.join("his.txt"), "saved by an editor").await;
    fs::rename(his.join("work"), his.join("projects")).unwrap();
    has(hers.join("projects/deep/plan.txt"), "secnd").await;
    same(&alice, &bob).await;
    fs::remove_file(hers.join("his.txt")).unwrap();
    wait::until("the deleted file to go", async || (!his.join("his.txt").exists()).then_some(())).await;
    same(&alice, &bob).await;
    let ls = alice.run(&["files", "Attic", "ls", "projects/deep"]).await;
    assert_eq!(ls[0]["version"], 2, "the entry lives on: {ls:?}");
    // Both change one file while they do not hear of one another.
    bob.close().await;
    fs::write(his.join("projects/deep/plan.txt"), "by bob").unwrap();
    fs::write(hers.join("projects/deep/plan.txt"), "by alice").unwrap();
    let third = async || {
        let ls = alice.run(&["files", "Attic", "ls", "projects/deep"]).await;
        (ls[0]["version"] == 3).then_some(())
    };
    wait::until("her version to be there", third).await;
    bob.open().await;
    wait::until("the copy to come", async || {
        let copy = paths(&hers).into_iter().find(|path| path.contains("plan (conflict, bob, "))?;
        (fs::read_to_string(hers.join(copy)).ok()? == "by bob").then_some(())
    })
    .await;
    same(&alice, &bob).await;
    assert_eq!(fs::read_to_string(his.join("projects/deep/plan.txt")).unwrap(), "by alice");
    // Changed, and deleted, in the moment it came; and saved twice in a row where it was made.
    fs::write(hers.join("quick.txt"), "made").unwrap();
    fs::write(hers.join("short.txt"), "made").unwrap();
    wait::until("both to come", async || {
        (his.join("quick.txt").exists() && his.join("short.txt").exists()).then_some(())
    })
    .await;
    fs::write(his.join("quick.txt"), "changed at once").unwrap();
    fs::remove_file(his.join("short.txt")).unwrap();
    has(hers.join("quick.txt"), "changed at once").await;
    wait::until("the deleted file to go", async || (!hers.join("short.txt").exists()).then_some(())).await;
    same(&alice, &bob).await;
    let conflicts = paths(&hers).iter().filter(|path| path.contains("conflict")).count();
    assert_eq!((conflicts, his.join("short.txt").exists()), (1, false), "{:?}", paths(&hers));
    alice.close().await;
    bob.close().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_folder_outlives_kills_many_files_and_a_checkout() {
    world::tell(Arrangement::One, "linked-many", async |world: &mut World| {
        let (mut alice, hers, mut bob, his) = both(world).await;
        // As an unzip does: many files at once; both pods are killed in the middle of it.
        for number in 0..150 {
            fs::create_dir_all(hers.join(format!("zip/{}", number % 7))).unwrap();
            fs::write(hers.join(format!("zip/{}/{number}", number % 7)), seen::bytes(number * 37)).unwrap();
        }
        wait::until("some of them to come", async || (paths(&his).len() > 30).then_some(())).await;
        alice.kill().await;
        bob.kill().await;
        alice.open().await;
        wait::until("more of them to go up", async || {
            (linked(&alice, &hers).await?["left"].as_u64()? < 100).then_some(())
        })
        .await;
        world.content_server().process().kill().await;
        world.start_again().await;
        bob.open().await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        assert_eq!(paths(&his).len(), 158);
        // A work tree that git switches between two branches.
        let git = |args: &[&str]| {
            let mut command = Command::new("git");
            command
                .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-C", text(&hers)])
                .args(args);
            let done = command.output().unwrap();
            assert!(done.status.success(), "{args:?}: {done:?}");
        };
        git(&["init", "-q", "-b", "main"]);
        git(&["add", "zip"]);
        git(&["commit", "-qm", "one"]);
        git(&["checkout", "-qb", "other"]);
        git(&["mv", "zip/3", "three"]);
        fs::write(hers.join("zip/1/1"), "changed").unwrap();
        git(&["commit", "-qam", "two"]);
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        git(&["checkout", "-q", "main"]);
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        assert!(his.join("zip/3/3").exists() && !his.join("three").exists());
        git(&["fsck"]);
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_link_deletes_nothing_and_many_deletions_are_asked_about() {
    world::tell(Arrangement::One, "linked-asks", async |world: &mut World| {
        let (mut alice, mut bob) = two(world).await;
        let (hers, his) = (world.folder().join("hers"), world.folder().join("his"));
        fs::create_dir_all(&hers).unwrap();
        fs::create_dir_all(&his).unwrap();
        for number in 0..12 {
            fs::write(hers.join(format!("{number}.txt")), format!("her {number}")).unwrap();
            fs::write(his.join(format!("{}.txt", number + 10)), format!("her {}", number + 10)).unwrap();
        }
        fs::write(his.join("0.txt"), "his own").unwrap();
        alice.run(&["folder", "link", "Attic", text(&hers)]).await;
        in_step(REST, &[(&alice, &hers)]).await;
        bob.run(&["folder", "link", "Attic", text(&his)]).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        let found = tree(&his);
        assert_eq!(found.len(), 23, "{:?}", found.keys());
        assert!(found.values().any(|bytes| bytes.as_deref() == Some(b"his own")), "nothing is lost");
        // Half of it goes at once: the others keep theirs until somebody says so.
        (0..11).for_each(|number| fs::remove_file(his.join(format!("{number}.txt"))).unwrap());
        let asked = async |pod: &Pod, folder: &Path| {
            let there = linked(pod, folder).await?["question"]["there"].as_u64()?;
            (there == 11).then_some(())
        };
        wait::until("bob to be asked", async || asked(&bob, &his).await).await;
        assert_eq!(tree(&hers).len(), 23);
        bob.run(&["folder", "answer", text(&his), "keep"]).await;
        wait::until("all to come back", async || (tree(&his).len() == 23).then_some(())).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        (0..11).for_each(|number| fs::remove_file(his.join(format!("{number}.txt"))).unwrap());
        wait::until("bob to be asked again", async || asked(&bob, &his).await).await;
        bob.run(&["folder", "answer", text(&his), "delete"]).await;
        let here = async || (linked(&alice, &hers).await?["question"]["here"].as_u64()? == 11).then_some(());
        wait::until("alice to be asked about hers", here).await;
        alice.run(&["folder", "answer", text(&hers), "delete"]).await;
        wait::until("hers to go", async || (tree(&hers).len() == 12).then_some(())).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_not_deleted_and_a_paused_folder_rests() {
    world::tell(Arrangement::One, "linked-away", async |world: &mut World| {
        let (mut alice, hers, mut bob, his) = both(world).await;
        fs::create_dir_all(hers.join("part/in")).unwrap();
        fs::write(hers.join("part/in/a"), "a").unwrap();
        fs::write(hers.join("b?.txt"), "a name that Windows cannot hold").unwrap();
        std::os::unix::fs::symlink(hers.join("part"), hers.join("way")).unwrap();
        wait::until("his tree to have hers", async || (paths(&his).len() == 4).then_some(())).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        assert!(his.join("b?.txt").exists(), "the name is read back: {:?}", paths(&his));
        let alone = linked(&alice, &hers).await.unwrap()["alone"].clone();
        assert_eq!((alone[0]["path"].as_str(), alone[0]["why"].as_str()), (Some("way"), Some("link")));
        // The disk is pulled out: nothing is taken for deleted.
        let away = world.folder().join("away");
        fs::rename(&his, &away).unwrap();
        let stuck = async || {
            let view = linked(&bob, &his).await?;
            (view["error"]["code"] == "folder_missing").then_some(())
        };
        fs::write(hers.join("more"), "more").unwrap();
        wait::until("bob's pod to miss the folder", stuck).await;
        fs::create_dir(&his).unwrap();
        wait::until("an empty folder to be another one", stuck).await;
        fs::remove_dir(&his).unwrap();
        fs::rename(&away, &his).unwrap();
        wait::until("what came meanwhile", async || his.join("more").exists().then_some(())).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        // Paused: what happens on either side waits.
        bob.run(&["folder", "pause", text(&his)]).await;
        fs::write(his.join("waits"), "waits").unwrap();
        fs::write(hers.join("goes"), "goes").unwrap();
        in_step(REST, &[(&alice, &hers)]).await;
        assert!(!his.join("goes").exists() && !hers.join("waits").exists());
        bob.run(&["folder", "resume", text(&his)]).await;
        wait::until("both to come", async || {
            (his.join("goes").exists() && hers.join("waits").exists()).then_some(())
        })
        .await;
        // A part of the room, beside a place that is taken.
        let part = world.folder().join("only the part");
        bob.ask(&["folder", "link", "Attic", text(&his.join("part"))]).await.refused("conflict");
        bob.run(&["folder", "link", "Attic", text(&part), "--folder", "part"]).await;
        wait::until("the part to come", async || part.join("in/a").exists().then_some(())).await;
        fs::write(part.join("in/new"), "new").unwrap();
        wait::until("it to be in the room", async || hers.join("part/in/new").exists().then_some(())).await;
        bob.run(&["folder", "unlink", text(&part)]).await;
        assert!(part.join("in/a").exists() && !part.join(".pod-folder").exists());
        alice.close().await;
        bob.close().await;
    })
    .await;
}

both_ways!(a_file_that_one_edits_waits_in_the_folders_of_the_others, async |world: &mut World| {
    let (mut alice, hers, mut bob, his) = both(world).await;
    fs::write(hers.join("plan.txt"), "first").unwrap();
    let has = async |path: PathBuf, text: &str| {
        let look = async || fs::read_to_string(&path).is_ok_and(|found| found == text).then_some(());
        wait::until(&format!("{} to be {text}", path.display()), look).await;
    };
    has(his.join("plan.txt"), "first").await;
    let held = async |held: bool| {
        wait::until("her pod to know who edits", async || {
            let ls = alice.run(&["files", "Attic", "ls"]).await;
            (ls[0]["lock"].is_object() == held).then_some(())
        })
        .await;
    };
    in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
    bob.run(&["files", "Attic", "lock", "plan.txt"]).await;
    held(true).await;
    // What the holder saves goes out of his folder, with the number of his lock.
    fs::write(his.join("plan.txt"), "edited by bob").unwrap();
    has(hers.join("plan.txt"), "edited by bob").await;
    in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
    // What another saves stays where it is, and says why.
    fs::write(hers.join("plan.txt"), "too early").unwrap();
    wait::until("her file to be left alone", async || {
        let alone = linked(&alice, &hers).await?["alone"].clone();
        (alone[0]["path"] == "plan.txt" && alone[0]["why"] == "read_only").then_some(())
    })
    .await;
    assert_eq!(fs::read_to_string(his.join("plan.txt")).unwrap(), "edited by bob");
    bob.run(&["files", "Attic", "unlock", "plan.txt"]).await;
    has(his.join("plan.txt"), "too early").await;
    in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
    assert_eq!(paths(&hers).len(), 1, "no copy was made");
    alice.close().await;
    bob.close().await;
});
