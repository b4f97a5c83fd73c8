//! What a receiver does while a file comes: renames what is half there, moves the folder away, puts another file where
//! this one is to be. Nothing of theirs is overwritten, and the file is there in the end.

use pod_tests::offers::{names, offered, rows, text, transfer};
use pod_tests::{Arrangement, Pod, World, offers, seen, world};
use serde_json::Value;
use std::path::Path;

/// One MiB.
const MIB: usize = 1024 * 1024;
/// Bytes of a file.
const SIZE: usize = 8 * MIB;
/// Bytes in a second that bob lets come.
const PACE: &str = "6291456";

/// What bob does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Gives the half file another name.
    RenamePart,
    /// Moves the folder away.
    MoveFolder,
    /// Puts a file of that name there.
    TakeName,
}

impl Deed {
    const ALL: [Self; 3] = [Self::RenamePart, Self::MoveFolder, Self::TakeName];

    fn is_done_to(self, folder: &Path, name: &str) {
        let part = names(folder).into_iter().find(|found| found.ends_with(".pod-part"));
        match self {
            Self::RenamePart => {
                std::fs::rename(folder.join(part.unwrap()), folder.join("kept by bob")).unwrap();
            }
            Self::MoveFolder => std::fs::rename(folder, folder.with_extension("moved")).unwrap(),
            Self::TakeName => std::fs::write(folder.join(name), "bob's own").unwrap(),
        }
    }

    /// Where the file is then, and what lies there.
    fn leaves(self, folder: &Path, name: &str, bytes: &[u8]) {
        let (expected, here) = match self {
            Self::RenamePart => (vec![name, "kept by bob"], name.to_owned()),
            Self::MoveFolder => (vec![name], name.to_owned()),
            Self::TakeName => (vec![name, "a (2).bin"], "a (2).bin".to_owned()),
        };
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(names(folder), expected, "{self:?}");
        assert!(std::fs::read(folder.join(here)).unwrap() == bytes, "{self:?}: the bytes differ");
        if let Self::TakeName = self {
            assert_eq!(std::fs::read(folder.join(name)).unwrap(), b"bob's own");
        }
    }
}

fn is_moving(row: &Value) -> bool {
    row["state"] == "moving" && row["done"].as_u64() >= Some(MIB as u64)
}

async fn finishes(bob: &Pod, number: usize) {
    let all_done = async || {
        let rows = rows(bob, "a.bin").await;
        (rows.len() == number && rows.iter().all(|row| row["state"] == "done")).then_some(())
    };
    pod_tests::wait::until("bob to have it", all_done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_receiver_does_a_file_of_a_room_arrives_and_nothing_of_theirs_is_lost() {
    world::tell(Arrangement::One, "targets-room", async |world: &mut World| {
        let (mut alice, mut bob) = offers::two(world).await;
        bob.run(&["settings", "set", "transfers.down_limit", PACE]).await;
        let (source, bytes) = (world.folder().join("a.bin"), seen::bytes(SIZE));
        std::fs::write(&source, &bytes).unwrap();
        alice.run(&["files", "Attic", "put", text(&source)]).await;
        seen::entry(&bob, "Attic", "a.bin").await;
        for (number, deed) in Deed::ALL.into_iter().enumerate() {
            // What bob has already would be copied instead.
            let folder = world.folder().join(format!("{deed:?}"));
            std::fs::create_dir(&folder).unwrap();
            let get = bob.begin(&["files", "Attic", "get", "a.bin", text(&folder)]);
            transfer(&bob, "a.bin", "on its way", is_moving).await;
            deed.is_done_to(&folder, "a.bin");
            finishes(&bob, number + 1).await;
            deed.leaves(&folder, "a.bin", &bytes);
            drop(get.await.unwrap().all());
            std::fs::remove_dir_all(&folder).unwrap();
        }
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_receiver_does_an_offered_file_arrives_and_nothing_of_theirs_is_lost() {
    world::tell(Arrangement::One, "targets-offer", async |world: &mut World| {
        let (mut alice, mut bob) = offers::two(world).await;
        bob.run(&["settings", "set", "transfers.down_limit", PACE]).await;
        let (source, bytes) = (world.folder().join("a.bin"), seen::bytes(SIZE));
        std::fs::write(&source, &bytes).unwrap();
        for (number, deed) in Deed::ALL.into_iter().enumerate() {
            let folder = world.folder().join(format!("{deed:?}"));
            std::fs::create_dir(&folder).unwrap();
            let offer = alice.begin(&["offer", "bob", text(&source)]);
            offered(&bob, "a.bin", "asked").await;
            let accept = bob.begin(&["accept", "a.bin", "--to", text(&folder)]);
            transfer(&bob, "a.bin", "on its way", is_moving).await;
            deed.is_done_to(&folder, "a.bin");
            finishes(&bob, number + 1).await;
            deed.leaves(&folder, "a.bin", &bytes);
            drop(accept.await.unwrap().all());
            drop(offer.await.unwrap().all());
        }
        alice.close().await;
        bob.close().await;
    })
    .await;
}
