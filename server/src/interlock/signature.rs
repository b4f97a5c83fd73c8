//! Signs and checks what messenger and content service tell each other over the network: HMAC-SHA256 over method,
//! path, time, nonce and the body's digest; answers likewise, over the nonce of their question.

use crate::error::Refusal;
use crate::secret::{hex, sha256};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use hmac::{Hmac, KeyInit, Mac};
use pod_shared::ErrorCode;
use pod_shared::limits::INTERLOCK_SKEW_MS_MAX;
use sha2::Sha256;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// When the question was asked, in milliseconds since 1970.
pub const TIME: HeaderName = HeaderName::from_static("pod-interlock-time");
/// Unique to the question.
pub const NONCE: HeaderName = HeaderName::from_static("pod-interlock-nonce");
/// The signature, in hex.
pub const SIGNATURE: HeaderName = HeaderName::from_static("pod-interlock-signature");

/// Nonces remembered; a peer that asks more within the allowed age is refused.
const NONCES_MAX: usize = 65_536;

/// What both sides know; never shown.
#[derive(Clone)]
pub struct Secret(Arc<[u8]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A question as it is signed.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Of the URL.
    pub path: &'a str,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// Unique.
    pub nonce: &'a str,
    /// The bytes.
    pub body: &'a [u8],
}

impl Secret {
    /// With these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// The signature of a question; all questions are POSTs.
    #[must_use]
    pub fn sign(&self, question: Question<'_>) -> String {
        hex(&self.mac(&question_text(question)).finalize().into_bytes())
    }

    /// The signature of an answer.
    #[must_use]
    pub fn sign_answer(&self, nonce: &str, status: u16, body: &[u8]) -> String {
        hex(&self.mac(&answer_text(nonce, status, body)).finalize().into_bytes())
    }

    /// Whether the signature is the question's.
    #[must_use]
    pub fn signed(&self, question: Question<'_>, signature: &str) -> bool {
        unhex(signature).is_some_and(|tag| self.mac(&question_text(question)).verify_slice(&tag).is_ok())
    }

    /// Whether the signature is the answer's.
    #[must_use]
    pub fn signed_answer(&self, nonce: &str, status: u16, body: &[u8], signature: &str) -> bool {
        unhex(signature)
            .is_some_and(|tag| self.mac(&answer_text(nonce, status, body)).verify_slice(&tag).is_ok())
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        // Any length of key will do: longer ones are hashed.
        let mut mac = Hmac::<Sha256>::new_from_slice(&sha256(&self.0))
            .unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(text.as_bytes());
        mac
    }
}

/// Checks the questions that come in, each only once.
pub struct Gatekeeper {
    secret: Secret,
    seen: Mutex<HashMap<String, i64>>,
}

impl Gatekeeper {
    /// For questions signed with this secret.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self { secret, seen: Mutex::default() }
    }

    /// The secret.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Lets a signed, fresh, new question in; answers its nonce.
    ///
    /// # Errors
    /// `unauthorized` or `rate_limited`.
    pub fn admit(
        &self,
        now_ms: i64,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<String, Refusal> {
        let refused = |why: &str| Refusal::new(ErrorCode::Unauthorized, why);
        let text = |name: &HeaderName| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let (Some(time), Some(nonce), Some(signature)) = (text(&TIME), text(&NONCE), text(&SIGNATURE)) else {
            return Err(refused("the request is not signed"));
        };
        let time_ms: i64 = time.parse().map_err(|_| refused("the time is no number"))?;
        let question = Question { path, time_ms, nonce, body };
        if nonce.len() > 64 || !self.secret.signed(question, signature) {
            return Err(refused("the signature does not fit"));
        }
        if now_ms.abs_diff(time_ms) > INTERLOCK_SKEW_MS_MAX.unsigned_abs() {
            return Err(refused("the request is too old, or the clocks differ"));
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= NONCES_MAX {
            seen.retain(|_, time_ms| now_ms.abs_diff(*time_ms) <= INTERLOCK_SKEW_MS_MAX.unsigned_abs());
        }
        if seen.len() >= NONCES_MAX {
            return Err(Refusal::later(ErrorCode::RateLimited, "too many requests", 1_000));
        }
        if seen.insert(nonce.to_owned(), time_ms).is_some() {
            return Err(refused("the request was seen before"));
        }
        Ok(nonce.to_owned())
    }
}

fn question_text(question: Question<'_>) -> String {
    let Question { path, time_ms, nonce, body } = question;
    format!("POST\n{path}\n{time_ms}\n{nonce}\n{}", hex(&sha256(body)))
}

fn answer_text(nonce: &str, status: u16, body: &[u8]) -> String {
    format!("answer\n{nonce}\n{status}\n{}", hex(&sha256(body)))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
