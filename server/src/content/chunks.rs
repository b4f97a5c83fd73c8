//! Of a new version only what changed comes and goes: the chunks of a version for who may read it, and bytes of a version
//! appended to an upload of who may read them.
//!
//! A list is made when it is asked for, by reading the content once: whoever asks is about to have most of it copied anyway.
//! Nothing here is found by a digest.

use super::uploads::{Portion, Standing};
use super::{Content, Span};
use crate::access::Caller;
use crate::blobs::ReadAt;
use crate::error::Refusal;
use axum::body::Body;
use pod_shared::content::{Chunk, CopyPart, cut};
use pod_shared::{EntryId, ErrorCode, UploadId, limits};
use std::io::{self, Read};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Contents that are cut at the same time: each takes a processor.
const AT_ONCE: usize = 1;

/// Turns for cutting.
#[derive(Clone)]
pub(crate) struct Cutting(Arc<Semaphore>);

impl Default for Cutting {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// The chunks of a version.
pub(crate) struct ChunkList {
    /// The digest of the content.
    pub(crate) tag: String,
    /// The records, one after another.
    pub(crate) list: Vec<u8>,
}

impl Content {
    /// The chunks of a version of a file; nothing: of the newest.
    pub(crate) async fn chunks(
        &self,
        caller: Caller,
        entry: EntryId,
        version: Option<u32>,
    ) -> Result<ChunkList, Refusal> {
        let download = self.download(caller, entry, version).await?;
        if download.size > limits::CHUNKED_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "a file of this size is moved whole"));
        }
        let turn = Arc::clone(&self.inner.cutting.0).acquire_owned().await;
        let turn = turn.map_err(|error| Refusal::internal(&error))?;
        let (tag, reader) = (download.tag.clone(), download.open().await?);
        let cutting = tokio::task::spawn_blocking(move || {
            let list = list(Reading { reader, at: 0 });
            drop(turn);
            list
        });
        let list = cutting.await.map_err(|error| Refusal::of_work(&error))?;
        // The right may have been lost meanwhile.
        self.download(caller, entry, version).await?;
        Ok(ChunkList { tag, list: list.map_err(|error| Refusal::internal(&error))? })
    }

    /// Appends bytes of a version that the caller may read to their upload.
    pub(crate) async fn copy_part(
        &self,
        caller: Caller,
        upload: UploadId,
        part: CopyPart,
    ) -> Result<Standing, Refusal> {
        if part.bytes > limits::UPLOAD_COPY_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "fewer bytes are copied at once"));
        }
        let download = self.download(caller, part.entry, Some(part.version)).await?.untold();
        let end = part.from.checked_add(part.bytes).filter(|end| part.bytes > 0 && *end <= download.size);
        let to =
            end.ok_or_else(|| Refusal::new(ErrorCode::BadRequest, "the version does not have these bytes"))?;
        let bytes = download.stream(Span { from: part.from, to }).await?;
        let (offset, announced) = (part.offset, Some(part.bytes));
        let portion = Portion { offset, checksum: None, announced, body: Body::from_stream(bytes) };
        self.take_portion(caller, upload, portion).await
    }
}

fn list(reading: Reading) -> io::Result<Vec<u8>> {
    let mut list = Vec::new();
    for chunk in cut(reading) {
        list.extend(Chunk::record(&chunk?));
    }
    Ok(list)
}

/// A stored content from its beginning on.
struct Reading {
    reader: Box<dyn ReadAt>,
    at: u64,
}

impl Read for Reading {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}
