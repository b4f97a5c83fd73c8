//! What the server and the clients of Pod agree on: ids, limits, capabilities, error codes and every wire type.
//!
//! Refuses to do any input or output, to hold a runtime, and to make an id: ids are made where the thing is made.
//! The socket between client and messenger is [`socket`]; files and folders over HTTP are [`content`]; signing in
//! is [`auth`]; what the messenger and the content service tell each other is [`interlock`].

pub mod auth;
pub mod bytes;
pub mod capability;
pub mod contact;
pub mod content;
pub mod envelope;
pub mod error;
pub mod ids;
pub mod interlock;
pub mod limits;
pub mod links;
pub mod offer;
pub mod presence;
pub mod profile;
pub mod role;
pub mod setting;
pub mod socket;
pub mod sync;
pub mod wire;

pub use error::{ErrorBody, ErrorCode, Retry};
pub use ids::*;
pub use role::Role;
