//! The content service: sharing groups, folders, uploads, downloads. Never imports `auth` or `messenger`.
//!
//! A handle over the store (what is known), the blobs (the bytes) and the uploads that move now. Every right is asked in
//! the transaction that acts on it; streams are watched by a [`guard::Guard`] and end when the right does.

use crate::access::{Access, Caller};
use crate::blobs::{Blobs, DiskBlobs};
use crate::error::Refusal;
use crate::interlock::{ProgressSink, Side};
use crate::store::StoreError;
use crate::store::sqlite::content::{Applied, ContentStore, Doing, FILE};
use futures_util::future::BoxFuture;
use pod_shared::auth::Audience;
use pod_shared::interlock::{RelayBody, RelayRow, RowsApplied};
use pod_shared::{AccountId, RelayId, RoomId, TimeMs, limits};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Notify;

pub(crate) mod at_rest;
mod changes;
pub mod check;
mod chunks;
mod downloads;
mod entries;
mod forwards;
mod groups;
mod guard;
mod instant;
mod locks;
pub(crate) mod naming;
mod opened;
mod permissions;
mod policy;
pub(crate) mod previews;
mod reading;
mod remarks;
mod room_pictures;
pub(crate) mod rules;
mod search;
mod settling;
mod sweep;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;
mod trash;
pub(crate) mod uploads;

pub(crate) use downloads::{Download, Span};
pub use policy::{Policy, Proofs, Quotas};
pub use reading::read_pdf;

/// Name of the folder of contents in the data folder.
pub const BLOBS: &str = "blobs";

/// A handle to the content service; cheap to clone.
#[derive(Clone)]
pub struct Content {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: ContentStore,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) access: Access,
    progress: ProgressSink,
    slots: uploads::Slots,
    pub(crate) making: uploads::Making,
    pub(crate) studio: previews::Studio,
    shelf: previews::Shelf,
    settling: settling::Settling,
    pub(crate) at_rest: at_rest::AtRest,
    cutting: chunks::Cutting,
    /// Notified when a lease begins.
    leases: Arc<Notify>,
    /// Notified when something was deleted for good.
    purges: Arc<Notify>,
    /// The program that reads PDFs, where there is one.
    pdf_reader: OnceLock<(PathBuf, Duration)>,
    policy: Policy,
    /// A stream that moves no byte for this long is cut.
    stall: Duration,
}

impl Content {
    /// Opens `content.db` and the folder `blobs` in the data folder, and begins to clear what an earlier life left
    /// half done. Called inside the runtime.
    ///
    /// # Errors
    /// When the database or the folder cannot be opened.
    pub fn open(
        data: &Path,
        access: Access,
        progress: ProgressSink,
        policy: Policy,
    ) -> Result<Self, StoreError> {
        let blobs = Arc::new(DiskBlobs::open(&data.join(BLOBS))?);
        let stall = Duration::from_millis(limits::HTTP_STALL_MS_MAX);
        Self::with_parts(data, blobs, access, progress, policy, stall)
    }

    /// As [`Content::open`], with another place for the bytes and another patience with streams that stand still.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn with_parts(
        data: &Path,
        blobs: Arc<dyn Blobs>,
        access: Access,
        progress: ProgressSink,
        policy: Policy,
        stall: Duration,
    ) -> Result<Self, StoreError> {
        let file = data.join(FILE);
        let store = ContentStore::open(&file)?.with_quotas(policy.quotas);
        sweep::clear(&*blobs, &ContentStore::names_at_start(&file)?)?;
        let shelf = previews::Shelf::open(&data.join(previews::PREVIEWS), limits::PREVIEWS_BYTES_MAX)?;
        let (slots, making, studio, settling, at_rest, leases, cutting, purges) = Default::default();
        let inner = Inner {
            store,
            blobs,
            access,
            progress,
            slots,
            making,
            studio,
            shelf,
            settling,
            at_rest,
            cutting,
            leases,
            purges,
            pdf_reader: OnceLock::new(),
            policy,
            stall,
        };
        let content = Self { inner: Arc::new(inner) };
        sweep::start(&content);
        at_rest::start(&content);
        locks::start(&content);
        trash::start(&content);
        reading::start(&content);
        Ok(content)
    }

    /// Whose token it is.
    pub(crate) fn caller(&self, bearer: Option<&str>, audience: Audience) -> Result<Caller, Refusal> {
        self.inner.access.verify(bearer, audience)
    }

    /// The data.
    pub(crate) fn store(&self) -> &ContentStore {
        &self.inner.store
    }

    /// Who does something, now.
    pub(crate) fn doing(by: AccountId) -> Doing {
        Doing { by, at: now(), device: None }
    }

    /// Who does something now, and where: what another device edits is not changed.
    pub(crate) fn doing_at(caller: Caller) -> Doing {
        Doing { by: caller.account, at: now(), device: Some(caller.device) }
    }

    async fn apply_in_order(&self, rows: Vec<RelayRow>) -> RowsApplied {
        let mut outcome = RowsApplied { applied: Vec::new(), refused: Vec::new() };
        let mut behind = HashSet::new();
        for row in rows {
            let (id, room, is_pair) = (row.id, row.room, matches!(row.body, RelayBody::Pair { .. }));
            // Rows of one room keep their order: after one that must come again the others wait. What comes behind a
            // refused pair belongs to a room that only has the group's id.
            if behind.contains(&room) {
                continue;
            }
            match self.store().apply(now(), row).await {
                Ok(Applied::Yes(ended)) => {
                    crate::fault::point("content_row_applied");
                    self.discard_uploads(ended);
                    outcome.applied.push(id);
                }
                Ok(Applied::Never(why)) => {
                    outcome.refused.push((id, why.to_owned()));
                    if is_pair {
                        behind.insert(room);
                    }
                }
                Err(refusal) => {
                    tracing::warn!(code = %refusal.code(), row = %id, "a row of the messenger could not be applied yet");
                    behind.insert(room);
                }
            }
        }
        outcome
    }
}

impl Side for Content {
    fn pending(&self, limit: usize, held: Vec<RoomId>) -> BoxFuture<'_, Result<Vec<RelayRow>, Refusal>> {
        Box::pin(self.store().pending(limit, held))
    }

    fn settled(&self, outcome: RowsApplied) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(async move {
            let applied = outcome.applied.clone();
            self.store().settled(outcome).await?;
            self.inner.settling.settled(&applied);
            Ok(())
        })
    }

    fn apply(&self, rows: Vec<RelayRow>) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async move { Ok(self.apply_in_order(rows).await) })
    }

    fn forget(&self, ids: Vec<RelayId>) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(self.store().forget(ids))
    }

    fn relay_woken(&self) -> Arc<Notify> {
        self.store().woken()
    }
}

/// The server's time.
fn now() -> TimeMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    TimeMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
