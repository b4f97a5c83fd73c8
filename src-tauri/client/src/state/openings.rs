//! Which versions this person opened: each is told once, and none twice, also across restarts.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::{AccountId, EntryId, limits};
use rusqlite::{Transaction, params};

pub(crate) const TABLES: &str = "
-- Versions that this person opened, in that order; told: 1 when the server has heard it.
CREATE TABLE openings (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL,
    entry BLOB NOT NULL,
    version INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, entry, version)
) STRICT;
CREATE INDEX openings_untold ON openings (account, seq) WHERE told = 0;
";

/// Keeps that a version was opened; false: that is known. Of very many the oldest are forgotten: the server knows them.
pub(crate) async fn add(state: &Db, me: AccountId, entry: EntryId, version: u32) -> Result<bool, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let new = tx.execute(
            "INSERT OR IGNORE INTO openings (account, entry, version) VALUES (?1, ?2, ?3)",
            params![me.as_bytes(), entry.as_bytes(), version],
        )?;
        tx.execute(
            "DELETE FROM openings WHERE account = ?1 AND seq <=
             (SELECT max(seq) FROM openings WHERE account = ?1) - ?2",
            params![me.as_bytes(), limits::OPENINGS_KEPT_MAX],
        )?;
        Ok(new == 1)
    };
    state.run(run).await
}

/// What the server has still to hear, oldest first.
pub(crate) async fn untold(state: &Db, me: AccountId) -> Result<Vec<(EntryId, u32)>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare_cached(
            "SELECT entry, version FROM openings WHERE account = ?1 AND told = 0 ORDER BY seq",
        )?;
        let mut rows = statement.query([me.as_bytes()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (entry, version): (Vec<u8>, u32) = (row.get(0)?, row.get(1)?);
            all.extend(EntryId::from_slice(&entry).map(|entry| (entry, version)));
        }
        Ok(all)
    };
    state.run(run).await
}

/// The server heard it.
pub(crate) async fn told(state: &Db, me: AccountId, entry: EntryId, version: u32) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "UPDATE openings SET told = 1 WHERE account = ?1 AND entry = ?2 AND version = ?3",
            params![me.as_bytes(), entry.as_bytes(), version],
        )?;
        Ok(())
    };
    state.run(run).await
}
