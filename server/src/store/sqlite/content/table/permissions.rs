//! Permissions of entries, and where in a folder's log others may see an entry than before.

use super::columns::{count, id, id_or_none, int, strange};
use crate::store::StoreError;
use pod_shared::content::{Permission, SharedWith};
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// One entry on the way up, as far as permissions go.
#[derive(Clone, Debug)]
pub(in super::super) struct Rung {
    /// The folder above it.
    pub(in super::super) parent: Option<EntryId>,
    /// Its registrant.
    pub(in super::super) registrant: AccountId,
    /// Its own permission.
    pub(in super::super) permission: Option<Permission>,
}

fn permission(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Permission>> {
    let Some(shared) = row.get::<_, Option<i64>>(at)? else { return Ok(None) };
    let shared_with = match shared {
        1 => SharedWith::Everyone,
        2 => {
            let people: Vec<u8> = row.get(at + 2)?;
            let people = people.chunks_exact(16).filter_map(|bytes| Uuid::from_slice(bytes).ok());
            SharedWith::Some(people.map(AccountId).collect())
        }
        3 => SharedWith::OnlyMe,
        _ => return Err(strange(at, "whom an entry is shared with")),
    };
    Ok(Some(Permission { shared_with, view_only: row.get::<_, i64>(at + 1)? == 1 }))
}

/// The permission that an entry has itself.
pub(in super::super) fn get(conn: &Connection, entry: EntryId) -> Result<Option<Permission>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT shared, view_only, people FROM permissions WHERE entry = ?1")?
        .query_row([entry.as_bytes()], |row| permission(row, 0))
        .optional()?
        .flatten())
}

/// Sets the permission of an entry; one that takes nothing away is none.
pub(in super::super) fn put(
    conn: &Connection,
    room: RoomId,
    entry: EntryId,
    permission: &Permission,
) -> Result<(), StoreError> {
    if permission.is_everyone() {
        conn.prepare_cached("DELETE FROM permissions WHERE entry = ?1")?.execute([entry.as_bytes()])?;
        return Ok(());
    }
    let (shared, people) = match &permission.shared_with {
        SharedWith::Everyone => (1, Vec::new()),
        SharedWith::Some(people) => (2, people.iter().flat_map(|account| *account.as_bytes()).collect()),
        SharedWith::OnlyMe => (3, Vec::new()),
    };
    conn.prepare_cached(
        "INSERT OR REPLACE INTO permissions (entry, room, shared, view_only, people) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![entry.as_bytes(), room.as_bytes(), shared, i64::from(permission.view_only), people])?;
    Ok(())
}

/// Whether anything in the room has a permission of its own.
pub(in super::super) fn any_in(conn: &Connection, room: RoomId) -> Result<bool, StoreError> {
    Ok(conn.prepare_cached("SELECT 1 FROM permissions WHERE room = ?1 LIMIT 1")?.exists([room.as_bytes()])?)
}

pub(in super::super) fn count_in(conn: &Connection, room: RoomId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM permissions WHERE room = ?1")?
        .query_row([room.as_bytes()], |row| count(row, 0))?)
}

/// What in the room has a permission of its own.
pub(in super::super) fn marked_in(conn: &Connection, room: RoomId) -> Result<Vec<EntryId>, StoreError> {
    let mut rows = conn.prepare_cached("SELECT entry FROM permissions WHERE room = ?1")?;
    let rows = rows.query_map([room.as_bytes()], |row| id(row, 0, EntryId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One entry on the way up; nothing: there is no such entry.
pub(in super::super) fn rung(conn: &Connection, entry: EntryId) -> Result<Option<Rung>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT e.parent, e.created_by, p.shared, p.view_only, p.people
             FROM entries e LEFT JOIN permissions p ON p.entry = e.id WHERE e.id = ?1",
        )?
        .query_row([entry.as_bytes()], |row| {
            Ok(Rung {
                parent: id_or_none(row, 0, EntryId)?,
                registrant: id(row, 1, AccountId)?,
                permission: permission(row, 2)?,
            })
        })
        .optional()?)
}

/// The registrants, members of the room, of an entry and of everything that lies in it and is not deleted.
pub(in super::super) fn registrants(
    conn: &Connection,
    room: RoomId,
    entry: EntryId,
) -> Result<Vec<AccountId>, StoreError> {
    let mut rows = conn.prepare_cached(
        "WITH RECURSIVE tree (id, by) AS (
           SELECT id, created_by FROM entries WHERE id = ?2 UNION ALL
           SELECT e.id, e.created_by FROM tree t CROSS JOIN entries e ON e.parent = t.id
           WHERE e.parent IS NOT NULL AND e.deleted_at IS NULL)
         SELECT DISTINCT m.account FROM tree t
         CROSS JOIN members m ON m.room = ?1 AND m.account = t.by AND m.role IS NOT NULL",
    )?;
    let rows = rows.query_map(params![room.as_bytes(), entry.as_bytes()], |row| id(row, 0, AccountId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps that others may see an entry than before.
pub(in super::super) fn put_sight(
    conn: &Connection,
    room: RoomId,
    position: ContentPosition,
    entry: EntryId,
) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO sights (room, position, entry) VALUES (?1, ?2, ?3)")?
        .execute(params![room.as_bytes(), int(position.0), entry.as_bytes()])?;
    Ok(())
}

/// Entries that others may see than before, told after one position and up to another.
pub(in super::super) fn sights(
    conn: &Connection,
    room: RoomId,
    after: ContentPosition,
    up_to: ContentPosition,
) -> Result<Vec<EntryId>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT DISTINCT entry FROM sights WHERE room = ?1 AND position > ?2 AND position <= ?3",
    )?;
    let rows =
        rows.query_map(params![room.as_bytes(), int(after.0), int(up_to.0)], |row| id(row, 0, EntryId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
