//! Who is signed in, where, and how the connection is.

use pod_shared::presence::MyPresence;
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, DeviceId, TimeMs};
use serde::{Deserialize, Serialize};

/// The signed-in account of this profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct AccountView {
    /// The account.
    pub account: AccountId,
    /// This device.
    pub device: DeviceId,
    /// Unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// May invite people.
    pub is_admin: bool,
    /// Name of the server.
    pub server_name: String,
    /// Address of the server.
    pub server_url: String,
}

/// The connection as it is (the wish to be connected is always there while somebody is signed in).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectionView {
    /// Nobody is signed in.
    SignedOut,
    /// First connection, or a new one, is being made.
    Connecting,
    /// Connected and up to date.
    Online,
    /// Not connected; tries again by itself.
    Offline {
        /// The next try, if one is planned.
        retry_at: Option<TimeMs>,
        /// The last known reason.
        reason: Option<super::ErrorView>,
    },
    /// This device was signed out elsewhere, or the server is not the one of the invite: a person must act.
    NeedsPerson {
        /// Why.
        reason: super::ErrorView,
    },
}

/// How the last sync went (P3–P6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SyncView {
    /// Null, delta or full.
    pub kind: SyncKind,
    /// Bytes received for it, frames only.
    #[ts(type = "number")]
    pub bytes_in: u64,
    /// Bytes sent for it.
    #[ts(type = "number")]
    pub bytes_out: u64,
    /// Request–answer exchanges it took.
    pub round_trips: u32,
}

/// All that a status line or `pod-cli status` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct StatusView {
    /// Who is signed in.
    pub account: Option<AccountView>,
    /// The connection.
    pub connection: ConnectionView,
    /// The last sync of this run.
    pub sync: Option<SyncView>,
    /// Messages that wait for the server.
    pub messages_waiting: u32,
    /// Files that wait or move, up and down.
    pub transfers_waiting: u32,
    /// Changes of contacts and groups that wait for the server.
    pub contacts_waiting: u32,
    /// When the shown data was last known to be current.
    pub synced_at: Option<TimeMs>,
    /// What this person chose to be.
    pub presence: MyPresence,
}

/// A computer on which this person is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SignInView {
    /// The device.
    pub device: DeviceId,
    /// What it calls itself.
    pub label: String,
    /// Since when it is signed in.
    pub since: TimeMs,
    /// When it last asked the server for something.
    pub seen: TimeMs,
    /// It is this one.
    pub current: bool,
}

/// A server address or invite link, read and understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ServerAddress {
    /// `https://host:port` or `http://host:port`.
    pub url: String,
    /// SHA-256 of the certificate in hex, to be pinned.
    pub fingerprint: Option<String>,
    /// The invite code.
    pub invite: Option<String>,
    /// The code of a room to join. A secret.
    pub room: Option<String>,
}

/// An invite to send on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct InviteView {
    /// The code of the server's invite; empty where the link only joins a room.
    pub code: String,
    /// The link.
    pub link: String,
    /// The page of the server that says what to do with it.
    pub page: String,
    /// When it is over.
    pub expires_at: TimeMs,
}
