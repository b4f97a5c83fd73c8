//! Who may see whom: who shares a room with a person or is their contact, and is not blocked by them. A block is kept by
//! who made it and asked about here; nothing tells of it but that its maker seems to be away.

use super::column;
use super::presence::veiled;
use super::work::Work;
use crate::error::Refusal;
use pod_shared::presence::PersonPresence;
use pod_shared::{AccountId, TimeMs, Txn};
use rusqlite::{Connection, StatementStatus, params};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether the first person shares a room with the second, or they are contacts.
pub(super) const RELATED: &str = "SELECT 1 FROM members mine JOIN members theirs USING (room)
     WHERE mine.account = ?1 AND mine.role IS NOT NULL AND theirs.account = ?2 AND theirs.role IS NOT NULL
     UNION ALL
     SELECT 1 FROM contacts WHERE owner = ?1 AND other = ?2 AND standing = 4";

/// Whether two people are in one room.
pub(super) fn share(connection: &Connection, one: AccountId, other: AccountId) -> Result<bool, Refusal> {
    let share = connection
        .prepare_cached(
            "SELECT 1 FROM members mine JOIN members theirs USING (room)
             WHERE mine.account = ?1 AND mine.role IS NOT NULL AND theirs.account = ?2 AND theirs.role IS NOT NULL",
        )?
        .exists([one.as_bytes(), other.as_bytes()])?;
    Ok(share)
}

/// Whether the first person blocks the second.
pub(super) fn blocks(connection: &Connection, one: AccountId, other: AccountId) -> Result<bool, Refusal> {
    let blocks = connection
        .prepare_cached("SELECT 1 FROM contacts WHERE owner = ?1 AND other = ?2 AND blocked = 1")?
        .exists([one.as_bytes(), other.as_bytes()])?;
    Ok(blocks)
}

/// Whether the first person may see the second.
pub(super) fn sees(connection: &Connection, one: AccountId, other: AccountId) -> Result<bool, Refusal> {
    Ok(sees_unless_blocked(connection, one, other)? && !blocks(connection, other, one)?)
}

/// Whether the first person could see the second, were they not blocked.
pub(super) fn sees_unless_blocked(
    connection: &Connection,
    one: AccountId,
    other: AccountId,
) -> Result<bool, Refusal> {
    Ok(connection.prepare_cached(RELATED)?.exists([one.as_bytes(), other.as_bytes()])?)
}

/// Everybody else who may see the person.
pub(super) fn viewers(work: &Work<'_>, account: AccountId) -> Result<Arc<[AccountId]>, Refusal> {
    let rooms = work
        .connection
        .prepare_cached("SELECT room FROM members WHERE account = ?1 AND role IS NOT NULL")?
        .query_map([account.as_bytes()], |row| column::room(row, 0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut others = BTreeSet::new();
    for room in rooms {
        others.extend(work.members(room)?.iter().copied());
    }
    others.extend(ids(
        work.connection,
        "SELECT other FROM contacts WHERE owner = ?1 AND standing = 4",
        account,
    )?);
    for blocked in
        ids(work.connection, "SELECT other FROM contacts WHERE owner = ?1 AND blocked = 1", account)?
    {
        others.remove(&blocked);
    }
    others.remove(&account);
    Ok(others.into_iter().collect())
}

fn ids(connection: &Connection, sql: &str, account: AccountId) -> Result<Vec<AccountId>, Refusal> {
    let ids = connection
        .prepare_cached(sql)?
        .query_map([account.as_bytes()], |row| column::account(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

/// Pairs of these people of whom the first blocks the second.
pub(super) fn blocks_among(
    connection: &Connection,
    people: &[AccountId],
) -> Result<BTreeSet<(AccountId, AccountId)>, Refusal> {
    let mut pairs = BTreeSet::new();
    for person in people {
        let blocked =
            ids(connection, "SELECT other FROM contacts WHERE owner = ?1 AND blocked = 1", *person)?;
        pairs.extend(blocked.into_iter().map(|other| (*person, other)));
    }
    pairs.retain(|(_, other)| people.contains(other));
    Ok(pairs)
}

/// Who blocks the person.
pub(super) fn blockers(
    connection: &Connection,
    account: AccountId,
    steps: &mut u64,
) -> Result<Vec<AccountId>, Refusal> {
    let mut found = connection
        .prepare_cached("SELECT owner FROM contacts WHERE other = ?1 AND veil_txn > 0 AND blocked = 1")?;
    found.reset_status(StatementStatus::VmStep);
    let owners = found
        .query_map([account.as_bytes()], |row| column::account(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    *steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(owners)
}

/// Who became a contact of the person after a transaction.
pub(super) fn new_contacts(
    connection: &Connection,
    account: AccountId,
    after: Txn,
    steps: &mut u64,
) -> Result<Vec<AccountId>, Refusal> {
    let mut found = connection.prepare_cached(
        "SELECT other FROM contacts WHERE owner = ?1 AND txn > ?2 AND since_txn > ?2 AND standing = 4",
    )?;
    found.reset_status(StatementStatus::VmStep);
    let others = found
        .query_map(params![account.as_bytes(), after.0.cast_signed()], |row| column::account(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    *steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(others)
}

/// Who blocked the person, or no longer does, after a transaction.
#[derive(Default)]
pub(super) struct Turned {
    /// To be seen again.
    pub(super) shown: Vec<AccountId>,
    /// Gone, as far as the person may know.
    pub(super) veiled: Vec<PersonPresence>,
}

pub(super) fn turned(
    connection: &Connection,
    account: AccountId,
    after: Txn,
    steps: &mut u64,
) -> Result<Turned, Refusal> {
    let mut found = connection.prepare_cached(
        "SELECT owner, blocked, veiled_at FROM contacts WHERE other = ?1 AND veil_txn > 0 AND veil_txn > ?2",
    )?;
    found.reset_status(StatementStatus::VmStep);
    let owners = found
        .query_map(params![account.as_bytes(), after.0.cast_signed()], |row| {
            Ok((column::account(row, 0)?, row.get::<_, bool>(1)?, TimeMs(row.get(2)?)))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    *steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
    let mut turned = Turned::default();
    let mut related = connection.prepare_cached(RELATED)?;
    for (owner, blocked, at) in owners {
        if !related.exists([account.as_bytes(), owner.as_bytes()])? {
            continue;
        }
        if blocked {
            turned.veiled.extend(veiled(connection, owner, at)?);
        } else {
            turned.shown.push(owner);
        }
    }
    Ok(turned)
}
