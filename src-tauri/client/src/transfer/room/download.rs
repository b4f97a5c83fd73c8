//! One run of a download.
//!
//! Its life: the entry says what the newest version is; the part file is opened and read again; the rest is asked for
//! with `Range` and `If-Range`, so another version can never be stitched to it; at the last byte the digest is compared
//! and the file gets its name. A small file comes whole before it goes to the disk. Refuses to open, or to make executable,
//! anything that came.

use super::changed::{self, Next, read_older};
use super::job::Job;
use super::linked::Placed;
use crate::net::{Authorized, refusal_of, unreachable_error};
use crate::transfer::arriving::{STALL, take};
use crate::transfer::part::Part;
use crate::transfer::reports::News;
use crate::transfer::trouble::Failure;
use crate::transfer::tus::{SMALL_TIMEOUT, with_token};
use crate::view::ErrorView;
use pod_machine::transfer::{Content, Input, Trouble};
use pod_shared::content::{EntryKind, VersionPage};
use pod_shared::{EntryId, ErrorCode, limits};
use reqwest::header::{ETAG, HeaderMap, IF_RANGE, RANGE};
use reqwest::{Method, Response, StatusCode};
use std::io::Read;

/// A file below this size, in bytes, is held in memory until all of it is there.
const SMALL_BELOW: u64 = limits::INSTANT_BYTES_MIN;

/// Looks up what the newest version is.
pub(super) async fn read(job: Job) {
    match look_up(&job).await {
        Ok(content) => job.step(Input::WasRead { content, fresh: job.of.file.next_upload }).await,
        Err(failure) => job.tell(News::Failed(failure)).await,
    }
}

async fn look_up(job: &Job) -> Result<Content, Failure> {
    let missing =
        || Failure::new(Trouble::Final(ErrorCode::NotFound), "the file is not in the folder any more");
    let id = job.of.file.machine.entry.ok_or_else(missing)?;
    let entry = job.ports.cache.entry(id).await?.ok_or_else(missing)?;
    if entry.deleted || entry.kind != EntryKind::File {
        return Err(missing());
    }
    match job.of.file.machine.version {
        None => Ok(Content { digest: entry.digest, size: entry.size, stamp: None }),
        Some(version) => of_version(job, id, version).await?.ok_or_else(missing),
    }
}

/// What an older version is; nothing: the server has it no more.
async fn of_version(job: &Job, id: EntryId, version: u32) -> Result<Option<Content>, Failure> {
    let before = version.saturating_add(1);
    let path = format!("/v1/entries/{id}/versions?before={before}&limit=1");
    let answer = with_token(&job.ports.net, |way| {
        way.http.request(Method::GET, &path, Some(&way.bearer)).timeout(SMALL_TIMEOUT)
    });
    let bytes = answer.await?.bytes().await.map_err(|error| unreachable_error(&error))?;
    let page: VersionPage = serde_json::from_slice(&bytes).map_err(|_| {
        ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood")
    })?;
    let found = page.versions.into_iter().find(|found| found.version == version);
    Ok(found.map(|found| Content { digest: found.digest, size: found.size, stamp: None }))
}

/// Fetches what is not here yet.
pub(super) async fn run(job: Job) {
    let (Some(content), Some(entry)) = (job.of.file.machine.content.clone(), job.of.file.machine.entry)
    else {
        return;
    };
    match fetch(&job, &content, entry).await {
        Ok(placed) => job.tell(News::Placed(placed)).await,
        Err(failure) => job.tell(News::Failed(failure)).await,
    }
}

