//! *Edit and lock*: a file that one person edits in a program of their computer, through kills and a lock that is lost.

use pod_tests::offers::two;
use pod_tests::tree::in_step;
use pod_tests::{Arrangement, Pod, World, both_ways, seen, wait, world};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

const FILE: &str = "계획.txt";
/// Within this a linked folder comes to rest on a busy machine.
const REST: Duration = Duration::from_secs(60);

/// Alice and Bob in a room with the file, which says *one*.
async fn with_file(world: &World) -> (Pod, Pod) {
    let (alice, bob) = two(world).await;
    let file = world.folder().join(FILE);
    fs::write(&file, "one").unwrap();
    alice.run(&["files", "Attic", "put", file.to_str().unwrap()]).await;
    seen::entry(&bob, "Attic", FILE).await;
    (alice, bob)
}

/// Begins to edit it; where it lies.
async fn edit(pod: &Pod) -> PathBuf {
    let said = pod.run(&["files", "Attic", "edit", FILE, "--no-open"]).await;
    PathBuf::from(said[0]["path"].as_str().unwrap())
}

/// As editors save: into a file beside it, which then takes its place.
fn save(path: &Path, text: &str) {
    let beside = path.with_file_name(".new");
    fs::write(&beside, text).unwrap();
    fs::rename(&beside, path).unwrap();
}

async fn versions(pod: &Pod, name: &str) -> Vec<u64> {
    let all = pod.run(&["files", "Attic", "versions", name]).await;
    all.iter().map(|version| version["version"].as_u64().unwrap()).collect()
}

/// Waits until the file is like this at this person.
async fn is(pod: &Pod, name: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let look = async || Some(seen::entry(pod, "Attic", name).await).filter(|entry| fits(entry));
    wait::until(&format!("{name} to be {what} at {}", pod.name()), look).await
}

async fn reads(world: &World, pod: &Pod, name: &str) -> String {
    let to = world.folder().join(format!("read-{}", pod.name()));
    let _ = fs::remove_file(&to);
    pod.run(&["files", "Attic", "get", name, to.to_str().unwrap()]).await;
    fs::read_to_string(to).unwrap()
}

