//! A file on its way from hand to hand, as its two people see it. Each wait is for a state.

use crate::{Pod, World, seen, wait};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// Alice and Bob, both online, in a room with its folder.
pub async fn two(world: &World) -> (Pod, Pod) {
    let alice = world.alice().await;
    let bob = world.bob().await;
    share_a_room(&alice, &bob).await;
    (alice, bob)
}

/// Who makes it and who is in it see the room *Attic*, and it has its folder.
pub async fn share_a_room(maker: &Pod, other: &Pod) {
    maker.run(&["rooms", "create", "Attic", "--with", other.name()]).await;
    for pod in [maker, other] {
        seen::room(pod, "Attic", "with its folder", |room| room["has_folder"] == true).await;
    }
}

/// The offer of this file as it waits at this person.
pub async fn offered(pod: &Pod, name: &str, step: &str) -> Value {
    let look = async || {
        let offers = pod.run(&["offers"]).await;
        offers.into_iter().find(|offer| offer["name"] == name && offer["step"] == step)
    };
    wait::until(&format!("{} to see what is {step}", pod.name()), look).await
}

/// The transfer of this file at this person, once it fits.
pub async fn transfer(pod: &Pod, name: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    transfer_within(wait::STEP, pod, name, what, fits).await
}

/// As [`transfer`], with a deadline of its own.
pub async fn transfer_within(
    limit: Duration,
    pod: &Pod,
    name: &str,
    what: &str,
    fits: impl Fn(&Value) -> bool,
) -> Value {
    let found = wait::deadline(limit, async || {
        let all = rows(pod, name).await;
        all.into_iter().find(|row| fits(row))
    });
    match found.await {
        Some(row) => row,
        None => panic!(
            "waited {limit:?} in vain for the transfer of {} to be {what}: {:#?}",
            pod.name(),
            rows(pod, name).await
        ),
    }
}

/// All transfers of this file at this person.
pub async fn rows(pod: &Pod, name: &str) -> Vec<Value> {
    let mut all = pod.run(&["transfers", "list"]).await;
    all.retain(|row| row["name"] == name);
    all
}

/// Whether the story of a transfer has this line.
#[must_use]
pub fn told(row: &Value, what: &str) -> bool {
    row["story"].as_array().is_some_and(|lines| lines.iter().any(|line| line["what"] == what))
}

/// Exactly this file lies in the folder, whole, and nothing half or double beside it.
pub fn arrived(folder: &Path, name: &str, bytes: &[u8]) {
    let there = std::fs::read(folder.join(name)).expect("the file is there");
    assert!(there == bytes, "the bytes of {name} differ");
    assert_eq!(names(folder), [name], "something half or double lies beside it");
}

/// What lies in a folder, by name.
#[must_use]
pub fn names(folder: &Path) -> Vec<String> {
    let items = std::fs::read_dir(folder).expect("the folder is there");
    let name = |item: std::io::Result<std::fs::DirEntry>| item.expect("an item of it").file_name();
    let mut names: Vec<String> = items.map(|item| name(item).to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A path as an argument of a command.
#[must_use]
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path of ours is text")
}
