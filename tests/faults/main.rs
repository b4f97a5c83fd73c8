//! Processes killed (-9) at every step of the relay log and of an upload, in both arrangements.
//!
//! Each fault is a named place in the server where a debug build kills itself when the test asks for it. After the
//! restart the same requests are made again with the same ids; then both sides have one pair of each room with the same
//! members, the file is there once, and `pod-server check` finds nothing. `direct` does the like to two devices.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test tells a failure by failing")]

mod deeds;
#[cfg(target_os = "linux")]
mod direct;
mod interlock;
mod life;
mod packing;
mod uploads;
