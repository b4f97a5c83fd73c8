//! Passwords: Argon2id with the recommended cost, away from the threads that serve, and only a few at once.

use crate::error::Refusal;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use pod_shared::ErrorCode;
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// Hashes computed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 4;

/// Hashes and checks passwords.
pub(super) struct Passwords {
    permits: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The hash to keep, in PHC form.
    pub(super) async fn hash(&self, password: String) -> Result<String, Refusal> {
        self.blocking(move || hash(&password)).await?
    }

    /// Whether it is the password; without a hash the same work is done and the answer is no.
    pub(super) async fn fits(&self, password: String, kept: Option<String>) -> Result<bool, Refusal> {
        self.blocking(move || {
            let nobody = nobodys_hash();
            let Ok(parsed) = PasswordHash::new(kept.as_deref().unwrap_or(nobody)) else { return false };
            Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && kept.is_some()
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let stopping = || Refusal::new(ErrorCode::Unavailable, "the server is stopping");
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| stopping())?;
        let run = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(run).await.map_err(|_| stopping())
    }
}

fn hash(password: &str) -> Result<String, Refusal> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Refusal::internal(&error))
}

/// A hash that no password is known for: an unknown name takes as long as a wrong password.
fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash(&crate::secret::hex(&crate::secret::random())).unwrap_or_default())
}
