//! The messenger: rooms, messages, mailboxes, the socket. Never imports `auth` or `content`.

use crate::about::About;
use crate::access::Access;
use crate::directory::Directory;
use crate::error::Refusal;
use crate::interlock::{ProgressTarget, Side};
use crate::store::StoreError;
use futures_util::future::BoxFuture;
use pod_shared::interlock::{RelayRow, RowsApplied};
use pod_shared::socket::Progress;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// A handle to the messenger; cheap to clone.
#[derive(Clone)]
pub struct Messenger {
    woken: Arc<Notify>,
}

impl Messenger {
    /// Opens `messenger.db` in the data folder.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(
        _data: &Path,
        _directory: Arc<dyn Directory>,
        _access: Access,
        _about: About,
    ) -> Result<Self, StoreError> {
        Ok(Self { woken: Arc::default() })
    }
}

impl Side for Messenger {
    fn pending(&self, _limit: usize) -> BoxFuture<'_, Result<Vec<RelayRow>, Refusal>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn settled(&self, _outcome: RowsApplied) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(async { Ok(()) })
    }

    fn apply(&self, _rows: Vec<RelayRow>) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async {
            Err(Refusal::new(pod_shared::ErrorCode::Unavailable, "the messenger is not there yet"))
        })
    }

    fn relay_woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }
}

impl ProgressTarget for Messenger {
    fn progress(&self, _progress: Vec<Progress>) {}
}
