//! Uploads, links, proofs, downloads, deletions, forwarded files, packing and sweeping, all at once and at random: nobody
//! is ever served a content that is missing or wrong, and in the end nothing is left over.
//!
//! `POD_SEED` plays one run again; its seed is in the output of a run that failed.

use super::forwards::Offered;
use super::instant::{noise, proof_of};
use super::world::{Meta, Person, World, hex, sha256};
use pod_shared::content::{Basis, EntryPage, InstantAnswer, InstantNew, PIECE_BYTES};
use pod_shared::{EntryId, RoomId, UploadId};
use reqwest::{Method, Response, StatusCode};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

const STEPS: u64 = 45;

/// SplitMix64: the same steps for the same seed, whatever the libraries do.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % most as u64).unwrap()
    }
}

/// What there is to send: some can be packed, some cannot, some are too small for links.
fn contents() -> Vec<Vec<u8>> {
    let text = |seed: u8, length: usize| (0..length).map(|at| (at / 9 % 40) as u8 ^ seed).collect();
    let piece = usize::try_from(PIECE_BYTES).unwrap();
    vec![text(1, 70_000), text(2, piece + 90_000), text(3, 900), noise(4, 80_000), noise(5, piece + 5)]
}

/// One person at work.
struct Worker {
    me: Person,
    others: Vec<Person>,
    room: RoomId,
    contents: Arc<Vec<Vec<u8>>>,
    by_tag: Arc<HashMap<String, usize>>,
    dice: Dice,
    deleted: Vec<EntryId>,
}

impl Worker {
    async fn step(&mut self, world: &World) {
        match self.dice.below(12) {
            0..=2 => self.send().await,
            3 | 4 => self.link().await,
            5..=7 => self.open_something().await,
            8 => self.delete_or_restore().await,
            9 => self.forward().await,
            10 => world.content.work_at_rest(&mut HashSet::new()).await.unwrap(),
            _ => world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap(),
        }
    }

    fn any(&mut self) -> (String, usize) {
        let name = ["a", "b.txt", "c", "d.log"][self.dice.below(4)];
        (name.into(), self.dice.below(self.contents.len()))
    }

    async fn send(&mut self) {
        let (name, which) = self.any();
        let content = self.contents[which].clone();
        let meta = Meta::new(self.room, &name).with("sha256", hex(&sha256(&content)));
        let path = self.me.begin(&meta, content.len() as u64).await;
        let sent = self.me.patch(&path, 0, content).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::NO_CONTENT, "{:?}", sent.text().await);
    }

    async fn link(&mut self) {
        let (filename, which) = self.any();
        let content = &self.contents[which];
        let (id, sha256) = (UploadId(Uuid::now_v7()), hex(&sha256(content)));
        let (room, size) = (self.room, content.len() as u64);
        let new = InstantNew {
            id,
            room,
            parent: None,
            filename,
            sha256,
            size,
            modified_ms: None,
            basis: Basis::default(),
        };
        let asked = self.me.ask_instant(&new).await;
        match asked.status() {
            StatusCode::CREATED | StatusCode::NOT_FOUND => return,
            status => assert_eq!(status, StatusCode::OK, "{:?}", asked.text().await),
        }
        let InstantAnswer::Prove { nonce } = asked.json().await.unwrap() else { panic!("linked, and 200") };
        let proven = self.me.prove(id, &proof_of(&nonce, content)).await.status();
        assert!(matches!(proven, StatusCode::CREATED | StatusCode::NOT_FOUND), "{proven}");
    }

    async fn listed(&self) -> Vec<EntryId> {
        let page: EntryPage =
            super::world::good(self.me.get(&format!("/v1/rooms/{}/entries", self.room)).await).await;
        page.entries.into_iter().map(|entry| entry.id).collect()
    }

    async fn open_something(&mut self) {
        let there = self.listed().await;
        if there.is_empty() {
            return;
        }
        let path = format!("/v1/entries/{}/content", there[self.dice.below(there.len())]);
        let from = self.dice.below(100_000);
        let range = format!("bytes={from}-{}", from + self.dice.below(200_000));
        let answer = if self.dice.below(2) == 0 {
            self.me.get(&path).await
        } else {
            self.me.ask(Method::GET, &path).header("Range", range).send().await.unwrap()
        };
        self.check(answer, from).await;
    }

    /// What came is what the tag says it is, or nothing because it was deleted.
    async fn check(&self, answer: Response, from: usize) {
        let (status, tag) = (answer.status(), super::world::header(&answer, "etag"));
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::RANGE_NOT_SATISFIABLE) {
            return;
        }
        let content = &self.contents[self.by_tag[tag.trim_matches('"')]];
        let bytes = answer.bytes().await.unwrap();
        match status {
            StatusCode::OK => assert!(bytes == content.as_slice(), "another content than {tag}"),
            StatusCode::PARTIAL_CONTENT => {
                assert!(bytes == content[from..from + bytes.len()], "another part of {tag}");
            }
            other => panic!("{other}"),
        }
    }

    async fn delete_or_restore(&mut self) {
        if self.dice.below(2) == 0
            && let Some(entry) = self.deleted.pop()
        {
            let path = format!("/v1/entries/{entry}/restore");
            let restored = self.me.ask(Method::POST, &path).send().await.unwrap();
            assert_eq!(restored.status(), StatusCode::OK);
            return;
        }
        let there = self.listed().await;
        if !there.is_empty() {
            let entry = there[self.dice.below(there.len())];
            self.me.ask(Method::DELETE, &format!("/v1/entries/{entry}")).send().await.unwrap();
            self.deleted.push(entry);
        }
    }

    async fn forward(&mut self) {
        let which = self.dice.below(self.contents.len());
        let content = self.contents[which].clone();
        let piece = usize::try_from(PIECE_BYTES).unwrap();
        let from = if content.len() > piece { piece * self.dice.below(2) } else { 0 };
        let offered = Offered::new(content, from);
        let to = &self.others[which % self.others.len()];
        self.me.forward(to, &offered).await;
        let fetched = to.fetch(&offered).await;
        assert_eq!(fetched.status(), StatusCode::OK);
        assert!(fetched.bytes().await.unwrap() == offered.content[from..]);
        assert_eq!(to.drop_forward(&offered).await, StatusCode::NO_CONTENT);
    }
}

