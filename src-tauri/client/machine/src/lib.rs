//! The decisions of a Pod client as state machines.
//!
//! No clock, disk, network or randomness of its own: time and chance come in as values, wishes go out as effects.
//! Nothing but the engine's run loop and the tests drive a machine.

pub mod backoff;
pub mod transfer;
