//! Through the server to a person: the whole up while the receiver thinks, then down.

use super::point::{Plan, Victim, Wire};
use super::room::cut;
use pod_tests::offers::{arrived, offered, rows, text, told, transfer_within};
use pod_tests::proxy::{Direction, Weather};
use pod_tests::{Arrangement, Pod, World, offers, world};

/// Bytes in a second.
const PACE: u64 = 12 * 1024 * 1024;
/// Files for which one world is used, so that the disk does not fill up.
const LAPS_IN_A_WORLD: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_a_file_through_the_server_arrives_once() {
    let mut plan = Plan::of("forwarded", 6);
    let mut lap = 0;
    while lap < plan.laps {
        let until = (lap + LAPS_IN_A_WORLD).min(plan.laps);
        world::tell(Arrangement::One, "kills-forwarded", async |world: &mut World| {
            let (mut alice, mut bob) = offers::two(world).await;
            // Nobody says yes: the server takes it.
            alice.run(&["settings", "set", "transfers.wait_s", "1"]).await;
            world.way_to_content().set(Weather::Throttled(PACE));
            for lap in lap..until {
                hand_over(world, &mut alice, &mut bob, &mut plan, lap).await;
            }
            alice.close().await;
            bob.close().await;
        })
        .await;
        lap = until;
    }
}

async fn hand_over(world: &mut World, alice: &mut Pod, bob: &mut Pod, plan: &mut Plan, lap: u64) {
    let (name, bytes) = (format!("film {lap}.bin"), plan.bytes());
    let (source, dest) = (world.folder().join(&name), world.folder().join(format!("here {lap}")));
    std::fs::write(&source, &bytes).unwrap();
    std::fs::create_dir(&dest).unwrap();
    let size = bytes.len() as u64;

    let up = plan.point(&[Victim::Server, Victim::Sender], lap);
    plan.tell("up", up);
    let before = world.way_to_content().bytes_up();
    let offer = cut(world, alice, &["offer", "bob", text(&source)], Direction::Up, up).await;
    let kept = |row: &serde_json::Value| told(row, "forwarded");
    transfer_within(plan.patience(), alice, &name, "at the server", kept).await;
    plan.assert_hardly_more(Wire::TCP, world.way_to_content().bytes_up() - before, size);

    let down = plan.point(&[Victim::Receiver, Victim::Server], lap);
    plan.tell("down", down);
    bob.is_online().await;
    offered(bob, &name, "forwarded").await;
    let before = world.way_to_content().bytes_down();
    let accept = cut(world, bob, &["accept", &name, "--to", text(&dest)], Direction::Down, down).await;
    let row = transfer_within(plan.patience(), bob, &name, "done", |row| row["state"] == "done").await;
    assert!(told(&row, "server"), "{row}");
    plan.assert_hardly_more(Wire::TCP, world.way_to_content().bytes_down() - before, size);
    arrived(&dest, &name, &bytes);
    alice.is_online().await;
    transfer_within(plan.patience(), alice, &name, "done", |row| row["state"] == "done").await;
    assert_eq!((rows(alice, &name).await.len(), rows(bob, &name).await.len()), (1, 1), "one row each");
    assert!(bob.run(&["offers"]).await.is_empty(), "nothing is left of the offer");
    // However they ended: what counts is what came of it.
    drop((offer.await.unwrap(), accept.await.unwrap()));
    world.content_server().is_clean().await;
    std::fs::remove_dir_all(dest).unwrap();
    std::fs::remove_file(source).unwrap();
}
