//! The companion server of Pod: three services (auth, messenger, content) in one process or in several.
//!
//! `auth`, `messenger` and `content` never import one another. They meet in the neutral modules (`access`,
//! `directory`, `error`, `interlock`, `about`) and are put together by `app` and nowhere else.

pub mod about;
pub mod access;
pub mod app;
pub mod auth;
pub mod blobs;
pub mod bus;
pub mod commands;
pub mod config;
pub mod content;
pub mod directory;
pub mod error;
pub mod fault;
pub mod interlock;
pub mod messenger;
mod monotonic;
#[cfg(feature = "relay")]
pub mod relay;
pub mod router;
pub mod routes;
pub mod secret;
pub mod serve;
pub mod store;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod tls;
