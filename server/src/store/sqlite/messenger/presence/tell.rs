//! Who hears of a presence that did not change: people who meet in a room, become contacts, or are blocked no longer.

use super::{SHOWN, held, person};
use crate::error::Refusal;
use crate::store::sqlite::messenger::entitled;
use crate::store::sqlite::messenger::told::Told;
use crate::store::sqlite::messenger::work::Work;
use pod_shared::limits::SYNC_PEOPLE_PER_PART_MAX;
use pod_shared::presence::{PersonPresence, Presence, PresenceState};
use pod_shared::{AccountId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension};
use std::sync::Arc;

/// Some people come to a room: they hear of all its members, and the others of them.
pub(in crate::store::sqlite::messenger) fn introduce(
    work: &Work<'_>,
    members: &[AccountId],
    newcomers: &[AccountId],
) -> Result<(), Refusal> {
    let mut statement = work
        .connection
        .prepare_cached(&format!("SELECT {SHOWN} FROM presence WHERE account = ?1 AND txn > 0"))?;
    let mut people = Vec::new();
    for member in members {
        people.extend(statement.query_row([member.as_bytes()], person).optional()?);
    }
    meet(work, (members, newcomers), people, |person| person.account, tell_people)
}

/// Some people come to a room, and each of its members has something to be known by: the newcomers hear of all, the others
/// of the newcomers, and nobody of who blocks them.
pub(in crate::store::sqlite::messenger) fn meet<T: Clone>(
    work: &Work<'_>,
    (members, newcomers): (&[AccountId], &[AccountId]),
    mut people: Vec<T>,
    who: impl Fn(&T) -> AccountId,
    tell: impl Fn(&Work<'_>, &Arc<[AccountId]>, &[T]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if people.is_empty() {
        return Ok(());
    }
    let blocks = entitled::blocks_among(work.connection, members)?;
    let others: Vec<AccountId> =
        members.iter().copied().filter(|member| !newcomers.contains(member)).collect();
    let told = |to: Arc<[AccountId]>, people: &[T]| {
        if to.is_empty() { Ok(()) } else { tell(work, &to, people) }
    };
    if blocks.is_empty() {
        told(newcomers.into(), &people)?;
        people.retain(|person| newcomers.contains(&who(person)));
        return told(others.into(), &people);
    }
    // Some block some: each hears what is for them.
    for member in members {
        let came = newcomers.contains(member);
        let seen: Vec<T> = people
            .iter()
            .filter(|person| came || newcomers.contains(&who(person)))
            .filter(|person| !blocks.contains(&(who(person), *member)))
            .cloned()
            .collect();
        told(Arc::from([*member]), &seen)?;
    }
    Ok(())
}

/// Each part has a transaction of its own: a device that has one has not promised the next.
fn tell_people(work: &Work<'_>, to: &Arc<[AccountId]>, people: &[PersonPresence]) -> Result<(), Refusal> {
    for part in people.chunks(SYNC_PEOPLE_PER_PART_MAX) {
        work.tell_by_txn(Arc::clone(to), work.next_txn()?, Told::Presence(part.to_vec()));
    }
    Ok(())
}

/// One person hears how another is, by this transaction; of who was never there nothing is told.
pub(in crate::store::sqlite::messenger) fn tell_one(
    work: &Work<'_>,
    txn: Txn,
    to: AccountId,
    of: AccountId,
    veiled_at: Option<TimeMs>,
) -> Result<(), Refusal> {
    let person = match veiled_at {
        Some(at) => veiled(work.connection, of, at)?,
        None => work
            .connection
            .prepare_cached(&format!("SELECT {SHOWN} FROM presence WHERE account = ?1 AND txn > 0"))?
            .query_row([of.as_bytes()], person)
            .optional()?,
    };
    if let Some(person) = person {
        work.tell_by_txn(Arc::from([to]), txn, Told::Presence(vec![person]));
    }
    Ok(())
}

/// Somebody as they look to whom they block: gone, since then at the latest.
pub(in crate::store::sqlite::messenger) fn veiled(
    connection: &Connection,
    account: AccountId,
    at: TimeMs,
) -> Result<Option<PersonPresence>, Refusal> {
    let held = held(connection, account)?;
    Ok(held.map(|held| {
        let seen_at = Some(held.shown.seen_at.unwrap_or(at).min(at));
        let presence = Presence { state: PresenceState::Offline, seen_at, ..Presence::default() };
        PersonPresence { account, presence }
    }))
}
