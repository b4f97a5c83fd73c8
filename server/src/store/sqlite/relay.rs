//! The relay log: rows that the other side of the interlock must still apply, and the ids of its rows applied here.
//!
//! The same tables stand in `messenger.db` and `content.db`; each service appends [`SCHEMA`] to its first migration,
//! calls [`append`] in the transaction of the change itself, and [`mark_applied`] in that of the change it applies.

use crate::store::StoreError;
use pod_shared::interlock::{RelayBody, RelayRow, RowsApplied};
use pod_shared::{AccountId, RelayId, RoomId, wire};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The tables, for the first migration of each service. Rows are deleted when settled; `refused` says why a row is set
/// aside for good.
pub const SCHEMA: &str = "
CREATE TABLE relay_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    room BLOB NOT NULL,
    body BLOB NOT NULL,
    refused TEXT
) STRICT;
CREATE INDEX relay_log_waiting ON relay_log (seq) WHERE refused IS NULL;
CREATE TABLE relay_applied (
    id BLOB PRIMARY KEY,
    at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// How the reason begins that sets a refused pair aside: nothing more of its room is sent, since what the other side has
/// under that id is not its other half.
const NO_PAIR: &str = "no pair: ";

/// Writes a row for the other side; answers its `seq`.
///
/// # Errors
/// When the database refuses, or the id is there already.
pub fn append(
    connection: &Connection,
    id: RelayId,
    room: RoomId,
    body: &RelayBody,
) -> Result<u64, StoreError> {
    let body = wire::encode(body).map_err(|error| StoreError::Commit(error.to_string()))?;
    connection
        .prepare_cached("INSERT INTO relay_log (id, room, body) VALUES (?1, ?2, ?3)")?
        .execute(params![id.as_bytes(), room.as_bytes(), body])?;
    Ok(connection.last_insert_rowid().unsigned_abs())
}

/// The oldest rows that wait, in the order of `seq`, but none of the rooms `held`.
///
/// # Errors
/// When the database cannot be read, or a row in it.
pub fn pending(connection: &Connection, limit: usize, held: &[RoomId]) -> Result<Vec<RelayRow>, StoreError> {
    let mut rows = connection.prepare_cached(
        "SELECT seq, id, room, body FROM relay_log WHERE refused IS NULL
         AND room NOT IN (SELECT room FROM relay_log WHERE refused LIKE ?1 || '%') ORDER BY seq",
    )?;
    let mut rows = rows.query([NO_PAIR])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let row = relay_row(row)?;
        if !held.contains(&row.room) {
            found.push(row);
        }
    }
    Ok(found)
}

/// Whether no row waits.
///
/// # Errors
/// When the database cannot be read.
pub fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    let waits = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM relay_log WHERE refused IS NULL
             AND room NOT IN (SELECT room FROM relay_log WHERE refused LIKE ?1 || '%'))",
        )?
        .query_row([NO_PAIR], |row| row.get::<_, bool>(0))?;
    Ok(!waits)
}

/// Whether a row is still there: not applied by the other side, or set aside.
///
/// # Errors
/// When the database cannot be read.
pub fn waits(connection: &Connection, id: RelayId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM relay_log WHERE id = ?1)")?
        .query_row([id.as_bytes()], |row| row.get(0))?)
}

/// The newest row about a member that still waits.
///
/// # Errors
/// When the database cannot be read, or a row in it.
pub fn member_waits(
    connection: &Connection,
    room: RoomId,
    account: AccountId,
) -> Result<Option<RelayId>, StoreError> {
    let mut rows = connection
        .prepare_cached("SELECT seq, id, room, body FROM relay_log WHERE room = ?1 ORDER BY seq DESC")?;
    let mut rows = rows.query([room.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let row = relay_row(row)?;
        if matches!(row.body, RelayBody::Member { member } if member.account == account) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// Deletes applied rows and sets refused ones aside; answers the applied rows that waited until now, in order.
///
/// # Errors
/// When the database refuses.
pub fn settle(connection: &Connection, outcome: &RowsApplied) -> Result<Vec<RelayRow>, StoreError> {
    let mut settled = Vec::new();
    for id in &outcome.applied {
        let row = connection
            .prepare_cached("DELETE FROM relay_log WHERE id = ?1 RETURNING seq, id, room, body")?
            .query_row([id.as_bytes()], relay_row)
            .optional()?;
        settled.extend(row);
    }
    for (id, reason) in &outcome.refused {
        let row = connection
            .prepare_cached("SELECT seq, id, room, body FROM relay_log WHERE id = ?1")?
            .query_row([id.as_bytes()], relay_row)
            .optional()?;
        let is_pair = row.is_some_and(|row| matches!(row.body, RelayBody::Pair { .. }));
        let reason = if is_pair { format!("{NO_PAIR}{reason}") } else { reason.clone() };
        connection
            .prepare_cached("UPDATE relay_log SET refused = ?2 WHERE id = ?1")?
            .execute(params![id.as_bytes(), reason])?;
    }
    settled.sort_by_key(|row| row.seq);
    Ok(settled)
}

/// Whether a row of the other side was applied here.
///
/// # Errors
/// When the database cannot be read.
pub fn applied_before(connection: &Connection, id: RelayId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM relay_applied WHERE id = ?1)")?
        .query_row([id.as_bytes()], |row| row.get(0))?)
}

/// Keeps the id of a row of the other side, in the transaction that applies it.
///
/// # Errors
/// When the database refuses.
pub fn mark_applied(connection: &Connection, id: RelayId) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO relay_applied (id, at_s) VALUES (?1, unixepoch())")?
        .execute([id.as_bytes()])?;
    Ok(())
}

/// Drops the ids of rows that the other side settled and never sends again.
///
/// # Errors
/// When the database refuses.
pub fn forget(connection: &Connection, ids: &[RelayId]) -> Result<(), StoreError> {
    let mut forget = connection.prepare_cached("DELETE FROM relay_applied WHERE id = ?1")?;
    for id in ids {
        forget.execute([id.as_bytes()])?;
    }
    Ok(())
}

/// Rows set aside, and rows that cannot be read.
///
/// # Errors
/// When the database cannot be read.
pub fn check(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut violations = Vec::new();
    let mut refused = connection.prepare("SELECT seq, refused FROM relay_log WHERE refused IS NOT NULL")?;
    let rows = refused.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (seq, reason) = row?;
        violations.push(format!("relay row {seq} was refused by the other side: {reason}"));
    }
    let mut all = connection.prepare("SELECT seq, id, room, body FROM relay_log ORDER BY seq")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        if relay_row(row).is_err() {
            violations.push(format!("relay row {} cannot be read", row.get::<_, i64>(0)?));
        }
    }
    Ok(violations)
}

fn relay_row(row: &Row<'_>) -> rusqlite::Result<RelayRow> {
    let broken = |column, what: String| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, what.into())
    };
    let id: Vec<u8> = row.get(1)?;
    let room: Vec<u8> = row.get(2)?;
    let body: Vec<u8> = row.get(3)?;
    Ok(RelayRow {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        id: RelayId::from_slice(&id).ok_or_else(|| broken(1, "not an id".into()))?,
        room: RoomId::from_slice(&room).ok_or_else(|| broken(2, "not an id".into()))?,
        body: wire::decode(&body).map_err(|error| broken(3, error.to_string()))?,
    })
}