async fn fetch(job: &Job, content: &Content, entry: EntryId) -> Result<Placed, Failure> {
    if (1..SMALL_BELOW).contains(&content.size) && job.of.at_hand.is_none() {
        return fetch_small(job, content, entry).await;
    }
    let (path, wanted) = (job.part(), content.clone());
    if let Some(linked) = job.of.file.linked.clone() {
        let (dest, wanted) = (job.path.clone(), content.clone());
        let look = move |_: &dyn Fn() -> bool| match linked.check(&dest) {
            Ok(()) => Ok(None),
            Err(failure) => linked.is_there(&dest, &wanted).ok_or(failure).map(Some),
        };
        if let Some(placed) = job.blocking(look).await? {
            return Ok(placed);
        }
    }
    let mut part = job.blocking(move |stop| Part::open(path, &wanted, stop)).await?;
    if part.bytes() < content.size
        && let Some(at_hand) = job.of.at_hand.clone()
    {
        part = job.blocking(move |stop| copy_here(part, &at_hand, stop)).await?;
    }
    job.step(Input::Moved { done: part.bytes() }).await;
    if part.bytes() < content.size {
        part = what_changed(job, content, entry, part).await?;
    }
    if part.bytes() < content.size {
        let answer = ask(job, content, entry, part.bytes(), None).await?;
        if answer.status() == StatusCode::OK {
            part = job.blocking(move |_| part.clear().map(|()| part)).await?;
        }
        part = take(&job.ports.down, answer, part, |done| job.step(Input::Moved { done })).await?;
    }
    if part.bytes() < content.size {
        return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the answer ended early"));
    }
    job.step(Input::AllThere).await;
    let place = place(job, content);
    job.blocking(move |_| place(part)).await
}

/// Where an older version of the file lies here, only what changed comes.
async fn what_changed(job: &Job, content: &Content, entry: EntryId, mut part: Part) -> Result<Part, Failure> {
    let file = &job.of.file;
    let planned = file.linked.as_ref().and_then(|linked| linked.replaces).map(|_| job.path.clone());
    // Where that brought other bytes, the whole comes.
    let older = planned.or_else(|| job.of.replaces.clone()).filter(|_| file.machine.restarts == 0);
    let Some(older) = older else { return Ok(part) };
    let Some(changed) = changed::of_download(job, content, entry, older.clone()).await else {
        return Ok(part);
    };
    while let Some(next) = changed.at(part.bytes()) {
        part = match next {
            Next::Older { from, bytes } => {
                let older = older.clone();
                let copy = move |_: &dyn Fn() -> bool| {
                    read_older(&older, from, bytes, |piece| part.write(piece))?;
                    Ok(part)
                };
                job.blocking(copy).await?
            }
            Next::New { bytes } => {
                let end = part.bytes() + bytes;
                let answer = ask(job, content, entry, part.bytes(), Some(end)).await?;
                if answer.status() != StatusCode::PARTIAL_CONTENT {
                    return Err(Failure::new(
                        Trouble::BytesWrong,
                        "the server sent another range than asked for",
                    ));
                }
                let part =
                    take(&job.ports.down, answer, part, |done| job.step(Input::Moved { done })).await?;
                if part.bytes() != end {
                    return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the answer ended early"));
                }
                part
            }
        };
        job.step(Input::Moved { done: part.bytes() }).await;
    }
    Ok(part)
}

/// Gives what came its name: in a linked folder only the place that was planned.
fn place(job: &Job, content: &Content) -> impl FnOnce(Part) -> Result<Placed, Failure> + Send + 'static {
    let (dest, wanted, replaces) = (job.path.clone(), content.clone(), job.of.replaces.clone());
    let linked = job.of.file.linked.clone();
    move |part| match linked {
        Some(linked) => linked.place(part, &dest, &wanted),
        None => {
            let path = part.place(&dest, &wanted, replaces.as_deref())?;
            Ok(Placed { path, mark: None })
        }
    }
}

/// A small file comes whole, and goes to the disk at once: what a former life left of it comes again.
async fn fetch_small(job: &Job, content: &Content, entry: EntryId) -> Result<Placed, Failure> {
    let bytes = whole(job, ask(job, content, entry, 0, None).await?, content.size).await?;
    let (part, place) = (job.part(), place(job, content));
    job.blocking(move |_| {
        let mut part = Part::anew(part)?;
        part.write(&bytes)?;
        place(part)
    })
    .await
}

