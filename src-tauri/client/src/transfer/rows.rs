//! The rows of the queue in memory, by their id.

use super::row::Row;
use pod_shared::TransferId;
use std::collections::BTreeMap;

/// New rows on their way into the queue; each moves as it lies, for a list of rows would need as much room once more.
pub(super) type NewRows = Vec<Box<Row>>;

/// All of them. Each lies by itself: a tree of rows keeps room for twice as many as there are.
#[derive(Default)]
pub(super) struct Rows(BTreeMap<TransferId, Box<Row>>);

impl Rows {
    /// One.
    pub(super) fn get(&self, id: &TransferId) -> Option<&Row> {
        self.0.get(id).map(Box::as_ref)
    }

    /// One, to be changed.
    pub(super) fn get_mut(&mut self, id: &TransferId) -> Option<&mut Row> {
        self.0.get_mut(id).map(Box::as_mut)
    }

    /// One more, or one anew.
    pub(super) fn insert(&mut self, row: Box<Row>) {
        self.0.insert(row.id(), row);
    }

    /// All of them, oldest first.
    pub(super) fn values(&self) -> impl Iterator<Item = &Row> {
        self.0.values().map(Box::as_ref)
    }

    /// Their ids.
    pub(super) fn keys(&self) -> impl Iterator<Item = &TransferId> {
        self.0.keys()
    }

    /// No rows.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
