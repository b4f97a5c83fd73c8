//! Forwarded offers, and the digests of their pieces.

use super::columns::{count, id, int, strange};
use crate::store::StoreError;
use pod_shared::{AccountId, OfferId, TimeMs};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// How far a forwarded file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ForwardStep {
    /// Its bytes come, or will.
    Sent,
    /// All of it is there, in this blob.
    Whole(i64),
    /// It is no longer needed, or was not fetched in time.
    Over,
}

/// One forwarded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForwardRow {
    /// The offer.
    pub(crate) offer: OfferId,
    /// Who sends.
    pub(crate) sender: AccountId,
    /// For whom.
    pub(crate) receiver: AccountId,
    /// Bytes of the whole file.
    pub(crate) size: u64,
    /// First byte that goes through the server.
    pub(crate) start: u64,
    /// SHA-256 of the whole file.
    pub(crate) digest: [u8; 32],
    /// BLAKE3 of its manifest.
    pub(crate) root: [u8; 32],
    /// How far it is.
    pub(crate) step: ForwardStep,
    /// Until when it is kept, or remembered.
    pub(crate) until: TimeMs,
}

const COLUMNS: &str = "offer, sender, receiver, size, start, digest, root, state, blob, until";

fn read(row: &Row<'_>) -> rusqlite::Result<ForwardRow> {
    let step = match row.get::<_, i64>(7)? {
        1 => ForwardStep::Sent,
        2 => ForwardStep::Whole(row.get(8)?),
        3 => ForwardStep::Over,
        _ => return Err(strange(7, "state of forwarded file")),
    };
    Ok(ForwardRow {
        offer: id(row, 0, OfferId)?,
        sender: id(row, 1, AccountId)?,
        receiver: id(row, 2, AccountId)?,
        size: count(row, 3)?,
        start: count(row, 4)?,
        digest: row.get(5)?,
        root: row.get(6)?,
        step,
        until: TimeMs(row.get(9)?),
    })
}

pub(in super::super) fn get(conn: &Connection, offer: OfferId) -> Result<Option<ForwardRow>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM forwards WHERE offer = ?1"))?
        .query_row([offer.as_bytes()], read)
        .optional()?)
}

pub(in super::super) fn insert(conn: &Connection, row: &ForwardRow, at: TimeMs) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO forwards (offer, sender, receiver, size, start, digest, root, state, created_at, until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)",
    )?
    .execute(params![
        row.offer.as_bytes(),
        row.sender.as_bytes(),
        row.receiver.as_bytes(),
        int(row.size),
        int(row.start),
        row.digest,
        row.root,
        at.0,
        row.until.0
    ])?;
    Ok(())
}

/// Writes how far it is, and until when it is kept.
pub(in super::super) fn set_step(
    conn: &Connection,
    offer: OfferId,
    step: ForwardStep,
    until: TimeMs,
) -> Result<(), StoreError> {
    let (state, blob) = match step {
        ForwardStep::Sent => (1, None),
        ForwardStep::Whole(blob) => (2, Some(blob)),
        ForwardStep::Over => (3, None),
    };
    conn.prepare_cached("UPDATE forwards SET state = ?2, blob = ?3, until = ?4 WHERE offer = ?1")?
        .execute(params![offer.as_bytes(), state, blob, until.0])?;
    Ok(())
}

pub(in super::super) fn delete(conn: &Connection, offer: OfferId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM forwards WHERE offer = ?1")?.execute([offer.as_bytes()])?;
    Ok(())
}

/// Files of a person that are kept, or being sent.
pub(in super::super) fn count_of(conn: &Connection, sender: AccountId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM forwards WHERE sender = ?1 AND state <> 3")?
        .query_row([sender.as_bytes()], |row| count(row, 0))?)
}

/// Bytes of a person that are kept, or being sent.
pub(in super::super) fn bytes_of(conn: &Connection, sender: AccountId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT coalesce(sum(size - start), 0) FROM forwards WHERE sender = ?1 AND state <> 3",
        )?
        .query_row([sender.as_bytes()], |row| count(row, 0))?)
}

/// Those whose time is over, some of them.
pub(in super::super) fn until_before(
    conn: &Connection,
    now: TimeMs,
    limit: u32,
) -> Result<Vec<ForwardRow>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM forwards WHERE until < ?1 ORDER BY until LIMIT ?2"
    ))?;
    let rows = rows.query_map(params![now.0, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in super::super) fn put_pieces(
    conn: &Connection,
    offer: OfferId,
    pieces: &[u8],
) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR REPLACE INTO manifests (offer, pieces) VALUES (?1, ?2)")?
        .execute(params![offer.as_bytes(), pieces])?;
    Ok(())
}

pub(in super::super) fn pieces(conn: &Connection, offer: OfferId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT pieces FROM manifests WHERE offer = ?1")?
        .query_row([offer.as_bytes()], |row| row.get(0))
        .optional()?)
}

pub(in super::super) fn delete_pieces(conn: &Connection, offer: OfferId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM manifests WHERE offer = ?1")?.execute([offer.as_bytes()])?;
    Ok(())
}
