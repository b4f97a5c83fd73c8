//! One file or folder in the cache, and the sums of the folder it lies in: both change in one transaction.

use super::row::{self, int};
use super::{Cache, order, pack};
use crate::view::ErrorView;
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{EntryId, RoomId, limits};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashMap;

/// The number of a kind, in the order in which kinds stand in a folder.
pub(super) fn kind_number(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::Folder => 0,
        EntryKind::File => 1,
    }
}

/// Where an entry lies, as a column: its folder, or at the top the room.
pub(super) fn place(room: RoomId, parent: Option<EntryId>) -> [u8; 16] {
    parent.map_or(*room.as_bytes(), |parent| *parent.as_bytes())
}

impl Cache {
    /// An entry as an answer of the content service gave it, before the change arrives by itself.
    pub(crate) async fn keep_entry(&self, entry: Entry) -> Result<(), ErrorView> {
        self.db.run(move |tx| write(tx, &entry)).await
    }

    /// A file or folder as last told by the server; deleted when a folder above it is.
    pub(crate) async fn entry(&self, id: EntryId) -> Result<Option<Entry>, ErrorView> {
        let run = move |tx: &Transaction<'_>| read(tx, id);
        self.read(run).await
    }

    /// The folders from the top down to this one, itself included.
    pub(crate) async fn path_to(&self, folder: EntryId) -> Result<Vec<Entry>, ErrorView> {
        self.read(move |tx| path(tx, folder)).await
    }

    /// Everything that lies in a folder and in those in it; nothing: in the room's. What is deleted is left out.
    pub(crate) async fn tree(&self, room: RoomId, folder: Option<EntryId>) -> Result<Vec<Entry>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "WITH RECURSIVE open (place) AS (
                     VALUES (?1) UNION
                     SELECT id FROM entries INDEXED BY entries_by_name JOIN open USING (place)
                     WHERE kind = 0 AND deleted = 0)
                 SELECT body FROM entries INDEXED BY entries_by_name JOIN open USING (place) WHERE deleted = 0",
            )?;
            let entries = statement.query_map([place(room, folder)], |row| row::unpack(row, 0))?;
            Ok(entries.collect::<Result<_, _>>()?)
        };
        self.reader.run(run).await
    }

    /// Asks several things about entries at one moment.
    pub(crate) async fn at_one_moment<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&EntriesNow<'_>) -> Result<T, ErrorView> + Send + 'static,
    ) -> Result<T, ErrorView> {
        self.reader.run(move |tx| ask(&EntriesNow(tx))).await
    }

    /// Entries in a folder.
    pub(crate) async fn count_in(&self, folder: EntryId) -> Result<u32, ErrorView> {
        self.read(move |tx| count_in(tx, folder)).await
    }

    /// Entries and bytes in a room's folder, as far as known; what lies in a deleted folder is not counted.
    pub(crate) async fn folder_size(&self, room: RoomId) -> Result<(u32, u64), ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            // Goes over folders, not over what lies in them.
            let mut statement = tx.prepare_cached(
                "WITH RECURSIVE open (place) AS (
                     VALUES (?1) UNION
                     SELECT id FROM entries INDEXED BY entries_by_name JOIN open USING (place)
                     WHERE kind = 0 AND deleted = 0)
                 SELECT coalesce(sum(count), 0), coalesce(sum(bytes), 0) FROM sums JOIN open USING (place)",
            )?;
            Ok(statement.query_row([room.as_bytes()], |row| Ok((row.get(0)?, row::uint(row, 1)?)))?)
        };
        self.read(run).await
    }
}

/// Entries as they are at one moment.
pub(crate) struct EntriesNow<'a>(&'a Connection);

impl EntriesNow<'_> {
    /// An entry that is there: neither deleted nor in a deleted folder.
    pub(crate) fn entry(&self, id: EntryId) -> Result<Option<Entry>, ErrorView> {
        Ok(read(self.0, id)?.filter(|entry| !entry.deleted))
    }

    /// What lies in a folder and is not deleted.
    pub(crate) fn in_folder(&self, folder: EntryId) -> Result<Vec<EntryId>, ErrorView> {
        let mut statement = self.0.prepare_cached(
            "SELECT id FROM entries INDEXED BY entries_by_name WHERE place = ?1 AND deleted = 0",
        )?;
        let rows = statement.query_map([folder.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
        let ids = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(ids.iter().filter_map(|id| EntryId::from_slice(id)).collect())
    }
}

/// Entries in a folder.
pub(super) fn count_in(tx: &Connection, folder: EntryId) -> Result<u32, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT coalesce(sum(count), 0) FROM sums WHERE place = ?1")?;
    Ok(statement.query_row([folder.as_bytes()], |row| row.get(0))?)
}

