//! Sharing groups.

use super::columns::{count, id, int};
use crate::store::StoreError;
use pod_shared::{AccountId, ContentPosition, RoomId, TimeMs};
use rusqlite::{Connection, OptionalExtension, params};

/// One group, without its members.
pub(in super::super) struct GroupRow {
    /// Its title.
    pub(in super::super) title: String,
    /// Raised with each new title.
    pub(in super::super) title_counter: u64,
    /// Who made it.
    pub(in super::super) created_by: AccountId,
    /// Newest content position.
    pub(in super::super) head: ContentPosition,
    /// Entries that are not deleted.
    pub(in super::super) live: u64,
}

pub(in super::super) fn insert(
    conn: &Connection,
    room: RoomId,
    title: &str,
    by: AccountId,
    at: TimeMs,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO groups (room, title, title_counter, created_by, created_at, head, live)
         VALUES (?1, ?2, 1, ?3, ?4, 0, 0)",
    )?
    .execute(params![room.as_bytes(), title, by.as_bytes(), at.0])?;
    Ok(())
}

pub(in super::super) fn get(conn: &Connection, room: RoomId) -> Result<Option<GroupRow>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT title, title_counter, created_by, head, live FROM groups WHERE room = ?1")?
        .query_row([room.as_bytes()], |row| {
            Ok(GroupRow {
                title: row.get(0)?,
                title_counter: count(row, 1)?,
                created_by: id(row, 2, AccountId)?,
                head: ContentPosition(count(row, 3)?),
                live: count(row, 4)?,
            })
        })
        .optional()?)
}

pub(in super::super) fn set_title(
    conn: &Connection,
    room: RoomId,
    title: &str,
    counter: u64,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE groups SET title = ?2, title_counter = ?3 WHERE room = ?1")?
        .execute(params![room.as_bytes(), title, int(counter)])?;
    Ok(())
}

/// Takes the next content position.
pub(in super::super) fn next_position(
    conn: &Connection,
    room: RoomId,
) -> Result<ContentPosition, StoreError> {
    Ok(conn
        .prepare_cached("UPDATE groups SET head = head + 1 WHERE room = ?1 RETURNING head")?
        .query_row([room.as_bytes()], |row| count(row, 0).map(ContentPosition))?)
}

/// Counts entries in or, negative, out.
pub(in super::super) fn add_live(conn: &Connection, room: RoomId, by: i64) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE groups SET live = live + ?2 WHERE room = ?1")?
        .execute(params![room.as_bytes(), by])?;
    Ok(())
}

/// The room is not told who opened what.
pub(in super::super) fn opened_untold(conn: &Connection, room: RoomId) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT opened_untold FROM groups WHERE room = ?1")?
        .query_row([room.as_bytes()], |row| row.get(0))
        .optional()?
        .unwrap_or(true))
}

/// Tells the room from now on, or not.
pub(in super::super) fn set_opened_untold(
    conn: &Connection,
    room: RoomId,
    untold: bool,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE groups SET opened_untold = ?2 WHERE room = ?1")?
        .execute(params![room.as_bytes(), untold])?;
    Ok(())
}
