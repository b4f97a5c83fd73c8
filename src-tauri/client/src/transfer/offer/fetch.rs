//! The receiver's work: fetch the rest from the server, and give the file its name.
//!
//! What an earlier run, straight or not, left in the part file is read again and checked piece by piece; the rest is
//! appended, and the whole has its digest before it has its name.

use super::job::{Job, News};
use crate::direct::{self, Manifest};
use crate::net::{refusal_of, unreachable_error};
use crate::transfer::part::Part;
use crate::transfer::source::unreadable;
use crate::transfer::trouble::Failure;
use crate::transfer::tus::{SMALL_TIMEOUT, with_token};
use crate::view::ErrorView;
use bytes::Bytes;
use pod_machine::offer::{DownInput, Offered};
use pod_machine::transfer::Trouble;
use pod_shared::{ErrorCode, limits};
use reqwest::header::RANGE;
use reqwest::{Method, Response, StatusCode};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Pieces between the network and the disk.
const PIECES_MAX: usize = 16;
/// Progress is reported this often at most.
const REPORT_EVERY: Duration = Duration::from_millis(100);
/// Nothing came for this long: the connection is dead.
const STALL: Duration = Duration::from_millis(limits::HTTP_STALL_MS_MAX);

/// Fetches what is not here yet.
pub(super) async fn run(job: Job, from: u64) {
    let Some(offered) = job.offered.clone() else { return };
    let fetched = match fetch(&job, &offered, from).await {
        Ok(part) => finish(&job, &offered, part).await,
        Err(failure) => Err(failure),
    };
    if let Err(failure) = fetched {
        job.tell(News::Failed(failure)).await;
    }
}

/// Checks the digest of a whole part file and gives it its name.
pub(super) async fn finish(job: &Job, offered: &Offered, part: Option<Part>) -> Result<(), Failure> {
    job.down(DownInput::AllThere).await;
    let (path, dest, content) = (job.part(), job.path.clone(), offered.content.clone());
    let placed = job.blocking(move |stop| {
        let part = match part {
            Some(part) => part,
            None => Part::open(path, &content, stop)?,
        };
        part.place(&dest, &content, None)
    });
    let placed = placed.await?;
    job.tell(News::Placed(placed)).await;
    Ok(())
}

async fn fetch(job: &Job, offered: &Offered, from: u64) -> Result<Option<Part>, Failure> {
    let mut part = open(job, offered, from).await?;
    if part.bytes() < offered.content.size {
        let answer = ask(job, part.bytes() - from).await?;
        part = take(job, answer, part).await?;
    }
    if part.bytes() < offered.content.size {
        return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the answer ended early"));
    }
    Ok(Some(part))
}

/// The part file, with all that is verified of it and nothing else.
async fn open(job: &Job, offered: &Offered, from: u64) -> Result<Part, Failure> {
    let manifest = manifest(job, offered).await?;
    let (path, content) = (job.part(), offered.content.clone());
    job.blocking(move |stop| {
        let have = direct::part::whole(&path, &manifest, stop)?;
        if have < from {
            let lost = "the beginning of the file is not here any more, and the server has the rest only";
            return Err(Failure::new(Trouble::Final(ErrorCode::Gone), lost));
        }
        if let Ok(file) = std::fs::OpenOptions::new().write(true).open(&path) {
            file.set_len(have).map_err(|error| unreadable(&error))?;
        }
        Part::open(path, &content, stop)
    })
    .await
}

async fn manifest(job: &Job, offered: &Offered) -> Result<Manifest, Failure> {
    let path = format!("/v1/forwards/{}/manifest", job.offer);
    let answer = with_token(&job.ports.net, |way| {
        way.http.request(Method::GET, &path, Some(&way.bearer)).timeout(SMALL_TIMEOUT)
    });
    let answer = answer.await.map_err(gone)?;
    let bytes = answer.bytes().await.map_err(|error| unreachable_error(&error))?;
    Manifest::from_bytes(offered.content.size, &bytes)
        .filter(|manifest| manifest.root() == offered.manifest)
        .ok_or_else(|| {
            Failure::new(Trouble::SourceChanged, "the server has another file than the one offered")
        })
}

async fn ask(job: &Job, at: u64) -> Result<Response, Failure> {
    let path = format!("/v1/forwards/{}/content", job.offer);
    let asked = with_token(&job.ports.net, |way| {
        let request = way.http.request(Method::GET, &path, Some(&way.bearer));
        if at > 0 { request.header(RANGE, format!("bytes={at}-")) } else { request }
    });
    let answer = tokio::time::timeout(STALL, asked).await;
    let answer = answer
        .map_err(|_| ErrorView::new(ErrorCode::Offline, "the server does not answer"))?
        .map_err(gone)?;
    match answer.status() {
        StatusCode::PARTIAL_CONTENT => Ok(answer),
        StatusCode::OK if at == 0 => Ok(answer),
        _ => Err(refusal_of(answer).await.into()),
    }
}

/// The messenger says what became of it.
fn gone(error: ErrorView) -> Failure {
    if matches!(error.code, ErrorCode::Gone | ErrorCode::NotFound | ErrorCode::Conflict) {
        Failure::new(Trouble::UploadExpired, error.message)
    } else {
        error.into()
    }
}

/// Writes what comes, on a thread that may block. The part is given back also when the network broke off.
async fn take(job: &Job, mut answer: Response, mut part: Part) -> Result<Part, Failure> {
    let (pieces, mut queue) = mpsc::channel::<Bytes>(PIECES_MAX);
    let (written, mut counts) = tokio::sync::watch::channel(part.bytes());
    let writer = tokio::task::spawn_blocking(move || {
        while let Some(piece) = queue.blocking_recv() {
            part.write(&piece)?;
            // Nobody counts any more when the run was stopped.
            let _ = written.send(part.bytes());
        }
        Ok::<Part, Failure>(part)
    });
    let mut told = Instant::now();
    let broken = loop {
        match tokio::time::timeout(STALL, answer.chunk()).await {
            Ok(Ok(Some(piece))) => {
                job.ports.down.wait(piece.len() as u64).await;
                if pieces.send(piece).await.is_err() {
                    break None;
                }
            }
            Ok(Ok(None)) => break None,
            Ok(Err(error)) => break Some(unreachable_error(&error)),
            Err(_) => break Some(ErrorView::new(ErrorCode::Offline, "no bytes come")),
        }
        if told.elapsed() >= REPORT_EVERY {
            told = Instant::now();
            let done = *counts.borrow_and_update();
            job.down(DownInput::Moved { done }).await;
        }
    };
    drop(pieces);
    let stopped = |_| Failure::new(Trouble::Network { pause_ms: 0 }, "the work on the file was stopped");
    let part = writer.await.map_err(stopped)??;
    job.down(DownInput::Moved { done: part.bytes() }).await;
    match broken {
        Some(error) => Err(error.into()),
        None => Ok(part),
    }
}
