//! The bolt between messenger and content service (N1–N5, N14): each side writes what the other must do into its relay
//! log, in the transaction of the change itself; this module carries the rows across until they are applied.
//!
//! The life of a row: appended by a side (and the side's [`Side::relay_woken`] notified after the commit), read by
//! [`Side::pending`], delivered in order per room and at least once to the other side's [`Side::apply`], which applies
//! it and keeps its id in one transaction, and at last [`Side::settled`], which deletes it or sets it aside. When that is
//! committed and old enough that no request with it can be on its way, the other side forgets the id ([`Side::forget`]).
//! Knows neither rooms nor files: only rows.

use crate::error::Refusal;
use futures_util::future::BoxFuture;
use pod_shared::interlock::{RelayRow, RowsApplied};
use pod_shared::socket::Progress;
use pod_shared::{RelayId, RoomId};
use std::sync::Arc;
use tokio::sync::Notify;

pub mod dispatch;
pub mod heartbeat;
pub mod http;
mod progress;
pub mod signature;
#[cfg(test)]
mod tests;

pub use progress::ProgressSink;
pub use signature::Secret;

/// One of the two services, as the interlock sees it.
pub trait Side: Send + Sync + 'static {
    /// The oldest rows that wait for the other side, in the order of `seq`, rows set aside and those of the rooms `held`
    /// left out.
    fn pending(&self, limit: usize, held: Vec<RoomId>) -> BoxFuture<'_, Result<Vec<RelayRow>, Refusal>>;

    /// The other side has these, or will never have them: they wait no longer. Repeatable.
    fn settled(&self, outcome: RowsApplied) -> BoxFuture<'_, Result<(), Refusal>>;

    /// Applies rows of the other side in this order, each with its id in one transaction; a row applied before changes
    /// nothing and counts as applied. A row that can never be applied goes into `refused`; one that is in neither list
    /// comes again later, as do those behind it in its room; so does all of it after an error.
    fn apply(&self, rows: Vec<RelayRow>) -> BoxFuture<'_, Result<RowsApplied, Refusal>>;

    /// The other side never sends these rows again: their ids need not be known any longer. Repeatable.
    fn forget(&self, ids: Vec<RelayId>) -> BoxFuture<'_, Result<(), Refusal>>;

    /// Notified (`notify_one`) after the commit of each new relay row.
    fn relay_woken(&self) -> Arc<Notify>;
}

/// Where live progress of uploads ends: the messenger.
pub trait ProgressTarget: Send + Sync + 'static {
    /// Tells who is looking. Best effort, must be quick.
    fn progress(&self, progress: Vec<Progress>);
}
