//! Who may see whom: who shares a room with a person or is their contact, and is not blocked by them. A block is kept by
//! who made it and asked about here; nothing tells of it but that its maker seems to be away.

use super::column;
use super::presence::veiled;
use super::work::Work;
use crate::error::Refusal;
use pod_shared::presence::PersonPresence;
use pod_shared::{AccountId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, StatementStatus, params};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether the first person shares a room with the second, or they are contacts.
pub(super) fn related(
    connection: &Connection,
    one: AccountId,
    other: AccountId,
    steps: &mut u64,
) -> Result<bool, Refusal> {
    let mut contacts = connection
        .prepare_cached("SELECT 1 FROM contacts WHERE owner = ?1 AND other = ?2 AND standing = 4")?;
    contacts.reset_status(StatementStatus::VmStep);
    let known = contacts.exists([one.as_bytes(), other.as_bytes()])?;
    *steps += u64::from(contacts.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(known || meet(connection, one, other, steps)?)
}

/// Whether two people are in one room. Goes through the rooms of who is in fewer.
fn meet(connection: &Connection, one: AccountId, other: AccountId, steps: &mut u64) -> Result<bool, Refusal> {
    let (fewer, more) =
        if rooms(connection, one)? <= rooms(connection, other)? { (one, other) } else { (other, one) };
    let mut found = connection.prepare_cached(
        "SELECT 1 FROM members theirs CROSS JOIN members mine USING (room)
         WHERE theirs.account = ?1 AND theirs.role IS NOT NULL AND mine.account = ?2 AND mine.role IS NOT NULL",
    )?;
    found.reset_status(StatementStatus::VmStep);
    let meet = found.exists([fewer.as_bytes(), more.as_bytes()])?;
    *steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(meet)
}

/// In how many rooms a person is.
fn rooms(connection: &Connection, account: AccountId) -> Result<u64, Refusal> {
    let rooms = connection
        .prepare_cached("SELECT rooms FROM people WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| column::count(row, 0))
        .optional()?;
    Ok(rooms.unwrap_or(0))
}

/// Whether a person has more rooms and contacts than this. Costs no more than so many rows.
pub(super) fn has_more_than(
    connection: &Connection,
    account: AccountId,
    limit: u64,
) -> Result<bool, Refusal> {
    let contacts: u64 = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM contacts WHERE owner = ?1 AND standing = 4 LIMIT ?2)",
        )?
        .query_row(params![account.as_bytes(), limit.saturating_add(1).cast_signed()], |row| {
            column::count(row, 0)
        })?;
    Ok(rooms(connection, account)? + contacts > limit)
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
    Ok(related(connection, one, other, &mut 0)? && !blocks(connection, other, one)?)
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
    for (owner, blocked, at) in owners {
        if !related(connection, account, owner, steps)? {
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
