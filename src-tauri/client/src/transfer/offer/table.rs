//! The tables of offers in `state.db`: offers of this device, and people whose offers are taken without a question.
//!
//! Every function runs inside a transaction of the caller.

use super::row::{Offer, Side};
use crate::direct::Manifest;
use crate::transfer::row::{Kind, Row};
use crate::transfer::store::{FINISHED_KEPT, id, parsed, text};
use crate::view::ErrorView;
use pod_machine::offer::{Up, UpPhase};
use pod_shared::{AccountId, OfferId, TimeMs};
use rusqlite::{Connection, params};
use std::path::PathBuf;
use std::sync::Arc;

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

/// Offers that are not wanted, until the messenger heard it.
pub(crate) const DECLINED: &str = "CREATE TABLE declined (
    account BLOB NOT NULL,
    offer BLOB NOT NULL,
    PRIMARY KEY (account, offer)
) STRICT, WITHOUT ROWID;";

/// Adds an offer.
pub(in crate::transfer) fn insert(
    db: &Connection,
    account: AccountId,
    row: &Row,
    offer: &Offer,
) -> Result<(), ErrorView> {
    db.prepare_cached(
        "INSERT INTO offers (id, account, peer, batch, name, path, created_at, side, story, over)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        row.id().as_bytes(),
        account.as_bytes(),
        offer.peer.as_bytes(),
        offer.batch.as_bytes(),
        row.name,
        row.path.to_string_lossy(),
        row.created_at.0,
        text(&offer.side)?,
        text(&row.story)?,
        row.is_settled(),
    ])?;
    Ok(())
}

/// Writes what may change of an offer; the digests only when they are new.
pub(in crate::transfer) fn save(db: &Connection, row: &Row, offer: &Offer) -> Result<(), ErrorView> {
    // They are new exactly when the source was just read through and nobody was asked about it yet.
    let fresh = matches!(&offer.side, Side::Up(Up { phase: UpPhase::Asked { until_ms: None }, .. }));
    let manifest = offer.manifest.as_ref().filter(|_| fresh).map(|manifest| manifest.to_bytes());
    db.prepare_cached(
        "UPDATE offers SET name = ?2, path = ?3, side = ?4, story = ?5, over = ?6, manifest = coalesce(?7, manifest)
         WHERE id = ?1",
    )?
    .execute(params![
        row.id().as_bytes(),
        row.name,
        row.path.to_string_lossy(),
        text(&offer.side)?,
        text(&row.story)?,
        row.is_settled(),
        manifest,
    ])?;
    Ok(())
}

/// All offers of an account, in the order of asking.
pub(in crate::transfer) fn load(db: &Connection, account: AccountId) -> Result<Vec<Row>, ErrorView> {
    db.execute(
        "DELETE FROM offers WHERE account = ?1 AND over = 1 AND seq NOT IN
         (SELECT seq FROM offers WHERE account = ?1 AND over = 1 ORDER BY seq DESC LIMIT ?2)",
        params![account.as_bytes(), FINISHED_KEPT],
    )?;
    let mut query = db.prepare(
        "SELECT peer, batch, name, path, created_at, side, story, manifest
         FROM offers WHERE account = ?1 ORDER BY seq",
    )?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (side, story): (String, String) = (row.get(5)?, row.get(6)?);
        let manifest: Option<Vec<u8>> = row.get(7)?;
        let offer = Offer {
            peer: id(row, 0, AccountId::from_slice)?,
            batch: id(row, 1, OfferId::from_slice)?,
            side: parsed(&side)?,
            manifest: None,
        };
        let path = PathBuf::from(row.get::<_, String>(3)?);
        let mut made = Row::new(row.get(2)?, path, TimeMs(row.get(4)?), Kind::Offer(offer));
        let manifest = manifest.and_then(|bytes| Manifest::from_bytes(made.total(), &bytes)).map(Arc::new);
        if let Some(offer) = made.offer_mut() {
            offer.manifest = manifest;
        }
        all.push(Row { story: parsed(&story)?, ..made });
    }
    Ok(all)
}

/// The people whose offers are taken without a question.
pub(in crate::transfer) fn always(db: &Connection, account: AccountId) -> Result<Vec<AccountId>, ErrorView> {
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

/// The offers that are not wanted and of which the messenger has not heard.
pub(in crate::transfer) fn declined(db: &Connection, account: AccountId) -> Result<Vec<OfferId>, ErrorView> {
    let mut query = db.prepare("SELECT offer FROM declined WHERE account = ?1")?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(id(row, 0, OfferId::from_slice)?);
    }
    Ok(all)
}

/// An offer is not wanted, or the messenger has heard it.
pub(super) fn set_declined(
    db: &Connection,
    account: AccountId,
    offer: OfferId,
    untold: bool,
) -> Result<(), ErrorView> {
    let sql = if untold {
        "INSERT OR IGNORE INTO declined (account, offer) VALUES (?1, ?2)"
    } else {
        "DELETE FROM declined WHERE account = ?1 AND offer = ?2"
    };
    db.execute(sql, params![account.as_bytes(), offer.as_bytes()])?;
    Ok(())
}
