//! The receiver's work: fetch the rest from the server, and give the file its name.
//!
//! What an earlier run, straight or not, left in the part file is read again and checked piece by piece; the rest is
//! appended, and the whole has its digest before it has its name.

use super::job::Job;
use crate::direct::{self, Manifest};
use crate::net::{refusal_of, unreachable_error};
use crate::transfer::arriving::{STALL, take};
use crate::transfer::part::Part;
use crate::transfer::reports::News;
use crate::transfer::room::Placed;
use crate::transfer::source::unreadable;
use crate::transfer::trouble::Failure;
use crate::transfer::tus::{SMALL_TIMEOUT, with_token};
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, Offered};
use pod_machine::transfer::Trouble;
use pod_shared::ErrorCode;
use reqwest::header::RANGE;
use reqwest::{Method, Response, StatusCode};

/// Fetches what is not here yet.
pub(super) async fn run(job: Job, from: u64) {
    let Some(offered) = job.of.offered.clone() else { return };
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
    job.step(DownInput::AllThere).await;
    let (path, dest, content) = (job.part(), job.path.clone(), offered.content.clone());
    let placed = job.blocking(move |stop| {
        let part = match part {
            Some(part) => part,
            None => Part::open(path, &content, stop)?,
        };
        part.place(&dest, &content, None)
    });
    let placed = placed.await?;
    job.tell(News::Placed(Placed { path: placed, mark: None })).await;
    Ok(())
}

async fn fetch(job: &Job, offered: &Offered, from: u64) -> Result<Option<Part>, Failure> {
    let mut part = open(job, offered, from).await?;
    if part.bytes() < offered.content.size {
        let answer = ask(job, part.bytes() - from).await?;
        part = take(&job.ports.down, answer, part, |done| job.step(DownInput::Moved { done })).await?;
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
            return Err(Failure::new(Trouble::PartLost, lost));
        }
        if let Ok(file) = std::fs::OpenOptions::new().write(true).open(&path) {
            file.set_len(have).map_err(|error| unreadable(&error))?;
        }
        Part::open(path, &content, stop)
    })
    .await
}

async fn manifest(job: &Job, offered: &Offered) -> Result<Manifest, Failure> {
    let path = format!("/v1/forwards/{}/manifest", job.of.offer);
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
    let path = format!("/v1/forwards/{}/content", job.of.offer);
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
