//! Who is asking: checks the short-lived tokens that `auth` signs, each for one audience (decision 1).
//!
//! Needs only public keys and the list of revocations, so that the content service judges requests without `auth`.
//! In one process `auth` feeds it; as a separate process the interlock's hello does, and then nobody is let in while
//! nothing was heard for too long. Refuses to sign anything.

use crate::error::Refusal;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use pod_shared::auth::{Audience, Claims};
use pod_shared::interlock::Revocation;
use pod_shared::{AccountId, DeviceId, ErrorCode};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

mod keys;
#[cfg(test)]
mod tests;

pub use keys::{now_s, public_key};

/// Difference between the clocks of two hosts that is forgiven, in seconds.
const CLOCK_SKEW_S: u64 = 30;

/// Tokens whose signature was found good and is not looked at again; beyond this all are forgotten.
const KNOWN_MAX: usize = 4_096;

/// A device of a person whose token was found good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// When the token was made, in seconds since 1970: a later revocation of the device voids it.
    pub issued_at_s: u64,
    /// When the token is over, in seconds since 1970. A stream that began before goes on.
    pub expires_at_s: u64,
}

/// The judge of tokens; cheap to clone.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

struct Inner {
    state: RwLock<State>,
    /// What good tokens say, by their SHA-256, since the keys were last replaced. Locked inside `state`.
    known: RwLock<HashMap<[u8; 32], Claims>>,
    /// Silence after which nobody is let in; nothing: keys and revocations come from this same process.
    silence_max: Option<Duration>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    keys: HashMap<String, DecodingKey>,
    revoked_at_s: HashMap<DeviceId, u64>,
    last_seq: u64,
    heard: Option<Instant>,
}

impl Access {
    /// For a process that holds `auth`: always up to date.
    #[must_use]
    pub fn local() -> Self {
        Self::new(None)
    }

    /// For a process without `auth`: lets nobody in until [`Access::heard`], and after `silence_max` without it.
    #[must_use]
    pub fn remote(silence_max: Duration) -> Self {
        Self::new(Some(silence_max))
    }

