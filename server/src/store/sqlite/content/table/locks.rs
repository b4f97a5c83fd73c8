//! Who edits which file. A lease that is over stands in its row until it is told as over; it counts no more.

use super::columns::{count, id, int};
use crate::monotonic::{LIFE, now_ms};
use crate::store::StoreError;
use pod_shared::content::Lock;
use pod_shared::{AccountId, DeviceId, EntryId, RoomId, TimeMs};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// One lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct LockRow {
    /// The file.
    pub(in super::super) entry: EntryId,
    /// Its room.
    pub(in super::super) room: RoomId,
    /// Who has it, and its number.
    pub(in super::super) lock: Lock,
    /// Its length, in milliseconds.
    pub(in super::super) lasts_ms: u64,
    /// When it ends, in this process's monotonic time.
    pub(in super::super) until_ms: u64,
}

impl LockRow {
    /// It counts.
    pub(in super::super) fn stands(&self) -> bool {
        self.until_ms > now_ms()
    }
}

const COLUMNS: &str = "entry, room, account, device, at, fence, lasts, until, life";

fn read(row: &Row<'_>) -> rusqlite::Result<LockRow> {
    let (lasts_ms, until_ms, life): (u64, u64, i64) = (count(row, 6)?, count(row, 7)?, row.get(8)?);
    Ok(LockRow {
        entry: id(row, 0, EntryId)?,
        room: id(row, 1, RoomId)?,
        lock: Lock {
            by: id(row, 2, AccountId)?,
            device: id(row, 3, DeviceId)?,
            since: TimeMs(row.get(4)?),
            fence: count(row, 5)?,
        },
        lasts_ms,
        until_ms: if life == *LIFE { until_ms } else { lasts_ms },
    })
}

/// The row of a file, whether it still counts or not.
pub(in super::super) fn get(conn: &Connection, entry: EntryId) -> Result<Option<LockRow>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM locks WHERE entry = ?1"))?
        .query_row([entry.as_bytes()], read)
        .optional()?)
}

/// All of a room.
pub(in super::super) fn of_room(conn: &Connection, room: RoomId) -> Result<Vec<LockRow>, StoreError> {
    let mut rows = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM locks WHERE room = ?1"))?;
    let rows = rows.query_map([room.as_bytes()], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All of everybody.
pub(in super::super) fn all(conn: &Connection) -> Result<Vec<LockRow>, StoreError> {
    let mut rows = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM locks"))?;
    let rows = rows.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in super::super) fn count_of(conn: &Connection, account: AccountId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM locks WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| count(row, 0))?)
}

pub(in super::super) fn put(conn: &Connection, row: &LockRow) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO locks (entry, room, account, device, at, fence, lasts, until, life)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        row.entry.as_bytes(),
        row.room.as_bytes(),
        row.lock.by.as_bytes(),
        row.lock.device.as_bytes(),
        row.lock.since.0,
        int(row.lock.fence),
        int(row.lasts_ms),
        int(row.until_ms),
        *LIFE
    ])?;
    Ok(())
}

pub(in super::super) fn remove(conn: &Connection, entry: EntryId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM locks WHERE entry = ?1")?.execute([entry.as_bytes()])?;
    Ok(())
}

/// The number of the newest lock that a file ever had.
pub(in super::super) fn fence(conn: &Connection, entry: EntryId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT fence FROM entries WHERE id = ?1")?
        .query_row([entry.as_bytes()], |row| count(row, 0))?)
}

/// The number for a new lock.
pub(in super::super) fn next_fence(conn: &Connection, entry: EntryId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("UPDATE entries SET fence = fence + 1 WHERE id = ?1 RETURNING fence")?
        .query_row([entry.as_bytes()], |row| count(row, 0))?)
}
