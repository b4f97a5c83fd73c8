//! A disk that gets full in the middle of an upload.

use super::uploads::bytes;
use super::world::{Meta, World, header, refused};
use crate::access::Access;
use crate::blobs::{Blobs, DiskBlobs, Partial, PartialState, ReadAt};
use pod_shared::ErrorCode;
use reqwest::StatusCode;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A disk with room for so many bytes.
struct Full {
    inner: DiskBlobs,
    room: Arc<AtomicU64>,
}

struct FullPartial {
    inner: Box<dyn Partial>,
    room: Arc<AtomicU64>,
}

impl Partial for FullPartial {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = usize::try_from(self.room.load(Ordering::SeqCst)).unwrap();
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.inner.append(&bytes[..room.min(bytes.len())])?;
        self.room.fetch_sub(written as u64, Ordering::SeqCst);
        Ok(written)
    }
    fn cut_to(&mut self, length: u64) -> io::Result<()> {
        self.inner.cut_to(length)
    }
    fn length(&self) -> u64 {
        self.inner.length()
    }
}

impl ReadAt for FullPartial {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(offset, into)
    }
    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
}

impl Blobs for Full {
    fn partial(&self, name: &str) -> io::Result<Box<dyn Partial>> {
        Ok(Box::new(FullPartial { inner: self.inner.partial(name)?, room: Arc::clone(&self.room) }))
    }
    fn partial_state(&self, name: &str) -> io::Result<Option<PartialState>> {
        self.inner.partial_state(name)
    }
    fn keep(&self, name: &str) -> io::Result<()> {
        self.inner.keep(name)
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
    let dir = tempfile::tempdir().unwrap();
    let room_left = Arc::new(AtomicU64::new(700_000));
    let inner = DiskBlobs::open(&dir.path().join("blobs")).unwrap();
    let world =
        World::with(dir, Arc::new(Full { inner, room: Arc::clone(&room_left) }), Access::local()).await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = bytes(1_000_000);
    let path = ann.begin(&Meta::new(room, "f"), file.len() as u64).await;
    let full = ann.patch(&path, 0, file.clone()).send().await.unwrap();
    assert_eq!(full.status(), StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(refused(full).await, ErrorCode::ServerDiskFull);
    assert_eq!(ann.offset(&path).await, 700_000);
    room_left.store(u64::MAX / 2, Ordering::SeqCst);
    let done = ann.patch(&path, 700_000, file[700_000..].to_vec()).send().await.unwrap();
    assert!(ann.download(header(&done, "pod-entry").parse().unwrap()).await == file);
}
