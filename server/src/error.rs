//! How the server refuses: an [`ErrorBody`] with its HTTP status, the same over HTTP and over the socket.
//!
//! What the server did not expect becomes `internal` with a request id; the detail goes to the log, once, here.

use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pod_shared::{ErrorBody, ErrorCode};

/// A refusal on its way to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Refusal(pub ErrorBody);

impl Refusal {
    /// A refusal with one plain English sentence; never a secret, a name or a text of a person.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(ErrorBody::new(code, message))
    }

    /// As [`Refusal::new`], and not before this many milliseconds again.
    #[must_use]
    pub fn later(code: ErrorCode, message: impl Into<String>, retry_after_ms: u64) -> Self {
        let mut body = ErrorBody::new(code, message);
        body.retry_after_ms = Some(retry_after_ms);
        Self(body)
    }

    /// A defect or a failing machine: the detail is logged under a new request id, the answer carries only the id.
    #[must_use]
    pub fn internal(detail: &dyn std::fmt::Display) -> Self {
        let request = uuid::Uuid::now_v7().to_string();
        tracing::error!(request, %detail, "refused with an internal error");
        let mut body = ErrorBody::new(ErrorCode::Internal, "something went wrong in the server");
        body.request = Some(request);
        Self(body)
    }

    /// Work that came to no end: cancelled when the server stops (`unavailable`), else a defect.
    #[must_use]
    pub fn of_work(error: &tokio::task::JoinError) -> Self {
        if error.is_cancelled() {
            return Self::new(ErrorCode::Unavailable, "the server is stopping");
        }
        Self::internal(error)
    }

    /// What went wrong.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if disk_is_full(&error) {
            return Self::new(ErrorCode::ServerDiskFull, "the disk of the server is full");
        }
        match error {
            StoreError::Closed => Self::new(ErrorCode::Unavailable, "the server is stopping"),
            StoreError::Sqlite(_) | StoreError::Io(_) | StoreError::Newer { .. } | StoreError::Commit(_) => {
                Self::internal(&error)
            }
        }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<ErrorBody> for Refusal {
    fn from(body: ErrorBody) -> Self {
        Self(body)
    }
}

impl From<Refusal> for ErrorBody {
    fn from(refusal: Refusal) -> Self {
        refusal.0
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after_s = self.0.retry_after_ms.map(|ms| ms.div_ceil(1_000));
        let mut response = (status, Json(self.0)).into_response();
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn disk_is_full(error: &StoreError) -> bool {
    match error {
        StoreError::Sqlite(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
        StoreError::Io(error) => error.kind() == std::io::ErrorKind::StorageFull,
        StoreError::Commit(reason) => reason.contains("disk is full"),
        StoreError::Newer { .. } | StoreError::Closed => false,
    }
}
