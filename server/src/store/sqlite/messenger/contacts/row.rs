//! The row of a contact.

use super::{ContactSide, group_id};
use crate::error::Refusal;
use crate::store::sqlite::messenger::column;
use crate::store::sqlite::messenger::work::Work;
use pod_shared::contact::{ContactPlace, ContactStanding, ContactState};
use pod_shared::{AccountId, ErrorCode, TimeMs, Txn};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, StatementStatus, params};

/// What [`state`] reads, of an owner.
const HELD: &str =
    "SELECT held.other, coalesce(name, ''), coalesce(display_name, ''), held.standing, held.blocked,
     held.favourite, held.muted, held.nickname, held.text, held.asks, coalesce(back.asks, 0)
     FROM contacts held LEFT JOIN people ON people.account = held.other
     LEFT JOIN contacts back ON back.owner = held.other AND back.other = held.owner
     WHERE held.owner = ?1";

fn standing(row: &Row<'_>, at: usize) -> rusqlite::Result<ContactStanding> {
    ContactStanding::from_code(row.get(at)?)
        .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(at, Type::Integer, "not a standing".into()))
}

fn state(row: &Row<'_>) -> rusqlite::Result<ContactState> {
    Ok(ContactState {
        account: column::account(row, 0)?,
        name: row.get(1)?,
        display_name: row.get(2)?,
        standing: standing(row, 3)?,
        blocked: row.get(4)?,
        favourite: row.get(5)?,
        muted: row.get(6)?,
        nickname: row.get(7)?,
        text: row.get(8)?,
        mine: row.get(9)?,
        theirs: row.get(10)?,
        places: Vec::new(),
    })
}

/// The groups that each of these is in.
fn place(connection: &Connection, owner: AccountId, contacts: &mut [ContactState]) -> Result<(), Refusal> {
    let mut statement = connection.prepare_cached(
        "SELECT grp, rank FROM contact_places WHERE owner = ?1 AND other = ?2 ORDER BY grp",
    )?;
    for contact in contacts {
        contact.places = statement
            .query_map([owner.as_bytes(), contact.account.as_bytes()], |row| {
                Ok(ContactPlace { group: group_id(row, 0)?, rank: row.get(1)? })
            })?
            .collect::<rusqlite::Result<_>>()?;
    }
    Ok(())
}

/// All that changed after a transaction.
pub(super) fn after(
    connection: &Connection,
    owner: AccountId,
    after: Txn,
    steps: &mut u64,
) -> Result<Vec<ContactState>, Refusal> {
    let mut found = connection.prepare_cached(&format!("{HELD} AND held.txn > ?2 ORDER BY held.txn"))?;
    found.reset_status(StatementStatus::VmStep);
    let mut contacts = found
        .query_map(params![owner.as_bytes(), after.0.cast_signed()], state)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    *steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
    place(connection, owner, &mut contacts)?;
    Ok(contacts)
}

/// One contact.
pub(super) fn one(
    connection: &Connection,
    owner: AccountId,
    other: AccountId,
) -> Result<Option<ContactState>, Refusal> {
    let mut contact = connection
        .prepare_cached(&format!("{HELD} AND held.other = ?2"))?
        .query_row([owner.as_bytes(), other.as_bytes()], state)
        .optional()?;
    place(connection, owner, contact.as_mut_slice())?;
    Ok(contact)
}

/// One side of a pair; nothing: nothing is kept.
pub(super) fn side(
    connection: &Connection,
    owner: AccountId,
    other: AccountId,
) -> Result<Option<ContactSide>, Refusal> {
    let side = connection
        .prepare_cached("SELECT standing, blocked, asks FROM contacts WHERE owner = ?1 AND other = ?2")?
        .query_row([owner.as_bytes(), other.as_bytes()], |row| {
            Ok(ContactSide { standing: standing(row, 0)?, blocked: row.get(1)?, asks: row.get(2)? })
        })
        .optional()?;
    Ok(side)
}

/// Somebody is a contact, or asked to be one.
pub(super) fn listed(connection: &Connection, owner: AccountId, other: AccountId) -> Result<(), Refusal> {
    match side(connection, owner, other)?.map(|side| side.standing) {
        Some(ContactStanding::Contact | ContactStanding::Asked) => Ok(()),
        _ => Err(Refusal::new(ErrorCode::NotFound, "no such contact")),
    }
}

/// Writes one side of a pair.
pub(super) fn put(
    work: &Work<'_>,
    (owner, other): (AccountId, AccountId),
    (before, after): (ContactSide, ContactSide),
    text: &str,
    (txn, now): (Txn, TimeMs),
) -> Result<(), Refusal> {
    let waits =
        matches!(after.standing, ContactStanding::Asked | ContactStanding::Asks | ContactStanding::Ignored);
    let gone = after.standing == ContactStanding::None && !after.blocked;
    let joined = before.standing != ContactStanding::Contact && after.standing == ContactStanding::Contact;
    let turned = before.blocked != after.blocked;
    let new = txn.0.cast_signed();
    work.connection
        .prepare_cached(
            "INSERT INTO contacts (owner, other, standing, blocked, favourite, muted, nickname, text, asks, since_txn,
                 veil_txn, veiled_at, gone_at, txn)
             VALUES (?1, ?2, ?3, ?4, 0, 0, '', CASE WHEN ?5 THEN ?6 ELSE '' END, ?7, coalesce(?8, 0),
                 coalesce(?9, 0), ?10, ?11, ?12)
             ON CONFLICT (owner, other) DO UPDATE SET
                 standing = ?3, blocked = ?4, asks = ?7,
                 text = CASE WHEN NOT ?5 THEN '' WHEN ?6 <> '' THEN ?6 ELSE text END,
                 since_txn = coalesce(?8, since_txn), veil_txn = coalesce(?9, veil_txn),
                 veiled_at = CASE WHEN ?9 IS NULL THEN veiled_at ELSE ?10 END, gone_at = ?11, txn = ?12",
        )?
        .execute(params![
            owner.as_bytes(),
            other.as_bytes(),
            after.standing.code(),
            after.blocked,
            waits,
            text,
            after.asks,
            joined.then_some(new),
            turned.then_some(new),
            now.0,
            gone.then_some(now.0),
            new
        ])?;
    Ok(())
}

/// Nothing stays of what its keeper alone saw of a contact.
pub(super) fn unmark(connection: &Connection, owner: AccountId, other: AccountId) -> Result<(), Refusal> {
    for sql in [
        "UPDATE contacts SET nickname = '', favourite = 0, muted = 0 WHERE owner = ?1 AND other = ?2",
        "DELETE FROM contact_places WHERE owner = ?1 AND other = ?2",
    ] {
        connection.prepare_cached(sql)?.execute([owner.as_bytes(), other.as_bytes()])?;
    }
    Ok(())
}
