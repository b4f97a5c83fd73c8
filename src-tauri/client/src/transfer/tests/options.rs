//! The options of seed 004 on files of rooms, where the server is the other side.

use super::{World, pattern, waits_for_network};
use crate::command::{Command, TransferCommand};
use crate::view::{Happened, Stuck, TransferOptions, TransferState, TransferView};
use pod_shared::TransferId;

const STORY: [(Happened, Option<u64>); 4] = [
    (Happened::Server, Some(0)),
    (Happened::Cut, Some(0)),
    (Happened::Resumed, Some(300_000)),
    (Happened::Done, None),
];
const OFF: TransferOptions = TransferOptions { retransfer: false, receive: false, forward: false };

fn asks(view: &TransferView) -> bool {
    view.state == TransferState::Waiting(Stuck::Asking)
}

fn told(view: &TransferView) -> Vec<(Happened, Option<u64>)> {
    view.story.iter().map(|line| (line.what, line.byte)).collect()
}

fn options(id: TransferId, options: TransferOptions) -> Command {
    Command::AboutTransfers(TransferCommand::TransferOptions { id, options })
}

async fn off(world: &World) {
    for key in ["transfers.retransfer", "transfers.receive", "transfers.forward"] {
        let state = crate::state::open(world.profile.path()).unwrap();
        crate::state::settings::set(&state, key, Some("off".into())).await.unwrap();
    }
}

#[tokio::test]
async fn a_cut_upload_with_retransfer_off_waits_for_retry_and_says_where_it_went_on() {
    let world = World::new().await;
    off(&world).await;
    let bytes = pattern(900_000);
    world.server.book().cut_after = Some(300_000);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("report.pdf", &bytes)).await[0].id;
    let cut = pod.until(id, asks).await;
    assert_eq!((cut.options, told(&cut)), (OFF, vec![(Happened::Server, Some(0)), (Happened::Cut, Some(0))]));
    drop(pod);
    let mut again = world.open().await;
    let kept = again.find(id).await;
    assert!(asks(&kept), "a restart asks no less: {:?}", kept.state);
    assert_eq!(world.server.book().received, 300_000, "nothing is sent by itself");
    again.driver.handle(Command::TransferRetry { id }).await.unwrap();
    let done = again.done(id).await;
    assert_eq!(world.server.book().received, bytes.len(), "and nothing is sent twice");
    assert_eq!(told(&done), STORY);
}

#[tokio::test]
async fn a_cut_download_with_receive_off_waits_until_the_option_is_on() {
    let world = World::new().await;
    off(&world).await;
    let mut pod = world.open().await;
    let bytes = pattern(800_000);
    let file = world.remote(&pod, "film.mp4", &bytes).await;
    world.server.book().cut_after = Some(250_000);
    let id = pod.get(&file, None).await.id;
    pod.until(id, asks).await;
    pod.driver.handle(options(id, TransferOptions { receive: true, ..OFF })).await.unwrap();
    let done = pod.done(id).await;
    assert_eq!(std::fs::read(&done.local_path).unwrap(), bytes);
    assert_eq!(world.server.book().ranges, ["", "bytes=250000-"]);
    assert!(done.options.receive && !done.options.retransfer);
}

#[tokio::test]
async fn with_its_option_on_a_cut_upload_says_when_it_tries_again_and_that_it_was_cut() {
    let world = World::new().await;
    world.server.book().cut_after = Some(300_000);
    let mut pod = world.open().await;
    let id = pod.put(world.room, &world.file("report.pdf", &pattern(900_000))).await[0].id;
    let cut = pod.until(id, waits_for_network).await;
    assert!(
        matches!(cut.state, TransferState::Waiting(Stuck::Network { until: Some(until) }) if until >= cut.created_at),
        "{:?}",
        cut.state
    );
    let done = pod.done(id).await;
    assert_eq!(told(&done), STORY);
}
