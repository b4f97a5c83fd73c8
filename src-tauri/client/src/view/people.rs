//! People: a person's card, contacts and their groups, links by which people join.

use pod_shared::contact::{ContactPlace, ContactStanding};
use pod_shared::presence::Presence;
use pod_shared::profile::ProfileFields;
use pod_shared::{AccountId, ContactGroupId, LinkId, RoomId, TimeMs};
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
    /// As last heard; *offline* where no room is shared and they are no contact.
    pub presence: Presence,
    /// What they say of themself; empty: nothing, or nothing that this person may see.
    pub profile: ProfileFields,
    /// The rooms shared with them, conversations of two not counted, by title.
    pub rooms: Vec<RoomName>,
    /// The conversation of two with them, if there is one.
    pub talk: Option<RoomId>,
    /// How they stand as a contact, and how this person keeps them; nothing: nothing is kept.
    pub contact: Option<ContactView>,
}

/// How somebody stands as a contact, what waits for the server included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ContactView {
    /// How they stand.
    pub standing: ContactStanding,
    /// They see nothing and reach nobody here.
    pub blocked: bool,
    /// They stand above the others.
    pub favourite: bool,
    /// They do not disturb.
    pub muted: bool,
    /// What this person calls them; may be empty.
    pub nickname: String,
    /// What the request says, while it waits.
    pub text: String,
    /// The groups they are in.
    pub places: Vec<ContactPlace>,
    /// Something about them waits for the server.
    pub waiting: bool,
}

/// The groups of contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ContactGroupsView {
    /// In their order.
    pub groups: Vec<ContactGroupView>,
    /// Changes of contacts and groups that wait for the server.
    pub waiting: u32,
}

/// A group of contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ContactGroupView {
    /// Which.
    pub id: ContactGroupId,
    /// Its name.
    pub name: String,
    /// Who is in it, in their order.
    pub members: Vec<AccountId>,
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
