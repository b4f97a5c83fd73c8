//! The one list of error codes. A code is here only if somebody acts on it.

use serde::{Deserialize, Serialize};
use std::fmt;

#[cfg(test)]
mod tests;

/// What went wrong, for programs; people read a sentence made from it in their language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request cannot be read, or a value in it is of the wrong kind.
    BadRequest,
    /// A name is empty, too long, or holds what no name may hold.
    InvalidName,
    /// A body, a frame, a header or a file is larger than allowed.
    TooLarge,
    /// A count would go over its limit.
    TooMany,
    /// No valid token. Signing in again helps.
    Unauthorized,
    /// The short-lived token ran out. A new one helps.
    TokenExpired,
    /// The token is for another service.
    WrongAudience,
    /// This device was signed out, or the account disabled.
    SignedOut,
    /// Another Pod is connected as this device: a copy of its profile.
    DeviceInUse,
    /// Name and password do not fit.
    WrongPassword,
    /// The password is too short.
    WeakPassword,
    /// The account name is taken.
    NameTaken,
    /// The invite is unknown, used up or over.
    InviteInvalid,
    /// The first account needs this computer or the printed setup code.
    SetupCodeNeeded,
    /// The person's role does not allow it.
    RoleTooLow,
    /// No such thing, or not for this person: the answer is the same.
    NotFound,
    /// The thing was changed meanwhile.
    Conflict,
    /// Somebody else edits the file.
    Locked,
    /// The same id was used before with another content.
    IdReused,
    /// A file or folder with this name is there already.
    NameExists,
    /// It is gone for good: an upload that expired or was cancelled.
    Gone,
    /// The upload stands at another offset.
    OffsetMismatch,
    /// The bytes do not have the digest that was promised.
    DigestMismatch,
    /// The protocol version is not spoken here.
    UnsupportedVersion,
    /// A room keeps at least one owner.
    LastOwner,
    /// The room, or the person, may keep no more.
    QuotaExceeded,
    /// The disk of the server is full.
    ServerDiskFull,
    /// The content service has not heard from the messenger for too long and answers nobody.
    InterlockStale,
    /// The service is starting, stopping or overloaded.
    Unavailable,
    /// Too many tries in a short time.
    RateLimited,
    /// The connection did not read fast enough and was cut.
    SlowConsumer,
    /// A defect of the server; the request id names it in the log.
    Internal,

    /// Client: the server cannot be reached.
    Offline,
    /// Client: the server's certificate is not the one in the invite.
    ServerNotTrusted,
    /// Client: the computer has no place to keep secrets, or it is locked.
    KeyringUnavailable,
    /// Client: nobody is signed in on this profile.
    NotSignedIn,
    /// Client: the file to send is not there or cannot be read.
    FileUnreadable,
    /// Client: the file changed while it was being sent.
    FileChanged,
    /// Client: a linked folder is not where it was: moved, or its disk is not there.
    FolderMissing,
    /// Client: the disk of this computer is full.
    DiskFull,
    /// Client: the local data was written by a newer Pod.
    NewerData,
    /// Client: several things have this name.
    Ambiguous,
    /// Client: the person stopped it.
    Cancelled,
}

/// When asking again makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// At once.
    Now,
    /// After a pause that grows.
    After,
    /// When something changed: the person signed in, freed space, chose another name.
    OnChange,
    /// Not at all.
    Never,
}

impl ErrorCode {
    /// When asking again makes sense.
    #[must_use]
    pub fn retry(self) -> Retry {
        match self {
            Self::TokenExpired | Self::OffsetMismatch => Retry::Now,
            Self::InterlockStale
            | Self::Unavailable
            | Self::RateLimited
            | Self::SlowConsumer
            | Self::Internal
            | Self::ServerDiskFull
            | Self::Offline => Retry::After,
            Self::Unauthorized
            | Self::SignedOut
            | Self::DeviceInUse
            | Self::WrongPassword
            | Self::WeakPassword
            | Self::NameTaken
            | Self::InviteInvalid
            | Self::SetupCodeNeeded
            | Self::RoleTooLow
            | Self::Conflict
            | Self::Locked
            | Self::NameExists
            | Self::InvalidName
            | Self::TooMany
            | Self::QuotaExceeded
            | Self::LastOwner
            | Self::ServerNotTrusted
            | Self::KeyringUnavailable
            | Self::NotSignedIn
            | Self::FileUnreadable
            | Self::FileChanged
            | Self::FolderMissing
            | Self::DiskFull
            | Self::NewerData
            | Self::Ambiguous => Retry::OnChange,
            Self::BadRequest
            | Self::TooLarge
            | Self::WrongAudience
            | Self::NotFound
            | Self::IdReused
            | Self::Gone
            | Self::DigestMismatch
            | Self::UnsupportedVersion
            | Self::Cancelled => Retry::Never,
        }
    }

    /// The HTTP status that carries this code.
    #[must_use]
    pub fn http_status(self) -> u16 {
        match self {
            Self::BadRequest | Self::InvalidName | Self::WeakPassword | Self::Ambiguous => 400,
            Self::Unauthorized
            | Self::TokenExpired
            | Self::WrongAudience
            | Self::SignedOut
            | Self::WrongPassword
            | Self::NotSignedIn => 401,
            Self::RoleTooLow | Self::InviteInvalid | Self::SetupCodeNeeded | Self::ServerNotTrusted => 403,
            Self::NotFound => 404,
            Self::Locked => 423,
            Self::Conflict
            | Self::DeviceInUse
            | Self::IdReused
            | Self::NameExists
            | Self::NameTaken
            | Self::OffsetMismatch
            | Self::LastOwner => 409,
            Self::Gone | Self::Cancelled => 410,
            Self::UnsupportedVersion => 412,
            Self::TooLarge | Self::QuotaExceeded => 413,
            Self::TooMany | Self::RateLimited | Self::SlowConsumer => 429,
            Self::DigestMismatch => 460,
            Self::Internal
            | Self::FileUnreadable
            | Self::FileChanged
            | Self::FolderMissing
            | Self::NewerData => 500,
            Self::InterlockStale | Self::Unavailable | Self::Offline | Self::KeyringUnavailable => 503,
            Self::ServerDiskFull | Self::DiskFull => 507,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The body of every refusal, over HTTP and over the socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ErrorBody {
    /// What went wrong.
    pub code: ErrorCode,
    /// One plain English sentence for the developer's eye; never a secret, a name or a text of a person.
    #[serde(default)]
    pub message: String,
    /// For `rate_limited` and `unavailable`: not before this many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// For `internal`: the request id under which the log has the detail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl ErrorBody {
    /// A refusal with a sentence.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after_ms: None, request: None }
    }
}
