//! What happens to a source while it is sent: it is changed, cut short, deleted, made unreadable. What changed is sent as
//! it is then, whole and once; what is not there is said, and goes on when it is back and somebody says *Retry*.

use pod_tests::offers::{arrived, offered, rows, text, told, transfer};
use pod_tests::{Arrangement, Pod, World, offers, seen, wait, world};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// One MiB.
const MIB: usize = 1024 * 1024;
/// Bytes of a file.
const SIZE: usize = 24 * MIB;
/// Bytes in a second that alice lets go.
const PACE: &str = "8388608";

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Change,
    Truncate,
    Delete,
    Hide,
}

const DEEDS: [Deed; 4] = [Deed::Change, Deed::Truncate, Deed::Delete, Deed::Hide];

/// A file of alice's.
struct Source {
    path: PathBuf,
    name: String,
    bytes: Vec<u8>,
}

impl Source {
    fn new(world: &World, deed: Deed, number: usize) -> Self {
        let name = format!("{deed:?}.bin");
        let bytes = seen::bytes(SIZE).iter().map(|byte| byte ^ number as u8).collect();
        let path = world.folder().join(&name);
        std::fs::write(&path, &bytes).unwrap();
        Self { path, name, bytes }
    }

    /// Does it; says whether there is still something to send.
    fn suffers(&mut self, deed: Deed) -> bool {
        match deed {
            Deed::Change => {
                self.bytes.reverse();
                std::fs::write(&self.path, &self.bytes).unwrap();
            }
            Deed::Truncate => {
                self.bytes.truncate(SIZE / 3);
                let file = std::fs::File::options().write(true).open(&self.path).unwrap();
                file.set_len(self.bytes.len() as u64).unwrap();
            }
            Deed::Delete => std::fs::remove_file(&self.path).unwrap(),
            Deed::Hide => may_be_read(&self.path, false),
        }
        matches!(deed, Deed::Change | Deed::Truncate)
    }

    fn is_back(&self, deed: Deed) {
        match deed {
            Deed::Change | Deed::Truncate => {}
            Deed::Delete => std::fs::write(&self.path, &self.bytes).unwrap(),
            Deed::Hide => may_be_read(&self.path, true),
        }
    }
}

fn may_be_read(path: &Path, may: bool) {
    use std::os::unix::fs::PermissionsExt;
    let mode = if may { 0o600 } else { 0 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Alice whose pod, whoever runs the tests, may only read what anybody of her name may; bob; a room of theirs.
async fn people(world: &World) -> (Pod, Pod) {
    let alice = world.person("alice").await;
    // Root may read everything, unless it gives that right away.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|about| {
        use std::os::unix::fs::MetadataExt;
        about.uid() == 0
    });
    let plain = ["setpriv", "--bounding-set", "-all"].map(str::to_owned).to_vec();
    let mut alice = if is_root { alice.through(plain) } else { alice };
    alice.open().await;
    let bob = world.bob().await;
    offers::share_a_room(&alice, &bob).await;
    alice.run(&["settings", "set", "transfers.up_limit", PACE]).await;
    (alice, bob)
}

fn is_moving(row: &Value) -> bool {
    row["state"] == "moving" && row["done"].as_u64() >= Some(2 * MIB as u64)
}

fn is_done(row: &Value) -> bool {
    row["state"] == "done"
}

fn is_stuck(row: &Value) -> bool {
    row["waits_for"] == "person" && row["code"] == "file_unreadable"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_a_source_a_room_gets_one_whole_file() {
    world::tell(Arrangement::One, "sources-room", async |world: &mut World| {
        let (mut alice, mut bob) = people(world).await;
        for (number, deed) in DEEDS.into_iter().enumerate() {
            let mut source = Source::new(world, deed, number);
            let name = source.name.clone();
            let put = alice.begin(&["files", "Attic", "put", text(&source.path)]);
            transfer(&alice, &name, "on its way", is_moving).await;
            if !source.suffers(deed) {
                let row = transfer(&alice, &name, "stuck", is_stuck).await;
                assert!(!row["error"]["message"].as_str().unwrap().is_empty(), "{row}");
                source.is_back(deed);
                alice.run(&["transfers", "retry", &name]).await;
            }
            transfer(&alice, &name, "done", is_done).await;
            let dest = world.folder().join(format!("{name}.here"));
            std::fs::create_dir(&dest).unwrap();
            let entry = seen::entry(&bob, "Attic", &name).await;
            assert_eq!(entry["version"], 1, "{entry}");
            bob.run(&["files", "Attic", "get", &name, text(&dest)]).await;
            arrived(&dest, &name, &source.bytes);
            assert_eq!(rows(&alice, &name).await.len(), 1);
            put.await.unwrap();
        }
        assert_eq!(bob.run(&["files", "Attic", "ls"]).await.len(), DEEDS.len(), "nothing is doubled");
        alice.close().await;
        bob.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_a_source_a_person_gets_one_whole_file() {
    world::tell(Arrangement::One, "sources-offer", async |world: &mut World| {
        let (mut alice, mut bob) = people(world).await;
        for (number, deed) in DEEDS.into_iter().enumerate() {
            let mut source = Source::new(world, deed, number);
            let name = source.name.clone();
            let dest = world.folder().join(format!("{name}.here"));
            std::fs::create_dir(&dest).unwrap();
            let offer = alice.begin(&["offer", "bob", text(&source.path)]);
            offered(&bob, &name, "asked").await;
            let accept = bob.begin(&["accept", &name, "--to", text(&dest)]);
            transfer(&bob, &name, "on its way", is_moving).await;
            if !source.suffers(deed) {
                // What is open goes on to its end; a pod that is started again opens it again.
                alice.kill().await;
                alice.open().await;
                transfer(&alice, &name, "stuck", is_stuck).await;
                source.is_back(deed);
                alice.run(&["transfers", "retry", &name]).await;
            }
            let here = transfer(&bob, &name, "done", is_done).await;
            let there = transfer(&alice, &name, "done", is_done).await;
            if matches!(deed, Deed::Change | Deed::Truncate) {
                assert!(told(&there, "changed"), "{there} {here}");
            }
            arrived(&dest, &name, &source.bytes);
            assert_eq!((rows(&alice, &name).await.len(), rows(&bob, &name).await.len()), (1, 1));
            drop((offer.await.unwrap(), accept.await.unwrap()));
        }
        wait::until("no offer to be left", async || bob.run(&["offers"]).await.is_empty().then_some(()))
            .await;
        alice.close().await;
        bob.close().await;
    })
    .await;
}
