//! The receiver's work on the straight way: the messenger says where the sender's device is, and the bytes come.

use super::fetch::finish;
use super::job::Job;
use crate::direct::{PullAsk, PullTrouble};
use crate::transfer::reports::News;
use crate::transfer::trouble::Failure;
use crate::view::ErrorView;
use pod_machine::offer::DownInput;
use pod_machine::transfer::Trouble;
use pod_shared::offer::OfferRequest;
use pod_shared::socket::{Answer, Request};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a direct way is looked for.
const WAY: Duration = Duration::from_secs(8);
/// Counts of bytes that may wait to be told.
const COUNTS_MAX: usize = 8;

/// Fetches what is not here yet, straight.
pub(super) async fn run(job: Job) {
    let Some(offered) = job.of.offered.clone() else { return };
    if offered.content.size == 0 {
        if let Err(failure) = finish(&job, &offered, None).await {
            job.tell(News::Failed(failure)).await;
        }
        return;
    }
    let Some(peer_endpoint) = endpoint(&job).await else { return cut(&job).await };
    let ask = PullAsk {
        offer: job.of.offer,
        peer_endpoint,
        manifest_root: offered.manifest,
        size: offered.content.size,
        part: job.part(),
        wait: WAY,
        pace: job.ports.down.clone(),
    };
    if let Some(folder) = job.path.parent()
        && let Err(error) = tokio::fs::create_dir_all(folder).await
    {
        return job.tell(News::Failed(crate::transfer::source::unreadable(&error).into())).await;
    }
    let (progress, mut counts) = mpsc::channel(COUNTS_MAX);
    let pulled = job.of.direct.pull(ask, progress);
    tokio::pin!(pulled);
    let ended = loop {
        tokio::select! {
            biased;
            Some(done) = counts.recv() => job.step(DownInput::Moved { done }).await,
            ended = &mut pulled => break ended,
        }
    };
    while let Ok(done) = counts.try_recv() {
        job.step(DownInput::Moved { done }).await;
    }
    let result = match ended {
        Ok(()) => finish(&job, &offered, None).await,
        Err(PullTrouble::NoWay | PullTrouble::Lost | PullTrouble::Refused | PullTrouble::Stopped) => {
            return cut(&job).await;
        }
        Err(PullTrouble::SourceChanged | PullTrouble::Wrong) => {
            Err(Failure::new(Trouble::SourceChanged, "the sender's file is another one now"))
        }
        Err(PullTrouble::Disk(code)) => Err(ErrorView::new(code, "the file could not be written").into()),
    };
    if let Err(failure) = result {
        job.tell(News::Failed(failure)).await;
    }
}

async fn cut(job: &Job) {
    let jitter = rand::random_range(0..=1_000);
    job.step(DownInput::Cut { jitter }).await;
}

/// Where the sender's device is now; while the messenger cannot be asked, where it was.
async fn endpoint(job: &Job) -> Option<Vec<u8>> {
    let asked = job.ports.asker.request(Request::Offer(OfferRequest::Peer { offer: job.of.offer })).await;
    match asked {
        Ok(Answer::Peer { endpoint: Some(endpoint), .. }) => {
            job.tell(News::Met(endpoint.0.clone())).await;
            Some(endpoint.0)
        }
        Ok(_) => None,
        Err(_) => job.of.met.clone(),
    }
}
