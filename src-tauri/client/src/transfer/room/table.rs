//! The tables of the queue in `state.db`: transfers, folders still to be made, copies of files on this computer.
//!
//! Every function runs inside a transaction of the caller. A row of another account stays untouched until that account
//! is signed in again. Neighbours: `row` (what a row means), `queue` (when rows are written).

use super::copies::Copy;
use super::row::{Folder, RoomFile};
use crate::transfer::row::{Kind, Row};
use crate::transfer::store::{FINISHED_KEPT, id, maybe_id, parsed, text};
use crate::view::ErrorView;
use pod_shared::{AccountId, EntryId, RoomId, TimeMs, UploadId};
use rusqlite::{Connection, params};
use std::path::PathBuf;

/// Tables of the transfer queue in `state.db`.
pub(crate) const TABLES: &str = "
-- One row for each transfer, from before its first step; seq is the order of asking. machine is the state machine as
-- JSON, path a place on this computer, over is 1 when nothing will happen to it any more.
CREATE TABLE transfers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    parent BLOB,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    next_upload BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    machine TEXT NOT NULL,
    over INTEGER NOT NULL
) STRICT;
CREATE INDEX transfers_by_account ON transfers (account, over, seq);
-- Folders of a sent folder that the server does not have yet; made in the order of seq, so parents come first.
CREATE TABLE transfer_folders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    parent BLOB,
    name TEXT NOT NULL
) STRICT;
-- Files of rooms on this computer, with what they were when they were whole.
CREATE TABLE copies (
    account BLOB NOT NULL,
    entry BLOB NOT NULL,
    room BLOB NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    ours INTEGER NOT NULL,
    PRIMARY KEY (account, entry, path)
) STRICT, WITHOUT ROWID;
";

/// What happened to each transfer, oldest first, as JSON.
pub(crate) const STORY: &str = "ALTER TABLE transfers ADD COLUMN story TEXT NOT NULL DEFAULT '[]';";

/// Adds a transfer.
pub(in crate::transfer) fn insert(
    db: &Connection,
    account: AccountId,
    row: &Row,
    file: &RoomFile,
) -> Result<(), ErrorView> {
    db.prepare_cached(
        "INSERT INTO transfers (id, account, room, parent, name, path, next_upload, created_at, touched_at, machine, story, over, linked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        row.id().as_bytes(),
        account.as_bytes(),
        file.room.as_bytes(),
        file.parent.as_ref().map(EntryId::as_bytes),
        row.name,
        row.path.to_string_lossy(),
        file.next_upload.as_bytes(),
        row.created_at.0,
        file.touched_at.0,
        text(&file.machine)?,
        text(&row.story)?,
        row.is_settled(),
        file.linked.as_ref().map(text).transpose()?,
    ])?;
    Ok(())
}

/// Writes what may change of a transfer.
pub(in crate::transfer) fn save(db: &Connection, row: &Row, file: &RoomFile) -> Result<(), ErrorView> {
    db.prepare_cached(
        "UPDATE transfers SET parent = ?2, name = ?3, path = ?4, next_upload = ?5, touched_at = ?6, machine = ?7,
         story = ?8, over = ?9 WHERE id = ?1",
    )?
    .execute(params![
        row.id().as_bytes(),
        file.parent.as_ref().map(EntryId::as_bytes),
        row.name,
        row.path.to_string_lossy(),
        file.next_upload.as_bytes(),
        file.touched_at.0,
        text(&file.machine)?,
        text(&row.story)?,
        row.is_settled(),
    ])?;
    Ok(())
}

/// All files of rooms of an account, in the order of asking.
pub(in crate::transfer) fn load(db: &Connection, account: AccountId) -> Result<Vec<Row>, ErrorView> {
    db.execute(
        "DELETE FROM transfers WHERE account = ?1 AND over = 1 AND seq NOT IN
         (SELECT seq FROM transfers WHERE account = ?1 AND over = 1 ORDER BY seq DESC LIMIT ?2)",
        params![account.as_bytes(), FINISHED_KEPT],
    )?;
    let mut query = db.prepare(
        "SELECT room, parent, name, path, next_upload, created_at, touched_at, machine, story, linked
         FROM transfers WHERE account = ?1 ORDER BY seq",
    )?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (machine, story): (String, String) = (row.get(7)?, row.get(8)?);
        let file = RoomFile {
            machine: parsed(&machine)?,
            room: id(row, 0, RoomId::from_slice)?,
            parent: maybe_id(row, 1, EntryId::from_slice)?,
            next_upload: id(row, 4, UploadId::from_slice)?,
            touched_at: TimeMs(row.get(6)?),
            linked: row.get::<_, Option<String>>(9)?.map(|linked| parsed(&linked)).transpose()?,
        };
        let path = PathBuf::from(row.get::<_, String>(3)?);
        let made = Row::new(row.get(2)?, path, TimeMs(row.get(5)?), Kind::Room(file));
        all.push(Row { story: parsed(&story)?, ..made });
    }
    Ok(all)
}

