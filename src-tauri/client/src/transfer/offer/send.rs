//! The sender's work: read the source through, and send the rest through the server.
//!
//! The life of a rest: the server is told what comes and gets the digests of the pieces (both repeatable), then the bytes
//! from the first missing one on as a tus upload. Another source than the one that was read through is never sent.

use super::job::Job;
use crate::direct::{self, Manifest};
use crate::net::Authorized;
use crate::transfer::reports::News;
use crate::transfer::source;
use crate::transfer::stretch::{STRETCH_BYTES_MIN, Stretch, next_stretch, send_stretch};
use crate::transfer::trouble::Failure;
use crate::transfer::tus::{self, Standing};
use crate::view::ErrorView;
use pod_machine::offer::{Offered, UpInput};
use pod_machine::transfer::{Content, Trouble};
use pod_shared::ErrorCode;
use pod_shared::content::{ForwardNew, ForwardOffset, ForwardState};
use reqwest::Method;
use std::sync::Arc;
use std::time::Instant;

/// Refusals in a row before the run ends.
const REFUSALS_MAX: u32 = 3;

/// Reads the source through.
pub(super) async fn read(job: Job) {
    let path = job.path.clone();
    let read = job.blocking(move |stop| direct::read_through(&path, stop).map_err(Failure::from)).await;
    match read {
        Ok((digest, manifest, stamp)) => {
            let content = Content { digest, size: stamp.size, stamp: Some(stamp) };
            let offered = Offered { content, manifest: manifest.root() };
            job.tell(News::Read(offered, Arc::new(manifest))).await;
        }
        // A file that is just being written is read again after a pause.
        Err(Failure { trouble: Trouble::SourceChanged, detail }) => {
            job.tell(News::Failed(Failure::new(Trouble::Network { pause_ms: 0 }, detail))).await;
        }
        Err(failure) => job.tell(News::Failed(failure)).await,
    }
}

/// Sends what the server does not have of the rest.
pub(super) async fn run(job: Job, from: u64) {
    match rest(&job, from).await {
        Ok(()) => job.step(UpInput::Kept).await,
        Err(failure) => job.tell(News::Failed(failure)).await,
    }
}

async fn rest(job: &Job, from: u64) -> Result<(), Failure> {
    let missing = || Failure::new(Trouble::SourceChanged, "what is offered is not known any more");
    let offered = job.of.offered.clone().ok_or_else(missing)?;
    let manifest = job.of.manifest.clone().ok_or_else(missing)?;
    let upload = job.of.upload.ok_or_else(missing)?;
    let content = &offered.content;
    same_source(job, content).await?;
    announce(job, &offered, &manifest, from).await?;
    let length = content.size - from;
    let mut standing = match tus::create_rest(&job.ports.net, upload, job.of.offer, length).await {
        // What this person may read at the server is kept for the receiver without being sent.
        Err(error) if error.code == ErrorCode::Conflict && is_whole(job).await? => return Ok(()),
        Ok(standing) if standing.offset == length => {
            tus::head(&job.ports.net, upload).await.map_err(expired)?
        }
        other => other.map_err(expired)?,
    };
    let (mut stretch, mut refusals) = (STRETCH_BYTES_MIN, 0);
    while standing.offset < length {
        let at = standing.offset;
        job.step(UpInput::Moved { done: at }).await;
        let bytes = stretch.min(length - at);
        let begun = Instant::now();
        let way = job.ports.net.content().await?;
        match send_stretch(
            &way,
            Stretch { source: &job.path, skip: from + at, upload, at, bytes, pace: job.ports.up.clone() },
        )
        .await
        {
            Ok(after) => {
                (refusals, standing) = (0, after);
                stretch = next_stretch(stretch, begun.elapsed());
            }
            Err(error) => {
                same_source(job, content).await?;
                refusals += 1;
                standing = again(job, &way, upload, error, refusals).await?;
            }
        }
        // The server compared every piece: what becomes of the source now is another matter.
        if standing.offset < length {
            same_source(job, content).await?;
        }
    }
    Ok(())
}

/// Whether the server has all of it.
async fn is_whole(job: &Job) -> Result<bool, Failure> {
    let path = format!("/v1/forwards/{}", job.of.offer);
    let answer = tus::with_token(&job.ports.net, |way| {
        way.http.request(Method::GET, &path, Some(&way.bearer)).timeout(tus::SMALL_TIMEOUT)
    });
    let bytes = answer.await.map_err(expired)?.bytes().await;
    let bytes = bytes.map_err(|error| crate::net::unreachable_error(&error))?;
    Ok(serde_json::from_slice(&bytes).is_ok_and(|state: ForwardState| state.whole))
}

/// Says what will come.
async fn announce(job: &Job, offered: &Offered, manifest: &Manifest, from: u64) -> Result<(), Failure> {
    let new = ForwardNew {
        to: job.of.peer,
        size: offered.content.size,
        from,
        sha256: offered.content.digest.clone(),
        manifest: source::hex(&offered.manifest),
    };
    let path = format!("/v1/forwards/{}", job.of.offer);
    let said = put(job, &path, |request| request.json(&new)).await;
    let said = match said {
        // The file is another one than before.
        Err(error) if error.code == ErrorCode::IdReused => {
            let way = job.ports.net.content().await?;
            way.http.call(Method::DELETE, &path, Some(&way.bearer)).await?;
            put(job, &path, |request| request.json(&new)).await
        }
        other => other,
    };
    let bytes = said.map_err(expired)?;
    let _: ForwardOffset = serde_json::from_slice(&bytes).map_err(|_| {
        ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood")
    })?;
    let digests = manifest.to_bytes();
    put(job, &format!("{path}/manifest"), |request| request.body(digests.clone())).await.map_err(expired)?;
    Ok(())
}

async fn put(
    job: &Job,
    path: &str,
    body: impl Fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Result<Vec<u8>, ErrorView> {
    let answer = tus::with_token(&job.ports.net, |way| {
        body(way.http.request(Method::PUT, path, Some(&way.bearer)).timeout(tus::SMALL_TIMEOUT))
    })
    .await?;
    let bytes = answer.bytes().await.map_err(|error| crate::net::unreachable_error(&error))?;
    Ok(bytes.to_vec())
}

async fn again(
    job: &Job,
    way: &Authorized,
    upload: pod_shared::UploadId,
    error: ErrorView,
    refusals: u32,
) -> Result<Standing, Failure> {
    let void = Authorized::token_is_void(&error);
    if refusals > REFUSALS_MAX || !(void || error.code == ErrorCode::OffsetMismatch) {
        return Err(expired(error));
    }
    if void {
        job.ports.net.forget(&way.bearer).await;
    }
    tus::head(&job.ports.net, upload).await.map_err(expired)
}

/// An upload or a rest that the server does not have any more is sent anew.
fn expired(error: ErrorView) -> Failure {
    if error.code == ErrorCode::Gone {
        Failure::new(Trouble::UploadExpired, error.message)
    } else if error.code == ErrorCode::NotFound {
        Failure::new(Trouble::RoomUnknown, error.message)
    } else {
        error.into()
    }
}

async fn same_source(job: &Job, content: &Content) -> Result<(), Failure> {
    let path = job.path.clone();
    let now = job.blocking(move |_| source::stamp(&path).map_err(Failure::from)).await?;
    if Some(now) == content.stamp {
        Ok(())
    } else {
        Err(Failure::new(Trouble::SourceChanged, "the file changed while it was being sent"))
    }
}
