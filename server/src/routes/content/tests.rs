//! The content service over a real socket: the real router on port 0, people with real tokens.

mod at_rest;
mod bounds;
mod chunks;
mod disks;
mod downloads;
mod entries;
mod everything;
mod forward_limits;
mod forwards;
mod groups;
mod instant;
mod locks;
mod opened;
mod permission_ends;
mod permissions;
mod previews;
mod ranges;
mod remarks;
mod restore;
mod rights;
mod room_pictures;
mod trash;
mod uploads;
mod versions;
mod whole;
mod world;
