//! What people say of themselves, this person included, as the messenger told it.

use super::apply::Applying;
use super::{Cache, pack, row};
use crate::view::ErrorView;
use pod_shared::profile::{PersonProfile, ProfileFields};
use pod_shared::{AccountId, Txn};
use rusqlite::{OptionalExtension, Transaction, params};

/// What somebody says no more has no row. Of contacts it is known without reading them who is blocked.
pub(super) const TABLES: &str = "
CREATE TABLE profiles (
    account BLOB PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE contacts ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_blocked ON contacts (account) WHERE blocked = 1;
-- What was never told under the old key is told with everything.
UPDATE owner SET sync_key = NULL;
";

impl Cache {
    /// What this person says of themself, or somebody whom they may see.
    pub(crate) async fn profile(&self, account: AccountId) -> Result<ProfileFields, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT body FROM profiles WHERE account = ?1
                 AND (EXISTS (SELECT 1 FROM owner WHERE account = ?1)
                      OR EXISTS (SELECT 1 FROM members WHERE account = ?1 AND role IS NOT NULL)
                      OR EXISTS (SELECT 1 FROM contacts WHERE account = ?1 AND standing = 4))",
            )?;
            let held = statement.query_row([account.as_bytes()], |row| row::unpack(row, 0)).optional()?;
            Ok(held.unwrap_or_default())
        };
        self.reader.run(run).await
    }
}

impl Applying<'_> {
    pub(super) fn profiles(&mut self, profiles: Vec<PersonProfile>) -> Result<(), ErrorView> {
        for PersonProfile { account, profile } in profiles {
            if profile.is_empty() {
                self.tx.execute("DELETE FROM profiles WHERE account = ?1", [account.as_bytes()])?;
            } else {
                self.tx
                    .prepare_cached("INSERT OR REPLACE INTO profiles (account, body) VALUES (?1, ?2)")?
                    .execute(params![account.as_bytes(), pack(&profile)?])?;
            }
            self.touched.contacts.insert(account);
        }
        Ok(())
    }

    pub(super) fn said_of_themselves(
        &mut self,
        txn: Txn,
        profiles: Vec<PersonProfile>,
    ) -> Result<Option<Txn>, ErrorView> {
        self.profiles(profiles)?;
        Ok(Some(txn))
    }
}
