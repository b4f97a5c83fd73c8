//! A queue that is full.

use super::{Running, World};
use crate::command::{Answer, Command, TransferCommand};
use crate::view::TransferView;
use pod_shared::{ErrorCode, TransferId, limits};
use std::path::PathBuf;
use uuid::Uuid;

async fn all(pod: &Running) -> Vec<TransferView> {
    let Answer::Transfers(all) = pod.driver.handle(Command::Transfers).await.unwrap() else { panic!() };
    all
}

#[tokio::test]
async fn a_full_queue_takes_no_more_and_keeps_what_it_has() {
    let world = World::new().await;
    let paths = ["a", "b", "c"].map(|name| world.file(name, b"x"));
    let put = |paths: &[PathBuf]| Command::Put { room: world.room, parent: None, paths: paths.to_vec() };
    let pod = world.open_at_most(2).await;
    let remote = world.remote(&pod, "d", b"x").await;
    assert_eq!(pod.driver.handle(put(&paths)).await.unwrap_err().code, ErrorCode::TooMany);
    assert!(all(&pod).await.is_empty(), "too many at once: none of them");
    pod.driver.handle(put(&paths[..2])).await.unwrap();
    let held = all(&pod).await;
    for beyond in [put(&paths[2..]), Command::Get { entry: remote.id, dest: None }] {
        assert_eq!(pod.driver.handle(beyond).await.unwrap_err().code, ErrorCode::TooMany);
    }
    assert_eq!(all(&pod).await, held);
    drop(pod);
    let pod = world.open_at_most(2).await;
    let ids = |views: &[TransferView]| views.iter().map(|view| view.id).collect::<Vec<_>>();
    assert_eq!(ids(&all(&pod).await), ids(&held), "nothing more is on the disk either");
    pod.driver.handle(Command::TransferCancel { id: held[0].id }).await.unwrap();
    pod.driver.handle(put(&paths[2..])).await.unwrap();
}

#[tokio::test]
async fn some_transfers_are_looked_at_by_their_ids_and_not_too_many_at_once() {
    let world = World::new().await;
    let pod = world.open().await;
    let put = Command::Put { room: world.room, parent: None, paths: vec![world.file("a", b"x")] };
    pod.driver.handle(put).await.unwrap();
    let id = all(&pod).await[0].id;
    let look = |ids: Vec<TransferId>| Command::AboutTransfers(TransferCommand::TransfersLook { ids });
    let unknown = TransferId(Uuid::now_v7());
    let Answer::Transfers(seen) = pod.driver.handle(look(vec![unknown, id])).await.unwrap() else { panic!() };
    assert_eq!(seen.iter().map(|view| view.id).collect::<Vec<_>>(), [id]);
    let most = pod.driver.handle(look(vec![unknown; limits::TRANSFERS_LOOK_MAX])).await;
    assert!(matches!(most, Ok(Answer::Transfers(none)) if none.is_empty()));
    let beyond = pod.driver.handle(look(vec![unknown; limits::TRANSFERS_LOOK_MAX + 1])).await;
    assert_eq!(beyond.unwrap_err().code, ErrorCode::TooMany);
}
