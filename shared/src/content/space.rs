//! How much a room and a person take up on the server, and may.

use serde::{Deserialize, Serialize};

/// `GET /v1/rooms/{room}/space`: bytes of all versions that are kept, what lies in the trash too, and of uploads on their way.
/// What goes beyond is refused (`quota_exceeded`) before a byte of it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Space {
    /// Of the room.
    #[ts(type = "number")]
    pub room_used: u64,
    /// What it may take; nothing: whatever there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub room_max: Option<u64>,
    /// Of the person who asks, in all rooms.
    #[ts(type = "number")]
    pub own_used: u64,
    /// What they may take; nothing: whatever there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub own_max: Option<u64>,
}
