//! `pod://` links this program was started with, or woken by.

use std::sync::{Mutex, PoisonError};

/// Longer ones are no invite of ours.
const LINK_BYTES_MAX: usize = 2048;

/// The link nobody has used yet.
#[derive(Debug, Default)]
pub(crate) struct Links(Mutex<Option<String>>);

impl Links {
    /// Keeps a link for the main window.
    pub(crate) fn keep(&self, link: Option<String>) {
        if let Some(link) = link {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
        }
    }

    /// Takes it.
    pub(crate) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The first `pod://` link among the words of a command line.
pub(crate) fn find<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<String> {
    words.find(|word| word.starts_with("pod://") && word.len() <= LINK_BYTES_MAX).map(str::to_owned)
}
