//! Clocks that jump while files move: the wall clock of a person's computer, and of the server. libfaketime shows each
//! process another time of day; the monotonic clock goes on as it does.

use pod_tests::clock::Clock;
use pod_tests::offers::{arrived, offered, rows, text, transfer};
use pod_tests::{Arrangement, World, offers, seen, world};
use serde_json::Value;

/// One MiB.
const MIB: usize = 1024 * 1024;
/// Bytes in a second that go up.
const PACE: &str = "4194304";
/// What the clocks do, one after the other, while one file moves.
const JUMPS: [&str; 3] = ["+1d", "-2d", "+0"];

fn has_moved(mib: usize) -> impl Fn(&Value) -> bool {
    move |row| row["state"] == "moving" && row["done"].as_u64() >= Some((mib * MIB) as u64)
}

fn is_done(row: &Value) -> bool {
    row["state"] == "done"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_stops_no_file() {
    world::tell(Arrangement::One, "clock", async |world: &mut World| {
        let clocks = ["alice", "bob", "server"].map(|name| Clock::new(world.folder(), name));
        let mut alice = world.person("alice").await.through(clocks[0].entrance());
        let mut bob = world.person("bob").await.through(clocks[1].entrance());
        world.kill().await;
        let environment = clocks[2].environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.start_again_with(&environment, &environment).await;
        alice.open().await;
        bob.open().await;
        offers::share_a_room(&alice, &bob).await;
        alice.run(&["settings", "set", "transfers.up_limit", PACE]).await;
        bob.run(&["settings", "set", "transfers.down_limit", PACE]).await;
        for (number, clock) in clocks.iter().enumerate() {
            let (name, bytes) = (format!("film {number}.bin"), seen::bytes(16 * MIB + number));
            let (source, dest) = (world.folder().join(&name), world.folder().join(format!("here {number}")));
            std::fs::write(&source, &bytes).unwrap();
            std::fs::create_dir(&dest).unwrap();

            let put = alice.begin(&["files", "Attic", "put", text(&source)]);
            for (at, jump) in [1, 5, 9].into_iter().zip(JUMPS) {
                transfer(&alice, &name, "on its way", has_moved(at)).await;
                clock.set(jump);
            }
            drop(put.await.unwrap().all());
            seen::entry(&bob, "Attic", &name).await;
            let get = bob.begin(&["files", "Attic", "get", &name, text(&dest)]);
            for (at, jump) in [2, 6, 10].into_iter().zip(JUMPS) {
                transfer(&bob, &name, "on its way", has_moved(at)).await;
                clock.set(jump);
            }
            drop(get.await.unwrap().all());
            arrived(&dest, &name, &bytes);
            std::fs::remove_file(dest.join(&name)).unwrap();

            let (name, bytes) = (format!("gift {number}.bin"), seen::bytes(12 * MIB + number));
            let source = world.folder().join(&name);
            std::fs::write(&source, &bytes).unwrap();
            let offer = alice.begin(&["offer", "bob", text(&source)]);
            offered(&bob, &name, "asked").await;
            let accept = bob.begin(&["accept", &name, "--to", text(&dest)]);
            for (at, jump) in [2, 5, 8].into_iter().zip(JUMPS) {
                transfer(&bob, &name, "on its way", has_moved(at)).await;
                clock.set(jump);
            }
            drop(accept.await.unwrap().all());
            drop(offer.await.unwrap().all());
            arrived(&dest, &name, &bytes);
            transfer(&alice, &name, "done", is_done).await;
            assert_eq!((rows(&alice, &name).await.len(), rows(&bob, &name).await.len()), (1, 1));
        }
        alice.close().await;
        bob.close().await;
    })
    .await;
}