/// The folders from the top down to this one, itself included.
pub(super) fn path(tx: &Connection, folder: EntryId) -> Result<Vec<Entry>, ErrorView> {
    let mut path = Vec::new();
    let mut next = Some(folder);
    while let Some(id) = next
        && path.len() < limits::FOLDER_DEPTH_MAX
    {
        let Some(entry) = read_as_told(tx, id)? else { break };
        next = entry.parent;
        path.push(entry);
    }
    path.reverse();
    Ok(path)
}

/// An entry; deleted when a folder above it is.
pub(super) fn read(tx: &Connection, id: EntryId) -> Result<Option<Entry>, ErrorView> {
    read_among(tx, id, &mut Folders::new())
}

/// Folders that were looked at for the same answer, and whether what lies in them is deleted: many entries lie in few.
pub(super) type Folders = HashMap<EntryId, bool>;

/// As [`read`], for one of many.
pub(super) fn read_among(
    tx: &Connection,
    id: EntryId,
    seen: &mut Folders,
) -> Result<Option<Entry>, ErrorView> {
    let Some(mut entry) = read_as_told(tx, id)? else { return Ok(None) };
    if let (false, Some(parent)) = (entry.deleted, entry.parent) {
        entry.deleted = match seen.get(&parent) {
            Some(deleted) => *deleted,
            None => {
                let deleted = path(tx, parent)?.iter().any(|folder| folder.deleted);
                seen.insert(parent, deleted);
                deleted
            }
        };
    }
    Ok(Some(entry))
}

pub(super) fn read_as_told(tx: &Connection, id: EntryId) -> Result<Option<Entry>, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT body FROM entries WHERE id = ?1")?;
    Ok(statement.query_row([id.as_bytes()], |row| row::unpack(row, 0)).optional()?)
}

/// Writes an entry as it was told.
pub(super) fn write(tx: &Connection, entry: &Entry) -> Result<(), ErrorView> {
    if let Some(old) = read_as_told(tx, entry.id)? {
        count(tx, &old, -1)?;
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO entries
             (id, room, place, deleted, kind, name_key, type_key, person, modified_at, size, folded, body,
              version, comments, rating, locked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        entry.id.as_bytes(),
        entry.room.as_bytes(),
        place(entry.room, entry.parent),
        entry.deleted,
        kind_number(entry.kind),
        order::name_key(&entry.name),
        order::type_key(&entry.name),
        entry.created_by.as_bytes(),
        entry.modified_at.0,
        int(entry.size),
        order::folded(&entry.name),
        pack(entry)?,
        entry.version.max(1),
        entry.comments,
        entry.rating.map_or(0, |sum| i64::from(sum.halves) * 1_000 / i64::from(sum.count.max(1))),
        entry.lock.as_ref().map_or(0, |lock| lock.since.0),
    ])?;
    count(tx, entry, 1)
}

/// Takes an entry out; false: it was not here.
pub(super) fn remove(tx: &Connection, id: EntryId) -> Result<bool, ErrorView> {
    let Some(old) = read_as_told(tx, id)? else { return Ok(false) };
    count(tx, &old, -1)?;
    tx.prepare_cached("DELETE FROM entries WHERE id = ?1")?.execute([id.as_bytes()])?;
    Ok(true)
}

/// Counts an entry in or out of its folder, and notes that the folder changed.
fn count(tx: &Connection, entry: &Entry, by: i64) -> Result<(), ErrorView> {
    if entry.deleted {
        return Ok(());
    }
    let place = place(entry.room, entry.parent);
    tx.prepare_cached(
        "INSERT INTO sums (place, kind, person, room, count, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (place, kind, person) DO UPDATE
         SET count = count + excluded.count, bytes = bytes + excluded.bytes",
    )?
    .execute(params![
        place,
        kind_number(entry.kind),
        entry.created_by.as_bytes(),
        entry.room.as_bytes(),
        by,
        int(entry.size).saturating_mul(by),
    ])?;
    let turn: i64 = tx
        .prepare_cached("UPDATE turns SET turn = turn + 1 WHERE place = x'' RETURNING turn")?
        .query_row([], |row| row.get(0))?;
    tx.prepare_cached(
        "INSERT INTO turns (place, room, turn) VALUES (?1, ?2, ?3)
         ON CONFLICT (place) DO UPDATE SET turn = excluded.turn",
    )?
    .execute(params![place, entry.room.as_bytes(), turn])?;
    Ok(())
}
