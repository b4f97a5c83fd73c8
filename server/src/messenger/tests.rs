//! The messenger as devices meet it: a real server on a free port, real sockets, real tokens.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test picks the one frame it waits for")]

mod abouts;
mod brief;
mod contacts;
mod contacts_sync;
mod cost;
mod door;
mod limits;
mod links;
mod looking;
mod marks;
mod messages;
mod offers;
mod offers_forwarded;
mod offers_sync;
mod pod;
mod presence;
mod profiles;
mod returns;
mod rooms;
mod side;
mod sync;
mod world;
