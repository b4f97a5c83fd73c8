//! What a piece of work has at hand, and how it reports to the queue.

use super::reports::{News, Report};
use super::step::Step;
use super::trouble::Failure;
use crate::transfer::Ports;
use pod_shared::TransferId;
use std::path::PathBuf;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// One run of work on one transfer. Dropped when the run is stopped.
pub(super) struct Job<T> {
    /// Which transfer.
    pub(super) id: TransferId,
    /// Name of the file.
    pub(super) name: String,
    /// The source, or the destination.
    pub(super) path: PathBuf,
    /// What moves, as it was when the run began.
    pub(super) of: T,
    /// Network, cache, places.
    pub(super) ports: Ports,
    /// Which run this is; reports of an earlier one are ignored.
    pub(super) run: u64,
    /// To the queue.
    pub(super) reports: mpsc::Sender<Report>,
    /// Tells blocking work that nobody waits for it any more.
    pub(super) stop: CancellationToken,
}

impl<T> Job<T> {
    /// The same work, about this.
    pub(super) fn with<U>(self, of: U) -> Job<U> {
        let Self { id, name, path, of: _, ports, run, reports, stop } = self;
        Job { id, name, path, of, ports, run, reports, stop }
    }

    /// Tells the queue.
    pub(super) async fn tell(&self, news: News) {
        // The queue may be stopping; the row has all that matters.
        let _ = self.reports.send(Report::Run { transfer: self.id, run: self.run, news }).await;
    }

    /// Tells the machine.
    pub(super) async fn step(&self, step: impl Into<Step>) {
        self.tell(News::Step(step.into())).await;
    }

    /// Where the bytes of a file lie until it is whole.
    pub(super) fn part(&self) -> PathBuf {
        super::part::part_path(&self.path, self.id)
    }

    /// Runs blocking work that can be told to stop.
    pub(super) async fn blocking<V: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<V, Failure> + Send + 'static,
    ) -> Result<V, Failure> {
        let stop = self.stop.clone();
        let done = tokio::task::spawn_blocking(move || work(&|| stop.is_cancelled())).await;
        done.unwrap_or_else(|_| {
            let trouble = pod_machine::transfer::Trouble::Network { pause_ms: 0 };
            Err(Failure::new(trouble, "the work on the file was stopped"))
        })
    }
}
