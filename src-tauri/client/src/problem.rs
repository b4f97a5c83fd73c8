//! Errors on their way to a user interface. Neighbours: `shared::error` has the codes, `view` the shape.

use crate::view::ErrorView;
use pod_shared::{ErrorBody, ErrorCode};

impl ErrorView {
    /// An error with an English sentence of detail.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry: code.retry() }
    }

    /// Nobody is signed in on this profile.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(ErrorCode::NotSignedIn, "nobody is signed in on this profile")
    }

    /// The server cannot be reached now.
    #[must_use]
    pub fn offline() -> Self {
        Self::new(ErrorCode::Offline, "not connected")
    }

    /// The engine has stopped.
    #[must_use]
    pub fn stopped() -> Self {
        Self::new(ErrorCode::Unavailable, "the pod is stopping")
    }
}

impl std::fmt::Display for ErrorView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ErrorView {}

impl From<ErrorBody> for ErrorView {
    fn from(body: ErrorBody) -> Self {
        Self::new(body.code, body.message)
    }
}

impl From<rusqlite::Error> for ErrorView {
    fn from(error: rusqlite::Error) -> Self {
        if let rusqlite::Error::SqliteFailure(failure, _) = &error
            && failure.code == rusqlite::ErrorCode::DiskFull
        {
            return Self::new(ErrorCode::DiskFull, "the disk of this computer is full");
        }
        Self::new(ErrorCode::Internal, format!("local database: {error}"))
    }
}

impl From<std::io::Error> for ErrorView {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Self::new(ErrorCode::DiskFull, "the disk of this computer is full");
        }
        Self::new(ErrorCode::Internal, format!("local file: {}", error.kind()))
    }
}
