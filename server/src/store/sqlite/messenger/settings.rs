//! Settings that follow their person: a row for each, with the transaction that changed it, found by that like presence.
//! One that went back to its default stays as a row without a value, so that every device hears of it.

use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column};
use crate::error::Refusal;
use pod_shared::limits::SETTINGS_PER_ACCOUNT_MAX;
use pod_shared::setting::SettingState;
use pod_shared::{AccountId, ErrorCode, Txn};
use rusqlite::{OptionalExtension, params};
use std::sync::Arc;

/// - `settings.value` null: the default.
pub(super) const SETTINGS: &str = "
CREATE TABLE settings (
    account BLOB NOT NULL,
    key TEXT NOT NULL,
    value TEXT,
    txn INTEGER NOT NULL,
    PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX settings_by_txn ON settings (account, txn);
";

impl MessengerStore {
    /// Changes a setting and tells the person's own devices; the same value again changes nothing.
    ///
    /// # Errors
    /// `too_many`, or when the store cannot be written.
    pub async fn set_setting(&self, account: AccountId, setting: SettingState) -> Result<(), Refusal> {
        self.change(move |work| set(work, account, setting)).await
    }

    /// What a device has to learn of its person's settings after a transaction; of everything only what has a value.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn settings_after(&self, account: AccountId, after: Txn) -> Result<Vec<SettingState>, Refusal> {
        self.ask(move |connection| {
            let settings = connection
                .prepare_cached(
                    "SELECT key, value FROM settings
                     WHERE account = ?1 AND txn > ?2 AND (?2 > 0 OR value IS NOT NULL) ORDER BY txn",
                )?
                .query_map(params![account.as_bytes(), after.0.cast_signed()], |row| {
                    Ok(SettingState { key: row.get(0)?, value: row.get(1)? })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(settings)
        })
        .await
    }
}

fn set(work: &Work<'_>, account: AccountId, setting: SettingState) -> Result<(), Refusal> {
    let held: Option<Option<String>> = work
        .connection
        .prepare_cached("SELECT value FROM settings WHERE account = ?1 AND key = ?2")?
        .query_row(params![account.as_bytes(), setting.key], |row| row.get(0))
        .optional()?;
    if held.clone().flatten() == setting.value {
        return Ok(());
    }
    if held.is_none() {
        let count: u64 = work
            .connection
            .prepare_cached("SELECT count(*) FROM settings WHERE account = ?1")?
            .query_row([account.as_bytes()], |row| column::count(row, 0))?;
        if count >= SETTINGS_PER_ACCOUNT_MAX as u64 {
            return Err(Refusal::new(ErrorCode::TooMany, "nobody has that many settings"));
        }
    }
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "INSERT INTO settings (account, key, value, txn) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (account, key) DO UPDATE SET value = ?3, txn = ?4",
        )?
        .execute(params![account.as_bytes(), setting.key, setting.value, txn.0.cast_signed()])?;
    work.tell_by_txn(Arc::from([account]), txn, Told::Setting(setting));
    Ok(())
}
