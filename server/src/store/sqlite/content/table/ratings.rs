//! Ratings of entries, and their sums.

use super::columns::id;
use crate::store::StoreError;
use pod_shared::content::Rating;
use pod_shared::{AccountId, EntryId, TimeMs};
use rusqlite::{Connection, OptionalExtension, params};

/// The half stars that a person gave an entry.
pub(in super::super) fn get(
    conn: &Connection,
    entry: EntryId,
    account: AccountId,
) -> Result<Option<u8>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT halves FROM ratings WHERE entry = ?1 AND account = ?2")?
        .query_row(params![entry.as_bytes(), account.as_bytes()], |row| row.get(0))
        .optional()?)
}

/// All of an entry, the newest first.
pub(in super::super) fn of(conn: &Connection, entry: EntryId, limit: u32) -> Result<Vec<Rating>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT account, halves, at FROM ratings WHERE entry = ?1 ORDER BY at DESC, account LIMIT ?2",
    )?;
    let rows = rows.query_map(params![entry.as_bytes(), limit], |row| {
        Ok(Rating { by: id(row, 0, AccountId)?, halves: row.get(1)?, at: TimeMs(row.get(2)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets or takes back what a person gives an entry, and the sums with it.
pub(in super::super) fn set(
    conn: &Connection,
    entry: EntryId,
    account: AccountId,
    halves: Option<u8>,
    at: TimeMs,
) -> Result<(), StoreError> {
    match halves {
        Some(halves) => conn
            .prepare_cached(
                "INSERT OR REPLACE INTO ratings (entry, account, halves, at) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![entry.as_bytes(), account.as_bytes(), halves, at.0])?,
        None => conn
            .prepare_cached("DELETE FROM ratings WHERE entry = ?1 AND account = ?2")?
            .execute(params![entry.as_bytes(), account.as_bytes()])?,
    };
    conn.prepare_cached(
        "UPDATE entries SET (halves, rated) =
           (SELECT ifnull(sum(r.halves), 0), count(*) FROM ratings r WHERE r.entry = entries.id) WHERE id = ?1",
    )?
    .execute([entry.as_bytes()])?;
    Ok(())
}
