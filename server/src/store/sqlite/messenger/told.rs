//! What a committed transaction tells people. Durable: each is also in the tables, for those who are away.

use pod_shared::contact::{ContactGroupState, ContactState};
use pod_shared::offer::OfferState;
use pod_shared::presence::{MyPresence, PersonPresence};
use pod_shared::profile::PersonProfile;
use pod_shared::setting::SettingState;
use pod_shared::socket::RoomEvent;
use pod_shared::sync::RoomDelta;
use pod_shared::{AccountId, Position, RoomId, Txn};
use std::sync::Arc;

/// Something committed, and who is to hear of it.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// Whose devices hear of it.
    pub to: Arc<[AccountId]>,
    /// The room.
    pub room: RoomId,
    /// The transaction.
    pub txn: Txn,
    /// What.
    pub told: Told,
}

/// What is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// An event of the room's log.
    Event(RoomEvent),
    /// A room that is new to the hearer, or gone for them.
    Room(Box<RoomDelta>),
    /// Somebody's devices have the room up to here.
    Delivered {
        /// Who.
        account: AccountId,
        /// The position.
        pos: Position,
    },
    /// Somebody read up to here.
    Read {
        /// Who.
        account: AccountId,
        /// The position.
        pos: Position,
    },
    /// The presence of people; the room counts for nothing.
    Presence(Vec<PersonPresence>),
    /// What the hearer chose, on any device; the room counts for nothing.
    MyPresence(MyPresence),
    /// A setting of the hearer; the room counts for nothing.
    Setting(SettingState),
    /// What people say of themselves; the room counts for nothing.
    Profiles(Vec<PersonProfile>),
    /// An offer of the hearer; the room counts for nothing.
    Offer(Box<OfferState>),
    /// Contacts and contact groups of the hearer; the room counts for nothing.
    Contacts(Vec<ContactState>, Vec<ContactGroupState>),
}

/// Hears what was committed, on the writing thread and in the order of the commits; must be quick.
pub trait Announce: Send + Sync + 'static {
    /// This is committed.
    fn announce(&self, announcement: &Announcement);
}
