//! The content service over a real socket: the real router on port 0, people with real tokens.

mod bounds;
mod downloads;
mod entries;
mod full_disk;
mod groups;
mod ranges;
mod rights;
mod uploads;
mod world;
