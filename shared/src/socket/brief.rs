//! Greeting and sync in as few bytes as they take (`brief/1`): for a device that this server greeted before.
//!
//! Nothing here says anything that the long frames don't: each is a long one of which the other side knows the rest.
//! The fields stand in a list without their names, so none can be added: what needs more is a frame of its own.

use super::ServerHello;
use crate::offer::RelayInfo;
use crate::presence::{PersonPresence, Presence, PresenceState};
use crate::sync::{SyncKey, SyncKind};
use crate::{AccountId, ConnectionId, DeviceId, TimeMs, Txn, wire};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The greeting of a device that keeps a key and how it was greeted last; its id is in its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64, u64, ConnectionId, Txn)", into = "(u64, u64, u64, ConnectionId, Txn)")]
pub struct ClientAgain {
    /// What the device can do, see [`crate::capability::bits`].
    pub capabilities: u64,
    /// The mark of the greeting that it keeps, see [`ServerHello::mark`].
    pub greeting: u64,
    /// See [`SyncKey::epoch`].
    pub epoch: u64,
    /// See [`SyncKey::session`].
    pub session: ConnectionId,
    /// See [`SyncKey::txn`].
    pub txn: Txn,
}

impl ClientAgain {
    /// The key of this device.
    #[must_use]
    pub fn key(&self, device: DeviceId) -> SyncKey {
        SyncKey { epoch: self.epoch, session: self.session, device, txn: self.txn }
    }
}

impl From<(u64, u64, u64, ConnectionId, Txn)> for ClientAgain {
    fn from((capabilities, greeting, epoch, session, txn): (u64, u64, u64, ConnectionId, Txn)) -> Self {
        Self { capabilities, greeting, epoch, session, txn }
    }
}

impl From<ClientAgain> for (u64, u64, u64, ConnectionId, Txn) {
    fn from(again: ClientAgain) -> Self {
        (again.capabilities, again.greeting, again.epoch, again.session, again.txn)
    }
}

/// The answer to it: all is as in the greeting that the device keeps, but this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(ConnectionId, TimeMs, u64)", into = "(ConnectionId, TimeMs, u64)")]
pub struct ServerAgain {
    /// See [`ServerHello::connection`].
    pub connection: ConnectionId,
    /// See [`ServerHello::now`].
    pub now: TimeMs,
    /// The mark of the relay, see [`RelayInfo::mark`]; who has another asks for it. 0: there is none.
    pub relay: u64,
}

impl From<(ConnectionId, TimeMs, u64)> for ServerAgain {
    fn from((connection, now, relay): (ConnectionId, TimeMs, u64)) -> Self {
        Self { connection, now, relay }
    }
}

impl From<ServerAgain> for (ConnectionId, TimeMs, u64) {
    fn from(again: ServerAgain) -> Self {
        (again.connection, again.now, again.relay)
    }
}

/// One person's presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct BriefPresence(pub PersonPresence);

/// Who, the number of the state, text, until when, when last there.
type Fields = (AccountId, u8, String, Option<TimeMs>, Option<TimeMs>);

impl TryFrom<Fields> for BriefPresence {
    type Error = &'static str;

    fn try_from((account, state, text, until, seen_at): Fields) -> Result<Self, Self::Error> {
        let state = PresenceState::from_code(state).ok_or("no such state")?;
        Ok(Self(PersonPresence { account, presence: Presence { state, text, until, seen_at } }))
    }
}

impl From<BriefPresence> for Fields {
    fn from(BriefPresence(PersonPresence { account, presence }): BriefPresence) -> Self {
        (account, presence.state.code(), presence.text, presence.until, presence.seen_at)
    }
}

impl ServerHello {
    /// A number for what stays the same from one connection of a device to the next; another when any of it changes.
    /// The relay is apart: its token is a secret that no device keeps.
    #[must_use]
    pub fn mark(&self) -> u64 {
        let (connection, now) = (ConnectionId(uuid::Uuid::nil()), TimeMs(0));
        mark(&Self { connection, now, relay: None, ..self.clone() })
    }

    /// This greeting as another connection has it.
    #[must_use]
    pub fn again(&self, again: ServerAgain) -> Self {
        Self { connection: again.connection, now: again.now, relay: None, ..self.clone() }
    }
}

impl RelayInfo {
    /// A number for all of it, never 0.
    #[must_use]
    pub fn mark(&self) -> u64 {
        mark(self).max(1)
    }
}

/// FNV-1a of the encoded value: it finds what changed, and guards nothing.
fn mark(value: &impl Serialize) -> u64 {
    let bytes = wire::encode(value).unwrap_or_default();
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a sync came to, with the last transaction of the key in force from then on; the rest of that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended(pub SyncKind, pub Txn);
