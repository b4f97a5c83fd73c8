//! One run of an upload.
//!
//! Its life: the source must be what was read through; the upload is created (or found, by its id); from the offset that
//! the server names, stretches of the file are sent, each answered with how many bytes are durably there. A stretch is
//! sized to take about a second, so what is told as sent is on the server's disk and a cut costs little.

use super::changed::{self, Next};
use super::job::Job;
use crate::net::Authorized;
use crate::transfer::instant;
use crate::transfer::reports::{News, Stored};
use crate::transfer::source;
use crate::transfer::stretch::{STRETCH_BYTES_MIN, Stretch, next_stretch, send_stretch};
use crate::transfer::trouble::Failure;
use crate::transfer::tus::{self, NewUpload, Standing};
use crate::view::ErrorView;
use bytes::Bytes;
use pod_machine::transfer::{Content, Input, Trouble};
use pod_shared::content::CopyPart;
use pod_shared::{EntryId, ErrorCode, UploadId, limits};
use std::path::PathBuf;
use std::time::Instant;

/// A file below this size, in bytes, comes whole with the creation of its upload.
const WHOLE_BYTES_BELOW: u64 = limits::INSTANT_BYTES_MIN;
/// Refusals of the same kind in a row (another offset, another token) before the run ends.
const REFUSALS_MAX: u32 = 3;

enum End {
    Stored(Stored),
    Gone,
}

/// Reads the source through: what goes up, and its digest.
pub(super) async fn read(job: Job) {
    let path = job.path.clone();
    let read = job.blocking(move |stop| source::read_through(&path, stop).map_err(Failure::from)).await;
    match read {
        Ok(content) => job.step(Input::WasRead { content, fresh: job.of.file.next_upload }).await,
        // A file that is just being written is read again after a pause.
        Err(Failure { trouble: Trouble::SourceChanged, detail }) => {
            job.tell(News::Failed(Failure::new(Trouble::Network { pause_ms: 0 }, detail))).await;
        }
        Err(failure) => failed(&job, failure).await,
    }
}

/// Of a linked folder's file that is gone something else is to be done.
async fn failed(job: &Job, failure: Failure) {
    let unreadable = failure.trouble == Trouble::Person(ErrorCode::FileUnreadable);
    let gone = unreadable && job.of.file.linked.is_some() && is_gone(job.path.clone()).await;
    job.tell(News::Failed(if gone { super::linked::other() } else { failure })).await;
}

async fn is_gone(path: PathBuf) -> bool {
    let looked = tokio::task::spawn_blocking(move || std::fs::symlink_metadata(path)).await;
    looked.is_ok_and(|found| found.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound))
}

/// Sends what the server does not have yet.
pub(super) async fn run(job: Job) {
    let (Some(content), Some(upload)) = (job.of.file.machine.content.clone(), job.of.file.machine.upload)
    else {
        return;
    };
    match send(&job, &content, upload).await {
        Ok(End::Stored(stored)) => job.tell(News::Stored(stored)).await,
        Ok(End::Gone) => job.tell(News::UploadGone).await,
        Err(failure) => failed(&job, failure).await,
    }
}

async fn send(job: &Job, content: &Content, upload: UploadId) -> Result<End, Failure> {
    if content.size >= WHOLE_BYTES_BELOW {
        same_source(job, content).await?;
    }
    if let Some(stored) = instant::link(job, content, upload).await? {
        return Ok(End::Stored(stored));
    }
    let new = described(job, content, upload);
    // A small file comes whole with its creation: one question instead of two.
    let whole = match content.size {
        1..WHOLE_BYTES_BELOW if job.of.file.machine.done == 0 => Some(read_again(job, content).await?),
        _ => None,
    };
    let mut standing = match tus::create(&job.ports.net, &new, whole).await {
        Ok(standing) if standing.entry.is_some() => return Ok(End::Stored(stored(standing))),
        Ok(standing) => standing,
        Err(error) if error.code == ErrorCode::Gone => return Ok(End::Gone),
        Err(error) if error.code == ErrorCode::NotFound => {
            return Err(Failure::new(Trouble::RoomUnknown, error.message));
        }
        // A former life of this pod began it, and the file changed since.
        Err(error) if error.code == ErrorCode::IdReused => {
            return Err(Failure::new(Trouble::SourceChanged, error.message));
        }
        Err(error) => return Err(error.into()),
    };
    if standing.offset == content.size {
        // All bytes were there before: asking makes the server finish what a crash may have cut short.
        standing = match tus::head(&job.ports.net, upload).await {
            Ok(standing) => standing,
            Err(error) if error.code == ErrorCode::Gone => return Ok(End::Gone),
            Err(error) => return Err(error.into()),
        };
    }
    send_rest(job, content, upload, standing).await
}

