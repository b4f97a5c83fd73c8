//! Reading requests: JSON bodies, paths and queries whose refusals are [`Refusal`]s like all others.

use crate::error::Refusal;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use bytes::Bytes;
use pod_shared::ErrorCode;
use serde::de::DeserializeOwned;

/// A JSON body of at most `limits::JSON_BODY_BYTES_MAX` (set once, in `router`).
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = body_bytes(request, state).await?;
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Self(value)),
            // The position helps; the text of the error may quote what the person wrote.
            Err(error) => {
                let at = format!(
                    "the body is not what is expected (line {}, column {})",
                    error.line(),
                    error.column()
                );
                Err(Refusal::new(ErrorCode::BadRequest, at))
            }
        }
    }
}

/// The whole body, within the limit.
///
/// # Errors
/// `too_large` or `bad_request`.
pub async fn body_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    match Bytes::from_request(request, state).await {
        Ok(bytes) => Ok(bytes),
        Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_))) => {
            Err(Refusal::new(ErrorCode::TooLarge, "the body is larger than allowed"))
        }
        Err(_) => Err(Refusal::new(ErrorCode::BadRequest, "the body could not be read")),
    }
}

/// Values of the path.
pub struct InPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InPath<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => Err(Refusal::new(ErrorCode::BadRequest, "the path holds no valid id")),
        }
    }
}

/// Values of the query.
pub struct InQuery<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InQuery<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(_) => Err(Refusal::new(ErrorCode::BadRequest, "the query is not what is expected")),
        }
    }
}
