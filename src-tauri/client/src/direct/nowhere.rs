//! The direct path of a Pod that was built without one, or whose key cannot be had: there is never a way.

use super::{DirectTransport, PullAsk, PullTrouble};
use futures_util::future::BoxFuture;
use pod_shared::OfferId;
use pod_shared::offer::RelayInfo;
use tokio::sync::{mpsc, watch};

/// Meets nobody.
pub(super) struct Nowhere(watch::Sender<Option<Vec<u8>>>);

impl Nowhere {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl DirectTransport for Nowhere {
    fn endpoint(&self) -> watch::Receiver<Option<Vec<u8>>> {
        self.0.subscribe()
    }

    fn relay(&self, _relay: Option<RelayInfo>) {}

    fn network_changed(&self) {}

    fn pull(
        &self,
        _ask: PullAsk,
        _progress: mpsc::Sender<u64>,
    ) -> BoxFuture<'static, Result<(), PullTrouble>> {
        Box::pin(std::future::ready(Err(PullTrouble::NoWay)))
    }

    fn stop(&self, _offer: OfferId) {}
}
