//! Contacts and contact groups as the messenger has them. What is gone keeps its row: how often somebody was asked counts.

use super::apply::{Applying, Touched};
use super::{Cache, pack, row};
use crate::view::ErrorView;
use pod_machine::contact::Contacts;
use pod_shared::contact::{ContactGroupState, ContactStanding, ContactState};
use pod_shared::{AccountId, ContactGroupId, Txn};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// `standing` by its stored number. Parts are those of a sync on its way.
pub(super) const TABLES: &str = "
CREATE TABLE contacts (
    account BLOB PRIMARY KEY,
    standing INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE contact_groups (
    id BLOB PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE contact_parts (
    seq INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
-- What was never told under the old key is told with everything.
UPDATE owner SET sync_key = NULL;
";

/// One part of a sync: contacts, groups, and whether these are all.
pub(super) type Part = (Vec<ContactState>, Vec<ContactGroupState>, bool);

impl Cache {
    /// All that is known.
    pub(crate) async fn kept_contacts(&self) -> Result<Contacts, ErrorView> {
        let run = |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached("SELECT body FROM contacts")?;
            let people = statement.query_map([], |row| row::unpack::<ContactState>(row, 0))?;
            let people =
                people.map(|held| held.map(|held| (held.account, held))).collect::<Result<_, _>>()?;
            let mut statement = tx.prepare_cached("SELECT body FROM contact_groups")?;
            let groups = statement.query_map([], |row| row::unpack::<ContactGroupState>(row, 0))?;
            let groups = groups.map(|held| held.map(|held| (held.group, held))).collect::<Result<_, _>>()?;
            Ok(Contacts { people, groups })
        };
        self.read(run).await
    }

    /// What is known of one person.
    pub(crate) async fn kept_contact(&self, account: AccountId) -> Result<Option<ContactState>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached("SELECT body FROM contacts WHERE account = ?1")?;
            Ok(statement.query_row([account.as_bytes()], |row| row::unpack(row, 0)).optional()?)
        };
        self.read(run).await
    }
}

fn write(tx: &Connection, touched: &mut Touched, contact: &ContactState) -> Result<(), ErrorView> {
    let before: Option<u8> = tx
        .prepare_cached("SELECT standing FROM contacts WHERE account = ?1")?
        .query_row([contact.account.as_bytes()], |row| row.get(0))
        .optional()?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO contacts (account, standing, body, blocked) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        contact.account.as_bytes(),
        contact.standing.code(),
        pack(contact)?,
        contact.blocked
    ])?;
    touched.contacts.insert(contact.account);
    if contact.standing == ContactStanding::Asks && before != Some(ContactStanding::Asks.code()) {
        touched.asking.push(contact.account);
    }
    Ok(())
}

fn write_group(tx: &Connection, touched: &mut Touched, group: &ContactGroupState) -> Result<(), ErrorView> {
    touched.contact_groups = true;
    if group.gone {
        drop_group(tx, group.group)?;
        return drop_places(tx, touched, group.group);
    }
    tx.prepare_cached("INSERT OR REPLACE INTO contact_groups (id, body) VALUES (?1, ?2)")?
        .execute(params![group.group.as_bytes(), pack(group)?])?;
    Ok(())
}

fn drop_group(tx: &Connection, group: ContactGroupId) -> Result<(), ErrorView> {
    tx.execute("DELETE FROM contact_groups WHERE id = ?1", [group.as_bytes()])?;
    Ok(())
}

/// Nobody is in a group that is gone.
fn drop_places(tx: &Connection, touched: &mut Touched, group: ContactGroupId) -> Result<(), ErrorView> {
    let mut statement = tx.prepare("SELECT body FROM contacts")?;
    let held = statement.query_map([], |row| row::unpack::<ContactState>(row, 0))?;
    let held = held.collect::<Result<Vec<_>, _>>()?;
    for mut contact in held.into_iter().filter(|held| held.places.iter().any(|place| place.group == group)) {
        contact.places.retain(|place| place.group != group);
        tx.execute(
            "UPDATE contacts SET body = ?2 WHERE account = ?1",
            params![contact.account.as_bytes(), pack(&contact)?],
        )?;
        touched.contacts.insert(contact.account);
    }
    Ok(())
}

impl Applying<'_> {
    /// Contacts of a sync; what is not among all of them is forgotten.
    pub(super) fn contact_parts(&mut self, parts: Vec<Part>, snapshot: bool) -> Result<(), ErrorView> {
        if !snapshot && parts.iter().any(|(_, _, all)| *all) {
            let mut statement = self.tx.prepare("SELECT account FROM contacts")?;
            let before = statement.query_map([], |row| row::id(row, 0, AccountId::from_slice))?;
            self.touched.contacts.extend(before.collect::<Result<Vec<_>, _>>()?);
            self.touched.contact_groups = true;
            for table in ["contacts", "contact_groups"] {
                self.tx.execute(&format!("DELETE FROM {table}"), [])?;
            }
        }
        for (contacts, groups, _) in parts {
            for contact in contacts {
                write(self.tx, &mut self.touched, &contact)?;
            }
            for group in groups {
                write_group(self.tx, &mut self.touched, &group)?;
            }
        }
        if snapshot {
            // How things are is no news.
            self.touched.asking = Vec::new();
            self.touched.contact_groups = true;
        }
        Ok(())
    }

    pub(super) fn contacts(
        &mut self,
        txn: Txn,
        contacts: &[ContactState],
        groups: &[ContactGroupState],
    ) -> Result<Option<Txn>, ErrorView> {
        for contact in contacts {
            write(self.tx, &mut self.touched, contact)?;
        }
        for group in groups {
            write_group(self.tx, &mut self.touched, group)?;
        }
        Ok(Some(txn))
    }
}
