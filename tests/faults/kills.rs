//! Sender, receiver and server killed (-9) in turn at seeded points of a file's way: up into a room's folder, down from
//! it, through the server to a person, straight to a person. All that was killed is started again, and nobody helps:
//! the file arrives once, whole, under its name, with hardly a byte sent twice.
//!
//! Twelve points of 32 MiB; `bash scripts/faults.sh` takes as many of any size. The seed is printed, and `POD_SEED=`
//! plays the same points again.

mod forwarded;
mod point;
mod room;
#[cfg(target_os = "linux")]
mod straight;