fn files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

async fn run(seed: u64) {
    let world = Arc::new(World::new().await);
    let people: Vec<Person> = (0..3).map(|_| world.person()).collect();
    let shared = people[0].group(&[&people[1], &people[2]]).await;
    let alone = people[2].group(&[]).await;
    let contents = Arc::new(contents());
    let tags = contents.iter().enumerate().map(|(at, content)| (hex(&sha256(content)), at));
    let by_tag: Arc<HashMap<_, _>> = Arc::new(tags.collect());
    let mut work = Vec::new();
    for (number, (me, room)) in [(0, shared), (1, shared), (2, alone), (2, shared)].into_iter().enumerate() {
        let others = people.iter().enumerate().filter(|(at, _)| *at != me).map(|(_, who)| who.clone());
        let mut worker = Worker {
            me: people[me].clone(),
            others: others.collect(),
            room,
            contents: Arc::clone(&contents),
            by_tag: Arc::clone(&by_tag),
            dice: Dice(seed.wrapping_add(number as u64 * 1_000_003)),
            deleted: Vec::new(),
        };
        let world = Arc::clone(&world);
        work.push(tokio::spawn(async move {
            for _ in 0..STEPS {
                worker.step(&world).await;
            }
            worker
        }));
    }
    let mut workers = Vec::new();
    for task in work {
        workers.push(task.await.unwrap());
    }
    world.content.work_at_rest(&mut HashSet::new()).await.unwrap();
    world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
    assert_eq!(world.violations(), Vec::<String>::new());
    for worker in &workers {
        for entry in worker.listed().await {
            worker.check(worker.me.get(&format!("/v1/entries/{entry}/content")).await, 0).await;
        }
    }
    let count = |sql: &str| world.database().query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap() as usize;
    let blobs = count("SELECT count(*) FROM blobs");
    assert!(blobs <= contents.len(), "each content is kept once, not {blobs} in all");
    let loose = count("SELECT count(*) FROM loose");
    assert_eq!((files(&world.dir.path().join("blobs")), loose), (blobs, 0), "nothing is left over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn everything_at_once_never_serves_a_missing_or_wrong_content() {
    let seeds = match std::env::var("POD_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => {
            (0..2).map(|_| u64::from_le_bytes(crate::secret::random()[..8].try_into().unwrap())).collect()
        }
    };
    for seed in seeds {
        println!("POD_SEED={seed}");
        run(seed).await;
    }
}
