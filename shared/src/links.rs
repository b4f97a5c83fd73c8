//! Room links: whoever has one joins a room with it. The code is made by the client and kept by the server as a digest
//! only, so nobody can be told it again.

use crate::bytes::ByteString;
use crate::{AccountId, LinkId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// What a device may ask about room links. Each is repeatable.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRequest {
    /// Make a link (managers and owners).
    Create {
        /// Made by the client.
        link: LinkId,
        /// The room.
        room: RoomId,
        /// SHA-256 of the code.
        digest: ByteString,
        /// How many people may use it.
        uses: u32,
        /// How long it lasts.
        days: u32,
    },
    /// The links of a room that can still be used (managers and owners).
    List {
        /// The room.
        room: RoomId,
    },
    /// Nobody joins with it any more (managers and owners).
    Revoke {
        /// The room.
        room: RoomId,
        /// The link.
        link: LinkId,
    },
    /// Join the room that the code is for, as an editor.
    Join {
        /// The code. A secret.
        code: String,
    },
}

impl std::fmt::Debug for LinkRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Create { link, room, uses, days, .. } => {
                write!(f, "Create({link}, {room}, {uses} uses, {days} days)")
            }
            Self::List { room } => write!(f, "List({room})"),
            Self::Revoke { room, link } => write!(f, "Revoke({room}, {link})"),
            Self::Join { .. } => f.write_str("Join(..)"),
        }
    }
}

/// What a request about links brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkAnswer {
    /// A link was made.
    Made {
        /// `pod://HOST:PORT/join?[fp=..][&tls=0]`: how people reach this server; the code is added by who made it.
        base: String,
        /// When it is over.
        expires_at: TimeMs,
    },
    /// The links.
    Links {
        /// Newest first.
        links: Vec<RoomLink>,
    },
    /// This person is in the room, now or before.
    Joined {
        /// The room.
        room: RoomId,
    },
}

/// A link that can still be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomLink {
    /// The link.
    pub link: LinkId,
    /// Who made it.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// How many people may still use it.
    pub uses_left: u32,
    /// When it is over.
    pub expires_at: TimeMs,
}
