//! The headless pod: network, local cache, outbox and transfer queue behind one list of commands and one of events.
//!
//! `pod-cli` is the whole of it without a window; the desktop program adds windows. It refuses to know of windows,
//! languages and colours.

pub mod command;
pub mod event;
pub mod view;
