//! Settings that follow their person, as the messenger has them; the engine lays them over those of this computer.

use super::apply::Applying;
use super::{Cache, row};
use crate::view::ErrorView;
use pod_shared::setting::SettingState;
use rusqlite::{Transaction, params};
use std::collections::BTreeMap;

/// A row without a value went back to its default.
pub(super) const TABLES: &str = "
CREATE TABLE roamed (
    key TEXT PRIMARY KEY,
    value TEXT
) STRICT, WITHOUT ROWID;
-- What was never told under the old key is told with everything.
UPDATE owner SET sync_key = NULL;
";

impl Cache {
    /// All that have a value. Nothing: no sync has been whole yet, so none is known.
    pub(crate) async fn roamed(&self) -> Result<Option<BTreeMap<String, String>>, ErrorView> {
        let run = |tx: &Transaction<'_>| {
            if row::key(tx)?.is_none() {
                return Ok(None);
            }
            let mut statement = tx.prepare_cached("SELECT key, value FROM roamed WHERE value IS NOT NULL")?;
            let settings = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(Some(settings.collect::<Result<_, _>>()?))
        };
        self.read(run).await
    }
}

impl Applying<'_> {
    pub(super) fn settings(&mut self, settings: Vec<SettingState>) -> Result<(), ErrorView> {
        let mut keep =
            self.tx.prepare_cached("INSERT OR REPLACE INTO roamed (key, value) VALUES (?1, ?2)")?;
        for setting in settings {
            keep.execute(params![setting.key, setting.value])?;
            self.touched.settings.insert(setting.key);
        }
        Ok(())
    }
}
