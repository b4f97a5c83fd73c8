//! What a piece of work has at hand, and how it reports to the queue.

use super::row::Facts;
use super::trouble::Failure;
use crate::transfer::Ports;
use pod_machine::transfer::{Input, Transfer};
use pod_shared::TransferId;
use std::path::PathBuf;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// One run of work on one transfer. Dropped when the run is stopped.
pub(super) struct Job {
    /// The transfer as it was when the run began.
    pub(super) transfer: Transfer,
    /// What is known beside.
    pub(super) facts: Facts,
    /// Network, cache, places.
    pub(super) ports: Ports,
    /// An older, untouched copy of ours that lies where a download goes.
    pub(super) replaces: Option<PathBuf>,
    /// A file on this computer that has the wanted bytes already (O9).
    pub(super) at_hand: Option<PathBuf>,
    /// Which run this is; reports of an earlier one are ignored.
    pub(super) run: u64,
    /// To the queue.
    pub(super) reports: mpsc::Sender<Report>,
    /// Tells blocking work that nobody waits for it any more.
    pub(super) stop: CancellationToken,
}

/// What a run has to say.
#[derive(Debug)]
pub(super) struct Report {
    /// Which transfer.
    pub(super) transfer: TransferId,
    /// Which run.
    pub(super) run: u64,
    /// What.
    pub(super) news: News,
}

/// What happened.
#[derive(Debug)]
pub(super) enum News {
    /// Something for the machine.
    Step(Input),
    /// The work ended without success.
    Failed(Failure),
    /// The upload is gone at the server: cancelled, or expired if nothing was sent for long.
    UploadGone,
    /// A download has its name: it is this file now.
    Placed(PathBuf),
}

impl Job {
    /// Tells the queue.
    pub(super) async fn tell(&self, news: News) {
        // The queue may be stopping; the row has all that matters.
        let _ = self.reports.send(Report { transfer: self.transfer.id, run: self.run, news }).await;
    }

    /// Tells the machine.
    pub(super) async fn step(&self, input: Input) {
        self.tell(News::Step(input)).await;
    }

    /// Runs blocking work that can be told to stop.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let stop = self.stop.clone();
        let done = tokio::task::spawn_blocking(move || work(&|| stop.is_cancelled())).await;
        done.unwrap_or_else(|_| {
            let trouble = pod_machine::transfer::Trouble::Network { pause_ms: 0 };
            Err(Failure::new(trouble, "the work on the file was stopped"))
        })
    }
}
