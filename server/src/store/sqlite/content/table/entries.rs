//! Files and folders.

use super::columns::{count, entry_kind, entry_kind_of, hex, id, id_or_none, int, strange};
use super::{locks, permissions};
use crate::store::StoreError;
use pod_shared::content::{Entry, RatingSum};
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, TimeMs, limits};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The columns of [`read`], in its order.
pub(super) const COLUMNS: &str = "id, room, parent, name, kind, size, digest, version, created_at, created_by, modified_at, \
                       modified_by, position, deleted_at, comments, halves, rated, description, tags";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: id(row, 0, EntryId)?,
        room: id(row, 1, RoomId)?,
        parent: id_or_none(row, 2, EntryId)?,
        name: row.get(3)?,
        kind: entry_kind_of(row, 4)?,
        size: count(row, 5)?,
        digest: row.get::<_, Option<Vec<u8>>>(6)?.map(|digest| hex(&digest)).unwrap_or_default(),
        version: u32::try_from(count(row, 7)?).map_err(|_| strange(7, "version"))?,
        created_at: TimeMs(row.get(8)?),
        created_by: id(row, 9, AccountId)?,
        modified_at: TimeMs(row.get(10)?),
        modified_by: id(row, 11, AccountId)?,
        position: ContentPosition(count(row, 12)?),
        deleted: row.get::<_, Option<i64>>(13)?.is_some(),
        lock: None,
        comments: row.get(14)?,
        rating: match row.get(16)? {
            0 => None,
            count => Some(RatingSum { halves: row.get(15)?, count }),
        },
        permission: None,
        description: row.get(17)?,
        tags: row.get::<_, String>(18)?.lines().map(ToOwned::to_owned).collect(),
    })
}

pub(in super::super) fn get(conn: &Connection, entry: EntryId) -> Result<Option<Entry>, StoreError> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE id = ?1"))?
        .query_row([entry.as_bytes()], read)
        .optional()?
        .map(|entry| with_rest(conn, entry))
        .transpose()
}

/// The entry with its permission, and with its lock, if that counts.
fn with_rest(conn: &Connection, mut entry: Entry) -> Result<Entry, StoreError> {
    entry.permission = permissions::get(conn, entry.id)?;
    entry.lock = locks::get(conn, entry.id)?.filter(locks::LockRow::stands).map(|row| row.lock);
    Ok(entry)
}

/// The live entry that holds a place: a name, as compared, in a folder.
pub(in super::super) fn at_place(
    conn: &Connection,
    room: RoomId,
    parent: Option<EntryId>,
    name_key: &str,
) -> Result<Option<Entry>, StoreError> {
    conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entries
         WHERE room = ?1 AND ifnull(parent, x'') = ?2 AND name_key = ?3 AND deleted_at IS NULL"
    ))?
    .query_row(params![room.as_bytes(), parent_key(&parent), name_key], read)
    .optional()?
    .map(|entry| with_rest(conn, entry))
    .transpose()
}

/// One folder's live entries after a name, by name.
pub(in super::super) fn in_folder(
    conn: &Connection,
    room: RoomId,
    parent: Option<EntryId>,
    after_key: &str,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entries
         WHERE room = ?1 AND ifnull(parent, x'') = ?2 AND name_key > ?3 AND deleted_at IS NULL
         ORDER BY name_key LIMIT ?4"
    ))?;
    let rows = rows.query_map(params![room.as_bytes(), parent_key(&parent), after_key, limit], read)?;
    rows.map(|entry| with_rest(conn, entry?)).collect()
}

/// Writes a new entry; its digest and version are set by [`set_version`].
pub(in super::super) fn insert(conn: &Connection, entry: &Entry, name_key: &str) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO entries (id, room, parent, name, name_key, kind, version, size, digest, created_at, created_by,
                              modified_at, modified_by, position, deleted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, NULL, ?7, ?8, ?9, ?10, ?11, NULL)",
    )?
    .execute(params![
        entry.id.as_bytes(),
        entry.room.as_bytes(),
        entry.parent.as_ref().map(EntryId::as_bytes),
        entry.name,
        name_key,
        entry_kind(entry.kind),
        entry.created_at.0,
        entry.created_by.as_bytes(),
        entry.modified_at.0,
        entry.modified_by.as_bytes(),
        int(entry.position.0)
    ])?;
    Ok(())
}

/// Writes name, place and last change.
pub(in super::super) fn set_place(
    conn: &Connection,
    entry: &Entry,
    name_key: &str,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE entries SET parent = ?2, name = ?3, name_key = ?4, modified_at = ?5, modified_by = ?6, position = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        entry.id.as_bytes(),
        entry.parent.as_ref().map(EntryId::as_bytes),
        entry.name,
        name_key,
        entry.modified_at.0,
        entry.modified_by.as_bytes(),
        int(entry.position.0)
    ])?;
    Ok(())
}

