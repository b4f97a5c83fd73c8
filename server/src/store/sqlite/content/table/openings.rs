//! Who looked at which version of a file.

use crate::store::StoreError;
use pod_shared::{AccountId, EntryId, TimeMs};
use rusqlite::{Connection, params};

/// Keeps that a person looked at a version; false: it was kept before.
pub(in super::super) fn keep(
    conn: &Connection,
    entry: EntryId,
    version: u32,
    account: AccountId,
    at: TimeMs,
) -> Result<bool, StoreError> {
    let kept = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO openings (entry, version, account, at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![entry.as_bytes(), version, account.as_bytes(), at.0])?;
    Ok(kept == 1)
}
