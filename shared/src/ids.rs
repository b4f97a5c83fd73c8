//! Ids as types: each is a UUIDv7, and no bare string or UUID crosses a function.
//!
//! In JSON an id is the usual 36 characters, in CBOR 16 bytes. Nothing here makes one.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes of the id, as stored in databases and sent in frames.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The id with these 16 bytes, or nothing if there are not 16.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person on a server.
    AccountId;
    /// One installed pod of a person: the *client id* of the sync key (P2).
    DeviceId;
    /// One life of a socket: the *session id* of the sync key (P2).
    ConnectionId;
    /// A room and its sharing group: two records with this one id (N1, N2).
    RoomId;
    /// A message; made by the client that writes it, unique per account.
    MessageId;
    /// A file or folder in a room's folder; keeps its id through renames, moves and versions.
    EntryId;
    /// One line of what happened to a room's folder (N8).
    ActivityId;
    /// An upload that is open or was (N12).
    UploadId;
    /// A movement of one file in a client's queue.
    TransferId;
    /// A folder of this computer that is kept in step with a room; made by its pod.
    LinkedId;
    /// A link by which people join a room.
    LinkId;
    /// A group into which a person sorts their contacts; made by their client.
    ContactGroupId;
    /// One file that one person offers to another; made by the client of who offers it.
    OfferId;
    /// Something said about a file or folder; made by the client that says it.
    CommentId;
    /// One row of the relay log between messenger and content service (N14).
    RelayId;
}

/// Milliseconds since 1970 in UTC, for showing; never used to put things in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct TimeMs(pub i64);

/// A place in one room's log, from 1; 0 is before the first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct Position(pub u64);

/// A place in the log of one room's folder on the content side, from 1; 0 is before the first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct ContentPosition(pub u64);

/// A committed transaction of the messenger, counted over the whole server, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Txn(pub u64);