/// Sends what the server does not have yet; what an older version has is copied there.
async fn send_rest(
    job: &Job,
    content: &Content,
    upload: UploadId,
    mut standing: Standing,
) -> Result<End, Failure> {
    let older = if standing.offset < content.size { older_version(job).await } else { None };
    let mut changed = match older {
        Some(older) => changed::of_upload(job, content, older).await,
        None => None,
    };
    let mut stretch = STRETCH_BYTES_MIN;
    let mut refusals = 0;
    while standing.offset < content.size {
        job.step(Input::Moved { done: standing.offset }).await;
        let begun = Instant::now();
        let way = job.ports.net.content().await?;
        let (at, left) = (standing.offset, content.size - standing.offset);
        let next = changed.as_ref().and_then(|changed| changed.at(at));
        let moved = match (next, older) {
            (Some(Next::Older { from, bytes }), Some((entry, version))) => {
                tus::copy(&way, upload, CopyPart { offset: at, entry, version, from, bytes }).await
            }
            (Some(Next::New { bytes }), _) => send_one(job, &way, upload, at, stretch.min(bytes)).await,
            (Some(_) | None, _) => send_one(job, &way, upload, at, stretch.min(left)).await,
        };
        match moved {
            Ok(after) => {
                refusals = 0;
                standing = after;
                stretch = next_stretch(stretch, begun.elapsed());
            }
            // What of the older version was promised is not there: the bytes go up.
            Err(error) if matches!(next, Some(Next::Older { .. })) && is_no_copy(error.code) => {
                changed = None
            }
            Err(error) => {
                // Changed bytes are the likeliest reason for any refusal, and the first to be told.
                same_source(job, content).await?;
                refusals += 1;
                match again(job, &way, upload, error, refusals).await? {
                    Some(there) => standing = there,
                    None => return Ok(End::Gone),
                }
            }
        }
        // The server compared the digest of the whole: what becomes of the source now is another matter.
        if standing.offset < content.size {
            same_source(job, content).await?;
        }
    }
    Ok(End::Stored(stored(standing)))
}

/// The version that the content was made from, if it is known; else the newest one that this device knows.
async fn older_version(job: &Job) -> Option<(EntryId, u32)> {
    let machine = &job.of.file.machine;
    let entry = machine.basis.entry.filter(|_| machine.restarts == 0)?;
    let version = match machine.basis.version {
        Some(version) => version,
        None => job.ports.cache.entry(entry).await.ok()??.version,
    };
    (version > 0).then_some((entry, version))
}

async fn send_one(
    job: &Job,
    way: &Authorized,
    upload: UploadId,
    at: u64,
    bytes: u64,
) -> Result<Standing, ErrorView> {
    let stretch = Stretch { source: &job.path, skip: at, upload, at, bytes, pace: job.ports.up.clone() };
    send_stretch(way, stretch).await
}

fn is_no_copy(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::NotFound | ErrorCode::BadRequest | ErrorCode::TooLarge | ErrorCode::RoleTooLow)
}

fn stored(standing: Standing) -> Stored {
    Stored { entry: standing.entry, version: standing.version }
}

/// What is to be created at the server.
fn described(job: &Job, content: &Content, upload: UploadId) -> NewUpload {
    NewUpload {
        id: upload,
        room: job.of.file.room,
        parent: job.of.file.parent,
        name: job.name.clone(),
        length: content.size,
        digest: content.digest.clone(),
        modified_ms: content.stamp.map_or(0, |stamp| stamp.modified_ns / 1_000_000),
        basis: job.of.file.machine.basis.clone(),
    }
}

/// What to do after a refused stretch: go on from where the server stands, or end.
async fn again(
    job: &Job,
    way: &Authorized,
    upload: UploadId,
    error: ErrorView,
    refusals: u32,
) -> Result<Option<Standing>, Failure> {
    if matches!(error.code, ErrorCode::Gone | ErrorCode::NotFound) {
        return Ok(None);
    }
    let void = Authorized::token_is_void(&error);
    if refusals > REFUSALS_MAX || !(void || error.code == ErrorCode::OffsetMismatch) {
        return Err(error.into());
    }
    if void {
        job.ports.net.forget(&way.bearer).await;
    }
    match tus::head(&job.ports.net, upload).await {
        Ok(standing) => Ok(Some(standing)),
        Err(error) if error.code == ErrorCode::Gone => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The bytes of a small source, still what was read through.
async fn read_again(job: &Job, content: &Content) -> Result<Bytes, Failure> {
    let path = job.path.clone();
    let read = move |_: &dyn Fn() -> bool| {
        let bytes = std::fs::read(&path).map_err(|error| source::unreadable(&error))?;
        Ok((Bytes::from(bytes), source::stamp(&path)?))
    };
    let (bytes, now) = job.blocking(read).await?;
    if Some(now) != content.stamp || bytes.len() as u64 != content.size {
        return Err(changed());
    }
    job.ports.up.wait(content.size).await;
    Ok(bytes)
}

fn changed() -> Failure {
    Failure::new(Trouble::SourceChanged, "the file changed while it was being sent")
}

async fn same_source(job: &Job, content: &Content) -> Result<(), Failure> {
    let path = job.path.clone();
    let now = job.blocking(move |_| source::stamp(&path).map_err(Failure::from)).await?;
    if Some(now) == content.stamp { Ok(()) } else { Err(changed()) }
}
