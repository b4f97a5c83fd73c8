//! What a window that opens is to show first: an entry, a place in the chat. Its page asks once.

use pod_shared::{EntryId, Position};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// What to show first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FirstLook {
    /// The entry to select.
    pub(crate) entry: Option<EntryId>,
    /// The place to scroll to.
    pub(crate) goto: Option<Position>,
}

/// By label, until the page has asked.
#[derive(Debug, Default)]
pub(crate) struct FirstLooks(Mutex<BTreeMap<String, FirstLook>>);

impl FirstLooks {
    /// A window is about to open.
    pub(super) fn set(&self, label: &str, look: FirstLook) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(label.to_owned(), look);
    }

    /// Its page asks.
    pub(crate) fn take(&self, label: &str) -> FirstLook {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(label).unwrap_or_default()
    }
}
