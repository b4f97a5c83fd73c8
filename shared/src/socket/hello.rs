//! The two greetings.

use crate::offer::RelayInfo;
use crate::sync::SyncKey;
use crate::{AccountId, ConnectionId, DeviceId, TimeMs};
use serde::{Deserialize, Serialize};

/// The client's greeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientHello {
    /// See [`crate::capability`].
    pub capabilities: Vec<String>,
    /// Name and version of the program.
    pub client: String,
    /// The device, the same as in the token.
    pub device: DeviceId,
    /// What the device has; nothing: send everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<SyncKey>,
}

/// The server's greeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerHello {
    /// See [`crate::capability`].
    pub capabilities: Vec<String>,
    /// Name of the server.
    pub server: String,
    /// This connection: the session id of the key to come.
    pub connection: ConnectionId,
    /// The account that is signed in.
    pub account: AccountId,
    /// The server pings this often, in milliseconds.
    pub heartbeat_ms: u64,
    /// The server's time, to show times well on computers whose clock is off.
    pub now: TimeMs,
    /// Where the content service is; empty when it is this same address.
    #[serde(default)]
    pub content_url: String,
    /// As in [`crate::auth::ServerInfo`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_fingerprint: Option<String>,
    /// The relay over which devices find a direct way to each other, when this server runs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<RelayInfo>,
}
