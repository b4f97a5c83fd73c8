//! Stories on real processes, each told in both arrangements: one server process, and messenger and content apart.
#![expect(clippy::unwrap_used, reason = "a story tells a failure by failing the test")]

mod abouts;
mod activities;
mod contacts;
mod edits;
mod engine;
mod files;
mod folders;
mod lines;
mod linked;
mod messages;
mod notices;
mod offer_people;
mod offer_turns;
mod offer_ways;
mod offer_wire;
mod offers;
mod offline;
mod opening;
mod people;
mod permissions;
mod playing;
mod profiles;
mod proxy;
mod remarks;
mod restarts;
mod returns;
mod roaming;
mod rooms;
mod same;
mod search;
mod times;
mod trash;
mod versions;
mod window;

use pod_tests::seen;
