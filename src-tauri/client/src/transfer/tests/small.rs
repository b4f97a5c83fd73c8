//! Small files: one request each, no row written that a restart would make anyway, and still once through a kill.

use super::{Running, World, pattern, waits_for_network};
use crate::view::TransferState;
use pod_shared::limits;
use std::collections::BTreeSet;
use std::path::Path;

fn shown(pod: &Running, world: &World) -> String {
    pod.driver.local_uploads(world.room)[0].upload.to_string()
}

fn ids(world: &World) -> Vec<String> {
    world.server.book().uploads.keys().cloned().collect()
}

#[tokio::test]
async fn a_small_file_goes_up_with_the_creation_of_its_upload() {
    let world = World::new().await;
    let bytes = pattern(5_000);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &bytes)).await[0].id;
    let view = pod.done(id).await;
    let book = world.server.book();
    assert_eq!((book.asked, book.received), (1, bytes.len()));
    let upload = book.uploads.values().next().unwrap();
    assert_eq!((&upload.bytes, view.entry.map(|id| id.to_string())), (&bytes, Some(upload.entry.clone())));
}

#[tokio::test]
async fn a_small_file_is_one_upload_though_the_pod_was_killed_and_the_answer_lost() {
    let world = World::new().await;
    world.server.book().lose_answer = true;
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &pattern(5_000))).await[0].id;
    pod.until(id, waits_for_network).await;
    let before = shown(&pod, &world);
    drop(pod);
    let mut again = world.open().await;
    again.done(id).await;
    assert_eq!(ids(&world), [before], "the upload that the chat knew");
    assert_eq!(world.server.book().received, 5_000);
}

#[tokio::test]
async fn a_small_file_that_changed_while_the_pod_was_gone_is_another_upload() {
    let world = World::new().await;
    world.server.book().lose_answer = true;
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("a.bin", &pattern(5_000))).await[0].id;
    pod.until(id, waits_for_network).await;
    let before = shown(&pod, &world);
    drop(pod);
    world.file("a.bin", b"another");
    let mut again = world.open().await;
    again.done(id).await;
    let told = async {
        while world.server.book().dropped.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(super::DEADLINE, told).await.expect("the old upload is dropped");
    assert_eq!(world.server.book().dropped, [before]);
    assert_eq!(world.server.book().uploads.values().next().unwrap().bytes, b"another");
}

#[tokio::test]
async fn many_small_files_arrive_each_once_and_are_all_known_after_a_restart() {
    let world = World::new().await;
    let folder = world.profile.path().join("many");
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..200_u32 {
        std::fs::write(folder.join(format!("{number}.bin")), number.to_le_bytes()).unwrap();
    }
    let mut pod = world.open().await;
    let views = pod.put(world.room, &folder).await;
    for view in &views {
        pod.done(view.id).await;
    }
    drop(pod);
    let again = world.open().await;
    let all: BTreeSet<Vec<u8>> = world.server.book().uploads.values().map(|one| one.bytes.clone()).collect();
    assert_eq!((all.len(), world.server.book().asked), (200, 200));
    for view in views {
        let kept = again.find(view.id).await;
        assert_eq!(kept.state, TransferState::Done);
        assert!(Path::new(&kept.local_path).exists());
    }
}

#[tokio::test]
async fn of_very_many_uploads_that_wait_a_chat_shows_the_first_and_a_row_of_the_list_the_last() {
    let world = World::new().await;
    let folder = world.profile.path().join("many");
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..limits::UPLOADS_SHOWN_MAX + 20 {
        std::fs::write(folder.join(format!("{number:04}.bin")), b"x").unwrap();
    }
    let pod = world.open_at_most(limits::TRANSFERS_MAX).await;
    let views = pod.put(world.room, &folder).await;
    let mut all: Vec<_> = views.iter().map(|view| (view.created_at, view.id)).collect();
    all.sort();
    let place = |one: &crate::transfer::LocalUpload| (one.transfer.created_at, one.transfer.id);
    let shown: Vec<_> = pod.driver.local_uploads(world.room).iter().map(place).collect();
    assert_eq!(shown, all[..limits::UPLOADS_SHOWN_MAX]);
    assert_eq!(pod.driver.newest_upload(world.room).as_ref().map(place), all.last().copied());
}