/// All bytes of an answer that has so many.
async fn whole(job: &Job, mut answer: Response, size: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    loop {
        let piece = tokio::time::timeout(STALL, answer.chunk()).await;
        let piece = piece.map_err(|_| ErrorView::new(ErrorCode::Offline, "no bytes come"))?;
        let Some(piece) = piece.map_err(|error| unreachable_error(&error))? else { break };
        if (bytes.len() + piece.len()) as u64 > size {
            return Err(Failure::new(Trouble::BytesWrong, "more bytes came than the file has"));
        }
        job.ports.down.wait(piece.len() as u64).await;
        bytes.extend_from_slice(&piece);
    }
    if (bytes.len() as u64) < size {
        return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the answer ended early"));
    }
    Ok(bytes)
}

/// The same bytes lie on this computer already: they are copied, not fetched (O9). A copy that turns out to be another
/// file fails the digest check later, and the next run fetches.
fn copy_here(mut part: Part, at_hand: &std::path::Path, stop: &dyn Fn() -> bool) -> Result<Part, Failure> {
    part.clear()?;
    let Ok(mut source) = std::fs::File::open(at_hand) else { return Ok(part) };
    let mut piece = vec![0; crate::transfer::source::PIECE_BYTES];
    while let Ok(read @ 1..) = source.read(&mut piece) {
        if stop() {
            break;
        }
        part.write(piece.get(..read).unwrap_or_default())?;
    }
    Ok(part)
}

/// Asks for the bytes from one on, up to and without another.
async fn ask(
    job: &Job,
    content: &Content,
    entry: EntryId,
    from: u64,
    end: Option<u64>,
) -> Result<Response, Failure> {
    let mut second = false;
    loop {
        let way = job.ports.net.content().await?;
        // No person opened what a linked folder fetches.
        let asked = match (job.of.file.machine.version, &job.of.file.linked) {
            (_, Some(_)) => "?quiet=true".to_owned(),
            (Some(version), None) => format!("?version={version}"),
            (None, None) => String::new(),
        };
        let path = format!("/v1/entries/{entry}/content{asked}");
        let mut request = way.http.request(Method::GET, &path, Some(&way.bearer));
        if from > 0 || end.is_some() {
            let last = end.map(|end| end.saturating_sub(1).to_string()).unwrap_or_default();
            request = request.header(RANGE, format!("bytes={from}-{last}")).header(IF_RANGE, etag(content));
        }
        let sent = tokio::time::timeout(STALL, request.send()).await;
        let answer = sent
            .map_err(|_| ErrorView::new(ErrorCode::Offline, "the server does not answer"))?
            .map_err(|error| unreachable_error(&error))?;
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => return checked(answer, content, from),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                return Err(Failure::new(Trouble::BytesWrong, "the file is shorter than what came before"));
            }
            _ => {
                let error = refusal_of(answer).await;
                if second || !Authorized::token_is_void(&error) {
                    return Err(error.into());
                }
                job.ports.net.forget(&way.bearer).await;
                second = true;
            }
        }
    }
}

/// Only the wanted version may be appended to what is here.
fn checked(answer: Response, content: &Content, from: u64) -> Result<Response, Failure> {
    let headers = answer.headers();
    let other = headers.get(ETAG).is_some_and(|tag| tag.to_str().ok() != Some(etag(content).as_str()));
    if other {
        return Err(Failure::new(Trouble::SourceChanged, "there is a newer version"));
    }
    if answer.status() == StatusCode::PARTIAL_CONTENT && first_byte(headers) != Some(from) {
        return Err(Failure::new(Trouble::BytesWrong, "the server sent another range than asked for"));
    }
    Ok(answer)
}

fn first_byte(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get("Content-Range")?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

fn etag(content: &Content) -> String {
    format!("\"{}\"", content.digest)
}
