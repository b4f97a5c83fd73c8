//! Of a large file that changed only what changed moves: what of the new content an older one has, and where.
//!
//! Both sides cut contents alike (`pod_shared::content::cut`). An upload has the server copy what an older version has; a
//! download copies it from the older file here. Where that spares too little, or an older server does not know of it, the
//! file moves whole. Whatever is found here is only a way to spare bytes: the digest of the whole decides.

use super::job::Job;
use crate::net::unreachable_error;
use crate::transfer::source::unreadable;
use crate::transfer::trouble::Failure;
use crate::transfer::tus::{SMALL_TIMEOUT, with_token};
use pod_machine::transfer::{Content, Trouble};
use pod_shared::content::{Chunk, chunks_of, cut};
use pod_shared::{EntryId, limits};
use reqwest::Method;
use reqwest::header::ETAG;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[cfg(test)]
mod tests;

/// Smaller files move whole, in bytes: looking for what changed would cost as much.
pub(super) const CHANGED_BYTES_MIN: u64 = 1024 * 1024;
/// More places than this are not worth a request each.
const PLACES_MAX: usize = 4_096;

/// Where the next bytes of a content are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// In the older content, from this byte on.
    Older {
        /// The byte.
        from: u64,
        /// How many.
        bytes: u64,
    },
    /// Nowhere but in the new one.
    New {
        /// How many.
        bytes: u64,
    },
}

/// Which bytes of a content an older one has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Pieces from the beginning on without a gap: where each begins, how long it is, and its place in the older content.
    pieces: Vec<(u64, u64, Option<u64>)>,
}

impl Changed {
    /// Compares two contents. Nothing: it is not worth the trouble.
    fn between(older: &[Chunk], newer: &[Chunk]) -> Option<Self> {
        let mut places: HashMap<Chunk, u64> = HashMap::with_capacity(older.len());
        let mut at = 0;
        for chunk in older {
            places.entry(*chunk).or_insert(at);
            at += u64::from(chunk.bytes);
        }
        let mut changed = Self::default();
        let (mut at, mut spared) = (0, 0);
        for chunk in newer {
            let bytes = u64::from(chunk.bytes);
            let place = places.get(chunk).copied();
            spared += place.map_or(0, |_| bytes);
            changed.append(at, bytes, place);
            at += bytes;
        }
        let pays = spared >= at / 4 && spared > 0 && changed.pieces.len() <= PLACES_MAX;
        pays.then_some(changed)
    }

    fn append(&mut self, at: u64, bytes: u64, place: Option<u64>) {
        if let Some((_, before, from)) = self.pieces.last_mut() {
            let goes_on = match (*from, place) {
                (None, None) => true,
                (Some(from), Some(place)) => from + *before == place,
                (Some(_), None) | (None, Some(_)) => false,
            };
            if goes_on {
                *before += bytes;
                return;
            }
        }
        self.pieces.push((at, bytes, place));
    }

    /// Where the bytes from this one on are.
    pub(super) fn at(&self, offset: u64) -> Option<Next> {
        let piece = self.pieces.partition_point(|(begin, ..)| *begin <= offset).checked_sub(1)?;
        let (begin, length, from) = *self.pieces.get(piece)?;
        let inside = offset - begin;
        let bytes = length.checked_sub(inside).filter(|left| *left > 0)?;
        Some(match from {
            Some(from) => {
                Next::Older { from: from + inside, bytes: bytes.min(limits::UPLOAD_COPY_BYTES_MAX) }
            }
            None => Next::New { bytes },
        })
    }
}

fn is_worth_it(size: u64) -> bool {
    (CHANGED_BYTES_MIN..=limits::CHUNKED_BYTES_MAX).contains(&size)
}

/// What of a file that goes up the server has in this version.
pub(super) async fn of_upload(job: &Job, content: &Content, older: (EntryId, u32)) -> Option<Changed> {
    let (entry, version) = older;
    if !is_worth_it(content.size) {
        return None;
    }
    let older = list(job, &format!("/v1/entries/{entry}/chunks?version={version}"), None).await?;
    let newer = cut_here(job, job.path.clone()).await?;
    Changed::between(&older, &newer)
}

/// What of a file that comes down an older one here has.
pub(super) async fn of_download(
    job: &Job,
    content: &Content,
    entry: EntryId,
    older: PathBuf,
) -> Option<Changed> {
    let there = tokio::fs::metadata(&older).await.ok().filter(std::fs::Metadata::is_file)?;
    if !is_worth_it(content.size) || !is_worth_it(there.len()) {
        return None;
    }
    let version = job.of.file.machine.version.map(|version| format!("?version={version}"));
    let path = format!("/v1/entries/{entry}/chunks{}", version.unwrap_or_default());
    let newer = list(job, &path, Some(&content.digest)).await?;
    let older = cut_here(job, older).await?;
    Changed::between(&older, &newer)
}

/// The chunks of a version at the server. Nothing: the file moves whole.
async fn list(job: &Job, path: &str, digest: Option<&str>) -> Option<Vec<Chunk>> {
    let asked = with_token(&job.ports.net, |way| {
        way.http.request(Method::GET, path, Some(&way.bearer)).timeout(SMALL_TIMEOUT)
    });
    let answer = asked.await.inspect_err(|error| tracing::debug!(code = %error.code, "no chunks")).ok()?;
    let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    if digest.is_some_and(|digest| tag != Some(format!("\"{digest}\""))) {
        return None;
    }
    let bytes = answer.bytes().await.map_err(|error| unreachable_error(&error)).ok()?;
    chunks_of(&bytes)
}

async fn cut_here(job: &Job, path: PathBuf) -> Option<Vec<Chunk>> {
    let work = move |stop: &dyn Fn() -> bool| {
        let file = File::open(path).map_err(|error| Failure::from(unreadable(&error)))?;
        let mut all = Vec::new();
        for chunk in cut(file) {
            if stop() {
                return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the work was stopped"));
            }
            all.push(chunk.map_err(|error| Failure::from(unreadable(&error)))?);
        }
        Ok(all)
    };
    job.blocking(work).await.ok()
}

/// Bytes of an older file. Blocks.
pub(super) fn read_older(
    older: &Path,
    from: u64,
    bytes: u64,
    mut take: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let open = || {
        let mut file = File::open(older)?;
        io::Seek::seek(&mut file, io::SeekFrom::Start(from))?;
        Ok(file.take(bytes))
    };
    let mut file = open().map_err(|error: io::Error| Failure::from(unreadable(&error)))?;
    let mut piece = vec![0; crate::transfer::source::PIECE_BYTES];
    let mut came = 0;
    while came < bytes {
        match file.read(&mut piece) {
            // It became shorter: it is another file by now.
            Ok(0) => return Err(Failure::new(Trouble::BytesWrong, "the older file changed meanwhile")),
            Ok(read) => {
                take(piece.get(..read).unwrap_or_default())?;
                came += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(&error).into()),
        }
    }
    Ok(())
}
