//! Very many small files, files of no byte, and names that another system does not allow.

use pod_tests::offers::{names, offered, text, told, transfer};
use pod_tests::proxy::Direction;
use pod_tests::{Arrangement, Pod, World, both_ways, offers, seen, wait, world};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Files of a folder of the many.
const IN_A_FOLDER: usize = 100;
/// Bytes that one of them costs on its way up, and down, at the least: headers, mostly.
const UP_BYTES: usize = 600;
/// See [`UP_BYTES`].
const DOWN_BYTES: usize = 300;

/// Every file in a folder and in those inside it, by its path there.
fn tree(top: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut waiting) = (BTreeMap::new(), vec![top.to_owned()]);
    while let Some(folder) = waiting.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.insert(path.strip_prefix(top).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// How many of `many` have their names in folders that may still be written to.
fn named(top: &Path) -> usize {
    let inside =
        |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|item| item.path());
    let files = inside(top).flat_map(|folder| inside(&folder).collect::<Vec<_>>());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn very_many_small_files_go_up_and_come_down() {
    let count: usize = std::env::var("POD_FILES").map_or(500, |text| text.parse().unwrap());
    world::tell(Arrangement::One, "many-files", async |world: &mut World| {
        let (alice, bob) = offers::two(world).await;
        let patience = Duration::from_secs(60 + count as u64 / 5);
        let (mut alice, mut bob) = (alice.with_patience(patience), bob.with_patience(patience));
        let source = world.folder().join("many");
        many(&source, count);
        let begun = std::time::Instant::now();
        let put = alice.run(&["files", "Attic", "put", text(&source)]).await;
        println!("{count} files went up in {:.1} s", begun.elapsed().as_secs_f64());
        assert!(put.len() == count && put.iter().all(|row| row["state"] == "done"), "{} are done", put.len());
        heard_of_all(&bob, count).await;
        let dest = world.folder().join("here");
        let begun = std::time::Instant::now();
        let got = bob.run(&["files", "Attic", "get", "many", text(&dest)]).await;
        println!("{count} files came down in {:.1} s", begun.elapsed().as_secs_f64());
        assert_eq!(got.len(), count);
        assert!(tree(&dest) == tree(&source), "other files came");
        alice.close().await;
        bob.close().await;
    })
    .await;
}

/// The files of `very_many` in folders below the top, each with what is in it.
fn many(top: &Path, count: usize) {
    for number in 0..count {
        let folder = top.join(format!("folder {}", number / IN_A_FOLDER));
        if number % IN_A_FOLDER == 0 {
            std::fs::create_dir_all(&folder).unwrap();
        }
        std::fs::write(folder.join(format!("{number}.txt")), format!("this is file {number}")).unwrap();
    }
}

/// Waits until somebody has heard of all of them: of each folder's last.
async fn heard_of_all(pod: &Pod, count: usize) {
    seen::entry(pod, "Attic", "many").await;
    for folder in 0..count.div_ceil(IN_A_FOLDER) {
        let files = IN_A_FOLDER.min(count - folder * IN_A_FOLDER);
        wait::until("a folder to be heard of", async || {
            let listed = pod.ask(&["files", "Attic", "ls", &format!("many/folder {folder}")]).await;
            (listed.code == 0 && listed.lines.len() == files).then_some(())
        })
        .await;
    }
}

/// Waits until so many files of the queue are open, nobody helping. A list of all would be too long an answer.
async fn open_are(pod: &Pod, count: usize, patience: Duration) {
    wait::until_within(patience, &format!("{count} files to be open"), async || {
        (pod.run(&["status"]).await[0]["transfers_waiting"] == count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn very_many_small_files_lose_none_and_double_none_when_both_sides_are_killed() {
    // Fewer than in the other test, unless so many are asked for.
    let count: usize = std::env::var("POD_FILES").map_or(200, |text| text.parse().unwrap());
    world::tell(Arrangement::Two, "many-killed", async |world: &mut World| {
        let (alice, bob) = offers::two(world).await;
        let patience = Duration::from_secs(90 + count as u64 / 5);
        let (mut alice, mut bob) = (alice.with_patience(patience), bob.with_patience(patience));
        let (source, dest) = (world.folder().join("many"), world.folder().join("here"));
        many(&source, count);
        // Twice on the way up and twice on the way down, at a third and at two thirds of the bytes.
        let put = alice.begin(&["files", "Attic", "put", text(&source)]);
        for third in 1..3 {
            let bytes = (count * UP_BYTES * third / 3) as u64;
            let passed = world.way_to_content().passed(Direction::Up, bytes);
            wait::within(patience, "a third to have gone up", passed).await;
            alice.kill().await;
            world.power_cut().await;
            alice.open().await;
        }
        open_are(&alice, 0, patience).await;
        heard_of_all(&bob, count).await;
        // All are asked for before the first kill: what was not asked for is in no queue.
        bob.run(&["transfers", "pause", "--all"]).await;
        let before = world.way_to_content().bytes_down();
        let get = bob.begin(&["files", "Attic", "get", "many", text(&dest)]);
        open_are(&bob, count, patience).await;
        bob.run(&["transfers", "resume", "--all"]).await;
        for third in 1..3 {
            let bytes = before + (count * DOWN_BYTES * third / 3) as u64;
            let passed = world.way_to_content().passed(Direction::Down, bytes);
            wait::within(patience, "a third to have come down", passed).await;
            world.kill().await;
            bob.kill().await;
            world.start_again().await;
            bob.open().await;
        }
        let came = async || (named(&dest) >= count).then_some(());
        wait::until_within(patience, "so many files to have come", came).await;
        open_are(&bob, 0, patience).await;
        // However they ended: what counts is what came of it.
        drop((put.await.unwrap(), get.await.unwrap()));
        let (came, sent) = (tree(&dest), tree(&source));
        let extra: Vec<_> = came.keys().filter(|path| !sent.contains_key(*path)).collect();
        assert!(came == sent, "{} files came of {count}, of them nobody's: {extra:?}", came.len());
        let mut there = 0;
        for folder in 0..count.div_ceil(IN_A_FOLDER) {
            let listed = alice.run(&["files", "Attic", "ls", &format!("many/folder {folder}")]).await;
            assert!(listed.iter().all(|entry| entry["version"] == 1), "a file was put twice: {listed:?}");
            there += listed.len();
        }
        assert_eq!(there, count, "none is lost and none doubled");
        println!("{count} files went up and down through four kills of both sides");
        alice.close().await;
        bob.close().await;
    })
    .await;
}

both_ways!(a_file_of_no_byte_goes_every_way, async |world: &mut World| {
    let (mut alice, mut bob) = offers::two(world).await;
    let done = |row: &Value| row["state"] == "done";
    let dest = world.folder().join("here");
    std::fs::create_dir(&dest).unwrap();
    for name in ["room.txt", "straight.txt", "forwarded.txt"] {
        let source = world.folder().join(name);
        std::fs::write(&source, "").unwrap();
        match name {
            "room.txt" => {
                alice.run(&["files", "Attic", "put", text(&source)]).await;
                seen::entry(&bob, "Attic", name).await;
                bob.run(&["files", "Attic", "get", name, text(&dest)]).await;
            }
            _ => {
                let offer = alice.begin(&["offer", "bob", text(&source)]);
                offered(&bob, name, "asked").await;
                if name == "forwarded.txt" {
                    alice.run(&["transfers", "forward", name]).await;
                    transfer(&alice, name, "at the server", |row| told(row, "forwarded")).await;
                    offered(&bob, name, "forwarded").await;
                }
                bob.run(&["accept", name, "--to", text(&dest)]).await;
                transfer(&alice, name, "done", done).await;
                drop(offer.await.unwrap().all());
            }
        }
    }
    assert!(tree(&dest).values().all(Vec::is_empty), "a byte came from nowhere");
    assert_eq!(names(&dest), ["forwarded.txt", "room.txt", "straight.txt"]);
    alice.close().await;
    bob.close().await;
});

/// Names that this system takes and another does not, or that say nothing to a person.
const BAD: [&str; 12] = [
    "con",
    "Lpt1.txt",
    "a:b",
    "what?",
    "a\\b",
    "<a>",
    "dot.",
    "space ",
    " space",
    "a\tb",
    "\u{202e}gpj.exe",
    "a\u{200b}b",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_another_system_does_not_take_are_refused_and_others_arrive() {
    world::tell(Arrangement::One, "names", async |world: &mut World| {
        let (mut alice, mut bob) = offers::two(world).await;
        for name in BAD {
            let source = world.folder().join(name);
            std::fs::write(&source, "x").unwrap();
            alice.ask(&["files", "Attic", "put", text(&source)]).await.refused("invalid_name");
            alice.ask(&["offer", "bob", text(&source)]).await.refused("invalid_name");
        }
        assert!(alice.run(&["files", "Attic", "ls"]).await.is_empty());
        assert!(bob.run(&["offers"]).await.is_empty());
        let dest = world.folder().join("here");
        std::fs::create_dir(&dest).unwrap();
        // As long as a name may be, in letters of one, three and four bytes.
        let long = [format!("{}.txt", "a".repeat(251)), "가".repeat(85), "😀".repeat(63)];
        for (number, name) in long.iter().enumerate() {
            let source = world.folder().join(name);
            std::fs::write(&source, format!("file {number}")).unwrap();
            alice.run(&["files", "Attic", "put", text(&source)]).await;
            seen::entry(&bob, "Attic", name).await;
            bob.run(&["files", "Attic", "get", name, text(&dest)]).await;
            // The name is taken now, by another content: the second one of it must not be longer than a name may be.
            std::fs::write(&source, format!("another file {number}")).unwrap();
            let offer = alice.begin(&["offer", "bob", text(&source)]);
            offered(&bob, name, "asked").await;
            bob.run(&["accept", name, "--to", text(&dest)]).await;
            drop(offer.await.unwrap().all());
        }
        let came = tree(&dest);
        assert_eq!(came.len(), 2 * long.len(), "{:?}", came.keys());
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_one_system_holds_for_the_same_never_hide_each_other() {
    world::tell(Arrangement::One, "same-names", async |world: &mut World| {
        let (mut alice, mut bob) = offers::two(world).await;
        // Composed and decomposed (macOS), and another case (Windows, macOS).
        let pairs = [
            ("caf\u{e9}.txt", "cafe\u{301}.txt"),
            ("Plan.txt", "plan.TXT"),
            ("한.txt", "\u{1112}\u{1161}\u{11ab}.txt"),
        ];
        let many = world.folder().join("many");
        std::fs::create_dir(&many).unwrap();
        for (one, other) in pairs {
            for name in [one, other] {
                std::fs::write(many.join(name), format!("this is {name:?}")).unwrap();
            }
            // One after the other, the second is a new version of the first.
            for name in [one, other] {
                alice.run(&["files", "Attic", "put", text(&many.join(name))]).await;
            }
            wait::until("the second version", async || {
                (seen::entry(&bob, "Attic", one).await["version"] == 2).then_some(())
            })
            .await;
        }
        assert_eq!(bob.run(&["files", "Attic", "ls"]).await.len(), pairs.len());
        // At once, they lie side by side.
        alice.run(&["files", "Attic", "put", text(&many)]).await;
        seen::entry(&bob, "Attic", "many").await;
        let dest = world.folder().join("here");
        bob.run(&["files", "Attic", "get", "many", text(&dest)]).await;
        let came = tree(&dest);
        let contents: BTreeSet<&Vec<u8>> = came.values().collect();
        assert_eq!(contents, tree(&many).values().collect(), "{:?}", came.keys());
        let keys: BTreeSet<String> =
            came.keys().map(|path| pod_shared::content::name_key(text(path))).collect();
        assert_eq!(keys.len(), 2 * pairs.len(), "{keys:?}");
        alice.close().await;
        bob.close().await;
    })
    .await;
}
