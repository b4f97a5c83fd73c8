//! Every kind of bad way, tried on an upload into a room, on a download from it, and on both halves of an offer that
//! goes through the server. The way gets better again, nobody helps, and the file is there once.

use pod_tests::offers::{arrived, offered, text, told, transfer};
use pod_tests::proxy::{Blow, Direction, Proxy, Weather};
use pod_tests::{Arrangement, Pod, World, both_ways, offers, seen, wait};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Instant;

/// Bytes of a file.
const SIZE: usize = 3 * 1024 * 1024 + 77;
/// Where in a file a blow falls.
const MIDDLE: u64 = 1024 * 1024;
/// So near its end that a lost tail is the file's own.
const NEAR_THE_END: u64 = SIZE as u64 - 100;

/// What happens to the way while a file moves in a direction.
#[derive(Clone, Copy, Debug)]
enum Bad {
    /// At this byte; then it is fair again.
    Blow(u64, Blow),
    /// All the time.
    Slow(Weather),
}

/// All of them.
const KINDS: [(&str, Bad); 7] = [
    ("cuts", Bad::Blow(MIDDLE, Blow::Cut)),
    ("resets", Bad::Blow(MIDDLE, Blow::Reset)),
    ("stalls", Bad::Blow(MIDDLE, Blow::Stall)),
    ("loses its last KiB in the middle", Bad::Blow(MIDDLE, Blow::LoseTail)),
    ("loses the last KiB of the file", Bad::Blow(NEAR_THE_END, Blow::LoseTail)),
    ("throttles", Bad::Slow(Weather::Throttled(2 * 1024 * 1024))),
    ("delays", Bad::Slow(Weather::Late(20))),
];

both_ways!(a_bad_way_costs_time_and_nothing_else, async |world: &mut World| {
    let (mut alice, mut bob) = offers::two(world).await;
    for (number, (kind, bad)) in KINDS.into_iter().enumerate() {
        let (file, begun) = (File::new(world, number, kind), Instant::now());
        match world.arrangement {
            // The chat of the two goes another way than the files.
            Arrangement::Two => through_the_room(world, (&alice, &bob), &file, bad).await,
            // The chat goes the same way, and suffers too.
            Arrangement::One => through_the_server(world, (&alice, &bob), &file, bad).await,
        }
        println!("a way that {kind}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    alice.close().await;
    bob.close().await;
});

/// A file that is sent twice: put into the room, and offered.
struct File {
    put: PathBuf,
    offered: PathBuf,
    bytes: [Vec<u8>; 2],
    here: PathBuf,
}

impl File {
    fn new(world: &World, number: usize, kind: &str) -> Self {
        let folder = world.folder();
        let file = Self {
            put: folder.join(format!("a way that {kind}.put")),
            offered: folder.join(format!("a way that {kind}.offered")),
            // No byte of one is known from the other.
            bytes: [0, 1].map(|other| {
                seen::bytes(SIZE).iter().map(|byte| byte ^ (number * 2 + other) as u8).collect()
            }),
            here: folder.join(format!("here {number}")),
        };
        std::fs::write(&file.put, &file.bytes[0]).unwrap();
        std::fs::write(&file.offered, &file.bytes[1]).unwrap();
        std::fs::create_dir(&file.here).unwrap();
        file
    }

    /// What came, and away with it.
    fn came(&self, name: &str, bytes: &[u8]) {
        arrived(&self.here, name, bytes);
        std::fs::remove_file(self.here.join(name)).unwrap();
    }
}

fn name(path: &std::path::Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// Lets something move while the way is bad.
async fn in_bad_weather<T>(
    way: &Proxy,
    direction: Direction,
    bad: Bad,
    moving: impl Future<Output = T>,
) -> T {
    let Bad::Blow(at, blow) = bad else {
        if let Bad::Slow(weather) = bad {
            way.set(weather);
        }
        let moved = moving.await;
        way.set(Weather::Fair);
        return moved;
    };
    way.set(Weather::Until(direction, at, blow));
    let (moved, ()) = tokio::join!(moving, async {
        way.was_cut().await;
        way.set(Weather::Fair);
    });
    moved
}

async fn through_the_room(world: &World, (alice, bob): (&Pod, &Pod), file: &File, bad: Bad) {
    let (way, name) = (world.way_to_content(), name(&file.put));
    let put = ["files", "Attic", "put", text(&file.put)];
    let put = in_bad_weather(way, Direction::Up, bad, alice.run(&put)).await;
    assert_eq!(put[0]["state"], "done", "{put:?}");
    online(alice, bob).await;
    let entry = seen::entry(bob, "Attic", name).await;
    assert_eq!(entry["version"], 1, "{entry}");
    let get = ["files", "Attic", "get", name, text(&file.here)];
    let got = in_bad_weather(way, Direction::Down, bad, bob.run(&get)).await;
    assert_eq!(got[0]["state"], "done", "{got:?}");
    file.came(name, &file.bytes[0]);
    online(alice, bob).await;
}

async fn through_the_server(world: &World, (alice, bob): (&Pod, &Pod), file: &File, bad: Bad) {
    let (way, name) = (world.way_to_content(), name(&file.offered));
    let offering = alice.begin(&["offer", "bob", text(&file.offered)]);
    offered(bob, name, "asked").await;
    // Nobody has said yes, and nobody waits for it.
    let forward = async {
        alice.run(&["transfers", "forward", name]).await;
        transfer(alice, name, "at the server", |row: &Value| told(row, "forwarded")).await
    };
    in_bad_weather(way, Direction::Up, bad, forward).await;
    online(alice, bob).await;
    offered(bob, name, "forwarded").await;
    let accept = ["accept", name, "--to", text(&file.here)];
    let taken = in_bad_weather(way, Direction::Down, bad, bob.run(&accept)).await;
    assert!(told(&taken[0], "server") && taken[0]["state"] == "done", "{taken:?}");
    file.came(name, &file.bytes[1]);
    transfer(alice, name, "done", |row: &Value| row["state"] == "done").await;
    drop(offering.await.unwrap().all());
    online(alice, bob).await;
}

/// In one process a cut of the files' way is a cut of the chat's.
async fn online(alice: &Pod, bob: &Pod) {
    wait::soon("both to be online", async { tokio::join!(alice.is_online(), bob.is_online()) }).await;
}
