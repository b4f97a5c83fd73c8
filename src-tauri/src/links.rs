//! `pod://` links this program was started with, or woken by; and which links of a chat may be opened at all.

use std::sync::{Mutex, PoisonError};
use tauri::Url;

#[cfg(test)]
mod tests;

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

/// Where a link of a page leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To Pod itself.
    Here(String),
    /// To the system's program for it.
    System(String),
}

/// Reads a link; nothing: of a kind that is not opened. What is handed on is the link as it was understood, so that no
/// other program understands it differently.
pub(crate) fn target(text: &str) -> Option<Target> {
    if text.len() > LINK_BYTES_MAX {
        return None;
    }
    let url = Url::parse(text).ok()?;
    match url.scheme() {
        "pod" => Some(Target::Here(text.to_owned())),
        "http" | "https" | "mailto" => Some(Target::System(url.into())),
        _ => None,
    }
}
