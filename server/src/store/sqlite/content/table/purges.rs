//! What is in the trash, and what was deleted for good and is not all removed yet.

use super::columns::{count, entry_kind_of, id, int};
use super::entries::{COLUMNS, read};
use crate::store::StoreError;
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{ContentPosition, EntryId, RoomId, TimeMs};
use rusqlite::{Connection, OptionalExtension, params};

/// Comments removed in one step.
const COMMENTS_AT_ONCE: u32 = 500;

/// Something that is marked as deleted.
pub(in super::super) struct Deleted {
    /// It.
    pub(in super::super) entry: Entry,
    /// The position of its deletion.
    pub(in super::super) at: ContentPosition,
    /// How many entries hang from it.
    pub(in super::super) below: u64,
}

/// Marked entries of a room that were deleted before a position, the newest first.
pub(in super::super) fn in_trash(
    conn: &Connection,
    room: RoomId,
    before: ContentPosition,
    limit: u32,
) -> Result<Vec<Deleted>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS}, below FROM entries INDEXED BY entries_in_trash
         WHERE room = ?1 AND deleted_at < ?2 AND deleted_at IS NOT NULL AND purged_at IS NULL
         ORDER BY deleted_at DESC LIMIT ?3"
    ))?;
    let below = COLUMNS.split(',').count();
    let rows = rows.query_map(params![room.as_bytes(), int(before.0), limit], |row| {
        Ok(Deleted { entry: read(row)?, at: ContentPosition(count(row, 13)?), below: count(row, below)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Marked entries of all rooms that were deleted before a time, some of them.
pub(in super::super) fn older(
    conn: &Connection,
    time: TimeMs,
    limit: u32,
) -> Result<Vec<EntryId>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT id FROM entries INDEXED BY entries_in_trash_by_age
         WHERE modified_at < ?1 AND deleted_at IS NOT NULL AND purged_at IS NULL ORDER BY modified_at LIMIT ?2",
    )?;
    let rows = rows.query_map(params![time.0, limit], |row| id(row, 0, EntryId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Marks an entry as deleted for good; what it has goes later.
pub(in super::super) fn mark(conn: &Connection, entry: EntryId, at: TimeMs) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE entries SET purged_at = ?2 WHERE id = ?1 AND purged_at IS NULL")?
        .execute(params![entry.as_bytes(), at.0])?;
    put(conn, entry)
}

fn put(conn: &Connection, entry: EntryId) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR IGNORE INTO purges (entry, after) VALUES (?1, x'')")?
        .execute([entry.as_bytes()])?;
    Ok(())
}

/// Some of what is to be removed.
pub(in super::super) fn some(conn: &Connection, limit: u32) -> Result<Vec<(EntryId, EntryKind)>, StoreError> {
    let mut rows = conn
        .prepare_cached("SELECT p.entry, e.kind FROM purges p JOIN entries e ON e.id = p.entry LIMIT ?1")?;
    let rows = rows.query_map([limit], |row| Ok((id(row, 0, EntryId)?, entry_kind_of(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts the next entries that lie in a folder on the list; false: all are.
pub(in super::super) fn spread(conn: &Connection, folder: EntryId, limit: u32) -> Result<bool, StoreError> {
    let after: Vec<u8> = conn
        .prepare_cached("SELECT after FROM purges WHERE entry = ?1")?
        .query_row([folder.as_bytes()], |row| row.get(0))
        .optional()?
        .unwrap_or_default();
    let mut rows =
        conn.prepare_cached("SELECT id FROM entries WHERE parent = ?1 AND id > ?2 ORDER BY id LIMIT ?3")?;
    let rows = rows.query_map(params![folder.as_bytes(), after, limit], |row| id(row, 0, EntryId))?;
    let children: Vec<EntryId> = rows.collect::<Result<_, _>>()?;
    for child in &children {
        put(conn, *child)?;
    }
    let Some(last) = children.last().filter(|_| children.len() == limit as usize) else { return Ok(false) };
    conn.prepare_cached("UPDATE purges SET after = ?2 WHERE entry = ?1")?
        .execute(params![folder.as_bytes(), last.as_bytes()])?;
    Ok(true)
}

/// Removes ratings and comments of an entry; false: there are more comments.
pub(in super::super) fn silence(conn: &Connection, entry: EntryId) -> Result<bool, StoreError> {
    conn.prepare_cached("DELETE FROM ratings WHERE entry = ?1")?.execute([entry.as_bytes()])?;
    let removed = conn
        .prepare_cached(
            "DELETE FROM comments WHERE id IN
               (SELECT id FROM comments WHERE entry = ?1 ORDER BY seq DESC LIMIT ?2)",
        )?
        .execute(params![entry.as_bytes(), COMMENTS_AT_ONCE])?;
    conn.prepare_cached(
        "UPDATE entries SET halves = 0, rated = 0,
           comments = (SELECT count(*) FROM comments WHERE entry = ?1 AND text IS NOT NULL) WHERE id = ?1",
    )?
    .execute([entry.as_bytes()])?;
    Ok(removed < COMMENTS_AT_ONCE as usize)
}

/// All that an entry had is removed: its row has nothing of it any more.
pub(in super::super) fn done(conn: &Connection, entry: EntryId, at: TimeMs) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE entries SET purged_at = ifnull(purged_at, ?2), digest = NULL, size = 0, description = '', tags = '' WHERE id = ?1",
    )?
    .execute(params![entry.as_bytes(), at.0])?;
    conn.prepare_cached("DELETE FROM purges WHERE entry = ?1")?.execute([entry.as_bytes()])?;
    Ok(())
}
