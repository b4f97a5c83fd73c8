//! Where the device's token is kept: the keyring of the computer, or (only when asked) a private file.

use crate::command::Secret;
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use std::path::{Path, PathBuf};

/// Where secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretsKind {
    /// The keyring of the computer.
    Keyring,
    /// A file only this user may read, for machines without a keyring.
    File,
}

/// The place of secrets of one profile.
#[derive(Clone)]
pub(crate) struct Secrets {
    kind: SecretsKind,
    file: PathBuf,
}

impl Secrets {
    /// The place for this profile.
    pub(crate) fn open(kind: SecretsKind, profile: &Path) -> Self {
        Self { kind, file: profile.join("secrets.json") }
    }

    /// A secret, if there is one.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Secret>, ErrorView> {
        let _ = (self.kind, &self.file, name);
        Err(ErrorView::new(ErrorCode::KeyringUnavailable, "no place for secrets yet"))
    }

    /// Keeps a secret.
    pub(crate) async fn set(&self, name: &str, secret: Secret) -> Result<(), ErrorView> {
        let _ = (name, secret);
        Err(ErrorView::new(ErrorCode::KeyringUnavailable, "no place for secrets yet"))
    }

    /// Forgets a secret; one that is not there is fine.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), ErrorView> {
        let _ = name;
        Ok(())
    }
}
