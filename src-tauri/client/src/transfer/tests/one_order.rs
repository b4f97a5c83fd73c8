//! Files of rooms and offers in one queue: one order, one pause, one list.

use super::World;
use crate::command::{Answer, Command, TransferCommand};
use crate::view::{Stuck, TransferState, TransferView};
use pod_shared::AccountId;
use std::path::PathBuf;
use uuid::Uuid;

fn offer(path: PathBuf) -> Command {
    Command::AboutTransfers(TransferCommand::Offer { to: AccountId(Uuid::now_v7()), paths: vec![path] })
}

fn offered(answer: Answer) -> TransferView {
    let Answer::Transfers(views) = answer else { panic!("no transfers") };
    views[0].clone()
}

#[tokio::test]
async fn an_offer_and_a_file_of_a_room_stand_in_one_order_also_after_a_restart() {
    let world = World::new().await;
    let pod = world.open_at_most(100).await;
    let first = pod.put(world.room, &world.file("a.txt", b"text")).await[0].id;
    let second = offered(pod.driver.handle(offer(world.file("b.txt", b"text"))).await.unwrap()).id;
    let third = pod.put(world.room, &world.file("c.txt", b"text")).await[0].id;
    let shown = |pod: &super::Running| pod.driver.board.list().iter().map(|view| view.id).collect::<Vec<_>>();
    assert_eq!(shown(&pod), [first, second, third]);
    drop(pod);
    let pod = world.open_at_most(100).await;
    assert_eq!(shown(&pod), [first, second, third], "the order of asking is kept across both kinds");
    let order = Command::AboutTransfers(TransferCommand::TransferOrder { id: third, before: Some(second) });
    pod.driver.handle(order).await.unwrap();
    drop(pod);
    assert_eq!(shown(&world.open_at_most(100).await), [first, third, second]);
}

#[tokio::test]
async fn a_paused_queue_holds_both_kinds_and_both_fill_it() {
    let world = World::new().await;
    let mut pod = world.open_at_most(2).await;
    let pause = |paused| Command::AboutTransfers(TransferCommand::TransfersPause { paused });
    pod.driver.handle(pause(true)).await.unwrap();
    let file = pod.put(world.room, &world.file("a.txt", b"text")).await[0].id;
    let offer_id = offered(pod.driver.handle(offer(world.file("b.txt", b"text"))).await.unwrap()).id;
    for id in [file, offer_id] {
        pod.until(id, |view| view.state == TransferState::Waiting(Stuck::PausedAll)).await;
    }
    let full = pod.driver.handle(offer(world.file("c.txt", b"text"))).await.unwrap_err();
    assert_eq!(full.code, pod_shared::ErrorCode::TooMany);
    pod.driver.handle(pause(false)).await.unwrap();
    pod.until(offer_id, |view| view.total == 4 && view.state != TransferState::Waiting(Stuck::PausedAll))
        .await;
}
