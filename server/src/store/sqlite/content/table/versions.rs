//! The versions of files; each pins its content.

use super::columns::{count, hex, id, id_or_none};
use crate::store::StoreError;
use pod_shared::content::{Basis, FileVersion};
use pod_shared::{AccountId, EntryId, TimeMs, UploadId};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// One version of a file about to be written.
pub(in super::super) struct NewVersion {
    /// Of which file.
    pub(in super::super) entry: EntryId,
    /// Its number.
    pub(in super::super) version: u32,
    /// Its content.
    pub(in super::super) blob: i64,
    /// By whom.
    pub(in super::super) by: AccountId,
    /// When.
    pub(in super::super) at: TimeMs,
    /// When the sender's file was last changed, as the sender says.
    pub(in super::super) modified_ms: Option<i64>,
    /// From which upload.
    pub(in super::super) upload: UploadId,
    /// The version that it brings back.
    pub(in super::super) restores: Option<u32>,
}

pub(in super::super) fn insert(conn: &Connection, new: &NewVersion) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO versions (entry, version, blob, by, at, modified_ms, upload, restores)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        new.entry.as_bytes(),
        new.version,
        new.blob,
        new.by.as_bytes(),
        new.at.0,
        new.modified_ms,
        new.upload.as_bytes(),
        new.restores
    ])?;
    Ok(())
}

const COLUMNS: &str = "v.version, b.size, b.digest, v.by, v.at, v.modified_ms, v.restores, v.blob";

fn read(row: &Row<'_>) -> rusqlite::Result<FileVersion> {
    Ok(FileVersion {
        version: row.get(0)?,
        size: count(row, 1)?,
        digest: hex(&row.get::<_, [u8; 32]>(2)?),
        by: id(row, 3, AccountId)?,
        at: TimeMs(row.get(4)?),
        modified_ms: row.get(5)?,
        restores: row.get(6)?,
    })
}

/// One version, with the number of its content.
pub(in super::super) fn get(
    conn: &Connection,
    entry: EntryId,
    version: u32,
) -> Result<Option<(FileVersion, i64)>, StoreError> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM versions v JOIN blobs b ON b.id = v.blob WHERE v.entry = ?1 AND v.version = ?2"
        ))?
        .query_row(params![entry.as_bytes(), version], |row| Ok((read(row)?, row.get(7)?)))
        .optional()?)
}

/// Versions before a number, the newest first.
pub(in super::super) fn before(
    conn: &Connection,
    entry: EntryId,
    version: u32,
    limit: u32,
) -> Result<Vec<FileVersion>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM versions v JOIN blobs b ON b.id = v.blob
         WHERE v.entry = ?1 AND v.version < ?2 ORDER BY v.version DESC LIMIT ?3"
    ))?;
    let rows = rows.query_map(params![entry.as_bytes(), version, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lets versions up to a number go; answers the contents that they had.
pub(in super::super) fn drop_up_to(
    conn: &Connection,
    entry: EntryId,
    version: u32,
) -> Result<Vec<i64>, StoreError> {
    let mut rows =
        conn.prepare_cached("DELETE FROM versions WHERE entry = ?1 AND version <= ?2 RETURNING blob")?;
    let blobs = rows.query_map(params![entry.as_bytes(), version], |row| row.get(0))?;
    let blobs = blobs.collect::<Result<_, _>>()?;
    conn.prepare_cached("DELETE FROM downloads WHERE entry = ?1 AND version <= ?2")?
        .execute(params![entry.as_bytes(), version])?;
    Ok(blobs)
}

/// What a content is based on, as it stands in four columns.
pub(in super::super) fn basis(row: &Row<'_>, at: usize) -> rusqlite::Result<Basis> {
    Ok(Basis {
        entry: id_or_none(row, at, EntryId)?,
        version: row.get(at + 1)?,
        copy: row.get(at + 2)?,
        fence: row.get::<_, Option<i64>>(at + 3)?.map(i64::unsigned_abs),
    })
}
