//! In a test: the steps that SQLite makes on all connections of the databases that one thread opens from now on. Rows that
//! are looked at cost steps; so this says how much is read, on any machine.

use rusqlite::Connection;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The count.
pub(crate) type Steps = Arc<AtomicU64>;

thread_local! {
    static WANTED: RefCell<Option<Steps>> = const { RefCell::new(None) };
}

/// Begins to count for what this thread opens.
pub(crate) fn from_now_on() -> Steps {
    let steps = Steps::default();
    WANTED.with_borrow_mut(|wanted| *wanted = Some(Arc::clone(&steps)));
    steps
}

pub(super) fn wanted() -> Option<Steps> {
    WANTED.with_borrow(Clone::clone)
}

pub(super) fn count(connection: &mut Connection, steps: Option<&Steps>) {
    if let Some(steps) = steps.cloned() {
        let step = move || {
            steps.fetch_add(1, Ordering::Relaxed);
            false
        };
        connection.progress_handler(1, Some(step)).unwrap();
    }
}
