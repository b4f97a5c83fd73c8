//! What goes wrong, done to real processes.
//!
//! `interlock`, `uploads` and `packing`: a process killed (-9) at every step of the relay log and of an upload, in both
//! arrangements. Each fault is a named place in the server where a debug build kills itself when the test asks for it.
//! After the restart the same requests are made again with the same ids; then both sides have one pair of each room with
//! the same members, the file is there once, and `pod-server check` finds nothing. The other files of this folder do the
//! like to files on their way between whole pods.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test tells a failure by failing")]
#![expect(clippy::print_stdout, reason = "a kill tells its seed, and what it cost")]

mod changed;
#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod computers;
mod deeds;
#[cfg(target_os = "linux")]
mod direct;
#[cfg(target_os = "linux")]
mod disks;
#[cfg(target_os = "linux")]
mod ground;
mod interlock;
mod kills;
mod life;
mod linked;
mod packing;
mod purging;
mod small;
#[cfg(target_os = "linux")]
mod sources;
mod targets;
#[cfg(target_os = "linux")]
mod town;
mod uploads;
mod weather;
