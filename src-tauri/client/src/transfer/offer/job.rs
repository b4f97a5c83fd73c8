//! What a run of work on an offer has at hand, and how it reports.

use crate::direct::{Direct, Manifest};
use crate::transfer::Ports;
use crate::transfer::trouble::Failure;
use crate::view::ErrorView;
use pod_machine::offer::{DownInput, Offered, Say, UpInput};
use pod_shared::{AccountId, OfferId, TransferId, UploadId};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// One run of work. Dropped when the run is stopped.
pub(super) struct Job {
    pub(super) transfer: TransferId,
    pub(super) offer: OfferId,
    pub(super) peer: AccountId,
    pub(super) offered: Option<Offered>,
    pub(super) manifest: Option<Arc<Manifest>>,
    pub(super) upload: Option<UploadId>,
    /// The source, or the destination.
    pub(super) path: PathBuf,
    pub(super) ports: Ports,
    pub(super) direct: Direct,
    pub(super) run: u64,
    pub(super) reports: mpsc::Sender<Report>,
    pub(super) stop: CancellationToken,
}

/// What a run, the messenger or the direct path has to say.
#[derive(Debug)]
pub(in crate::transfer) enum Report {
    /// A run of work.
    Run {
        /// Which transfer.
        transfer: TransferId,
        /// Which run; reports of an earlier one are ignored.
        run: u64,
        /// What.
        news: News,
    },
    /// The messenger answered.
    Spoke {
        /// Which transfer.
        transfer: TransferId,
        /// What was said.
        say: Say,
        /// What came of it.
        result: Result<(), ErrorView>,
    },
    /// The direct path, about what is sent.
    Served {
        /// Which offer.
        offer: OfferId,
        /// What.
        input: UpInput,
    },
}

/// What a run has to say.
#[derive(Debug)]
pub(in crate::transfer) enum News {
    /// The source was read through.
    Read(Offered, Arc<Manifest>),
    /// Something for the sender's side.
    Up(UpInput),
    /// Something for the receiver's side.
    Down(DownInput),
    /// The work ended without success.
    Failed(Failure),
    /// The other device is there.
    Met(Vec<u8>),
    /// It has its name: it is this file now.
    Placed(PathBuf),
}

impl Job {
    /// Tells the desk.
    pub(super) async fn tell(&self, news: News) {
        // The desk may be stopping; the row has all that matters.
        let _ = self.reports.send(Report::Run { transfer: self.transfer, run: self.run, news }).await;
    }

    /// Tells the receiver's side.
    pub(super) async fn down(&self, input: DownInput) {
        self.tell(News::Down(input)).await;
    }

    /// Where the bytes of a file lie until it is whole.
    pub(super) fn part(&self) -> PathBuf {
        crate::transfer::part::part_path(&self.path, self.transfer)
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
