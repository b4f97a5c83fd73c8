//! The server's surfaces under abuse, over real connections: wrong types, sizes, names, ids, tokens, and bad manners.
//!
//! Each refusal has its code, and nothing is changed after it. Told in both arrangements.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test tells a failure by failing")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test picks the one frame it waits for")]

mod accounts;
mod bodies;
mod forwards;
mod names;
mod people;
mod rights;
mod rooms;
mod signed_out;
mod socket;
mod tokens;
mod uploads;
