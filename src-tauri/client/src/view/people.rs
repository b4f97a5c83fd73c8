//! People: a person's card, everybody one shares a room with, links by which people join.

use pod_shared::presence::Presence;
use pod_shared::{AccountId, LinkId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// A person's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct PersonView {
    /// Who.
    pub account: AccountId,
    /// Unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// It is this person.
    pub me: bool,
    /// As last heard; *offline* where no room is shared.
    pub presence: Presence,
    /// The rooms shared with them, conversations of two not counted, by title.
    pub rooms: Vec<RoomName>,
    /// The conversation of two with them, if there is one.
    pub talk: Option<RoomId>,
}

/// A room and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RoomName {
    /// The room.
    pub id: RoomId,
    /// Its title.
    pub title: String,
}

/// A link by which people join a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RoomLinkView {
    /// The link.
    pub id: LinkId,
    /// Who made it.
    pub by_name: String,
    /// How many people may still use it.
    pub uses_left: u32,
    /// When it is over.
    pub expires_at: TimeMs,
}
