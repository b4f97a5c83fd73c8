//! Three linked folders and `pod-cli` change one tree at random, while lines are cut and pods and server are killed (-9).
//! After rest all trees are equal, and nothing that anybody wrote is gone: it is in a tree, in a version or in the trash.
//!
//! The plan follows from its seed, which is printed first; `POD_SEED=` makes the same plan again (what meets what in it is
//! up to the machine). A plan that failed is written down beside the temporary folders. `POD_STEPS=` makes it longer.

use pod_tests::proxy::Weather;
use pod_tests::tree::{linked, tree};
use pod_tests::{Arrangement, Pod, World, seen, wait, world};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Within this everything comes to rest.
const REST: Duration = Duration::from_secs(240);
const PEOPLE: [&str; 3] = ["alice", "bob", "carol"];

#[derive(Clone, Debug)]
enum Deed {
    Write { who: usize, path: String, bytes: usize },
    Save { who: usize, path: String, bytes: usize },
    Make { who: usize, path: String },
    Rename { who: usize, from: String, to: String },
    Delete { who: usize, path: String },
    Ask { words: Vec<String> },
    Cut,
    KillPod { who: usize },
    KillServer,
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn path(chance: &mut StdRng) -> String {
    let name = |chance: &mut StdRng| ["a", "b", "c", "한"][chance.random_range(0..4)].to_owned();
    let mut path = name(chance);
    for _ in 0..chance.random_range(0..3) {
        path = format!("{path}/{}", name(chance));
    }
    path
}

fn deed(chance: &mut StdRng) -> Deed {
    let who = chance.random_range(0..PEOPLE.len());
    let (one, other) = (path(chance), path(chance));
    let bytes = if chance.random_range(0..8) == 0 { 300_000 } else { chance.random_range(0..4_000) };
    match chance.random_range(0..100) {
        0..26 => Deed::Write { who, path: one, bytes },
        26..40 => Deed::Save { who, path: one, bytes },
        40..52 => Deed::Make { who, path: one },
        52..68 => Deed::Rename { who, from: one, to: other },
        68..76 => Deed::Delete { who, path: one },
        76..88 => {
            let words: &[&str] = match chance.random_range(0..3) {
                0 => &["mkdir", &one],
                1 => &["rm", &one],
                _ => &["mv", &one, &other],
            };
            Deed::Ask { words: words.iter().map(|word| (*word).to_owned()).collect() }
        }
        88..92 => Deed::Cut,
        92..97 => Deed::KillPod { who },
        _ => Deed::KillServer,
    }
}

struct Town {
    pods: Vec<Pod>,
    folders: Vec<PathBuf>,
    /// Digests of what somebody wrote, and no person threw away.
    written: BTreeSet<String>,
    count: u32,
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Town {
    /// What a person is about to destroy with their own hands.
    fn thrown_away(&mut self, path: &Path) {
        if let Ok(bytes) = fs::read(path) {
            self.written.remove(&digest(&bytes));
        }
        for bytes in tree(path).into_values().flatten() {
            self.written.remove(&digest(&bytes));
        }
    }

    fn content(&mut self, who: usize, bytes: usize) -> Vec<u8> {
        self.count += 1;
        let mut content = format!("{} wrote this as number {}\n", PEOPLE[who], self.count).into_bytes();
        content.extend(seen::bytes(bytes));
        content
    }

    /// Does one; a person finds what is there now, and what cannot be done is left.
    async fn perform(&mut self, world: &mut World, deed: &Deed) {
        match deed {
            Deed::Write { who, path, bytes } => {
                let (at, content) = (self.folders[*who].join(path), self.content(*who, *bytes));
                if at.is_dir() {
                    return;
                }
                self.thrown_away(&at);
                if fs::write(&at, &content).is_ok() {
                    self.written.insert(digest(&content));
                }
            }
            Deed::Save { who, path, bytes } => {
                let (at, content) = (self.folders[*who].join(path), self.content(*who, *bytes));
                let beside = at.with_extension("new");
                if at.is_dir() || fs::write(&beside, &content).is_err() {
                    return;
                }
                self.thrown_away(&at);
                self.written.insert(digest(&content));
                fs::rename(&beside, &at).unwrap();
            }
            Deed::Make { who, path } => drop(fs::create_dir_all(self.folders[*who].join(path))),
            Deed::Rename { who, from, to } => {
                let (from, to) = (self.folders[*who].join(from), self.folders[*who].join(to));
                // A rename would replace a file that is there.
                if !to.exists() {
                    drop(fs::rename(from, to));
                }
            }
            Deed::Delete { who, path } => {
                let at = self.folders[*who].join(path);
                self.thrown_away(&at);
                drop(fs::remove_file(&at));
                drop(fs::remove_dir_all(&at));
            }
            Deed::Ask { words } => {
                let mut asked = vec!["--wait", "5", "files", "Attic"];
                asked.extend(words.iter().map(String::as_str));
                // What is not there, or is there already, is refused.
                let _ = self.pods[2].ask(&asked).await;
            }
            Deed::Cut => {
                world.network.set(Weather::Cut);
                world.network.set(Weather::Fair);
            }
            Deed::KillPod { who } => {
                self.pods[*who].kill().await;
                self.pods[*who].open_offline().await;
            }
            Deed::KillServer => world.power_cut().await,
        }
    }

    /// Everybody says yes to deletions, until all are in step and have the same; nothing: never.
    async fn rest(&self) -> Option<()> {
        wait::deadline(REST, async || {
            let mut rests = true;
            for (pod, folder) in self.pods.iter().zip(&self.folders) {
                let view = linked(pod, folder).await?;
                if !view["question"].is_null() {
                    let _ = pod.ask(&["folder", "answer", folder.to_str()?, "delete"]).await;
                }
                rests &= view["state"] == "in_step" && view["alone"].as_array()?.is_empty();
            }
            let first = tree(&self.folders[0]);
            (rests && self.folders.iter().all(|folder| tree(folder) == first)).then_some(())
        })
        .await
    }
}

/// Every content that the server has, in a version of a file that is there or in the trash.
fn at_server(data: &Path) -> BTreeSet<String> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(data.join("content.db"), flags).unwrap();
    let text = "SELECT lower(hex(digest)) FROM blobs JOIN versions ON versions.blob = blobs.id";
    let mut statement = db.prepare(text).unwrap();
    statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_linked_folders_end_equal_and_nothing_that_anybody_wrote_is_gone() {
    let seed = number("POD_SEED", rand::random());
    let steps = number("POD_STEPS", 70);
    println!("linked folders: POD_SEED={seed} POD_STEPS={steps}");
    let mut chance = StdRng::seed_from_u64(seed);
    let plan: Vec<Deed> = (0..steps).map(|_| deed(&mut chance)).collect();
    let written_down = std::env::temp_dir().join(format!("pod-linked-{seed}.plan"));
    fs::write(&written_down, format!("{plan:#?}")).unwrap();
    world::tell(Arrangement::One, "linked-plan", async |world: &mut World| {
        let mut pods = Vec::new();
        for name in PEOPLE {
            pods.push(world.open_person(name).await);
        }
        pods[0].run(&["rooms", "create", "Attic", "--with", "bob,carol"]).await;
        let mut folders = Vec::new();
        for pod in &pods {
            seen::room(pod, "Attic", "with its folder", |room| room["has_folder"] == true).await;
            let folder = world.folder().join(format!("linked-{}", pod.name()));
            pod.run(&["folder", "link", "Attic", folder.to_str().unwrap()]).await;
            folders.push(folder);
        }
        let mut town = Town { pods, folders, written: BTreeSet::new(), count: 0 };
        for deed in &plan {
            town.perform(world, deed).await;
        }
        let rested = town.rest().await;
        for (pod, folder) in town.pods.iter().zip(&town.folders) {
            if rested.is_none() {
                println!("{}: {:?} {:?}", pod.name(), tree(folder).keys(), linked(pod, folder).await);
            }
        }
        assert!(rested.is_some(), "no rest; the plan is in {}", written_down.display());
        let there = at_server(world.content_server().data());
        let here: BTreeSet<String> = town
            .folders
            .iter()
            .flat_map(|folder| tree(folder).into_values().flatten())
            .map(|bytes| digest(&bytes))
            .collect();
        let gone: Vec<&String> =
            town.written.iter().filter(|one| !there.contains(*one) && !here.contains(*one)).collect();
        assert!(
            gone.is_empty(),
            "{} contents are gone; the plan is in {}",
            gone.len(),
            written_down.display()
        );
        println!(
            "{} files at rest, {} contents written and kept",
            tree(&town.folders[0]).len(),
            town.written.len()
        );
        for pod in &mut town.pods {
            pod.close().await;
        }
    })
    .await;
    fs::remove_file(&written_down).unwrap();
}
