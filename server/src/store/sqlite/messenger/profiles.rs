//! Profile fields as synchronised state: one row for each person who ever said something, found by its transaction like
//! presence, told to the same people. What was emptied stays as a row, so that every device hears of it.

use super::presence::{Whom, meet, whom_after};
use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column, entitled};
use crate::error::Refusal;
use pod_shared::limits::{PEOPLE_PAGE_MAX, SYNC_PROFILES_PER_PART_MAX};
use pod_shared::profile::{PersonProfile, ProfileFields};
use pod_shared::{AccountId, RoomId, Txn};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::sync::Arc;

/// - `key`: all fields as they are searched, folded.
pub(super) const TABLES: &str = "
CREATE TABLE profiles (
    account BLOB PRIMARY KEY,
    title TEXT NOT NULL,
    organisation TEXT NOT NULL,
    phone TEXT NOT NULL,
    mail TEXT NOT NULL,
    address TEXT NOT NULL,
    about TEXT NOT NULL,
    key TEXT NOT NULL,
    txn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX profiles_by_txn ON profiles (txn);
";

const ONE: &str =
    "SELECT account, title, organisation, phone, mail, address, about FROM profiles WHERE account = ?1";

fn profile(row: &Row<'_>) -> rusqlite::Result<PersonProfile> {
    Ok(PersonProfile {
        account: column::account(row, 0)?,
        profile: ProfileFields {
            title: row.get(1)?,
            organisation: row.get(2)?,
            phone: row.get(3)?,
            mail: row.get(4)?,
            address: row.get(5)?,
            about: row.get(6)?,
        },
    })
}

fn one(connection: &Connection, account: AccountId) -> Result<Option<PersonProfile>, Refusal> {
    Ok(connection.prepare_cached(ONE)?.query_row([account.as_bytes()], profile).optional()?)
}

impl MessengerStore {
    /// A person says something else of themself: told to their own devices and to who may see them. `key` is what is
    /// searched.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_profile(
        &self,
        account: AccountId,
        profile: ProfileFields,
        key: String,
    ) -> Result<(), Refusal> {
        self.change(move |work| set(work, account, &profile, &key)).await
    }

    /// What a device has to learn of profiles after a transaction, its own person's included.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn profiles_after(
        &self,
        account: AccountId,
        rooms: Vec<RoomId>,
        after: Txn,
    ) -> Result<Vec<PersonProfile>, Refusal> {
        self.ask(move |connection| {
            let mut steps = 0;
            let Whom { mut whom, .. } =
                whom_after(connection, "profiles", (account, &rooms, after), &mut steps)?;
            let mine = connection
                .prepare_cached("SELECT 1 FROM profiles WHERE account = ?1 AND txn > ?2")?
                .exists(params![account.as_bytes(), after.0.cast_signed()])?;
            if mine {
                whom.insert(account);
            }
            let mut profiles = Vec::new();
            for who in whom {
                // Of everything only what is there.
                let held = one(connection, who)?.filter(|held| after.0 > 0 || !held.profile.is_empty());
                profiles.extend(held);
            }
            Ok(profiles)
        })
        .await
    }

    /// Who says something of themself that holds this, among those whom the person may see.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find_profiles(&self, account: AccountId, key: String) -> Result<Vec<AccountId>, Refusal> {
        self.ask(move |connection| {
            let mut statement = connection
                .prepare_cached("SELECT account FROM profiles WHERE instr(key, ?1) > 0 AND account <> ?2")?;
            let mut rows = statement.query(params![key, account.as_bytes()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let who = column::account(row, 0)?;
                if entitled::sees(connection, account, who)? {
                    found.push(who);
                }
                if found.len() >= PEOPLE_PAGE_MAX as usize {
                    break;
                }
            }
            Ok(found)
        })
        .await
    }
}

fn set(work: &Work<'_>, account: AccountId, profile: &ProfileFields, key: &str) -> Result<(), Refusal> {
    let held = one(work.connection, account)?.map(|held| held.profile).unwrap_or_default();
    if held == *profile {
        return Ok(());
    }
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "INSERT INTO profiles (account, title, organisation, phone, mail, address, about, key, txn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (account) DO UPDATE SET title = ?2, organisation = ?3, phone = ?4, mail = ?5, address = ?6,
                 about = ?7, key = ?8, txn = ?9",
        )?
        .execute(params![
            account.as_bytes(),
            profile.title,
            profile.organisation,
            profile.phone,
            profile.mail,
            profile.address,
            profile.about,
            key,
            txn.0.cast_signed()
        ])?;
    let mut to = entitled::viewers(work, account)?.to_vec();
    to.push(account);
    let told = vec![PersonProfile { account, profile: profile.clone() }];
    work.tell_by_txn(to.into(), txn, Told::Profiles(told));
    Ok(())
}

/// Some people come to a room: they hear what all its members say of themselves, and the others what they say.
pub(super) fn introduce(
    work: &Work<'_>,
    members: &[AccountId],
    newcomers: &[AccountId],
) -> Result<(), Refusal> {
    let mut profiles = Vec::new();
    for member in members {
        profiles.extend(one(work.connection, *member)?.filter(|held| !held.profile.is_empty()));
    }
    meet(work, (members, newcomers), profiles, |held| held.account, tell)
}

fn tell(work: &Work<'_>, to: &Arc<[AccountId]>, profiles: &[PersonProfile]) -> Result<(), Refusal> {
    for part in profiles.chunks(SYNC_PROFILES_PER_PART_MAX) {
        work.tell_by_txn(Arc::clone(to), work.next_txn()?, Told::Profiles(part.to_vec()));
    }
    Ok(())
}

/// One person hears what another says of themself; before what makes them see each other, so that who has that has this.
pub(super) fn tell_one(work: &Work<'_>, to: AccountId, of: AccountId) -> Result<(), Refusal> {
    match one(work.connection, of)?.filter(|held| !held.profile.is_empty()) {
        Some(held) => tell(work, &Arc::from([to]), &[held]),
        None => Ok(()),
    }
}
