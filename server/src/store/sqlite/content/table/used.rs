//! How many bytes rooms and people take up; kept by triggers of the database.

use super::columns::count;
use crate::store::StoreError;
use pod_shared::{AccountId, RoomId};
use rusqlite::{Connection, OptionalExtension};

/// Bytes of versions that are kept, and of uploads on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Used {
    /// Kept.
    pub(in super::super) kept: u64,
    /// On their way.
    pub(in super::super) coming: u64,
}

fn kept(conn: &Connection, whose: &[u8; 16]) -> Result<u64, StoreError> {
    let found = conn
        .prepare_cached("SELECT bytes FROM used WHERE whose = ?1")?
        .query_row([whose], |row| count(row, 0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// In a room.
pub(in super::super) fn in_room(conn: &Connection, room: RoomId) -> Result<Used, StoreError> {
    let coming = conn
        .prepare_cached("SELECT ifnull(sum(length), 0) FROM uploads WHERE room = ?1 AND state = 1")?
        .query_row([room.as_bytes()], |row| count(row, 0))?;
    Ok(Used { kept: kept(conn, room.as_bytes())?, coming })
}

/// Made by a person, in all rooms.
pub(in super::super) fn by(conn: &Connection, account: AccountId) -> Result<Used, StoreError> {
    let coming = conn
        .prepare_cached(
            "SELECT ifnull(sum(length), 0) FROM uploads WHERE by = ?1 AND state = 1 AND room IS NOT NULL",
        )?
        .query_row([account.as_bytes()], |row| count(row, 0))?;
    Ok(Used { kept: kept(conn, account.as_bytes())?, coming })
}