/// Writes newest version and last change.
pub(in super::super) fn set_version(
    conn: &Connection,
    entry: &Entry,
    digest: &[u8; 32],
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE entries SET version = ?2, size = ?3, digest = ?4, modified_at = ?5, modified_by = ?6, position = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        entry.id.as_bytes(),
        entry.version,
        int(entry.size),
        digest,
        entry.modified_at.0,
        entry.modified_by.as_bytes(),
        int(entry.position.0)
    ])?;
    Ok(())
}

/// Writes where the last thing that happened to an entry stands.
pub(in super::super) fn set_position(
    conn: &Connection,
    entry: EntryId,
    position: ContentPosition,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE entries SET position = ?2 WHERE id = ?1")?
        .execute(params![entry.as_bytes(), int(position.0)])?;
    Ok(())
}

/// Writes what an entry is.
pub(in super::super) fn set_about(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE entries SET description = ?2, tags = ?3, position = ?4 WHERE id = ?1")?
        .execute(params![
            entry.id.as_bytes(),
            entry.description,
            entry.tags.join("\n"),
            int(entry.position.0)
        ])?;
    Ok(())
}

/// Marks an entry as deleted, or takes the mark away; what lies in it goes and comes with it.
pub(in super::super) fn set_deleted(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE entries SET deleted_at = ?2, position = ?3, modified_by = ?4, modified_at = ?5 WHERE id = ?1",
    )?
    .execute(params![
        entry.id.as_bytes(),
        entry.deleted.then_some(int(entry.position.0)),
        int(entry.position.0),
        entry.modified_by.as_bytes(),
        entry.modified_at.0
    ])?;
    Ok(())
}

/// Whether it is deleted for good itself.
pub(in super::super) fn is_purged(conn: &Connection, entry: EntryId) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT purged_at IS NOT NULL FROM entries WHERE id = ?1")?
        .query_row([entry.as_bytes()], |row| row.get(0))?)
}

/// How many entries hang from this one.
pub(in super::super) fn below(conn: &Connection, entry: EntryId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT below FROM entries WHERE id = ?1")?
        .query_row([entry.as_bytes()], |row| count(row, 0))?)
}

/// Counts entries in or, negative, out of what hangs from a folder.
pub(in super::super) fn add_below(conn: &Connection, folder: EntryId, by: i64) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE entries SET below = below + ?2 WHERE id = ?1")?
        .execute(params![folder.as_bytes(), by])?;
    Ok(())
}

/// One step on the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Step {
    /// The folder.
    pub(in super::super) id: EntryId,
    /// It is marked as deleted itself.
    pub(in super::super) deleted: bool,
    /// It is deleted for good.
    pub(in super::super) purged: bool,
}

/// The folder and the folders above it, up to the top.
pub(in super::super) fn path_up(conn: &Connection, folder: Option<EntryId>) -> Result<Vec<Step>, StoreError> {
    let mut above = conn.prepare_cached("SELECT parent, deleted_at, purged_at FROM entries WHERE id = ?1")?;
    let mut path = Vec::new();
    let mut next = folder;
    while let Some(id) = next {
        // No chain is longer; a longer one would be a circle, which `check` names.
        if path.len() > limits::FOLDER_DEPTH_MAX {
            break;
        }
        let is = |row: &Row<'_>, at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.is_some());
        let read = |row: &Row<'_>| Ok((id_or_none(row, 0, EntryId)?, is(row, 1)?, is(row, 2)?));
        let found = above.query_row([id.as_bytes()], read).optional()?;
        let (parent, deleted, purged) = found.unwrap_or((None, true, true));
        path.push(Step { id, deleted, purged });
        next = parent;
    }
    Ok(path)
}

/// How many levels of live folders hang from this one, itself included.
pub(in super::super) fn height(conn: &Connection, folder: EntryId) -> Result<usize, StoreError> {
    let levels = conn
        .prepare_cached(
            "WITH RECURSIVE tree (id, level) AS (
               VALUES (?1, 1) UNION ALL
               SELECT e.id, t.level + 1 FROM entries e INDEXED BY entries_folders JOIN tree t ON e.parent = t.id
               WHERE e.parent IS NOT NULL AND e.deleted_at IS NULL AND e.kind = 2 AND t.level <= ?2)
             SELECT max(level) FROM tree",
        )?
        .query_row(params![folder.as_bytes(), int(limits::FOLDER_DEPTH_MAX as u64)], |row| count(row, 0))?;
    Ok(usize::try_from(levels).unwrap_or(usize::MAX))
}

fn parent_key(parent: &Option<EntryId>) -> &[u8] {
    parent.as_ref().map_or(&[], |parent| parent.as_bytes().as_slice())
}
