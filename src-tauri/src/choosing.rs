//! One of the system's file dialogs for each window at a time: whoever presses twice does not get two of them.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

#[cfg(test)]
mod tests;

/// The windows that have a dialog open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choosing(Arc<Mutex<BTreeSet<String>>>);

/// A dialog is open as long as this lives.
#[derive(Debug)]
pub(crate) struct Turn {
    choosing: Choosing,
    window: String,
}

impl Choosing {
    /// The window's turn; nothing: its dialog is open already.
    pub(crate) fn begin(&self, window: &str) -> Option<Turn> {
        let fresh = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(window.to_owned());
        fresh.then(|| Turn { choosing: self.clone(), window: window.to_owned() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.choosing.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.window);
    }
}
