//! The decisions of a Pod client as state machines.

pub mod transfer;