/// Adds a folder that is to be made.
pub(crate) fn insert_folder(db: &Connection, account: AccountId, folder: &Folder) -> Result<(), ErrorView> {
    db.prepare_cached(
        "INSERT INTO transfer_folders (id, account, room, parent, name) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        folder.id.as_bytes(),
        account.as_bytes(),
        folder.room.as_bytes(),
        folder.parent.as_ref().map(EntryId::as_bytes),
        folder.name,
    ])?;
    Ok(())
}

/// The folders that are to be made, parents first.
pub(crate) fn folders(db: &Connection, account: AccountId) -> Result<Vec<Folder>, ErrorView> {
    let mut query =
        db.prepare("SELECT id, room, parent, name FROM transfer_folders WHERE account = ?1 ORDER BY seq")?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Folder {
            id: id(row, 0, EntryId::from_slice)?,
            room: id(row, 1, RoomId::from_slice)?,
            parent: maybe_id(row, 2, EntryId::from_slice)?,
            name: row.get(3)?,
        });
    }
    Ok(all)
}

/// A folder is made, or will not be. `there` is its id at the server: another than asked for when one with the name
/// was there already; everything that was to go into the first goes into that one.
pub(crate) fn settle_folder(
    db: &Connection,
    asked: EntryId,
    there: Option<EntryId>,
) -> Result<(), ErrorView> {
    db.execute("DELETE FROM transfer_folders WHERE id = ?1", params![asked.as_bytes()])?;
    if let Some(there) = there.filter(|there| *there != asked) {
        let both = params![asked.as_bytes(), there.as_bytes()];
        db.execute("UPDATE transfer_folders SET parent = ?2 WHERE parent = ?1", both)?;
        db.execute("UPDATE transfers SET parent = ?2 WHERE parent = ?1", both)?;
    }
    Ok(())
}

/// Remembers a copy of a file on this computer.
pub(crate) fn put_copy(db: &Connection, account: AccountId, copy: &Copy) -> Result<(), ErrorView> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO copies (account, entry, room, path, digest, size, modified_ns, ours)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        account.as_bytes(),
        copy.entry.as_bytes(),
        copy.room.as_bytes(),
        copy.path.to_string_lossy(),
        copy.digest,
        i64::try_from(copy.size).unwrap_or(i64::MAX),
        copy.modified_ns,
        copy.ours,
    ])?;
    Ok(())
}

/// Forgets a copy.
pub(crate) fn drop_copy(db: &Connection, account: AccountId, copy: &Copy) -> Result<(), ErrorView> {
    db.execute(
        "DELETE FROM copies WHERE account = ?1 AND entry = ?2 AND path = ?3",
        params![account.as_bytes(), copy.entry.as_bytes(), copy.path.to_string_lossy()],
    )?;
    Ok(())
}

/// All copies on this computer.
pub(crate) fn copies(db: &Connection, account: AccountId) -> Result<Vec<Copy>, ErrorView> {
    let mut query = db.prepare(
        "SELECT entry, room, path, digest, size, modified_ns, ours FROM copies WHERE account = ?1",
    )?;
    let mut rows = query.query(params![account.as_bytes()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Copy {
            entry: id(row, 0, EntryId::from_slice)?,
            room: id(row, 1, RoomId::from_slice)?,
            path: PathBuf::from(row.get::<_, String>(2)?),
            digest: row.get(3)?,
            size: u64::try_from(row.get::<_, i64>(4)?).unwrap_or_default(),
            modified_ns: row.get(5)?,
            ours: row.get(6)?,
        });
    }
    Ok(all)
}
