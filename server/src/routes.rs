//! Thin handlers: read the request, call the rule, write the answer. The list of paths is in `router`.

pub mod auth;
pub mod bearer;
pub mod content;
pub mod extract;
pub mod health;
pub mod interlock;
pub mod join;
pub mod messenger;
