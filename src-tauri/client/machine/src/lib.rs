//! The decisions of a Pod client as state machines.
//!
//! No clock, disk, network or randomness of its own: time and chance come in as values, wishes go out as effects.
//! Nothing but the engine's run loop and the tests drive a machine.

pub mod backoff;
pub mod connection;
pub mod contact;
pub mod edit;
pub mod folder;
pub mod notice;
pub mod offer;
pub mod outbox;
pub mod sync;
pub mod transfer;

/// When a step happens: the engine's monotonic milliseconds, and a number by chance for spreading waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Monotonic milliseconds since the engine started.
    pub now_ms: u64,
    /// Any number, by chance.
    pub chance: u32,
}
