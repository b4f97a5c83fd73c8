//! Files of rooms in the queue: up into a room's folder, down to this computer.
//!
//! `asks` takes what a person asks for, `put` plans it from the disk, `upload` and `download` move the bytes over HTTP,
//! `chores` is what is to be done beside, `copies` knows what of the rooms' files lies on this computer. Refuses to open
//! a file, and to overwrite one that is not its own.

mod asks;
pub(super) mod chores;
pub(super) mod copies;
pub(super) mod download;
pub(super) mod put;
pub(super) mod table;
pub(super) mod upload;

pub(crate) use table::TABLES;