both_ways!(each_save_becomes_a_version_and_the_lock_goes_when_it_is_done, async |world: &mut World| {
    let (mut alice, mut bob) = with_file(world).await;
    let place = edit(&alice).await;
    assert_eq!(fs::read_to_string(&place).unwrap(), "one");
    is(&bob, FILE, "locked", |entry| entry["lock"]["by_name"] == "alice").await;
    bob.ask(&["files", "Attic", "edit", FILE, "--no-open"]).await.refused("locked");
    save(&place, "two");
    is(&bob, FILE, "saved", |entry| entry["version"] == 2).await;
    fs::write(&place, "three").unwrap();
    is(&bob, FILE, "saved again", |entry| entry["version"] == 3).await;
    assert_eq!(reads(world, &bob, FILE).await, "three");
    // What is saved just before the word *done* goes along.
    save(&place, "four");
    alice.run(&["files", "Attic", "edit", FILE, "--done"]).await;
    is(&bob, FILE, "free", |entry| entry["version"] == 4 && entry["lock"].is_null()).await;
    assert_eq!(versions(&bob, FILE).await, [4, 3, 2, 1], "a save is one version, however it was made");
    assert!(alice.run(&["files", "Attic", "edits"]).await.is_empty());
    assert!(!place.parent().unwrap().exists(), "nothing stays behind");
    alice.close().await;
    bob.close().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_goes_on_after_a_kill_and_what_a_lost_lock_leaves_is_a_copy() {
    world::tell(Arrangement::One, "edits-killed", async |world: &mut World| {
        let (mut alice, mut bob) = with_file(world).await;
        let place = edit(&bob).await;
        bob.kill().await;
        save(&place, "while nobody looked");
        bob.open().await;
        is(&alice, FILE, "saved", |entry| entry["version"] == 2).await;
        is(&alice, FILE, "still locked", |entry| entry["lock"]["by_name"] == "bob").await;
        // A save on its way dies with its pod, and the next one is saved before it lives again.
        save(&place, "on its way");
        bob.kill().await;
        save(&place, "after it");
        bob.open().await;
        wait::until("the last save to be there", async || {
            (reads(world, &alice, FILE).await == "after it").then_some(())
        })
        .await;
        let names = async || {
            let all = alice.run(&["files", "Attic", "ls"]).await;
            all.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names().await, [FILE], "who edits is in no conflict with themself");
        // The lock is ended while nobody hears of it, and the file is changed.
        bob.kill().await;
        alice.run(&["files", "Attic", "unlock", FILE, "--break", "it is due today"]).await;
        let hers = world.folder().join("hers.txt");
        fs::write(&hers, "by alice").unwrap();
        alice.run(&["files", "Attic", "put", hers.to_str().unwrap(), "--onto", FILE]).await;
        save(&place, "by bob");
        bob.open().await;
        let copy = "계획 (conflict).txt";
        is(&alice, copy, "there", |_| true).await;
        assert_eq!(reads(world, &alice, copy).await, "by bob");
        assert_eq!(reads(world, &bob, FILE).await, "by alice");
        // He goes on in the copy, and is told so.
        let told = async || {
            let all = bob.run(&["files", "Attic", "edits"]).await;
            all.into_iter().find(|edit| edit["copy_of"] == FILE && edit["state"] == "open")
        };
        wait::until("bob to be told", told).await;
        save(&place, "more by bob");
        is(&alice, copy, "saved", |entry| entry["version"] == 2).await;
        bob.run(&["files", "Attic", "edit", copy, "--done"]).await;
        is(&alice, copy, "free", |entry| entry["lock"].is_null()).await;
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_opened_by_a_program_and_in_a_linked_folder_where_it_lies() {
    world::tell(Arrangement::One, "edits-programs", async |world: &mut World| {
        let (mut alice, mut bob) = with_file(world).await;
        alice.close().await;
        // A program that is waited for: when it ends, the edit is done.
        let script = |name: &str, text: &str| {
            let path = world.folder().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        let editor = script("editor", "printf two > \"$1.new\" && mv \"$1.new\" \"$1\"");
        alice.run(&["files", "Attic", "edit", FILE, "--with", editor.to_str().unwrap()]).await;
        is(&bob, FILE, "edited", |entry| entry["version"] == 2 && entry["lock"].is_null()).await;
        assert_eq!(reads(world, &bob, FILE).await, "two");
        // The system's own way to open a file; and what would run is not opened.
        let opened = world.folder().join("opened");
        let tools = script("bin/xdg-open", &format!("printf %s \"$1\" > '{}'", opened.display()));
        let search = format!("PATH={}:/usr/bin:/bin", tools.parent().unwrap().display());
        let mut alice = alice.through(vec!["/usr/bin/env".to_owned(), search]);
        alice.open().await;
        let place =
            alice.run(&["files", "Attic", "edit", FILE]).await[0]["path"].as_str().unwrap().to_owned();
        let look = async || fs::read_to_string(&opened).ok().filter(|opened| *opened == place);
        wait::until("the system's program to be asked", look).await;
        alice.run(&["files", "Attic", "edit", FILE, "--done"]).await;
        let program = script("setup.sh", "true");
        alice.run(&["files", "Attic", "put", program.to_str().unwrap()]).await;
        alice.ask(&["files", "Attic", "edit", "setup.sh"]).await.refused("bad_request");
        // Where the room's folder lies on this computer, the file there is edited, and the folder sends it.
        let hers = world.folder().join("hers");
        alice.run(&["folder", "link", "Attic", hers.to_str().unwrap()]).await;
        wait::until("the file to lie there", async || hers.join(FILE).exists().then_some(())).await;
        let here = async || (edit(&alice).await.starts_with(&hers)).then_some(());
        let again = async || {
            if here().await.is_some() {
                return Some(());
            }
            alice.run(&["files", "Attic", "edit", FILE, "--done"]).await;
            None
        };
        wait::until("the linked folder to be in step", again).await;
        save(&hers.join(FILE), "three");
        is(&bob, FILE, "saved", |entry| entry["version"] == 3 && entry["lock"].is_object()).await;
        in_step(REST, &[(&alice, &hers)]).await;
        fs::write(hers.join(FILE), "four").unwrap();
        alice.run(&["files", "Attic", "edit", FILE, "--done"]).await;
        is(&bob, FILE, "free", |entry| entry["version"] == 4 && entry["lock"].is_null()).await;
        assert_eq!(fs::read_to_string(hers.join(FILE)).unwrap(), "four", "it stays where it lies");
        alice.close().await;
        bob.close().await;
    })
    .await;
}
