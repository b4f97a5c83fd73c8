//! The content service over a real socket: the real router on port 0, people with real tokens.

mod bounds;
mod disks;
mod downloads;
mod entries;
mod groups;
mod ranges;
mod rights;
mod uploads;
mod world;
