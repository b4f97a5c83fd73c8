//! The order of the queue: whoever stands before gets the next turn. One for files of rooms and offers, kept in
//! `state.db` with each row.

use crate::view::ErrorView;
use pod_shared::TransferId;
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The table of the order in `state.db`.
pub(crate) const TABLES: &str = "
-- Places in the order of the queue, as a person chose them; lower ones go first, who has none goes last.
CREATE TABLE transfer_order (
    id BLOB PRIMARY KEY,
    rank INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// The places; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Ranks {
    places: Arc<Mutex<Places>>,
}

#[derive(Default)]
struct Places {
    of: HashMap<TransferId, u32>,
    last: u32,
}

impl Ranks {
    /// The place of a transfer; a new one goes last.
    pub(super) fn of(&self, id: TransferId) -> u32 {
        let mut places = self.places();
        if let Some(rank) = places.of.get(&id) {
            return *rank;
        }
        places.last = places.last.saturating_add(1);
        let last = places.last;
        places.of.insert(id, last);
        last
    }

    /// These stand in this order.
    pub(super) fn set(&self, order: &[TransferId]) {
        let mut places = self.places();
        for (rank, id) in (1..).zip(order) {
            places.of.insert(*id, rank);
            places.last = places.last.max(rank);
        }
    }

    /// All places.
    pub(super) fn all(&self) -> Vec<(TransferId, u32)> {
        self.places().of.iter().map(|(id, rank)| (*id, *rank)).collect()
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The order as it was kept; what is no row any more has no place.
pub(super) fn load(db: &Connection) -> Result<Vec<TransferId>, ErrorView> {
    db.execute(
        "DELETE FROM transfer_order WHERE id NOT IN (SELECT id FROM transfers UNION ALL SELECT id FROM offers)",
        [],
    )?;
    let mut query = db.prepare("SELECT id FROM transfer_order ORDER BY rank, id")?;
    let mut rows = query.query(())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(super::store::id(row, 0, TransferId::from_slice)?);
    }
    Ok(all)
}

/// Keeps one place.
pub(super) fn keep(db: &Connection, id: TransferId, rank: u32) -> Result<(), ErrorView> {
    let mut keep = db.prepare_cached("INSERT OR REPLACE INTO transfer_order (id, rank) VALUES (?1, ?2)")?;
    keep.execute(params![id.as_bytes(), rank])?;
    Ok(())
}

/// Keeps all these places.
pub(super) fn save(db: &Connection, places: &[(TransferId, u32)]) -> Result<(), ErrorView> {
    places.iter().try_for_each(|(id, rank)| keep(db, *id, *rank))
}
