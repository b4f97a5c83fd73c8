//! The headless pod: network, local cache, outbox and transfer queue behind one list of commands and one of events.
//!
//! `pod-cli` is the whole of it without a window; the desktop program adds windows. It refuses to know of windows,
//! languages and colours.
//!
//! The life of a pod: [`start`] opens the profile's databases, spawns the run loop and hands out a [`Pod`] to command
//! it and [`Events`] to follow it. The last [`Pod`] dropped ends it; what was promised is on disk by then.

mod cache;
pub mod command;
pub mod direct;
mod engine;
pub mod event;
mod folder;
mod handle;
pub mod local_socket;
mod net;
mod problem;
pub mod programs;
pub mod secrets;
mod shelf;
mod state;
mod store;
mod timeline;
mod transfer;
mod trust;
pub mod view;

/// The schemas of the local databases, which the house rules record.
pub mod schemas {
    pub use crate::cache::MIGRATIONS as CACHE;
    pub use crate::state::MIGRATIONS as STATE;
}

pub use handle::{Events, Pod, StartOptions, start};
pub use secrets::SecretsKind;
