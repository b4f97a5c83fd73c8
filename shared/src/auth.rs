//! Signing up and in over HTTP (N5): the JSON bodies of `/v1/server`, `/v1/accounts`, `/v1/sign-ins`, `/v1/tokens`
//! and `/v1/invites`.

use crate::{AccountId, DeviceId, TimeMs};
use serde::{Deserialize, Serialize};

/// The service a token is for. A token for one is refused by the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Chat: the socket.
    Messenger,
    /// Files: HTTP.
    Content,
}

/// `GET /v1/server`, for anybody: what this server is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerInfo {
    /// The name its operator gave it.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// What it can do, see [`crate::capability`].
    pub capabilities: Vec<String>,
    /// Where the content service is; empty when it is this same address.
    #[serde(default)]
    pub content_url: String,
    /// SHA-256 of the content service's certificate in hex, when it has its own that must be pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_fingerprint: Option<String>,
    /// No account is there yet.
    pub needs_first_account: bool,
}

/// The device that signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceClaim {
    /// Made by the device, once.
    pub id: DeviceId,
    /// What the person's list of devices shows: the computer's name.
    pub label: String,
}

/// `POST /v1/accounts`: sign up. Repeating it with the same name, password and device gives the same answer.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignUp {
    /// Unique name: letters, digits, `.`, `-`, `_` of any script; compared without case.
    pub name: String,
    /// What others see; any text.
    pub display_name: String,
    /// The password.
    pub password: String,
    /// The code of an invite; not needed for the first account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<String>,
    /// The code that the server printed; needed for the first account from another computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup_code: Option<String>,
    /// The device that signs up, and is signed in by it.
    pub device: DeviceClaim,
}

/// `PUT /v1/accounts/current/password`, with the device token: another password. The other devices are signed out.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasswordChange {
    /// The password until now.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// `PATCH /v1/accounts/current`, with the device token: what others see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChange {
    /// The new display name.
    pub display_name: String,
}

/// The answer: as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What others see.
    pub display_name: String,
}

/// `POST /v1/sign-ins`: sign in on a device.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// The account's name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The device.
    pub device: DeviceClaim,
}

/// The answer to signing up or in.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// Its unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// May invite people and manage accounts.
    pub is_admin: bool,
    /// The device's standing right; goes to the auth service only. A secret.
    pub device_token: String,
    /// What the server is.
    pub server: ServerInfo,
}

/// `POST /v1/tokens`, with the device token as Bearer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenRequest {
    /// The service it is for.
    pub audience: Audience,
}

/// A short-lived signed token.
#[derive(Clone, Serialize, Deserialize)]
pub struct TokenAnswer {
    /// The token: Bearer for one audience. A secret.
    pub token: String,
    /// Its remaining life, in seconds.
    pub expires_in_s: u64,
    /// Where the content service is now; empty when it is this same address.
    #[serde(default)]
    pub content_url: String,
    /// As in [`ServerInfo`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_fingerprint: Option<String>,
}

/// The signed claims of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    pub sub: AccountId,
    /// The device.
    pub device: DeviceId,
    /// The service: `messenger` or `content`.
    pub aud: Audience,
    /// Issued at, seconds since 1970.
    pub iat: u64,
    /// Over at, seconds since 1970.
    pub exp: u64,
}

/// `POST /v1/invites`, by an admin, with the device token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InviteRequest {
    /// How many people may use it.
    pub uses: u32,
    /// How long it lasts.
    pub days: u32,
}

/// An invite: what `pod-server invite` prints and the person sends on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invite {
    /// The code, to type.
    pub code: String,
    /// `pod://HOST:PORT/join?code=..&fp=..[&tls=0]`: everything a client needs, the certificate's fingerprint included.
    pub link: String,
    /// When it is over, RFC 3339.
    pub expires_at: String,
}

/// One signed-in device, for the list of sign-ins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignInRow {
    /// The device.
    pub device: DeviceId,
    /// Its label.
    pub label: String,
    /// Since when.
    pub since: TimeMs,
    /// When it was last seen.
    pub seen: TimeMs,
    /// It is the one that asks.
    pub current: bool,
}
