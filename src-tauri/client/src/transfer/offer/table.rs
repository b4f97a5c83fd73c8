//! The tables of offers in `state.db`: offers of this device, and people whose offers are taken without a question.
//!
//! Every function runs inside a transaction of the caller.

use super::row::{Row, Side};
use crate::direct::Manifest;
use crate::transfer::rate::Rate;
use crate::transfer::room::table::{broken, id};
use crate::view::ErrorView;
use pod_shared::{AccountId, OfferId, TimeMs};
use rusqlite::{Connection, params};
use std::path::PathBuf;
use std::sync::Arc;

/// Finished offers that are kept to be shown.
const FINISHED_KEPT: u32 = 500;

/// Tables of offers in `state.db`.
pub(crate) const TABLES: &str = "
-- One row for each offer made here or accepted here, from before its first step; seq is the order of asking. side is
-- the state machine as JSON, story what happened as JSON, path a place on this computer, manifest the digests of the
-- pieces of what is sent; over is 1 when nothing will happen to it any more and nothing is to be told.
CREATE TABLE offers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL,
    peer BLOB NOT NULL,
    batch BLOB NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    side TEXT NOT NULL,
    story TEXT NOT NULL,
    manifest BLOB,
    over INTEGER NOT NULL
) STRICT;
CREATE INDEX offers_by_account ON offers (account, over, seq);
-- People whose offers are taken without a question.
CREATE TABLE always (
    account BLOB NOT NULL,
    peer BLOB NOT NULL,
    PRIMARY KEY (account, peer)
) STRICT, WITHOUT ROWID;
";

fn over(row: &Row) -> bool {
    row.is_over() && row.say().is_none()
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, ErrorView> {
    serde_json::to_string(value).map_err(|_| broken())
}

/// Adds an offer; gives its place in the order.
pub(super) fn insert(db: &Connection, account: AccountId, row: &Row) -> Result<u64, ErrorView> {
    db.prepare_cached(
        "INSERT INTO offers (id, account, peer, batch, name, path, created_at, side, story, over)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        row.id().as_bytes(),
        account.as_bytes(),
        row.peer.as_bytes(),
        row.batch.as_bytes(),
        row.name,
        row.path.to_string_lossy(),
        row.created_at.0,
        text(&row.side)?,
        text(&row.story)?,
        over(row),
    ])?;
    Ok(u64::try_from(db.last_insert_rowid()).unwrap_or_default())
}

/// Writes what may change of an offer; the digests only when they are new.
pub(super) fn save(db: &Connection, row: &Row, manifest: Option<Vec<u8>>) -> Result<(), ErrorView> {
    db.prepare_cached(
        "UPDATE offers SET name = ?2, path = ?3, side = ?4, story = ?5, over = ?6, manifest = coalesce(?7, manifest)
         WHERE id = ?1",
    )?
    .execute(params![
        row.id().as_bytes(),
        row.name,
        row.path.to_string_lossy(),
        text(&row.side)?,
        text(&row.story)?,
        over(row),
        manifest,
    ])?;
    Ok(())
}

/// Everything of an account, oldest first: all that is open and the newest of what is over.
pub(super) fn load(db: &Connection, account: AccountId) -> Result<Vec<Row>, ErrorView> {
    db.execute(
        "DELETE FROM offers WHERE account = ?1 AND over = 1 AND seq NOT IN
         (SELECT seq FROM offers WHERE account = ?1 AND over = 1 ORDER BY seq DESC LIMIT ?2)",
        params![account.as_bytes(), FINISHED_KEPT],
    )?;
    let mut query = db.prepare(
        "SELECT seq, peer, batch, name, path, created_at, side, story, manifest
         FROM offers WHERE account = ?1 ORDER BY seq",
    )?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (side, story): (String, String) = (row.get(6)?, row.get(7)?);
        let side: Side = serde_json::from_str(&side).map_err(|_| broken())?;
        let manifest: Option<Vec<u8>> = row.get(8)?;
        let mut made = Row {
            seq: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
            peer: id(row, 1, AccountId::from_slice)?,
            batch: id(row, 2, OfferId::from_slice)?,
            name: row.get(3)?,
            path: PathBuf::from(row.get::<_, String>(4)?),
            created_at: TimeMs(row.get(5)?),
            side,
            story: serde_json::from_str(&story).map_err(|_| broken())?,
            manifest: None,
            detail: String::new(),
            rate: Rate::default(),
            resumed_at: None,
            kept: 0,
        };
        made.manifest = manifest.and_then(|bytes| Manifest::from_bytes(made.total(), &bytes)).map(Arc::new);
        all.push(made);
    }
    Ok(all)
}

/// The people whose offers are taken without a question.
pub(super) fn always(db: &Connection, account: AccountId) -> Result<Vec<AccountId>, ErrorView> {
    let mut query = db.prepare("SELECT peer FROM always WHERE account = ?1")?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(id(row, 0, AccountId::from_slice)?);
    }
    Ok(all)
}

/// Whether a person's offers are taken without a question.
pub(super) fn set_always(
    db: &Connection,
    account: AccountId,
    peer: AccountId,
    on: bool,
) -> Result<(), ErrorView> {
    let both = params![account.as_bytes(), peer.as_bytes()];
    if on {
        db.execute("INSERT OR IGNORE INTO always (account, peer) VALUES (?1, ?2)", both)?;
    } else {
        db.execute("DELETE FROM always WHERE account = ?1 AND peer = ?2", both)?;
    }
    Ok(())
}
