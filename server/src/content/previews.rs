//! Looks into files without fetching them: a small picture of a picture, the beginning of a text.
//!
//! Judged like the file itself, and never counted as a download. One picture is worked on at a time, few wait; what was
//! made is kept by the digest of its content, and so is that nothing could be made. Pictures are decoded within limits
//! of bytes, pixels and memory: whatever the file says it is, the worst it gets is a refusal.

use super::Content;
use crate::access::Caller;
use crate::blobs::ReadAt;
use crate::error::Refusal;
use crate::store::sqlite::content::Stored;
use pod_shared::{EntryId, ErrorCode, limits};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

mod draw;
mod shelf;
mod studio;

pub(super) use draw::shrink;
pub(crate) use draw::{Drawn, Form};
pub(super) use shelf::Shelf;
pub(super) use studio::Studio;

/// Name of the folder of previews in the data folder.
pub(crate) const PREVIEWS: &str = "previews";

/// A file that somebody looks into.
pub(crate) struct Look {
    content: Content,
    caller: Caller,
    /// The file and where it lies.
    pub(crate) stored: Stored,
}

/// The beginning of a file.
pub(crate) struct Beginning {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are all.
    pub(crate) truncated: bool,
}

impl Content {
    /// Finds a file for a member.
    pub(crate) async fn look(&self, caller: Caller, entry: EntryId) -> Result<Look, Refusal> {
        let stored = self.store().stored(caller.account, entry, None).await?;
        Ok(Look { content: self.clone(), caller, stored })
    }
}

impl Look {
    /// A small picture of it.
    pub(crate) async fn image(&self) -> Result<Drawn, Refusal> {
        let entry = &self.stored.entry;
        if entry.size > limits::PREVIEW_SOURCE_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the picture is too large for a preview"));
        }
        let (inner, digest) = (Arc::clone(&self.content.inner), entry.digest.clone());
        let kept = blocking(move || inner.shelf.get(&digest)).await?;
        let drawn = match kept {
            Some(kept) => kept,
            None => self.draw().await?,
        };
        self.still_may().await?;
        drawn.ok_or_else(no_picture)
    }

    /// Makes the preview when the turn comes; somebody before may have made it.
    async fn draw(&self) -> Result<Option<Drawn>, Refusal> {
        let inner = Arc::clone(&self.content.inner);
        let digest = self.stored.entry.digest.clone();
        let object = self.content.open_stored(self.stored.lying.clone()).await?;
        let work = move || {
            if let Some(kept) = inner.shelf.get(&digest) {
                return Ok(kept);
            }
            let source = Source::open(object)?;
            let drawn = shrink(io::BufReader::new(source), limits::PREVIEW_SIDE_PX)?;
            if let Err(error) = inner.shelf.put(&digest, drawn.as_ref()) {
                tracing::warn!(%error, "a preview could not be kept");
            }
            Ok(drawn)
        };
        let made: io::Result<Option<Drawn>> = self.content.inner.studio.work(work).await?;
        made.map_err(|error| Refusal::internal(&error))
    }

    /// The beginning of it, as bytes.
    pub(crate) async fn beginning(&self) -> Result<Beginning, Refusal> {
        let object = self.content.open_stored(self.stored.lying.clone()).await?;
        let most = limits::PREVIEW_TEXT_BYTES_MAX as u64;
        let read = move || {
            let mut bytes = Vec::new();
            Source::open(object)?.take(most).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes: io::Result<Vec<u8>> = blocking(read).await?;
        self.still_may().await?;
        let bytes = bytes.map_err(|error| Refusal::internal(&error))?;
        Ok(Beginning { truncated: self.stored.entry.size > bytes.len() as u64, bytes })
    }

    /// The right may have been lost while the preview waited.
    async fn still_may(&self) -> Result<(), Refusal> {
        let access = &self.content.inner.access;
        access.fresh()?;
        if access.is_revoked(&self.caller) {
            return Err(Refusal::new(ErrorCode::SignedOut, "this device was signed out"));
        }
        self.content.store().sees(self.caller.account, self.stored.entry.id).await
    }
}

pub(super) fn no_picture() -> Refusal {
    Refusal::new(ErrorCode::BadRequest, "this is no picture that can be shown small")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::of_work(&error))
}

/// A stored content as a stream that can jump.
struct Source {
    object: Box<dyn ReadAt>,
    at: u64,
    size: u64,
}

impl Source {
    fn open(object: Box<dyn ReadAt>) -> io::Result<Self> {
        let size = object.size()?;
        Ok(Self { object, at: 0, size })
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.object.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
