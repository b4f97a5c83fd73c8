//! Disks that are full, slow, and connections that stand still.

use super::uploads::{bytes, half_open, stored};
use super::world::{Meta, World, header, refused, until, upload_id};
use crate::access::Access;
use crate::blobs::{Blobs, DiskBlobs, Partial, PartialState, ReadAt, Syncing};
use crate::content::uploads::Portion;
use axum::body::Body;
use pod_shared::auth::Audience;
use pod_shared::{ErrorCode, limits};
use reqwest::StatusCode;
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Says how many of so many bytes may be written now.
type Gate = Arc<dyn Fn(usize) -> io::Result<usize> + Send + Sync>;

/// A disk whose writing passes a gate.
struct Gated {
    inner: DiskBlobs,
    gate: Gate,
}

struct GatedPartial {
    inner: Box<dyn Partial>,
    gate: Gate,
}

async fn world_with(gate: Gate) -> World {
    let dir = tempfile::tempdir().unwrap();
    let inner = DiskBlobs::open(&dir.path().join(crate::content::BLOBS)).unwrap();
    World::with(dir, Arc::new(Gated { inner, gate }), Access::local()).await
}

impl Partial for GatedPartial {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let may = (self.gate)(bytes.len())?;
        self.inner.append(&bytes[..may])
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

impl ReadAt for GatedPartial {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(offset, into)
    }
    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

impl Blobs for Gated {
    fn partial(&self, name: &str) -> io::Result<Box<dyn Partial>> {
        Ok(Box::new(GatedPartial { inner: self.inner.partial(name)?, gate: Arc::clone(&self.gate) }))
    }
    fn partial_state(&self, name: &str) -> io::Result<Option<PartialState>> {
        self.inner.partial_state(name)
    }
    fn keep(&self, name: &str) -> io::Result<()> {
        self.inner.keep(name)
    }
    fn store(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        if (self.gate)(bytes.len())? < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.inner.store(name, bytes)
    }
    fn open(&self, object: &str) -> io::Result<Box<dyn ReadAt>> {
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
async fn a_full_disk_keeps_what_is_there_and_goes_on_when_there_is_room() {
    let left = Arc::new(AtomicU64::new(700_000));
    let gate = Arc::clone(&left);
    let world = world_with(Arc::new(move |wanted| {
        let may = usize::try_from(gate.load(Ordering::SeqCst)).unwrap().min(wanted);
        gate.fetch_sub(may as u64, Ordering::SeqCst);
        if may == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(may) }
    }))
    .await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = bytes(1_000_000);
    let path = ann.begin(&Meta::new(room, "f"), file.len() as u64).await;
    let full = ann.patch(&path, 0, file.clone()).send().await.unwrap();
    assert_eq!(full.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(refused(full).await, ErrorCode::ServerDiskFull);
    assert_eq!(ann.offset(&path).await, 700_000);
    left.store(u64::MAX / 2, Ordering::SeqCst);
    let done = ann.patch(&path, 700_000, file[700_000..].to_vec()).send().await.unwrap();
    assert!(ann.download(header(&done, "pod-entry").parse().unwrap()).await == file);
}

#[tokio::test]
async fn while_the_disk_is_slow_only_a_bounded_buffer_is_read_from_the_sender() {
    const PIECE: usize = 64 * 1024;
    const PIECES: usize = 64;
    let (slow, closed) = std::sync::mpsc::sync_channel::<()>(0);
    let closed = Mutex::new(closed);
    let world = world_with(Arc::new(move |wanted| {
        // Waits until the other end is dropped, and from then on for nothing.
        let _ = closed.lock().unwrap().recv();
        Ok(wanted)
    }))
    .await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let path = ann.begin(&Meta::new(room, "f"), (PIECE * PIECES) as u64).await;
    let caller = world.content.caller(Some(&ann.token), Audience::Content).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let pieces = futures_util::stream::iter((0..PIECES).map(move |_| {
        count.fetch_add(PIECE, Ordering::SeqCst);
        Ok::<_, io::Error>(vec![1; PIECE])
    }));
    let portion = Portion { offset: 0, checksum: None, announced: None, body: Body::from_stream(pieces) };
    let content = world.content.clone();
    let sending = tokio::spawn(async move { content.take_portion(caller, upload_id(&path), portion).await });
    let mut before = 0;
    until("no more is taken", async || {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        let now = taken.load(Ordering::SeqCst);
        (std::mem::replace(&mut before, now) == now && now > 0).then_some(())
    })
    .await;
    assert!(before <= limits::UPLOAD_BUFFER_BYTES_MAX, "{before} bytes in memory");
    drop(slow);
    assert_eq!(sending.await.unwrap().unwrap().offset, (PIECE * PIECES) as u64);
}

#[tokio::test]
async fn a_sender_that_stands_still_is_cut_and_what_came_is_kept() {
    const { assert!(limits::HTTP_STALL_MS_MAX >= limits::SILENCE_MS_MAX, "longer than a heartbeat takes") };
    let world = World::impatient(Duration::from_millis(300)).await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let path = ann.begin(&Meta::new(room, "f"), 90).await;
    let mut silent = half_open(&world, &ann, &path, 0, 90).await;
    silent.write_all(&[7; 40]).await.unwrap();
    stored(&world, &path, 40).await;
    let mut answer = vec![0; 12];
    silent.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 503");
    assert_eq!(ann.offset(&path).await, 40);
}
