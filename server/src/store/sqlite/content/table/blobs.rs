//! Stored contents, their pieces, the versions that pin them, and who downloaded which.

use super::columns::{count, int};
use crate::blobs::{CHUNK_BYTES, Content};
use crate::store::StoreError;
use pod_shared::{AccountId, EntryId, TimeMs, UploadId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// Writes a stored content with its pieces; answers its number.
pub(in super::super) fn insert(
    conn: &Connection,
    object: &str,
    content: &Content,
    at: TimeMs,
) -> Result<i64, StoreError> {
    conn.prepare_cached("INSERT INTO blobs (object, digest, size, created_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![object, content.sha256, int(content.size), at.0])?;
    let blob = conn.last_insert_rowid();
    let mut piece =
        conn.prepare_cached("INSERT INTO chunks (blob, offset, length, digest) VALUES (?1, ?2, ?3, ?4)")?;
    let mut offset = 0;
    for digest in &content.chunks {
        let length = CHUNK_BYTES.min(content.size - offset);
        piece.execute(params![blob, int(offset), int(length), digest])?;
        offset += length;
    }
    Ok(blob)
}

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
}

pub(in super::super) fn insert_version(conn: &Connection, new: &NewVersion) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO versions (entry, version, blob, by, at, modified_ms, upload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        new.entry.as_bytes(),
        new.version,
        new.blob,
        new.by.as_bytes(),
        new.at.0,
        new.modified_ms,
        new.upload.as_bytes()
    ])?;
    Ok(())
}

/// The object that holds a version.
pub(in super::super) fn object(
    conn: &Connection,
    entry: EntryId,
    version: u32,
) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT b.object FROM versions v JOIN blobs b ON b.id = v.blob WHERE v.entry = ?1 AND v.version = ?2",
        )?
        .query_row(params![entry.as_bytes(), version], |row| row.get(0))
        .optional()?)
}

/// The stored content with this digest and size.
pub(in super::super) fn with_digest(
    conn: &Connection,
    digest: &[u8; 32],
    size: u64,
) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id FROM blobs WHERE digest = ?1 AND size = ?2 ORDER BY id LIMIT 1")?
        .query_row(params![digest, int(size)], |row| row.get(0))
        .optional()?)
}

/// A stored content as it lies there, apart from what it is for.
#[derive(Clone, Debug)]
pub(crate) struct Resting {
    /// Its number.
    pub(crate) id: i64,
    /// Its name in the blob store.
    pub(crate) object: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Spare nonces it has.
    pub(crate) spares: u32,
}

/// The next stored content after a number with too few spare nonces.
pub(in super::super) fn next_without_spares(
    conn: &Connection,
    after: i64,
) -> Result<Option<Resting>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, object, size, spares FROM blobs INDEXED BY blobs_without_spares
             WHERE spares < 2 AND size >= 65536 AND id > ?1 ORDER BY id LIMIT 1",
        )?
        .query_row([after], |row| {
            Ok(Resting { id: row.get(0)?, object: row.get(1)?, size: count(row, 2)?, spares: row.get(3)? })
        })
        .optional()?)
}

/// The digests of the pieces of a stored content, in order.
pub(in super::super) fn pieces(conn: &Connection, blob: i64) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut rows = conn.prepare_cached("SELECT digest FROM chunks WHERE blob = ?1 ORDER BY offset")?;
    let rows = rows.query_map([blob], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Names of all stored contents.
pub(in super::super) fn names(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut rows = conn.prepare("SELECT object FROM blobs")?;
    let rows = rows.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps that a person has downloaded a version; false: it was kept before.
pub(in super::super) fn keep_download(
    conn: &Connection,
    entry: EntryId,
    version: u32,
    account: AccountId,
    at: TimeMs,
) -> Result<bool, StoreError> {
    let kept = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO downloads (entry, version, account, at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![entry.as_bytes(), version, account.as_bytes(), at.0])?;
    Ok(kept == 1)
}

/// One stored content as `check` and tests look at it.
#[derive(Clone, Debug)]
pub struct StoredBlob {
    /// Name in the blob store.
    pub object: String,
    /// SHA-256.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// Pieces: digest of each.
    pub chunks: Vec<[u8; 32]>,
}

/// Stored contents after a number, a page of them; answers the number to go on from.
pub(in super::super) fn page(
    conn: &Connection,
    after: i64,
    limit: u32,
) -> Result<(Vec<StoredBlob>, i64), StoreError> {
    let mut rows =
        conn.prepare_cached("SELECT id, object, digest, size FROM blobs WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let mut rows = rows.query(params![after, limit])?;
    let mut pieces = conn.prepare_cached("SELECT digest FROM chunks WHERE blob = ?1 ORDER BY offset")?;
    let (mut found, mut last) = (Vec::new(), after);
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let chunks = pieces.query_map([last], |row| row.get(0))?.collect::<Result<_, _>>()?;
        found.push(StoredBlob { object: row.get(1)?, sha256: row.get(2)?, size: count(row, 3)?, chunks });
    }
    Ok((found, last))
}
