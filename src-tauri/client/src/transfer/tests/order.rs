//! The order of the queue: a person's choice holds, and is kept.

use super::World;
use crate::command::{Command, TransferCommand};
use pod_shared::ErrorCode;

#[tokio::test]
async fn another_place_in_the_order_is_shown_and_kept() {
    let world = World::new().await;
    let pod = world.open_at_most(100).await;
    let mut ids = Vec::new();
    for name in ["a.txt", "b.txt", "c.txt"] {
        ids.push(pod.put(world.room, &world.file(name, b"text")).await[0].id);
    }
    let order = |id, before| Command::AboutTransfers(TransferCommand::TransferOrder { id, before });
    pod.driver.handle(order(ids[2], Some(ids[0]))).await.unwrap();
    let shown = |pod: &super::Running| {
        let list = pod.driver.board.list();
        list.iter().map(|view| view.id).collect::<Vec<_>>()
    };
    assert_eq!(shown(&pod), [ids[2], ids[0], ids[1]]);
    let error =
        pod.driver.handle(order(ids[2], Some(pod_shared::TransferId(uuid::Uuid::nil())))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    drop(pod);
    let again = world.open_at_most(100).await;
    assert_eq!(shown(&again), [ids[2], ids[0], ids[1]], "a restart keeps it");
    again.driver.handle(order(ids[2], None)).await.unwrap();
    assert_eq!(shown(&again), [ids[0], ids[1], ids[2]]);
}