    fn new(silence_max: Option<Duration>) -> Self {
        let inner = Inner {
            state: RwLock::default(),
            known: RwLock::default(),
            silence_max,
            changed: watch::Sender::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// `interlock_stale`, `unauthorized`, `token_expired`, `wrong_audience` or `signed_out`.
    pub fn verify(&self, bearer: Option<&str>, audience: Audience) -> Result<Caller, Refusal> {
        self.fresh()?;
        let token =
            bearer.ok_or_else(|| Refusal::new(ErrorCode::Unauthorized, "a bearer token is needed"))?;
        let claims = self.claims(token)?;
        if claims.exp.saturating_add(CLOCK_SKEW_S) <= now_s() {
            return Err(Refusal::new(ErrorCode::TokenExpired, "the token ran out"));
        }
        if claims.aud != audience {
            return Err(Refusal::new(ErrorCode::WrongAudience, "the token is for the other service"));
        }
        let caller = Caller {
            account: claims.sub,
            device: claims.device,
            issued_at_s: claims.iat,
            expires_at_s: claims.exp,
        };
        if self.is_revoked(&caller) {
            return Err(Refusal::new(ErrorCode::SignedOut, "this device was signed out"));
        }
        Ok(caller)
    }

    /// What a token with a good signature says. A signature costs more than all else of a small request, and each token
    /// is used many times.
    fn claims(&self, token: &str) -> Result<Claims, Refusal> {
        let digest: [u8; 32] = Sha256::digest(token).into();
        // Held until the end: keys that are replaced meanwhile are not vouched for by what was read before.
        let state = self.inner.state.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(claims) = self.inner.known.read().unwrap_or_else(PoisonError::into_inner).get(&digest) {
            return Ok(claims.clone());
        }
        let claims = signed(&state, token)?;
        let mut known = self.inner.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(digest, claims.clone());
        Ok(claims)
    }

    /// Whether this process may let anybody in now.
    ///
    /// # Errors
    /// `interlock_stale` when the messenger was silent for too long.
    pub fn fresh(&self) -> Result<(), Refusal> {
        let Some(silence_max) = self.inner.silence_max else { return Ok(()) };
        let heard = self.inner.state.read().unwrap_or_else(PoisonError::into_inner).heard;
        if heard.is_some_and(|heard| heard.elapsed() < silence_max) {
            return Ok(());
        }
        let sentence = "the content service has not heard from the messenger for too long";
        Err(Refusal::later(ErrorCode::InterlockStale, sentence, 5_000))
    }

    /// Completes when the caller's device is signed out: whoever serves it a stream cuts it then.
    pub async fn revoked(&self, caller: &Caller) {
        let mut changes = self.inner.changed.subscribe();
        // The sender lives as long as `self`: waiting ends by a revocation only.
        while !self.is_revoked(caller) && changes.changed().await.is_ok() {}
    }

    /// Whether a revocation voids the caller's token.
    #[must_use]
    pub fn is_revoked(&self, caller: &Caller) -> bool {
        self.is_revoked_since(caller.device, caller.issued_at_s)
    }

    /// Whether a device was signed out at this time, in seconds since 1970, or later.
    #[must_use]
    pub fn is_revoked_since(&self, device: DeviceId, since_s: u64) -> bool {
        let state = self.inner.state.read().unwrap_or_else(PoisonError::into_inner);
        state.revoked_at_s.get(&device).is_some_and(|at_s| *at_s >= since_s)
    }

    /// Takes over a page of the list of revocations, which goes on from its last one.
    pub fn learn(&self, page: &[Revocation]) {
        self.revoke(page);
        if let Some(last) = page.last() {
            // Taken over also when it is lower: after a restore the count goes on from an older number.
            self.inner.state.write().unwrap_or_else(PoisonError::into_inner).last_seq = last.seq;
        }
    }

    /// Adds revocations made here: streams of these devices are cut at once. The list is not counted on: another
    /// process may have added to it just before.
    pub fn revoke(&self, revocations: &[Revocation]) {
        if revocations.is_empty() {
            return;
        }
        let mut state = self.inner.state.write().unwrap_or_else(PoisonError::into_inner);
        for revocation in revocations {
            let at_s = state.revoked_at_s.entry(revocation.device).or_default();
            *at_s = revocation.at_s.max(*at_s);
        }
        drop(state);
        self.inner.changed.send_modify(|changes| *changes += 1);
    }

    /// Changes whenever a device is signed out.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// The highest revocation known here.
    #[must_use]
    pub fn revocations_after(&self) -> u64 {
        self.inner.state.read().unwrap_or_else(PoisonError::into_inner).last_seq
    }

    /// Replaces the public keys: pairs of key id and base64url of 32 bytes. What is no key is left out and logged.
    pub fn trust(&self, keys: &[(String, String)]) {
        let mut known = HashMap::new();
        for (kid, key) in keys {
            match DecodingKey::from_ed_components(key) {
                Ok(key) => _ = known.insert(kid.clone(), key),
                Err(error) => tracing::warn!(kid, %error, "not a public key"),
            }
        }
        let mut state = self.inner.state.write().unwrap_or_else(PoisonError::into_inner);
        state.keys = known;
        self.inner.known.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// As if the messenger had last been heard this long ago.
    #[cfg(test)]
    pub(crate) fn heard_ago(&self, ago: Duration) {
        let heard = Instant::now().checked_sub(ago).unwrap();
        self.inner.state.write().unwrap_or_else(PoisonError::into_inner).heard = Some(heard);
    }

    /// The messenger was heard just now.
    pub fn heard(&self) {
        self.inner.state.write().unwrap_or_else(PoisonError::into_inner).heard = Some(Instant::now());
    }
}

/// The claims of a token that one of the keys has signed.
fn signed(state: &State, token: &str) -> Result<Claims, Refusal> {
    let refused = |_| Refusal::new(ErrorCode::Unauthorized, "the token is not one of this server");
    let kid = jsonwebtoken::decode_header(token).map_err(refused)?.kid.unwrap_or_default();
    let Some(key) = state.keys.get(&kid) else {
        return Err(Refusal::new(ErrorCode::Unauthorized, "the token's key is not known"));
    };
    let mut validation = Validation::new(Algorithm::EdDSA);
    // The claim is an enum here, and expiry has a code of its own: the caller looks at both.
    validation.validate_aud = false;
    validation.validate_exp = false;
    Ok(jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(refused)?.claims)
}
