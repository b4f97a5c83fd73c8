//! Folders of this computer that are kept in step with rooms, and what both sides of each had when they were last alike.
//!
//! A base is written only of what both sides have. Without them nothing is ever deleted: whoever loses this file links
//! anew, and finds everything on both sides.

use crate::store::Db;
use crate::view::ErrorView;
use pod_machine::folder::Base;
use pod_shared::{AccountId, EntryId, ErrorCode, LinkedId, RoomId, limits, wire};
use rusqlite::{Connection, Transaction, params};
use std::collections::BTreeSet;
use std::path::PathBuf;

pub(crate) const TABLES: &str = "
-- A folder of this computer. entry: the folder of the room that it is linked with; nothing: its top.
CREATE TABLE linked (
    id BLOB PRIMARY KEY,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    entry BLOB,
    path TEXT NOT NULL,
    paused INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- What both sides had of an entry when they were last alike, as the planner keeps it.
CREATE TABLE linked_bases (
    linked BLOB NOT NULL,
    entry BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (linked, entry)
) STRICT, WITHOUT ROWID;
-- Deletions that a person allowed.
CREATE TABLE linked_allowed (
    linked BLOB NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (linked, entry)
) STRICT, WITHOUT ROWID;
-- For which linked folder a file moves, and what it may take the place of, as JSON.
ALTER TABLE transfers ADD COLUMN linked TEXT;
";

/// A linked folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    /// Made here.
    pub(crate) id: LinkedId,
    /// The room.
    pub(crate) room: RoomId,
    /// The folder of the room; nothing: its top.
    pub(crate) entry: Option<EntryId>,
    /// Where it lies on this computer.
    pub(crate) path: PathBuf,
    /// The person stopped it.
    pub(crate) paused: bool,
}

fn broken() -> ErrorView {
    ErrorView::new(ErrorCode::Internal, "what is kept of a linked folder cannot be read")
}

/// All of an account, in the order of their making.
pub(crate) async fn all(state: &Db, me: AccountId) -> Result<Vec<Linked>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare_cached(
            "SELECT id, room, entry, path, paused FROM linked WHERE account = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([me.as_bytes()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, room, entry): (Vec<u8>, Vec<u8>, Option<Vec<u8>>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            all.push(Linked {
                id: LinkedId::from_slice(&id).ok_or_else(broken)?,
                room: RoomId::from_slice(&room).ok_or_else(broken)?,
                entry: entry.map(|entry| EntryId::from_slice(&entry).ok_or_else(broken)).transpose()?,
                path: PathBuf::from(row.get::<_, String>(3)?),
                paused: row.get(4)?,
            });
        }
        Ok(all)
    };
    state.run(run).await
}

/// Keeps a new one. `too_many`.
pub(crate) async fn add(state: &Db, me: AccountId, linked: Linked) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let count: u32 =
            tx.query_row("SELECT count(*) FROM linked WHERE account = ?1", [me.as_bytes()], |row| {
                row.get(0)
            })?;
        if count as usize >= limits::LINKED_FOLDERS_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "these are too many linked folders"));
        }
        tx.execute(
            "INSERT INTO linked (id, account, room, entry, path, paused) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                linked.id.as_bytes(),
                me.as_bytes(),
                linked.room.as_bytes(),
                linked.entry.as_ref().map(EntryId::as_bytes),
                linked.path.to_string_lossy(),
                linked.paused,
            ],
        )?;
        Ok(())
    };
    state.run(run).await
}

/// Forgets one; what lies on the disk and at the server stays.
pub(crate) async fn remove(state: &Db, id: LinkedId) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("DELETE FROM linked WHERE id = ?1", [id.as_bytes()])?;
        tx.execute("DELETE FROM linked_bases WHERE linked = ?1", [id.as_bytes()])?;
        tx.execute("DELETE FROM linked_allowed WHERE linked = ?1", [id.as_bytes()])?;
        Ok(())
    };
    state.run(run).await
}

/// Stops one, or lets it go on.
pub(crate) async fn pause(state: &Db, id: LinkedId, paused: bool) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("UPDATE linked SET paused = ?2 WHERE id = ?1", params![id.as_bytes(), paused])?;
        Ok(())
    };
    state.run(run).await
}

/// What both sides had, and the deletions that a person allowed.
pub(crate) async fn known(state: &Db, id: LinkedId) -> Result<(Vec<Base>, BTreeSet<EntryId>), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare_cached("SELECT body FROM linked_bases WHERE linked = ?1")?;
        let mut rows = statement.query([id.as_bytes()])?;
        let mut bases = Vec::new();
        while let Some(row) = rows.next()? {
            let body: Vec<u8> = row.get(0)?;
            bases.push(wire::decode(&body).map_err(|_| broken())?);
        }
        let mut statement = tx.prepare_cached("SELECT entry FROM linked_allowed WHERE linked = ?1")?;
        let mut rows = statement.query([id.as_bytes()])?;
        let mut allowed = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let entry: Vec<u8> = row.get(0)?;
            allowed.extend(EntryId::from_slice(&entry));
        }
        Ok((bases, allowed))
    };
    state.run(run).await
}

/// Writes what both sides have now, and forgets what neither has.
pub(crate) async fn note(
    state: &Db,
    id: LinkedId,
    bases: Vec<Base>,
    gone: Vec<EntryId>,
) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut drop = tx.prepare_cached("DELETE FROM linked_bases WHERE linked = ?1 AND entry = ?2")?;
        let mut done = tx.prepare_cached("DELETE FROM linked_allowed WHERE linked = ?1 AND entry = ?2")?;
        for entry in &gone {
            drop.execute(params![id.as_bytes(), entry.as_bytes()])?;
            done.execute(params![id.as_bytes(), entry.as_bytes()])?;
        }
        let mut put = tx.prepare_cached(
            "INSERT OR REPLACE INTO linked_bases (linked, entry, body) VALUES (?1, ?2, ?3)",
        )?;
        for base in &bases {
            let body = wire::encode(base).map_err(|_| broken())?;
            put.execute(params![id.as_bytes(), base.entry.as_bytes(), body])?;
        }
        Ok(())
    };
    state.run(run).await
}

/// Writes what both sides have of one entry now, in the caller's transaction; of a folder that is linked no more nothing.
pub(crate) fn landed(db: &Connection, id: LinkedId, base: &Base) -> Result<(), ErrorView> {
    let body = wire::encode(base).map_err(|_| broken())?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO linked_bases (linked, entry, body)
         SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM linked WHERE id = ?1)",
    )?
    .execute(params![id.as_bytes(), base.entry.as_bytes(), body])?;
    Ok(())
}

/// The person's word about deletions: these may be.
pub(crate) async fn allow(state: &Db, id: LinkedId, entries: BTreeSet<EntryId>) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut put =
            tx.prepare_cached("INSERT OR IGNORE INTO linked_allowed (linked, entry) VALUES (?1, ?2)")?;
        for entry in &entries {
            put.execute(params![id.as_bytes(), entry.as_bytes()])?;
        }
        Ok(())
    };
    state.run(run).await
}
