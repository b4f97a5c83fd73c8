//! Instant upload, and the stop of the whole queue.

use super::{World, pattern};
use crate::command::{Command, TransferCommand};
use crate::view::{Stuck, TransferState};
use pod_shared::limits::INSTANT_BYTES_MIN;

#[tokio::test]
async fn what_the_server_has_is_not_sent_to_who_proves_to_hold_it() {
    let world = World::new().await;
    let bytes = pattern(900_000);
    world.server.book().known = Some(bytes.clone());
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("film.bin", &bytes)).await[0].id;
    let done = pod.done(id).await;
    assert!(done.entry.is_some(), "it is a file of the room");
    let book = world.server.book();
    assert_eq!((book.received, book.uploads.len()), (0, 0));
}

#[tokio::test]
async fn what_cannot_be_proven_and_what_is_small_is_sent() {
    let world = World::new().await;
    let bytes = pattern(900_000);
    world.server.book().known = Some(vec![7; 900_000]);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("film.bin", &bytes)).await[0].id;
    pod.done(id).await;
    assert_eq!(world.server.book().received, bytes.len());
    let small = pattern(INSTANT_BYTES_MIN as usize - 1);
    world.server.book().known = Some(small.clone());
    let id = pod.put(world.room, &world.file("note.txt", &small)).await[0].id;
    pod.done(id).await;
    assert_eq!(world.server.book().received, bytes.len() + small.len());
}

#[tokio::test]
async fn a_queue_that_stands_moves_nothing_also_after_a_restart() {
    let world = World::new().await;
    let mut pod = world.open().await;
    let pause = |paused| Command::AboutTransfers(TransferCommand::TransfersPause { paused });
    pod.driver.handle(pause(true)).await.unwrap();
    let id = pod.put(world.room, &world.file("a.txt", b"text")).await[0].id;
    pod.until(id, |view| view.state == TransferState::Waiting(Stuck::PausedAll)).await;
    drop(pod);
    let mut again = world.open().await;
    again.until(id, |view| view.state == TransferState::Waiting(Stuck::PausedAll)).await;
    assert_eq!(world.server.book().received, 0);
    again.driver.handle(pause(false)).await.unwrap();
    again.done(id).await;
}
