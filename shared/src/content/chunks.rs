//! Of a file that changed only what changed moves: chunks that are cut by the content itself, so that what lies behind an
//! insertion is cut as before.
//!
//! `GET /v1/entries/{id}/chunks?version=N` (nothing: the newest) answers with the chunks of a version that the caller may
//! read, in order, each as [`CHUNK_RECORD_BYTES`] bytes; the `ETag` names the content. A download fetches, by ranges, what no
//! chunk of an older file here has. An upload of a new version sends what no chunk of an older one has, and has the rest
//! copied at the server: `POST /v1/uploads/{id}/copy` with a [`CopyPart`] appends bytes of a version that the caller may
//! read to an upload of theirs, and is answered like a `PATCH`. Offsets are durable lengths as with every upload, so a cut
//! resumes anywhere, and the digest of the whole is compared at the end.
//!
//! Nobody is ever asked what lies at the server by its digest: who knows one learns nothing with it. Versions larger than
//! `limits::CHUNKED_BYTES_MAX` are moved whole (`too_large`). How contents are cut is fixed: both sides must agree.

use crate::EntryId;
use fastcdc::v2020::StreamCDC;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};

#[cfg(test)]
mod tests;

/// No chunk but the last is shorter, in bytes.
const CUT_BYTES_MIN: usize = 32 * 1024;
/// About as long as chunks are, in bytes.
const CUT_BYTES_AVERAGE: usize = 128 * 1024;
/// No chunk is longer, in bytes.
const CUT_BYTES_MAX: usize = 512 * 1024;
/// Bytes of a chunk's digest. The digest of the whole file is compared besides.
const DIGEST_BYTES: usize = 16;
/// Bytes of a chunk in a list: its length, most significant byte first, and its digest.
pub const CHUNK_RECORD_BYTES: usize = 4 + DIGEST_BYTES;

/// A piece of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chunk {
    /// Bytes.
    pub bytes: u32,
    /// The beginning of its BLAKE3.
    pub digest: [u8; DIGEST_BYTES],
}

impl Chunk {
    /// As it stands in a list.
    #[must_use]
    pub fn record(&self) -> [u8; CHUNK_RECORD_BYTES] {
        let mut record = [0; CHUNK_RECORD_BYTES];
        let (bytes, digest) = record.split_at_mut(4);
        bytes.copy_from_slice(&self.bytes.to_be_bytes());
        digest.copy_from_slice(&self.digest);
        record
    }
}

/// The chunks of a list; nothing: that is none.
#[must_use]
pub fn chunks_of(list: &[u8]) -> Option<Vec<Chunk>> {
    let (records, rest) = list.as_chunks::<CHUNK_RECORD_BYTES>();
    let chunk = |record: &[u8; CHUNK_RECORD_BYTES]| {
        let (bytes, digest) = record.split_at(4);
        let bytes = u32::from_be_bytes(bytes.try_into().ok()?);
        let fits = (1..=CUT_BYTES_MAX).contains(&usize::try_from(bytes).ok()?);
        Some(Chunk { bytes, digest: digest.try_into().ok()? }).filter(|_| fits)
    };
    if rest.is_empty() { records.iter().map(chunk).collect() } else { None }
}

/// Cuts a content that is read from its beginning.
///
/// # Errors
/// What reading says.
pub fn cut(source: impl Read) -> impl Iterator<Item = io::Result<Chunk>> {
    StreamCDC::new(source, CUT_BYTES_MIN, CUT_BYTES_AVERAGE, CUT_BYTES_MAX).map(|cut| {
        let cut = cut.map_err(io::Error::from)?;
        let whole = blake3::hash(&cut.data);
        let mut digest = [0; DIGEST_BYTES];
        digest.copy_from_slice(whole.as_bytes().get(..DIGEST_BYTES).unwrap_or_default());
        Ok(Chunk { bytes: u32::try_from(cut.length).unwrap_or(u32::MAX), digest })
    })
}

/// `POST /v1/uploads/{id}/copy`: these bytes of a version come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyPart {
    /// Where the upload stands.
    pub offset: u64,
    /// The file.
    pub entry: EntryId,
    /// Its version.
    pub version: u32,
    /// The first byte in it.
    pub from: u64,
    /// How many; at most `limits::UPLOAD_COPY_BYTES_MAX` (`too_large`).
    pub bytes: u64,
}
