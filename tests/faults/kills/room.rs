//! Up into a room's folder, and down from it.

use super::point::{Others, Plan, Point, Victim, Wire};
use pod_tests::offers::{arrived, rows, text, transfer_within};
use pod_tests::proxy::{Direction, Weather};
use pod_tests::{Arrangement, Pod, Said, World, offers, seen, wait, world};
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;

/// Bytes in a second: a file of the test command takes three seconds.
const PACE: u64 = 12 * 1024 * 1024;
/// Files for which one world is used, so that the disk does not fill up.
const LAPS_IN_A_WORLD: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_a_file_of_a_room_goes_up_and_comes_down_once() {
    let mut plan = Plan::of("room", 6);
    let mut lap = 0;
    while lap < plan.laps {
        let until = (lap + LAPS_IN_A_WORLD).min(plan.laps);
        world::tell(Arrangement::Two, "kills-room", async |world: &mut World| {
            let (mut alice, mut bob) = offers::two(world).await;
            world.way_to_content().set(Weather::Throttled(PACE));
            for lap in lap..until {
                there_and_back(world, &mut alice, &mut bob, &mut plan, lap).await;
            }
            alice.close().await;
            bob.close().await;
        })
        .await;
        lap = until;
    }
}

async fn there_and_back(world: &mut World, alice: &mut Pod, bob: &mut Pod, plan: &mut Plan, lap: u64) {
    let (name, bytes) = (format!("film {lap}.bin"), plan.bytes());
    let source = world.folder().join(&name);
    std::fs::write(&source, &bytes).unwrap();
    let size = bytes.len() as u64;

    let up = plan.point(&[Victim::Sender, Victim::Server], lap);
    plan.tell("up", up);
    let before = world.way_to_content().bytes_up();
    let put = cut(world, alice, &["files", "Attic", "put", text(&source)], Direction::Up, up).await;
    let row = transfer_within(plan.patience(), alice, &name, "done", |row| row["state"] == "done").await;
    assert_eq!(rows(alice, &name).await.len(), 1, "one row: {row}");
    plan.assert_hardly_more(Wire::TCP, world.way_to_content().bytes_up() - before, size);
    let entry = seen::entry(bob, "Attic", &name).await;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((entry["digest"].as_str(), entry["version"].as_u64()), (Some(digest.as_str()), Some(1)));

    let down = plan.point(&[Victim::Server, Victim::Receiver], lap);
    plan.tell("down", down);
    let dest = world.folder().join(format!("here {lap}"));
    std::fs::create_dir(&dest).unwrap();
    let before = world.way_to_content().bytes_down();
    let get = cut(world, bob, &["files", "Attic", "get", &name, text(&dest)], Direction::Down, down).await;
    transfer_within(plan.patience(), bob, &name, "done", |row| row["state"] == "done").await;
    plan.assert_hardly_more(Wire::TCP, world.way_to_content().bytes_down() - before, size);
    arrived(&dest, &name, &bytes);
    assert_eq!(rows(bob, &name).await.len(), 1);
    let there = alice.run(&["files", "Attic", "ls"]).await;
    assert_eq!(there.iter().filter(|entry| entry["name"] == name.as_str()).count(), 1, "it is doubled");
    // However they ended: what counts is what came of it.
    drop((put.await.unwrap(), get.await.unwrap()));
    world.content_server().is_clean().await;
    alice.run(&["files", "Attic", "rm", &name]).await;
    std::fs::remove_dir_all(dest).unwrap();
    std::fs::remove_file(source).unwrap();
}

/// Asks a pod for a movement, kills at the point, and starts everything again. The command ends with the movement, or with
/// the pod that it speaks with.
pub(super) async fn cut(
    world: &mut World,
    pod: &mut Pod,
    asked: &[&str],
    direction: Direction,
    point: Point,
) -> JoinHandle<Said> {
    let way = world.way_to_content();
    let begins = way.bytes(direction);
    let asked = pod.begin(asked);
    // The bytes before the first one of the file are few.
    wait::within(wait::STEP * 2, "the point of the kill", way.passed(direction, begins + point.at)).await;
    let all = point.others == Others::Die;
    if point.victim == Victim::Server {
        world.kill().await;
    }
    if point.victim != Victim::Server || all {
        pod.kill().await;
        if all {
            world.kill().await;
        }
        world.start_again().await;
        pod.open().await;
    } else {
        world.start_again().await;
        pod.is_online().await;
    }
    asked
}
