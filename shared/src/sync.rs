//! The sync key (P2): what a device says it has, so that the server sends only the rest.

use crate::socket::RoomEvent;
use crate::{AccountId, ConnectionId, ContentPosition, DeviceId, Position, Role, RoomId, TimeMs, Txn};
use serde::{Deserialize, Serialize};

/// The last exchange that a device has durably applied (P2). Both sides keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncKey {
    /// Random number of the server's data; another after a restore from a backup.
    pub epoch: u64,
    /// The *session id*: the connection in which the key was made.
    pub session: ConnectionId,
    /// The *client id*.
    pub device: DeviceId,
    /// The *transaction id*: everything up to here is in the device's database.
    pub txn: Txn,
}

/// What a sync turned out to be (P4, P5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncKind {
    /// Nothing changed.
    Null,
    /// Only what changed.
    Delta,
    /// The key was unknown or missing: everything. What is not in it is gone.
    Full,
}

/// One member as the messenger sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberState {
    /// Who.
    pub account: AccountId,
    /// Unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// The role; nothing: no longer a member.
    pub role: Option<Role>,
}

/// What a device has to learn about one room. Absent fields are unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomDelta {
    /// Which.
    pub room: RoomId,
    /// Last transaction that changed it.
    pub txn: Txn,
    /// This device's person is no longer in it: drop it. All else is empty then.
    #[serde(default)]
    pub gone: bool,
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<AccountId>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<TimeMs>,
    /// It has a folder (a room may be made without, N1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<bool>,
    /// Changed members; in a snapshot all.
    #[serde(default)]
    pub members: Vec<MemberState>,
    /// Newest events after what the device has, oldest first.
    #[serde(default)]
    pub events: Vec<RoomEvent>,
    /// There are more events between what the device has and the first in `events`: ask for history.
    #[serde(default)]
    pub gap: bool,
    /// Newest position of the log.
    pub head: Position,
    /// The folder stands here.
    #[serde(default)]
    pub content_at: ContentPosition,
    /// Up to where this person has read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Position>,
    /// Up to where the others have read, for rooms of at most 50 members; changed ones.
    #[serde(default)]
    pub reads: Vec<(AccountId, Position)>,
    /// Up to where the others' devices have the room, where that is beyond what they read; as `reads`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delivered: Vec<(AccountId, Position)>,
}

impl RoomDelta {
    /// A delta that says nothing yet.
    #[must_use]
    pub fn empty(room: RoomId, txn: Txn) -> Self {
        Self {
            room,
            txn,
            gone: false,
            title: None,
            created_by: None,
            created_at: None,
            folder: None,
            members: Vec::new(),
            events: Vec::new(),
            gap: false,
            head: Position(0),
            content_at: ContentPosition(0),
            read: None,
            reads: Vec::new(),
            delivered: Vec::new(),
        }
    }
}
