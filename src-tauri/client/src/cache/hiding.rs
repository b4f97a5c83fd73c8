//! What is no longer shared with this person leaves the cache with all that lies in it and all that was told of it, as if
//! it had never been told. It is no deletion: nothing is left that says that anybody did anything.

use super::row;
use super::{Cache, entries};
use crate::view::ErrorView;
use pod_shared::content::Entry;
use pod_shared::{EntryId, RoomId};
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeMap, BTreeSet};

impl Cache {
    /// Those of these entries of which nothing is known: not even that they were deleted.
    pub(crate) async fn unknown(&self, ids: Vec<EntryId>) -> Result<BTreeSet<EntryId>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut known = tx.prepare_cached("SELECT 1 FROM entries WHERE id = ?1")?;
            let mut unknown = BTreeSet::new();
            for id in ids.iter().copied() {
                if !known.exists([id.as_bytes()])? {
                    unknown.insert(id);
                }
            }
            Ok(unknown)
        };
        self.read(run).await
    }
}

/// Takes an entry out, and what lies in it; answers what it was.
pub(super) fn hide(tx: &Connection, room: RoomId, id: EntryId) -> Result<Vec<EntryId>, ErrorView> {
    let mut tombstones: BTreeMap<EntryId, Vec<EntryId>> = BTreeMap::new();
    for entry in deleted(tx, room)? {
        if let Some(parent) = entry.parent {
            tombstones.entry(parent).or_default().push(entry.id);
        }
    }
    let (mut open, mut hidden) = (vec![id], Vec::new());
    while let Some(id) = open.pop() {
        let mut inside = tx.prepare_cached(
            "SELECT id FROM entries INDEXED BY entries_by_name WHERE place = ?1 AND deleted = 0",
        )?;
        for found in inside.query_map([id.as_bytes()], |row| row::id(row, 0, EntryId::from_slice))? {
            open.push(found?);
        }
        open.extend(tombstones.remove(&id).into_iter().flatten());
        if forget(tx, id)? {
            hidden.push(id);
        }
    }
    Ok(hidden)
}

fn deleted(tx: &Connection, room: RoomId) -> Result<Vec<Entry>, ErrorView> {
    let mut rows = tx.prepare_cached(
        "SELECT body FROM entries INDEXED BY entries_of_room WHERE room = ?1 AND deleted = 1",
    )?;
    let rows = rows.query_map([room.as_bytes()], |row| row::unpack(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes one entry out with what was told of it, its uploads too; false: it was not here.
fn forget(tx: &Connection, id: EntryId) -> Result<bool, ErrorView> {
    tx.prepare_cached(
        "DELETE FROM activities WHERE upload IN (
           SELECT upload FROM activities WHERE entry = ?1 AND upload IS NOT NULL)",
    )?
    .execute([id.as_bytes()])?;
    tx.prepare_cached("DELETE FROM activities WHERE entry = ?1")?.execute([id.as_bytes()])?;
    entries::remove(tx, id)
}

#[cfg(test)]
mod tests;
