//! Who may play what: tickets nobody can guess, each for one version of one file and one window. A window has a few at once;
//! with another one its oldest ends.

use super::Source;
use pod_client::view::ErrorView;
use pod_shared::EntryId;
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Films that one window may have open.
pub(super) const WINDOW_TICKETS_MAX: usize = 4;
/// Films that all windows together may have open.
pub(super) const TICKETS_MAX: usize = 64;

/// What is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Film {
    /// The file.
    pub(crate) entry: EntryId,
    /// Which version: it stays the same while it is played.
    pub(crate) version: u32,
    /// Bytes.
    pub(crate) size: u64,
    /// As HTTP names its kind.
    pub(crate) mime: &'static str,
}

/// A right to play one film.
pub(super) struct Ticket {
    pub(super) film: Film,
    pub(super) source: Source,
    window: String,
    number: u64,
    token: String,
    fetched: AtomicU64,
    failed: Mutex<Option<ErrorView>>,
    over: AtomicBool,
}

impl Ticket {
    /// It has ended: not one byte more.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Bytes that came.
    pub(super) fn came(&self, bytes: usize) {
        self.fetched.fetch_add(bytes as u64, Ordering::Relaxed);
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// None come.
    pub(super) fn fails(&self, error: ErrorView) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    pub(super) fn fetched(&self) -> u64 {
        self.fetched.load(Ordering::Relaxed)
    }

    pub(super) fn failed(&self) -> Option<ErrorView> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Those that are good, the oldest first.
#[derive(Default)]
pub(super) struct Tickets {
    last: u64,
    good: VecDeque<Arc<Ticket>>,
}

impl Tickets {
    /// A new one; answers its number and its secret.
    pub(super) fn sell(&mut self, window: &str, film: Film, source: Source) -> (u64, String) {
        let of_window = |ticket: &Arc<Ticket>| ticket.window == window;
        if self.good.iter().filter(|ticket| of_window(ticket)).count() >= WINDOW_TICKETS_MAX {
            let oldest = self.good.iter().position(of_window);
            self.drop_at(oldest);
        }
        if self.good.len() >= TICKETS_MAX {
            self.drop_at(Some(0));
        }
        self.last += 1;
        let secret: [u8; 32] = rand::random();
        let token: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        self.good.push_back(Arc::new(Ticket {
            film,
            source,
            window: window.to_owned(),
            number: self.last,
            token: token.clone(),
            fetched: AtomicU64::new(0),
            failed: Mutex::new(None),
            over: AtomicBool::new(false),
        }));
        (self.last, token)
    }

    /// The one with this secret.
    pub(super) fn find(&self, token: &str) -> Option<Arc<Ticket>> {
        self.good.iter().find(|ticket| same(&ticket.token, token)).map(Arc::clone)
    }

    /// The one with this number, of this window.
    pub(super) fn of(&self, window: &str, number: u64) -> Option<Arc<Ticket>> {
        self.good.iter().find(|ticket| ticket.window == window && ticket.number == number).map(Arc::clone)
    }

    /// Ends one of a window, or all of it.
    pub(super) fn end(&mut self, window: &str, number: Option<u64>) {
        self.good.retain(|ticket| {
            let ends = ticket.window == window && number.is_none_or(|number| number == ticket.number);
            if ends {
                ticket.over.store(true, Ordering::Release);
            }
            !ends
        });
    }

    fn drop_at(&mut self, place: Option<usize>) {
        if let Some(ticket) = place.and_then(|place| self.good.remove(place)) {
            ticket.over.store(true, Ordering::Release);
        }
    }
}

/// Takes the same time wherever they differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
