//! What a device asks of the messenger, and what came of it.

use super::RoomEvent;
use crate::bytes::ByteString;
use crate::contact::ContactRequest;
use crate::links::{LinkAnswer, LinkRequest};
use crate::offer::{OfferRequest, RelayInfo};
use crate::presence::MyPresence;
use crate::profile::ProfileFields;
use crate::setting::SettingState;
use crate::{AccountId, DeviceId, Position, Role, RoomId};
use serde::{Deserialize, Serialize};

/// What a device may ask. Each is repeatable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Make a room (N1). The client makes the id.
    RoomCreate {
        /// Id of room and group.
        room: RoomId,
        /// Title; may be empty for a conversation of two.
        title: String,
        /// The other members, as editors.
        members: Vec<AccountId>,
        /// Make the folder too; `false`: later on request.
        folder: bool,
    },
    /// Give a room its folder.
    FolderCreate {
        /// The room.
        room: RoomId,
    },
    /// Another title.
    RoomRename {
        /// The room.
        room: RoomId,
        /// The title.
        title: String,
    },
    /// Add a member, change a role, or (role absent) remove a member; oneself: leave (N4).
    MemberSet {
        /// The room.
        room: RoomId,
        /// Whom.
        account: AccountId,
        /// The role; nothing: remove.
        role: Option<Role>,
    },
    /// Older events.
    History {
        /// The room.
        room: RoomId,
        /// Before this position; 0: from the newest.
        before: Position,
        /// At most this many, see `limits::HISTORY_PAGE_MAX`.
        limit: u32,
    },
    /// Find people of this server by the beginning of name, or any part of the display name or of what they say of
    /// themselves, as far as the person may see that (O5).
    People {
        /// The text.
        text: String,
        /// At most this many.
        limit: u32,
    },
    /// About room links.
    Link(LinkRequest),
    /// Choose a presence.
    Presence(MyPresence),
    /// Say something of oneself, in place of what was said before (`profiles/1`).
    Profile(ProfileFields),
    /// Change a setting that follows its person (`settings/1`).
    Setting(SettingState),
    /// This person's display name changed in the directory: look, and tell who shares a room with them.
    NameChanged {},
    /// About an offer (`offers/1`); answered by `Done`, `Peer` by `Peer`.
    Offer(OfferRequest),
    /// About contacts and the groups they are in (`contacts/1`); answered by `Done`.
    Contact(ContactRequest),
    /// The relay, for who was greeted with another mark than that of the one it knows (`brief/1`).
    Relay {},
}

/// What a request brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Done, on both sides where it concerns both (decision 3).
    Done {},
    /// Done here; the content service has not confirmed it yet and will by itself (removals and lowered roles).
    Pending {},
    /// A page of history, oldest first.
    History {
        /// The events.
        events: Vec<RoomEvent>,
        /// There are older ones.
        more: bool,
    },
    /// People found.
    People {
        /// Who.
        people: Vec<Person>,
    },
    /// About room links.
    Link(LinkAnswer),
    /// The other side of an offer, as far as this side may know.
    Peer {
        /// Their device of this offer; nothing: none has accepted it yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<DeviceId>,
        /// That device is connected; before there is one: they are there, as their presence says.
        online: bool,
        /// What that device last said in `Endpoint`; only while the offer stands at `accepted`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<ByteString>,
    },
    /// The relay, when this server runs one.
    Relay {
        /// As in the greeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relay: Option<RelayInfo>,
    },
}

/// Somebody with an account on this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Person {
    /// Who.
    pub account: AccountId,
    /// Unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
}
