//! Signing up and in, devices and their tokens, invites: the one place that knows passwords (N5, decision 1).
//!
//! The life of a right: a password gives a device token (kept hashed), which goes to this service only and gives
//! signed tokens for one audience and five minutes; signing out, disabling and a new password end the device's tokens,
//! sockets and downloads at once, through [`Access`] here and through the interlock at the content service.
//! Never imports `messenger` or `content`.

use crate::about::{About, ContentPlace};
use crate::access::Access;
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::sqlite::auth::AuthStore;
use pod_shared::auth::ServerInfo;
use pod_shared::interlock::Revocation;
use pod_shared::{DeviceId, TimeMs};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

mod accounts;
mod devices;
mod failures;
mod invites;
pub mod name;
mod password;
mod people;
mod profile;
mod signer;
#[cfg(test)]
mod tests;

pub use accounts::{Origin, OriginPlace};
use failures::Failures;
pub use invites::Invited;
use password::Passwords;
use signer::Signer;

/// How often revocations made by a subcommand beside the server are looked for.
const WATCH_EVERY: Duration = Duration::from_millis(500);

/// Setting: where the content service is.
const CONTENT_PLACE: &str = "content_place";

/// A handle to the auth service; cheap to clone.
#[derive(Clone)]
pub struct Auth {
    inner: Arc<Inner>,
}

struct Inner {
    store: AuthStore,
    signer: Signer,
    access: Access,
    about: About,
    passwords: Passwords,
    failures: Failures,
    setup_code: RwLock<Option<String>>,
}

impl Auth {
    /// Opens `auth.db` and the signing key in the data folder, and tells `access` the keys and the revocations.
    ///
    /// # Errors
    /// When one of them cannot be opened.
    pub async fn open(data: &Path, access: Access, about: About) -> Result<Self, StoreError> {
        let store = AuthStore::open(data)?;
        let signer = Signer::open(data)?;
        access.trust(&[signer.public()]);
        let setup_code = if store.has_accounts().await? { None } else { Some(crate::secret::code()) };
        let inner = Inner {
            store,
            signer,
            access,
            about,
            passwords: Passwords::start()?,
            failures: Failures::default(),
            setup_code: RwLock::new(setup_code),
        };
        let auth = Self { inner: Arc::new(inner) };
        auth.catch_up().await?;
        Ok(auth)
    }

    /// The code that makes the first account from another computer; nothing once there is an account.
    #[must_use]
    pub fn setup_code(&self) -> Option<String> {
        self.inner.setup_code.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What this server is, for anybody.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn server(&self) -> Result<ServerInfo, Refusal> {
        let about = &self.inner.about;
        let content = about.content();
        Ok(ServerInfo {
            name: about.name().to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            capabilities: about.capabilities(),
            content_url: content.url,
            content_fingerprint: content.fingerprint,
            needs_first_account: !self.inner.store.has_accounts().await?,
        })
    }

    /// Where the content service said it is, in an earlier life of this process.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn content_place(&self) -> Result<Option<ContentPlace>, Refusal> {
        let kept = self.inner.store.setting(CONTENT_PLACE).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps where the content service is, for the next life of this process too.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn content_is_at(&self, place: ContentPlace) -> Result<(), Refusal> {
        if self.inner.about.content() != place {
            let text = serde_json::to_string(&place).map_err(|error| Refusal::internal(&error))?;
            self.inner.store.set_setting(CONTENT_PLACE, text).await?;
            self.inner.about.content_is_at(place);
        }
        Ok(())
    }

    /// Tells `access` of revocations made by other processes, until the server stops.
    pub async fn watch(self) {
        let stopping = self.inner.about.stopping().clone();
        let mut every = tokio::time::interval(WATCH_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                _ = every.tick() => {}
            }
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "revocations could not be read");
            }
        }
    }

    /// Answers when the database can be read.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn ready(&self) -> Result<(), Refusal> {
        self.inner.store.has_accounts().await?;
        Ok(())
    }

    async fn catch_up(&self) -> Result<(), StoreError> {
        loop {
            let known = self.inner.access.revocations_after();
            let revocations = self.inner.store.revocations_after(known).await?;
            if revocations.is_empty() {
                return Ok(());
            }
            self.inner.access.learn(&revocations);
        }
    }

    fn cut(&self, revocations: &[Revocation]) {
        let devices: Vec<DeviceId> = revocations.iter().map(|revocation| revocation.device).collect();
        tracing::info!(?devices, "signed out");
        self.inner.access.revoke(revocations);
    }
}

fn now() -> TimeMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    TimeMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
