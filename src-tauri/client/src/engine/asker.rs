//! A way to ask the messenger for tasks that are not the engine's own. Neighbour: `run` sends and waits.

use super::wake::Wake;
use crate::view::ErrorView;
use pod_shared::socket::{Answer, Request};
use tokio::sync::{mpsc, oneshot};

/// Asks over the socket; cheap to clone.
#[derive(Clone)]
pub(crate) struct Asker {
    wakes: Option<mpsc::Sender<Wake>>,
}

impl Asker {
    pub(super) fn new(wakes: mpsc::Sender<Wake>) -> Self {
        Self { wakes: Some(wakes) }
    }

    /// There is no messenger: every question ends as if offline.
    pub(crate) fn nowhere() -> Self {
        Self { wakes: None }
    }

    /// Asks, and gives the answer or why there is none.
    pub(crate) async fn request(&self, body: Request) -> Result<Answer, ErrorView> {
        let Some(wakes) = &self.wakes else { return Err(ErrorView::offline()) };
        let (answer, answered) = oneshot::channel();
        wakes.send(Wake::Request { body, answer }).await.map_err(|_| ErrorView::stopped())?;
        answered.await.unwrap_or_else(|_| Err(ErrorView::offline()))
    }
}
