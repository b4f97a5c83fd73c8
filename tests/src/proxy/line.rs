//! What each connection of a way has moved, and its questions and answers.

use super::Direction;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What one connection has moved.
#[derive(Debug, Default)]
pub(super) struct Line {
    up: AtomicU64,
    down: AtomicU64,
    exchanges: Mutex<Vec<Exchange>>,
    answered: AtomicBool,
}

/// A question and its answer, where one waits for the other: what went up until something else went up after an answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// When its first byte went up.
    pub begun: Instant,
    /// Bytes up.
    pub up: u64,
    /// Bytes down.
    pub down: u64,
}

/// What one connection has moved so far.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Bytes up.
    pub up: u64,
    /// Bytes down.
    pub down: u64,
    /// Its round trips, oldest first.
    pub exchanges: Vec<Exchange>,
}

impl Line {
    pub(super) fn count(&self, direction: Direction, bytes: usize) {
        match direction {
            Direction::Up => {
                self.up.fetch_add(bytes as u64, Ordering::SeqCst);
                let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
                if self.answered.swap(false, Ordering::SeqCst) || exchanges.is_empty() {
                    exchanges.push(Exchange { begun: Instant::now(), up: 0, down: 0 });
                }
                if let Some(last) = exchanges.last_mut() {
                    last.up += bytes as u64;
                }
            }
            Direction::Down => {
                self.down.fetch_add(bytes as u64, Ordering::SeqCst);
                self.answered.store(true, Ordering::SeqCst);
                let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(last) = exchanges.last_mut() {
                    last.down += bytes as u64;
                }
            }
        }
    }

    pub(super) fn moved(&self) -> Moved {
        let read = |count: &AtomicU64| count.load(Ordering::SeqCst);
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Moved { up: read(&self.up), down: read(&self.down), exchanges }
    }
}
