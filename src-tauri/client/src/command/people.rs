//! What is asked about people, and about rooms as a person sorts them: presence, links, one's own account.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use super::Secret;
use crate::view::{NotifyWish, ProfileFields};
use pod_shared::presence::PresenceChoice;
use pod_shared::{AccountId, LinkId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum PeopleCommand {
    /// What to hear of a room; the same on all devices of this person.
    RoomNotify {
        /// The room.
        room: RoomId,
        /// How much; nothing: as in general.
        wish: Option<NotifyWish>,
    },
    /// Whether a room stands above the others. Kept on this computer.
    RoomFavourite {
        /// The room.
        room: RoomId,
        /// It does, behind those that do already.
        favourite: bool,
    },
    /// The order of the favourites; those that are not named keep theirs, behind.
    RoomsOrder {
        /// In their order.
        rooms: Vec<RoomId>,
    },
    /// The conversation of two with a person: the one there is, or a new one (works offline).
    TalkTo {
        /// Who.
        account: AccountId,
    },
    /// A person's card.
    Person {
        /// Who.
        account: AccountId,
    },
    /// The contacts of this person, who asks and who is blocked, and everybody they share a room with.
    Contacts,
    /// Choose a presence, for all devices. Works offline: it is told when the connection is back.
    PresenceSet {
        /// What to be.
        state: PresenceChoice,
        /// What to say of it; may be empty.
        text: String,
        /// Then both are over.
        until: Option<TimeMs>,
    },
    /// Nobody is at this computer, or somebody is again: a hint of the shell, for *away*.
    Idle {
        /// Nobody is.
        idle: bool,
    },
    /// Make a link by which people join a room (managers and owners).
    RoomLink {
        /// The room.
        room: RoomId,
        /// How many may use it.
        uses: u32,
        /// How long it lasts.
        days: u32,
    },
    /// The links of a room that can still be used (managers and owners).
    RoomLinks {
        /// The room.
        room: RoomId,
    },
    /// Nobody joins with this link any more.
    RoomLinkRevoke {
        /// The room.
        room: RoomId,
        /// The link.
        id: LinkId,
    },
    /// Join a room with a link or the address of its page.
    RoomJoin {
        /// The link.
        link: String,
    },
    /// Another password. The other devices are signed out.
    PasswordSet {
        /// The password until now.
        old: Secret,
        /// The new one.
        new: Secret,
    },
    /// Say this of oneself, in place of what was said before.
    ProfileFieldsSet {
        /// What; an empty field says nothing.
        profile: ProfileFields,
    },
    /// Another display name.
    ProfileSet {
        /// What others see.
        display_name: String,
    },
}
