//! Files that are being edited on this computer: each edit as it was after its last step, until all of it is at the server.

use crate::store::Db;
use crate::view::ErrorView;
use pod_machine::edit::Edit;
use pod_shared::{AccountId, EntryId, ErrorCode, RoomId, limits, wire};
use rusqlite::{Transaction, params};
use std::path::PathBuf;

pub(crate) const TABLES: &str = "
-- A file that is being edited here, from before its lock is taken. path: where it lies on this computer; body: the machine.
CREATE TABLE edits (
    account BLOB NOT NULL,
    entry BLOB NOT NULL,
    room BLOB NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (account, entry)
) STRICT, WITHOUT ROWID;
";

/// A file that is being edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EditRow {
    /// The room.
    pub(crate) room: RoomId,
    /// The name of the file in the room.
    pub(crate) name: String,
    /// Where it lies on this computer.
    pub(crate) path: PathBuf,
    /// How it stands.
    pub(crate) edit: Edit,
}

fn broken() -> ErrorView {
    ErrorView::new(ErrorCode::Internal, "what is kept of a file that is being edited cannot be read")
}

/// All of an account.
pub(crate) async fn all(state: &Db, me: AccountId) -> Result<Vec<EditRow>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement =
            tx.prepare_cached("SELECT room, name, path, body FROM edits WHERE account = ?1 ORDER BY entry")?;
        let mut rows = statement.query([me.as_bytes()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (room, body): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(3)?);
            all.push(EditRow {
                room: RoomId::from_slice(&room).ok_or_else(broken)?,
                name: row.get(1)?,
                path: PathBuf::from(row.get::<_, String>(2)?),
                edit: wire::decode(&body).map_err(|_| broken())?,
            });
        }
        Ok(all)
    };
    state.run(run).await
}

/// Keeps a new one. `too_many`, `conflict` when the file is being edited already.
pub(crate) async fn add(state: &Db, me: AccountId, row: EditRow) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let (count, there): (u32, bool) = tx.query_row(
            "SELECT count(*), coalesce(max(entry = ?2), 0) FROM edits WHERE account = ?1",
            params![me.as_bytes(), row.edit.entry.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if there {
            return Err(ErrorView::new(ErrorCode::Conflict, "the file is being edited here already"));
        }
        if count as usize >= limits::EDITS_MAX {
            return Err(ErrorView::new(ErrorCode::TooMany, "these are too many files to edit at once"));
        }
        put(tx, me, &row)
    };
    state.run(run).await
}

/// Writes how one stands now; `before` is the file that it was an edit of until now.
pub(crate) async fn save(state: &Db, me: AccountId, before: EntryId, row: EditRow) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        if before != row.edit.entry {
            remove(tx, me, before)?;
        }
        put(tx, me, &row)
    };
    state.run(run).await
}

/// Forgets one.
pub(crate) async fn forget(state: &Db, me: AccountId, entry: EntryId) -> Result<(), ErrorView> {
    state.run(move |tx: &Transaction<'_>| remove(tx, me, entry)).await
}

fn put(tx: &Transaction<'_>, me: AccountId, row: &EditRow) -> Result<(), ErrorView> {
    let body = wire::encode(&row.edit).map_err(|_| broken())?;
    tx.execute(
        "INSERT OR REPLACE INTO edits (account, entry, room, name, path, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            me.as_bytes(),
            row.edit.entry.as_bytes(),
            row.room.as_bytes(),
            row.name,
            row.path.to_string_lossy(),
            body
        ],
    )?;
    Ok(())
}

fn remove(tx: &Transaction<'_>, me: AccountId, entry: EntryId) -> Result<(), ErrorView> {
    tx.execute(
        "DELETE FROM edits WHERE account = ?1 AND entry = ?2",
        params![me.as_bytes(), entry.as_bytes()],
    )?;
    Ok(())
}
