//! The database of `auth`: accounts, devices, invites, revocations.
//!
//! Each method is one transaction. Secrets are here only as hashes. Two processes may write: the server and a
//! subcommand beside it.

use super::Db;
use crate::store::StoreError;
use pod_shared::{AccountId, DeviceId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::Path;

mod accounts;
mod check;
mod devices;
mod invites;
mod profile;
mod revocations;

pub use check::check;

/// Append-only from the first release on.
///
/// `accounts.name_key` and `display_key` are folded (see `auth::name`). `devices`: `signed_out_ms` is set instead of
/// deleting, so that an old token is told apart from a wrong one; `issued_s` is the `iat` of its newest signed token.
/// `revocations.at_s`: tokens issued at or before are void. `settings`: facts of the operator's installation.
pub const MIGRATIONS: &[&str] = &["
CREATE TABLE accounts (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    display_key TEXT NOT NULL,
    password TEXT NOT NULL,
    is_admin INTEGER NOT NULL,
    is_disabled INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    label TEXT NOT NULL,
    token BLOB NOT NULL UNIQUE,
    since_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    issued_s INTEGER NOT NULL DEFAULT 0,
    signed_out_ms INTEGER
) STRICT;
CREATE INDEX devices_account ON devices (account) WHERE signed_out_ms IS NULL;
CREATE TABLE invites (
    code BLOB PRIMARY KEY,
    uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
    expires_s INTEGER NOT NULL,
    by BLOB
) STRICT;
CREATE TABLE revocations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    device BLOB NOT NULL,
    at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX revocations_device ON revocations (device, at_s);
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
"];

/// The name of the file in the data folder.
pub const FILE: &str = "auth.db";

/// What `auth` keeps; cheap to clone.
#[derive(Clone)]
pub struct AuthStore {
    db: Db,
}

impl AuthStore {
    /// Opens or makes the database in this folder.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        Ok(Self { db: Db::open(&data.join(FILE), MIGRATIONS)? })
    }

    /// A fact kept under this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setting(&self, key: &'static str) -> Result<Option<String>, StoreError> {
        let ask = "SELECT value FROM settings WHERE key = ?1";
        self.db.read(move |c| Ok(c.query_row(ask, [key], |row| row.get(0)).optional()?)).await
    }

    /// Keeps a fact under this key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_setting(&self, key: &'static str, value: String) -> Result<(), StoreError> {
        self.db
            .write(move |c| {
                c.execute(
                    "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
                    params![key, value],
                )?;
                Ok(())
            })
            .await
    }
}

fn account_id(row: &Row<'_>, column: usize) -> rusqlite::Result<AccountId> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(AccountId(uuid::Uuid::from_bytes(bytes)))
}

fn device_id(row: &Row<'_>, column: usize) -> rusqlite::Result<DeviceId> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(DeviceId(uuid::Uuid::from_bytes(bytes)))
}

fn seconds(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn has_accounts(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM accounts)", [], |row| row.get(0))
}
