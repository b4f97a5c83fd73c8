//! The engine of a profile, reached from another process of the same person.
//!
//! One engine at a time runs on a profile: it holds the lock file, and listens on a socket that only its owner can open.
//! `pod-cli` speaks to it there, or, when none runs, is the engine itself ([`Engine::reach`]). A line is one JSON value:
//! questions with a number, answers with the same number, events. A line that is too long ends the connection.

mod engine;
mod line;
mod listen;
mod lock;
mod place;
mod remote;

#[cfg(test)]
mod tests;

pub use engine::Engine;
pub(crate) use listen::listen;
pub(crate) use lock::Lock;
pub use remote::Remote;

use crate::command::{Answer, Command};
use crate::event::Event;
use crate::view::ErrorView;
use serde::{Deserialize, Serialize};

/// Version of what is spoken on the socket.
const VERSION: u32 = 1;

/// From `pod-cli` to the engine.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Question {
    /// Do this.
    Run {
        /// Chosen by who asks.
        number: u64,
        /// What.
        command: Command,
    },
    /// Tell every event from now on.
    Follow,
}

/// From the engine to `pod-cli`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    /// The first line.
    Hello {
        /// The version spoken.
        version: u32,
    },
    /// What came of a question.
    Answer {
        /// Its number.
        number: u64,
        /// What came.
        result: Result<Answer, ErrorView>,
    },
    /// Events are told from here on.
    Following,
    /// An event.
    Event(Event),
}
