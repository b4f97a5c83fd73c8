//! Packing: what is packed reads as before, what is damaged is left alone, and a service killed at any step loses nothing.

use super::instant::{noise, rested};
use super::world::{Meta, World, good, header};
use crate::access::Access;
use crate::blobs::{Blobs, DiskBlobs, Partial, PartialState, ReadAt, Syncing};
use pod_shared::content::Entry;
use reqwest::{Method, StatusCode};
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|at| b"A line of the minutes.\n"[at / 3 % 23]).collect()
}

fn forms(world: &World) -> Vec<i64> {
    let database = world.database();
    let mut rows = database.prepare("SELECT form FROM blobs ORDER BY id").unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn bytes_on_disk(world: &World) -> u64 {
    let files = files(&world.dir.path().join("blobs/objects"));
    files.into_iter().map(|file| file.metadata().unwrap().len()).sum()
}

#[tokio::test]
async fn what_pays_is_packed_and_reads_as_before() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let content = text(2_500_000);
    let entry = ann.upload(room, "minutes.txt", &content).await;
    for (name, other) in [
        ("noise", noise(1, 300_000)),
        ("text.ZIP", text(300_000)),
        ("no-name", [b"\x89PNG".as_slice(), &text(300_000)].concat()),
        ("small", text(500)),
    ] {
        ann.upload(room, name, &other).await;
    }
    rested(&world).await;
    assert_eq!(forms(&world), [2, 3, 3, 3, 3]);
    assert_eq!(world.violations(), Vec::<String>::new(), "the old one waits to be removed");
    let before = bytes_on_disk(&world);
    world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
    let saved = before - bytes_on_disk(&world);
    assert_eq!(saved, content.len() as u64);
    assert!(bytes_on_disk(&world) < 1_100_000, "{}", bytes_on_disk(&world));

    assert!(ann.download(entry).await == content);
    let path = format!("/v1/entries/{entry}/content");
    for (from, to) in [(0, 0), (1_048_570, 1_048_590), (2_499_999, 2_499_999), (700_000, 2_200_000)] {
        let part = ann.ask(Method::GET, &path).header("Range", format!("bytes={from}-{to}"));
        let part = part.send().await.unwrap();
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert!(part.bytes().await.unwrap() == content[from..=to], "{from} {to}");
    }
    let look = ann.get(&format!("/v1/entries/{entry}/preview?as=text")).await;
    assert!(content.starts_with(&look.bytes().await.unwrap()));
    // The same again is the packed one.
    let again = ann.upload(room, "again.txt", &content).await;
    assert!(ann.download(again).await == content);
    let world = world.restarted().await;
    let ann = world.device_of(ann.account);
    assert!(ann.download(entry).await == content);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_content_is_left_alone_and_named() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let turn = world.content.inner.at_rest.turn().await;
    ann.upload(room, "a.txt", &text(200_000)).await;
    let file = files(&world.dir.path().join("blobs/objects")).pop().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[99_999] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    drop(turn);
    rested(&world).await;
    assert_eq!(forms(&world), [1]);
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    let found = world.violations();
    assert!(found.iter().any(|line| line.contains("its bytes do not have its digest")), "{found:?}");
}

#[tokio::test]
async fn a_packed_content_that_is_damaged_later_is_named_and_never_served_wrong() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let entry = ann.upload(room, "a.txt", &text(1_200_000)).await;
    rested(&world).await;
    world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
    let file = files(&world.dir.path().join("blobs/objects")).pop().unwrap();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    assert!(world.violations().iter().any(|line| line.contains("no packed content")));
    let answer = ann.get(&format!("/v1/entries/{entry}/content")).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(world.violations(), Vec::<String>::new());
}

/// A disk that dies after so many acts: each one after that fails.
struct Dying {
    inner: DiskBlobs,
    left: Arc<AtomicUsize>,
}

fn act(left: &AtomicUsize) -> io::Result<()> {
    let before = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    before.map(drop).map_err(|_| io::Error::other("the disk died"))
}

struct DyingPartial {
    inner: Box<dyn Partial>,
    left: Arc<AtomicUsize>,
}

impl ReadAt for DyingPartial {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(offset, into)
    }
    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

impl Partial for DyingPartial {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        act(&self.left)?;
        self.inner.append(bytes)
    }
    fn cut_to(&mut self, length: u64) -> io::Result<()> {
        self.inner.cut_to(length)
    }
    fn length(&self) -> u64 {
        self.inner.length()
    }
    fn syncing(&self) -> io::Result<Syncing> {
        self.inner.syncing()
    }
}

