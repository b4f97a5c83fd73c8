//! Where this profile's secrets are: the desktop's keyring, or, only when asked for, a file that none but its owner reads.
//!
//! Refuses to fall back from one to the other by itself: a computer without a keyring gives `keyring_unavailable`, and
//! the person chooses. What is kept here is the device token; nothing else in the profile is a secret. Neighbours:
//! `keyring` and `file` keep, `net` asks.

mod file;
mod keyring;

#[cfg(test)]
mod tests;

use crate::command::Secret;
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The place for secrets that the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretsKind {
    /// The desktop's keyring: Secret Service, Keychain, Credential Manager.
    #[default]
    Keyring,
    /// A file in the profile, readable by its owner only. For machines without a keyring.
    File,
}

impl FromStr for SecretsKind {
    type Err = ErrorView;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "keyring" => Ok(Self::Keyring),
            "file" => Ok(Self::File),
            _ => Err(ErrorView::new(ErrorCode::BadRequest, "secrets are kept in `keyring` or `file`")),
        }
    }
}

/// The secrets of one profile; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    kind: SecretsKind,
    profile: PathBuf,
}

impl Secrets {
    /// The secrets of the profile in this folder.
    pub(crate) fn open(kind: SecretsKind, profile: &Path) -> Self {
        Self { kind, profile: profile.to_owned() }
    }

    /// The secret with this key, if there is one.
    ///
    /// # Errors
    /// `keyring_unavailable` when there is no keyring or it is locked.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Secret>, ErrorView> {
        let (kind, profile, key) = (self.kind, self.profile.clone(), key.to_owned());
        blocking(move || match kind {
            SecretsKind::Keyring => keyring::get(&key),
            SecretsKind::File => file::get(&profile, &key),
        })
        .await
    }

    /// Keeps a secret; on disk, or in the keyring, before the answer.
    ///
    /// # Errors
    /// As [`Secrets::get`].
    pub(crate) async fn set(&self, key: &str, secret: Secret) -> Result<(), ErrorView> {
        let (kind, profile, key) = (self.kind, self.profile.clone(), key.to_owned());
        blocking(move || match kind {
            SecretsKind::Keyring => keyring::set(&key, &secret),
            SecretsKind::File => file::set(&profile, &key, &secret),
        })
        .await
    }

    /// Forgets a secret; also when there was none.
    ///
    /// # Errors
    /// As [`Secrets::get`].
    pub(crate) async fn remove(&self, key: &str) -> Result<(), ErrorView> {
        let (kind, profile, key) = (self.kind, self.profile.clone(), key.to_owned());
        blocking(move || match kind {
            SecretsKind::Keyring => keyring::remove(&key),
            SecretsKind::File => file::remove(&profile, &key),
        })
        .await
    }
}

/// A keyring may show a dialogue and wait for a person: never on a thread of the runtime.
async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, ErrorView> + Send + 'static,
) -> Result<T, ErrorView> {
    tokio::task::spawn_blocking(ask)
        .await
        .unwrap_or_else(|_| Err(ErrorView::new(ErrorCode::KeyringUnavailable, "the keyring did not answer")))
}
