//! The other half over the network: signed questions, signed answers.

use super::dispatch::Deliver;
use super::signature::{NONCE, Question, SIGNATURE, Secret, TIME};
use crate::about::{About, ContentPlace};
use crate::error::Refusal;
use crate::tls;
use futures_util::future::BoxFuture;
use pod_shared::interlock::{Rows, RowsApplied};
use pod_shared::{ErrorBody, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Mutex, PoisonError};

/// The paths of the interlock.
pub mod path {
    /// Who is there, and what has changed.
    pub const HELLO: &str = "/v1/interlock/hello";
    /// Rows of the relay log.
    pub const ROWS: &str = "/v1/interlock/rows";
    /// Live progress of uploads.
    pub const PROGRESS: &str = "/v1/interlock/progress";
}

/// One half as the other one reaches it; cheap to clone.
#[derive(Clone)]
pub struct Remote {
    client: reqwest::Client,
    base: String,
    secret: Secret,
}

impl Remote {
    /// The half at this URL, with this certificate if it is self-made.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(base: &str, fingerprint: Option<&str>, secret: Secret) -> Result<Self, Refusal> {
        let client = tls::client(fingerprint).map_err(|error| Refusal::internal(&error))?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), secret })
    }

    /// Asks, and checks that the answer is the other half's.
    ///
    /// # Errors
    /// What the other half says, or `unavailable`.
    pub async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, Refusal> {
        let body = serde_json::to_vec(question).map_err(|error| Refusal::internal(&error))?;
        let nonce = uuid::Uuid::now_v7().to_string();
        let time_ms = now_ms();
        let signature = self.secret.sign(Question { path, time_ms, nonce: &nonce, body: &body });
        let answer = self
            .client
            .post(format!("{}{path}", self.base))
            .header(TIME, time_ms)
            .header(NONCE, &nonce)
            .header(SIGNATURE, signature)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .map_err(unreachable)?;
        let status = answer.status();
        let signature = answer
            .headers()
            .get(SIGNATURE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = answer.bytes().await.map_err(unreachable)?;
        if !status.is_success() {
            let refused = serde_json::from_slice::<ErrorBody>(&bytes).ok().map(Refusal);
            let sentence = format!("the other half answered {}", status.as_u16());
            return Err(refused.unwrap_or_else(|| Refusal::new(ErrorCode::Unavailable, sentence)));
        }
        if !self.secret.signed_answer(&nonce, status.as_u16(), &bytes, &signature) {
            return Err(Refusal::new(ErrorCode::Unauthorized, "the answer is not signed by the other half"));
        }
        serde_json::from_slice(&bytes).map_err(|_| {
            Refusal::new(ErrorCode::UnsupportedVersion, "the other half's answer cannot be read")
        })
    }
}

impl Deliver for Remote {
    fn deliver(&self, rows: Rows) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async move { self.ask(path::ROWS, &rows).await })
    }
}

/// The content service, wherever it said it is.
pub struct ContentLink {
    about: About,
    secret: Secret,
    known: Mutex<Option<(ContentPlace, Remote)>>,
}

impl ContentLink {
    /// The content service that `about` knows.
    #[must_use]
    pub fn new(about: About, secret: Secret) -> Self {
        Self { about, secret, known: Mutex::new(None) }
    }

    /// The way to it now.
    ///
    /// # Errors
    /// `unavailable` as long as it never said where it is.
    pub fn remote(&self) -> Result<Remote, Refusal> {
        let place = self.about.content();
        if place.url.is_empty() {
            return Err(Refusal::new(ErrorCode::Unavailable, "the content service was not heard of yet"));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, remote)) = known.as_ref()
            && *at == place
        {
            return Ok(remote.clone());
        }
        let remote = Remote::new(&place.url, place.fingerprint.as_deref(), self.secret.clone())?;
        *known = Some((place, remote.clone()));
        Ok(remote)
    }
}

impl Deliver for ContentLink {
    fn deliver(&self, rows: Rows) -> BoxFuture<'_, Result<RowsApplied, Refusal>> {
        Box::pin(async move { self.remote()?.ask(path::ROWS, &rows).await })
    }
}

/// Milliseconds since 1970.
#[must_use]
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn unreachable(error: reqwest::Error) -> Refusal {
    // The URL stays out: it may hold what the operator keeps to themselves.
    Refusal::new(ErrorCode::Unavailable, format!("the other half cannot be reached: {}", error.without_url()))
}
