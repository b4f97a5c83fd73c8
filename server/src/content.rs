//! The content service: sharing groups, folders, uploads, downloads. Never imports `auth` or `messenger`.

use crate::access::Access;
use crate::error::Refusal;
use crate::interlock::{ProgressSink, Side};
use crate::store::StoreError;
use futures_util::future::BoxFuture;
use pod_shared::interlock::{RelayRow, RowsApplied};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// A handle to the content service; cheap to clone.
#[derive(Clone)]
pub struct Content {
    woken: Arc<Notify>,
}

impl Content {
    /// Opens `content.db` and the folder `blobs` in the data folder.
    ///
    /// # Errors
    /// When the database or the folder cannot be opened.
    pub fn open(_data: &Path, _access: Access, _progress: ProgressSink) -> Result<Self, StoreError> {
        Ok(Self { woken: Arc::default() })
    }
}

impl Side for Content {
    fn pending(&self, _limit: usize) -> BoxFuture<'_, Result<Vec<RelayRow>, Refusal>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn settled(&self, _outcome: RowsApplied) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(async { Ok(()) })
    }

    fn apply(&self, _rows: Vec<RelayRow>) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async {
            Err(Refusal::new(pod_shared::ErrorCode::Unavailable, "the content service is not there yet"))
        })
    }

    fn relay_woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }
}