impl Blobs for Dying {
    fn partial(&self, name: &str) -> io::Result<Box<dyn Partial>> {
        act(&self.left)?;
        Ok(Box::new(DyingPartial { inner: self.inner.partial(name)?, left: Arc::clone(&self.left) }))
    }
    fn partial_state(&self, name: &str) -> io::Result<Option<PartialState>> {
        self.inner.partial_state(name)
    }
    fn keep(&self, name: &str) -> io::Result<()> {
        act(&self.left)?;
        self.inner.keep(name)
    }
    fn store(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        act(&self.left)?;
        self.inner.store(name, bytes)
    }
    fn open(&self, object: &str) -> io::Result<Box<dyn ReadAt>> {
        act(&self.left)?;
        self.inner.open(object)
    }
    fn discard(&self, name: &str) -> io::Result<()> {
        self.inner.discard(name)
    }
    fn remove(&self, object: &str) -> io::Result<()> {
        self.inner.remove(object)
    }
    fn partials(&self) -> io::Result<Vec<String>> {
        self.inner.partials()
    }
    fn objects(&self) -> io::Result<Vec<String>> {
        self.inner.objects()
    }
}

#[tokio::test]
async fn a_service_killed_at_any_step_of_packing_loses_nothing() {
    let content = text(1_200_000);
    let mut survived = 0;
    for acts in 0..40 {
        let dir = tempfile::tempdir().unwrap();
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let inner = DiskBlobs::open(&dir.path().join(crate::content::BLOBS)).unwrap();
        let world =
            World::with(dir, Arc::new(Dying { inner, left: Arc::clone(&left) }), Access::local()).await;
        let ann = world.person();
        let room = ann.group(&[]).await;
        let turn = world.content.inner.at_rest.turn().await;
        let meta = Meta::new(room, "minutes.txt");
        let entry = ann.upload_as(&meta, &content).await;
        left.store(acts, Ordering::SeqCst);
        drop(turn);
        world.content.work_at_rest(&mut HashSet::new()).await.unwrap();
        let is_packed = forms(&world) == [2];
        let world = world.restarted().await;
        let ann = world.device_of(ann.account);
        assert!(ann.download(entry).await == content, "{acts}");
        rested(&world).await;
        assert_eq!(forms(&world), [2], "and it is packed in the next life: {acts}");
        world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
        assert!(ann.download(entry).await == content, "{acts}");
        let seen: Entry = good(ann.get(&format!("/v1/entries/{entry}")).await).await;
        assert_eq!(seen.version, 1);
        assert_eq!(world.violations(), Vec::<String>::new(), "{acts}");
        assert_eq!(files(&world.dir.path().join("blobs")).len(), 1, "{acts}");
        if is_packed {
            survived = acts;
            break;
        }
    }
    assert!(survived > 5, "packing takes more acts than {survived}");
}

#[tokio::test]
async fn while_uploads_move_packing_waits_and_ends_all_the_same() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let moving = world.content.inner.at_rest.traffic();
    let entry = ann.upload(room, "a.txt", &text(1_200_000)).await;
    rested(&world).await;
    assert_eq!(forms(&world), [2]);
    drop(moving);
    let answer = ann.get(&format!("/v1/entries/{entry}/content")).await;
    assert_eq!(header(&answer, "content-length"), "1200000");
}

#[tokio::test]
async fn who_asked_where_it_lies_before_it_is_packed_opens_it_afterwards() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let content = text(300_000);
    let turn = world.content.inner.at_rest.turn().await;
    let entry = ann.upload(room, "a.txt", &content).await;
    let before = world.content.store().stored(ann.account, entry, None).await.unwrap().lying;
    drop(turn);
    rested(&world).await;
    world.content.sweep(SystemTime::now() + Duration::from_secs(7_200)).await.unwrap();
    assert!(!files(&world.dir.path().join("blobs")).iter().any(|file| file.ends_with(&before.object)));
    let mut opened = world.content.open_stored(before.clone()).await.unwrap();
    let mut bytes = vec![0; content.len()];
    crate::blobs::read_all(&mut *opened, 0, &mut bytes).unwrap();
    assert!(bytes == content);
    // Another content may have its number by now: it is not taken for it.
    let other = crate::store::sqlite::content::Lying { digest: [1; 32], ..before };
    assert!(world.content.open_stored(other).await.is_err());
}
