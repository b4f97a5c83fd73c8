//! Of a large file that changed only what changed moves, up and down, also while both sides are killed (-9) in the middle.
//! Every byte of the way to the content service is counted.

use pod_tests::proxy::Direction;
use pod_tests::tree::in_step;
use pod_tests::{Arrangement, World, offers, seen, wait, world};
use std::fs;
use std::time::Duration;

const REST: Duration = Duration::from_secs(120);
const SIZE: usize = 24 * 1024 * 1024;
const CHANGE: usize = 1024 * 1024;
/// What may move beside the change: chunks at its edges, lists of chunks, what the pods say otherwise.
const BESIDE: u64 = 1_500_000;

/// Other bytes in the middle of it, some inserted, some gone.
fn changed(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + CHANGE].iter_mut().for_each(|byte| *byte ^= 0x5a);
    bytes.splice(at..at, *b"some more bytes");
    bytes.drain(at / 2..at / 2 + 77);
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_large_file_only_what_changed_moves_also_through_kills() {
    world::tell(Arrangement::Two, "changed", async |world: &mut World| {
        let (mut alice, mut bob) = offers::two(world).await;
        let (hers, his) = (world.folder().join("hers"), world.folder().join("his"));
        alice.run(&["folder", "link", "Attic", hers.to_str().unwrap()]).await;
        bob.run(&["folder", "link", "Attic", his.to_str().unwrap()]).await;
        let (film, there) = (hers.join("film"), his.join("film"));
        let first = seen::bytes(SIZE);
        fs::write(&film, &first).unwrap();
        let came = async |bytes: &[u8]| {
            let look = async || fs::read(&there).is_ok_and(|found| found == bytes).then_some(());
            wait::until_within(REST, "the file to come", look).await;
        };
        came(&first).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        let way = |world: &World| (world.way_to_content().bytes_up(), world.way_to_content().bytes_down());
        let before = way(world);
        let second = changed(&first, SIZE / 3);
        fs::write(&film, &second).unwrap();
        came(&second).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        let after = way(world);
        let (up, down) = (after.0 - before.0, after.1 - before.1);
        println!("of {SIZE} bytes {CHANGE} changed: {up} up, {down} down");
        assert!(up < CHANGE as u64 + BESIDE && down < CHANGE as u64 + BESIDE, "{up} up, {down} down");
        // The same with a kill in the middle of either way.
        let third = changed(&second, SIZE / 2);
        fs::write(&film, &third).unwrap();
        world.way_to_content().passed(Direction::Up, after.0 + CHANGE as u64 / 2).await;
        alice.kill().await;
        alice.open().await;
        world.way_to_content().passed(Direction::Down, after.1 + CHANGE as u64 / 2).await;
        bob.kill().await;
        bob.open().await;
        came(&third).await;
        in_step(REST, &[(&alice, &hers), (&bob, &his)]).await;
        let last = way(world);
        let (up, down) = (last.0 - after.0, last.1 - after.1);
        println!("with a kill of either side: {up} up, {down} down");
        assert!(up < 2 * CHANGE as u64 + BESIDE && down < 2 * CHANGE as u64 + BESIDE, "{up} up, {down} down");
        let versions = alice.run(&["files", "Attic", "versions", "film"]).await;
        assert_eq!(versions.len(), 3, "{versions:?}");
        alice.close().await;
        bob.close().await;
    })
    .await;
}
