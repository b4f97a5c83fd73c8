//! Rooms and their members.

use super::NotifyWish;
use pod_shared::presence::Presence;
use pod_shared::{AccountId, Position, Role, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// One row of the list of rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RoomSummary {
    /// The room.
    pub id: RoomId,
    /// Its title; empty: a conversation of two, show the other's name.
    pub title: String,
    /// Up to three other members, for conversations of two and for avatars.
    pub others: Vec<MemberView>,
    /// Number of members.
    pub member_count: u32,
    /// This person's role.
    pub role: Role,
    /// It has a folder.
    pub has_folder: bool,
    /// The newest item, for the second line.
    pub last: Option<Box<super::Item>>,
    /// Time of the newest item, or of the room.
    pub last_at: TimeMs,
    /// Items after the read mark that are worth a badge.
    pub unread: u32,
    /// Those among them that name this person.
    pub mentions: u32,
    /// The beginning of what this person is writing here.
    pub draft: Option<String>,
    /// Made on this device and not yet at the server.
    pub waiting: bool,
    /// The digest of its picture; nothing: it has none.
    pub picture: Option<String>,
    /// The room is told who opened what.
    pub opened_told: bool,
    /// It may not disturb: *none* was chosen for it.
    pub muted: bool,
    /// What this person wants to hear of it; nothing: as in general.
    pub notify: Option<NotifyWish>,
    /// It stands above the others.
    pub favourite: bool,
    /// Its place among the favourites, from 0.
    pub rank: Option<u32>,
}

/// One room, open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RoomView {
    /// The row of the list.
    pub summary: RoomSummary,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: TimeMs,
    /// All members, by role and name.
    pub members: Vec<MemberView>,
    /// Up to where this person has read.
    pub read: Position,
    /// Entries in the folder, as far as known.
    pub entry_count: u32,
    /// Bytes in the folder, as far as known.
    #[ts(type = "number")]
    pub folder_bytes: u64,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct MemberView {
    /// Who.
    pub account: AccountId,
    /// Unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// It is this person.
    pub me: bool,
    /// Being removed; the content service has not confirmed it yet.
    pub leaving: bool,
    /// As last heard.
    pub presence: Presence,
}
