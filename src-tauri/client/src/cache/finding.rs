//! Entries by a part of their name, from an index of names alone: names that begin with it first.

use super::{Cache, entries, order, row};
use crate::view::ErrorView;
use pod_shared::content::Entry;
use pod_shared::{EntryId, RoomId};
use rusqlite::{Statement, Transaction, params};
use std::collections::BTreeSet;

/// An entry that was found, with the folders above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) entry: Entry,
    pub(crate) path: Vec<String>,
}

const BEGINS: &str = "SELECT id FROM entries INDEXED BY entries_by_folded
     WHERE deleted = 0 AND folded >= ?1 AND folded < ?2 AND (?3 IS NULL OR room = ?3) ORDER BY folded";
const HOLDS: &str = "SELECT id FROM entries INDEXED BY entries_by_folded
     WHERE deleted = 0 AND instr(folded, ?1) > ?2 AND (?3 IS NULL OR room = ?3) ORDER BY folded";

impl Cache {
    /// At most `limit` entries that have the text in their name, of one room or of all.
    pub(crate) async fn find(
        &self,
        text: &str,
        room: Option<RoomId>,
        limit: u32,
    ) -> Result<Vec<Found>, ErrorView> {
        let text = order::folded(text.trim());
        let run = move |tx: &Transaction<'_>| {
            let mut found = Vec::new();
            if text.is_empty() {
                return Ok(found);
            }
            let room = room.map(|room| room.as_bytes().to_vec());
            let mut seen = BTreeSet::new();
            let beyond = format!("{text}{}", char::MAX);
            let mut begins = tx.prepare_cached(BEGINS)?;
            gather(tx, &mut begins, params![text, beyond, room], limit, &mut seen, &mut found)?;
            if found.len() < limit as usize {
                let mut holds = tx.prepare_cached(HOLDS)?;
                gather(tx, &mut holds, params![text, 1, room], limit, &mut seen, &mut found)?;
            }
            Ok(found)
        };
        self.seek(run).await
    }
}

fn gather(
    tx: &Transaction<'_>,
    statement: &mut Statement<'_>,
    values: &[&dyn rusqlite::ToSql],
    limit: u32,
    seen: &mut BTreeSet<EntryId>,
    found: &mut Vec<Found>,
) -> Result<(), ErrorView> {
    let mut rows = statement.query(values)?;
    while found.len() < limit as usize
        && let Some(row) = rows.next()?
    {
        let id = row::id(row, 0, EntryId::from_slice)?;
        let Some(entry) = entries::read(tx, id)?.filter(|entry| !entry.deleted && seen.insert(id)) else {
            continue;
        };
        let above = entry.parent.map(|parent| entries::path(tx, parent)).transpose()?.unwrap_or_default();
        let path = above.into_iter().map(|folder| folder.name).collect();
        found.push(Found { entry, path });
    }
    Ok(())
}
