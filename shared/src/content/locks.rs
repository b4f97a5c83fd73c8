//! Edit locks: while one device edits a file, nobody else changes it (N10).
//!
//! A lock is a lease on the server's monotonic time: `PUT /v1/entries/{id}/lock` with a [`LockAsk`] takes it, or renews it
//! for the same device, repeatably; the answer is a [`LockGrant`]. It ends `limits::LOCK_LEASE_S` after the last renewal (or
//! after what was asked for, at most `limits::LOCK_S_MAX`); `DELETE`, repeatably, by the person who has it, gives it back;
//! `POST /v1/entries/{id}/lock/break` with a [`LockBreak`] ends somebody else's, by who manages the room. Asked for by
//! another device while it stands: `locked`.
//!
//! Each lock of a file has a number of its own, greater than all before: its **fence**. While a file is locked, its holder's
//! device renames, moves and deletes it; a content is accepted from the holder with the fence in its
//! [`super::Basis`]. Everybody else gets `locked` for whatever would change the file, or the place of a folder above it. A
//! content with a fence that is not the newest any more becomes a conflict copy.

use crate::{AccountId, DeviceId, TimeMs};
use serde::{Deserialize, Serialize};

/// A lock as everybody in the room sees it: in an [`super::Entry`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Who edits.
    pub by: AccountId,
    /// At which device.
    pub device: DeviceId,
    /// Since when, by the server's clock.
    pub since: TimeMs,
    /// Its number.
    pub fence: u64,
}

/// `PUT /v1/entries/{id}/lock`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockAsk {
    /// Renew this lock; `conflict` if this device does not have it any more. Nothing: take it, or find one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<u64>,
    /// For how long without a renewal, in seconds; nothing: `limits::LOCK_LEASE_S`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_s: Option<u64>,
}

/// Its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockGrant {
    /// The number of the lock.
    pub fence: u64,
    /// It ends so many seconds from now, if it is not renewed.
    pub lasts_s: u64,
    /// The newest version of the file.
    pub version: u32,
}

/// `POST /v1/entries/{id}/lock/break`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockBreak {
    /// Why, for everybody to read; not empty, at most `limits::LOCK_REASON_BYTES_MAX`.
    pub reason: String,
}
