//! Where a frame of the messenger belongs in the life of a connection; each frame is named here once.

use super::ServerFrame;
use crate::Txn;

/// Where a frame of the messenger belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// First: the answer to the greeting.
    Greeting,
    /// Of a sync that is not whole yet.
    Part,
    /// The end of the sync.
    End,
    /// After the sync; it tells of this transaction. To be kept, in the order of the transactions, with the key.
    Stored(Txn),
    /// After the sync or in it; nobody keeps it.
    Passing,
}

impl ServerFrame {
    /// Where it belongs.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Hello(_) | Self::Again(_) => Place::Greeting,
            Self::SyncPart { .. }
            | Self::SyncPeople { .. }
            | Self::SyncPresences(_)
            | Self::SyncOffers { .. }
            | Self::SyncContacts { .. }
            | Self::SyncProfiles(_)
            | Self::SyncSettings { .. } => Place::Part,
            Self::SyncEnd { .. } | Self::SyncEnded(_) => Place::End,
            Self::Event(event) => Place::Stored(event.txn),
            Self::Room(delta) => Place::Stored(delta.txn),
            Self::Offer { offer } => Place::Stored(offer.txn),
            Self::Read { txn, .. }
            | Self::Delivered { txn, .. }
            | Self::Presence { txn, .. }
            | Self::Contacts { txn, .. }
            | Self::Profiles { txn, .. }
            | Self::Setting { txn, .. }
            | Self::MyPresence { txn, .. } => Place::Stored(*txn),
            Self::Typing { .. }
            | Self::Accepted { .. }
            | Self::Refused { .. }
            | Self::Answer { .. }
            | Self::Progress(_)
            | Self::Bye { .. } => Place::Passing,
        }
    }
}
