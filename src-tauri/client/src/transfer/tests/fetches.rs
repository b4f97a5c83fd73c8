//! Files that are fetched together: each once, under a name of its own, answered when it is on the disk.

use super::{World, pattern};
use crate::command::{Answer, Command};
use crate::view::{TransferState, TransferView};
use std::collections::BTreeSet;

fn one(answer: Answer) -> TransferView {
    let Answer::Transfers(views) = answer else { panic!("no transfer") };
    assert_eq!(views.len(), 1);
    views.into_iter().next().unwrap()
}

#[tokio::test]
async fn files_asked_for_together_come_each_once_under_names_of_their_own() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let (bytes, into) = (pattern(5_000), world.profile.path().join("out"));
    std::fs::create_dir_all(&into).unwrap();
    let mut files = Vec::new();
    for _ in 0..40 {
        files.push(world.remote(&pod, "a.bin", &bytes).await);
    }
    let asked = files.iter().map(|file| {
        let fetch = Command::Get { entry: file.id, dest: Some(into.clone()) };
        pod.driver.handle(fetch)
    });
    let views: Vec<TransferView> =
        futures_util::future::join_all(asked).await.into_iter().map(|answer| one(answer.unwrap())).collect();
    for view in &views {
        let done = pod.done(view.id).await;
        assert_eq!(std::fs::read(&done.local_path).unwrap(), bytes);
    }
    let places: BTreeSet<&str> = views.iter().map(|view| view.local_path.as_str()).collect();
    assert_eq!((places.len(), std::fs::read_dir(&into).unwrap().count()), (40, 40));
    drop(pod);
    let again = world.open().await;
    for view in views {
        assert_eq!(again.find(view.id).await.state, TransferState::Done, "known after a restart");
    }
}

#[tokio::test]
async fn a_file_asked_for_twice_at_once_is_one_transfer() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let bytes = pattern(200_000);
    let file = world.remote(&pod, "b.bin", &bytes).await;
    let fetch = || pod.driver.handle(Command::Get { entry: file.id, dest: None });
    let (first, second) = tokio::join!(fetch(), fetch());
    let (first, second) = (one(first.unwrap()), one(second.unwrap()));
    assert_eq!(first.id, second.id);
    let done = pod.done(first.id).await;
    assert_eq!(std::fs::read(&done.local_path).unwrap(), bytes);
}

#[tokio::test]
async fn a_small_file_whose_bytes_are_others_is_not_named() {
    let world = World::new().await;
    let pod = world.open_at_most(10).await;
    let file = world.remote(&pod, "c.bin", b"what was promised").await;
    world.server.book().content.0 = b"what has come here".to_vec();
    let into = world.profile.path().join("c.bin");
    let view =
        one(pod.driver.handle(Command::Get { entry: file.id, dest: Some(into.clone()) }).await.unwrap());
    pod.driver.wake(crate::transfer::Wake::Online);
    let mut pod = pod;
    pod.until(view.id, |view| matches!(view.state, TransferState::Failed { .. })).await;
    assert!(!into.exists());
}
