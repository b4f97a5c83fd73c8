//! Names of contents that no blob has: about to be made, or left behind. They stay for a while, for whoever looked one up
//! just before.

use crate::store::StoreError;
use pod_shared::TimeMs;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// A name is loose from now on.
pub(in super::super) fn put(conn: &Connection, object: &str, at: TimeMs) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR REPLACE INTO loose (object, at) VALUES (?1, ?2)")?
        .execute(params![object, at.0])?;
    Ok(())
}

/// A name is loose no more: a blob has it, or its content is removed.
pub(in super::super) fn remove(conn: &Connection, object: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM loose WHERE object = ?1")?.execute([object])?;
    Ok(())
}

/// All loose names.
pub(in super::super) fn names(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut rows = conn.prepare("SELECT object FROM loose")?;
    let rows = rows.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Names that were loose before a time, a page of them.
pub(in super::super) fn before(conn: &Connection, at: TimeMs, limit: u32) -> Result<Vec<String>, StoreError> {
    let mut rows = conn.prepare_cached("SELECT object FROM loose WHERE at < ?1 LIMIT ?2")?;
    let rows = rows.query_map(params![at.0, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
