//! Secrets in the desktop's keyring. Each function blocks.
//!
//! The `keyring` crate chooses its store once per process; on Linux a Secret Service that starts later would never be
//! found. So there a failed choice is made again at the next question.

use crate::command::Secret;
use crate::view::ErrorView;
use keyring::Error;
use pod_shared::ErrorCode;

/// The name under which a keyring lists what Pod keeps.
const SERVICE: &str = "Pod";

pub(super) fn get(key: &str) -> Result<Option<Secret>, ErrorView> {
    match entry(key)?.get_password() {
        Ok(secret) => Ok(Some(Secret(secret))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(unavailable(&error)),
    }
}

pub(super) fn set(key: &str, secret: &Secret) -> Result<(), ErrorView> {
    entry(key)?.set_password(&secret.0).map_err(|error| unavailable(&error))
}

pub(super) fn remove(key: &str) -> Result<(), ErrorView> {
    match entry(key)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(unavailable(&error)),
    }
}

fn entry(key: &str) -> Result<keyring_core::Entry, ErrorView> {
    match keyring::Entry::new(SERVICE, key) {
        Ok(entry) => Ok(entry.inner),
        Err(Error::NoDefaultStore) => {
            choose_again()?;
            keyring_core::Entry::new(SERVICE, key).map_err(|error| unavailable(&error))
        }
        Err(error) => Err(unavailable(&error)),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn choose_again() -> Result<(), ErrorView> {
    if keyring_core::get_default_store().is_none() {
        let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| unavailable(&error))?;
        keyring_core::set_default_store(store);
    }
    Ok(())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn choose_again() -> Result<(), ErrorView> {
    Err(unavailable(&Error::NoDefaultStore))
}

/// The detail names the kind of trouble only: platform texts may quote what was to be kept.
fn unavailable(error: &Error) -> ErrorView {
    let detail = match error {
        Error::NoStorageAccess(_) => "the keyring of this computer is locked",
        Error::NoDefaultStore | Error::PlatformFailure(_) => {
            "this computer has no keyring, or it does not answer"
        }
        Error::TooLong(..) => "the keyring of this computer takes no secret of this length",
        Error::NoEntry
        | Error::BadEncoding(_)
        | Error::BadDataFormat(..)
        | Error::BadStoreFormat(_)
        | Error::Invalid(..)
        | Error::Ambiguous(_)
        | Error::NotSupportedByStore(_)
        | _ => "the keyring of this computer could not be used",
    };
    ErrorView::new(ErrorCode::KeyringUnavailable, detail)
}
