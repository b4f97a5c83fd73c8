//! What the other half of the server asks, signed. Nobody else is answered.

use super::extract::body_bytes;
use crate::about::{About, ContentPlace};
use crate::access::Access;
use crate::auth::Auth;
use crate::error::Refusal;
use crate::fault;
use crate::interlock::http::now_ms;
use crate::interlock::signature::{Gatekeeper, SIGNATURE};
use crate::interlock::{ProgressTarget, Side, heartbeat};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pod_shared::ErrorCode;
use pod_shared::interlock::{ContentHello, MessengerHello, ProgressBatch, Rows};
use pod_shared::limits::{RELAY_BATCH_MAX, RELAY_FORGET_MAX};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;

/// Largest request between the halves, in bytes: a batch of pairs with as many members as a room may have.
pub const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What both halves need.
#[derive(Clone)]
pub struct Lock {
    /// Checks signatures.
    pub gate: Arc<Gatekeeper>,
    /// The service of this process.
    pub side: Arc<dyn Side>,
    /// Notified when the other half was heard.
    pub heard: Arc<Notify>,
}

/// What the messenger's half needs.
#[derive(Clone)]
pub struct MessengerLock {
    /// As for both.
    pub lock: Lock,
    /// Keys and revocations.
    pub auth: Auth,
    /// Learns where the content service is.
    pub about: About,
    /// Where progress goes.
    pub progress: Arc<dyn ProgressTarget>,
    /// The highest revocation that content has.
    pub told: Arc<AtomicU64>,
}

/// What the content service's half needs.
#[derive(Clone)]
pub struct ContentLock {
    /// As for both.
    pub lock: Lock,
    /// Learns keys and revocations.
    pub access: Access,
}

/// `POST /v1/interlock/rows`, on both halves.
///
/// # Errors
/// `unauthorized`, `bad_request`, `too_many`, or what the service says.
pub async fn rows(State(lock): State<Lock>, request: Request) -> Result<Response, Refusal> {
    let (nonce, Rows { rows, forget }) = admit(&lock, request).await?;
    if rows.len() > RELAY_BATCH_MAX || forget.len() > RELAY_FORGET_MAX {
        return Err(Refusal::new(ErrorCode::TooMany, "too many rows in one request"));
    }
    let outcome = lock.side.apply(rows).await?;
    lock.side.forget(forget).await?;
    fault::point("relay_applied");
    answer(&lock, &nonce, &outcome)
}

/// `POST /v1/interlock/hello`, on the messenger's half: the content service is there.
///
/// # Errors
/// `unauthorized`, `bad_request`, or that the database refuses.
pub async fn content_says(State(here): State<MessengerLock>, request: Request) -> Result<Response, Refusal> {
    let (nonce, hello): (_, ContentHello) = admit(&here.lock, request).await?;
    here.auth.content_is_at(ContentPlace { url: hello.public_url, fingerprint: hello.fingerprint }).await?;
    here.told.store(hello.revocations_after, Ordering::SeqCst);
    here.lock.heard.notify_one();
    let greeting = heartbeat::greeting(&here.auth, &here.about, hello.revocations_after).await?;
    answer(&here.lock, &nonce, &greeting)
}

/// `POST /v1/interlock/hello`, on the content service's half: the messenger tells what is new.
///
/// # Errors
/// `unauthorized` or `bad_request`.
pub async fn messenger_says(State(here): State<ContentLock>, request: Request) -> Result<Response, Refusal> {
    let (nonce, hello): (_, MessengerHello) = admit(&here.lock, request).await?;
    heartbeat::listen(&here.access, &hello);
    here.lock.heard.notify_one();
    answer(&here.lock, &nonce, &serde_json::json!({}))
}

/// `POST /v1/interlock/progress`, on the messenger's half.
///
/// # Errors
/// `unauthorized` or `bad_request`.
pub async fn progress(State(here): State<MessengerLock>, request: Request) -> Result<Response, Refusal> {
    let (nonce, batch): (_, ProgressBatch) = admit(&here.lock, request).await?;
    here.progress.progress(batch.progress);
    answer(&here.lock, &nonce, &serde_json::json!({}))
}

async fn admit<T: DeserializeOwned>(lock: &Lock, request: Request) -> Result<(String, T), Refusal> {
    let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
    let body = body_bytes(request, &()).await?;
    let nonce = lock.gate.admit(now_ms(), &path, &headers, &body)?;
    let question = serde_json::from_slice(&body)
        .map_err(|_| Refusal::new(ErrorCode::BadRequest, "the question cannot be read"))?;
    Ok((nonce, question))
}

fn answer<T: Serialize>(lock: &Lock, nonce: &str, body: &T) -> Result<Response, Refusal> {
    let body = serde_json::to_vec(body).map_err(|error| Refusal::internal(&error))?;
    let signature = lock.gate.secret().sign_answer(nonce, StatusCode::OK.as_u16(), &body);
    let headers = [(SIGNATURE, signature), (header::CONTENT_TYPE, "application/json".to_owned())];
    Ok((headers, body).into_response())
}
