//! Contents that a person may read, found by their digest from that person's side: what others have is never looked at.

use super::columns::{id, int};
use crate::store::StoreError;
use pod_shared::{AccountId, EntryId};
use rusqlite::{Connection, OptionalExtension, params};

/// Of files in deleted folders as many are looked past.
const FOUND_MAX: u32 = 256;

/// Files in the person's rooms whose newest version has this content, deleted folders not yet looked at; each with its
/// stored content.
pub(in super::super) fn in_rooms_of(
    conn: &Connection,
    account: AccountId,
    digest: &[u8; 32],
    size: u64,
) -> Result<Vec<(EntryId, i64)>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT e.id, v.blob FROM members m
         CROSS JOIN entries e ON e.room = m.room AND e.digest = ?2 AND e.deleted_at IS NULL AND e.size = ?3
         CROSS JOIN versions v ON v.entry = e.id AND v.version = e.version
         WHERE m.account = ?1 AND m.role IS NOT NULL LIMIT ?4",
    )?;
    let rows = rows.query_map(params![account.as_bytes(), digest, int(size), FOUND_MAX], |row| {
        Ok((id(row, 0, EntryId)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A content that the person uploaded themselves.
pub(in super::super) fn sent_by(
    conn: &Connection,
    account: AccountId,
    digest: &[u8; 32],
    size: u64,
) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT v.blob FROM uploads u CROSS JOIN versions v ON v.entry = u.entry AND v.version = u.version
             WHERE u.by = ?1 AND u.promised = ?2 AND u.state = 2 AND u.length = ?3 LIMIT 1",
        )?
        .query_row(params![account.as_bytes(), digest, int(size)], |row| row.get(0))
        .optional()?)
}

/// A content that was forwarded, as a whole, from the person or to them.
pub(in super::super) fn forwarded(
    conn: &Connection,
    account: AccountId,
    digest: &[u8; 32],
    size: u64,
) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT blob FROM forwards WHERE sender = ?1 AND digest = ?2 AND size = ?3 AND start = 0 AND state = 2
             UNION ALL
             SELECT blob FROM forwards WHERE receiver = ?1 AND digest = ?2 AND size = ?3 AND start = 0 AND state = 2
             LIMIT 1",
        )?
        .query_row(params![account.as_bytes(), digest, int(size)], |row| row.get(0))
        .optional()?)
}
