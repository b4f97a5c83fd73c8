//! Stored contents, their pieces, and who downloaded which.

use super::columns::{count, int, strange};
use crate::blobs::{CHUNK_BYTES, Content, PACKED_BYTES_MIN};
use crate::store::StoreError;
use pod_shared::{AccountId, EntryId, TimeMs};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeSet;

/// Writes a stored content with its pieces; answers its number.
pub(in super::super) fn insert(
    conn: &Connection,
    object: &str,
    content: &Content,
    at: TimeMs,
) -> Result<i64, StoreError> {
    // Whether packing pays is looked at later, in quiet; of a small one it is known.
    let form = if content.size < PACKED_BYTES_MIN { Form::Plain } else { Form::AsCame };
    conn.prepare_cached(
        "INSERT INTO blobs (object, digest, size, created_at, form) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![object, content.sha256, int(content.size), at.0, form.code()])?;
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

/// How the bytes of a stored content lie in its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they came, and nobody looked yet whether packing pays.
    AsCame,
    /// Packed, piece by piece.
    Packed,
    /// As they came, for good.
    Plain,
}

impl Form {
    fn code(self) -> i64 {
        match self {
            Self::AsCame => 1,
            Self::Packed => 2,
            Self::Plain => 3,
        }
    }

    fn of(row: &Row<'_>, index: usize) -> rusqlite::Result<Self> {
        match row.get::<_, i64>(index)? {
            1 => Ok(Self::AsCame),
            2 => Ok(Self::Packed),
            3 => Ok(Self::Plain),
            _ => Err(strange(index, "form of stored content")),
        }
    }
}

/// Where a stored content lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lying {
    /// Its number; may be given to another one when it is gone.
    pub(crate) blob: i64,
    /// SHA-256.
    pub(crate) digest: [u8; 32],
    /// Its name in the blob store. When it is packed it gets another one.
    pub(crate) object: String,
    /// How it lies there.
    pub(crate) form: Form,
}

/// Where a stored content lies.
pub(in super::super) fn lying(conn: &Connection, blob: i64) -> Result<Option<Lying>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT digest, object, form FROM blobs WHERE id = ?1")?
        .query_row([blob], |row| {
            Ok(Lying { blob, digest: row.get(0)?, object: row.get(1)?, form: Form::of(row, 2)? })
        })
        .optional()?)
}

/// Whether a version or a forwarded file has it.
pub(in super::super) fn is_pinned(conn: &Connection, blob: i64) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM versions WHERE blob = ?1)
                 OR EXISTS (SELECT 1 FROM forwards WHERE blob = ?1)",
        )?
        .query_row([blob], |row| row.get(0))?)
}

/// Deletes a stored content with its pieces and spare nonces; its object stays.
pub(in super::super) fn delete(conn: &Connection, blob: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM spares WHERE blob = ?1",
        "DELETE FROM chunks WHERE blob = ?1",
        "DELETE FROM blobs WHERE id = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([blob])?;
    }
    Ok(())
}

/// It lies somewhere else now, or another way; false: it does not lie where it was believed to.
pub(in super::super) fn set_lying(
    conn: &Connection,
    before: &Lying,
    object: &str,
    form: Form,
) -> Result<bool, StoreError> {
    let changed = conn
        .prepare_cached(
            "UPDATE blobs SET object = ?3, form = ?4 WHERE id = ?1 AND object = ?2 AND digest = ?5",
        )?
        .execute(params![before.blob, before.object, object, form.code(), before.digest])?;
    Ok(changed == 1)
}

/// A name under which a file with this content was kept.
pub(in super::super) fn name(conn: &Connection, blob: i64) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT e.name FROM versions v JOIN entries e ON e.id = v.entry WHERE v.blob = ?1 LIMIT 1",
        )?
        .query_row([blob], |row| row.get(0))
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

/// A stored content that wants something done.
#[derive(Clone, Debug)]
pub(crate) struct Resting {
    /// Where it lies.
    pub(crate) lying: Lying,
    /// Bytes.
    pub(crate) size: u64,
    /// Spare nonces it has.
    pub(crate) spares: u32,
}

fn resting(row: &Row<'_>) -> rusqlite::Result<Resting> {
    let lying =
        Lying { blob: row.get(0)?, digest: row.get(1)?, object: row.get(2)?, form: Form::of(row, 3)? };
    Ok(Resting { lying, size: count(row, 4)?, spares: row.get(5)? })
}

/// The next stored content after a number at which nobody looked yet.
pub(in super::super) fn next_as_it_came(
    conn: &Connection,
    after: i64,
) -> Result<Option<Resting>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, digest, object, form, size, spares FROM blobs INDEXED BY blobs_as_they_came
             WHERE form = 1 AND id > ?1 ORDER BY id LIMIT 1",
        )?
        .query_row([after], resting)
        .optional()?)
}

/// The next stored content after a number with too few spare nonces.
pub(in super::super) fn next_without_spares(
    conn: &Connection,
    after: i64,
) -> Result<Option<Resting>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, digest, object, form, size, spares FROM blobs INDEXED BY blobs_without_spares
             WHERE spares < 2 AND size >= 65536 AND id > ?1 ORDER BY id LIMIT 1",
        )?
        .query_row([after], resting)
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
    /// How it lies there.
    pub form: Form,
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
    let mut rows = conn.prepare_cached(
        "SELECT id, object, form, digest, size FROM blobs WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = rows.query(params![after, limit])?;
    let mut pieces = conn.prepare_cached("SELECT digest FROM chunks WHERE blob = ?1 ORDER BY offset")?;
    let (mut found, mut last) = (Vec::new(), after);
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let chunks = pieces.query_map([last], |row| row.get(0))?.collect::<Result<_, _>>()?;
        found.push(StoredBlob {
            object: row.get(1)?,
            form: Form::of(row, 2)?,
            sha256: row.get(3)?,
            size: count(row, 4)?,
            chunks,
        });
    }
    Ok((found, last))
}
