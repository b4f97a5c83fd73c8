//! Presence: what people chose and what others were told of it. Each change carries its transaction; a device finds what
//! it has still to learn by that, so that a change costs one row however many devices are away, and a return with nothing
//! new one look at an index.

use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column, entitled};
use crate::error::Refusal;
use pod_shared::presence::{MyPresence, PersonPresence, Presence, PresenceChoice, PresenceState};
use pod_shared::{AccountId, RoomId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, Row, StatementStatus, params, types::Type};
use std::collections::BTreeSet;
use std::sync::Arc;

mod tell;

pub(super) use tell::{introduce, meet, tell_one, veiled};

/// Up to this many changed people are looked at one by one; of more, one's own rooms and contacts are gone through instead,
/// if those are no more than the changed.
const CHANGED_MAX: u64 = 64;

/// Where a person's devices are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devices {
    /// At least one is connected, and somebody is at it.
    Here,
    /// All that are connected are idle.
    Idle,
    /// None is connected.
    None,
}

/// What a device has to learn of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Who, and how.
    pub people: Vec<PersonPresence>,
    /// What its own person chose, when that changed.
    pub mine: Option<MyPresence>,
    /// Steps the database made to find whom it concerns: a measure that does not depend on the machine.
    pub steps: u64,
}

/// A row.
struct Held {
    mine: MyPresence,
    shown: Presence,
}

const HELD: &str = "SELECT choice, text, until, state, shown_text, shown_until, seen_at FROM presence";
const SHOWN: &str = "presence.account, state, shown_text, shown_until, seen_at";

fn no_code(at: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Integer, "not a presence".into())
}

fn time(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<TimeMs>> {
    Ok(row.get::<_, Option<i64>>(at)?.map(TimeMs))
}

fn mine(row: &Row<'_>) -> rusqlite::Result<MyPresence> {
    let state = PresenceChoice::from_code(row.get(0)?).ok_or_else(|| no_code(0))?;
    Ok(MyPresence { state, text: row.get(1)?, until: time(row, 2)? })
}

fn shown(row: &Row<'_>, at: usize) -> rusqlite::Result<Presence> {
    let state = PresenceState::from_code(row.get(at)?).ok_or_else(|| no_code(at))?;
    Ok(Presence { state, text: row.get(at + 1)?, until: time(row, at + 2)?, seen_at: time(row, at + 3)? })
}

fn person(row: &Row<'_>) -> rusqlite::Result<PersonPresence> {
    Ok(PersonPresence { account: column::account(row, 0)?, presence: shown(row, 1)? })
}

fn held(connection: &Connection, account: AccountId) -> Result<Option<Held>, Refusal> {
    let held = connection
        .prepare_cached(&format!("{HELD} WHERE account = ?1"))?
        .query_row([account.as_bytes()], |row| Ok(Held { mine: mine(row)?, shown: shown(row, 3)? }))
        .optional()?;
    Ok(held)
}

impl MessengerStore {
    /// A person chose a presence: told to their own devices now, and to others when it is next shown.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn choose(&self, account: AccountId, chosen: MyPresence) -> Result<(), Refusal> {
        self.change(move |work| write_choice(work, account, &chosen)).await
    }

    /// Shows how these people are now, as their devices say, and whose choice ran out. Tells what changed to who shares a
    /// room with them. Answers when the next choice runs out.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn show(
        &self,
        accounts: Vec<AccountId>,
        devices: impl Fn(AccountId) -> Devices + Send + 'static,
        now: TimeMs,
    ) -> Result<Option<TimeMs>, Refusal> {
        self.change(move |work| {
            let mut accounts: BTreeSet<AccountId> = accounts.into_iter().collect();
            for account in run_out(work, now)? {
                write_choice(work, account, &MyPresence::default())?;
                accounts.insert(account);
            }
            for account in accounts {
                show(work, account, devices(account), now)?;
            }
            let next = work
                .connection
                .prepare_cached("SELECT min(until) FROM presence WHERE until IS NOT NULL")?
                .query_row([], |row| time(row, 0))?;
            Ok(next)
        })
        .await
    }

    /// Who was told to be there when this server last ran.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn presumed(&self) -> Result<Vec<AccountId>, Refusal> {
        self.ask(|connection| {
            let there = connection
                .prepare_cached("SELECT account FROM presence WHERE state <> ?1")?
                .query_map([PresenceState::Offline.code()], |row| column::account(row, 0))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(there)
        })
        .await
    }

    /// What a device has to learn of people after a transaction: who changed, and everybody in rooms that it is told of
    /// where one of the two is new.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people_after(
        &self,
        account: AccountId,
        rooms: Vec<RoomId>,
        after: Txn,
    ) -> Result<People, Refusal> {
        self.ask(move |connection| {
            let mine = connection
                .prepare_cached(&format!("{HELD} WHERE account = ?1 AND chosen_txn > ?2"))?
                .query_row(params![account.as_bytes(), after.0.cast_signed()], mine)
                .optional()?;
            let mut steps = 0;
            let Whom { whom, veiled } =
                whom_after(connection, "presence", (account, &rooms, after), &mut steps)?;
            let mut people = veiled;
            people.reserve(whom.len());
            let mut statement =
                connection.prepare_cached(&format!("SELECT {SHOWN} FROM presence WHERE account = ?1"))?;
            for who in whom {
                people.extend(statement.query_row([who.as_bytes()], person).optional()?);
            }
            Ok(People { people, mine, steps })
        })
        .await
    }
}

/// Of whom a device has something to learn.
pub(super) struct Whom {
    pub(super) whom: BTreeSet<AccountId>,
    /// Gone, as far as the person may know.
    pub(super) veiled: Vec<PersonPresence>,
}

/// Of whom a device has to learn what a table holds, a row for each person with its transaction: who changed, and who is
/// new to its person by these rooms, as a contact, or because they are blocked no longer.
pub(super) fn whom_after(
    connection: &Connection,
    table: &str,
    (account, rooms, after): (AccountId, &[RoomId], Txn),
    steps: &mut u64,
) -> Result<Whom, Refusal> {
    let mut whom = changed(connection, table, (account, after), steps)?;
    let mut veiled = Vec::new();
    if after.0 > 0 {
        for room in rooms {
            whom.extend(new_in(connection, account, *room, after)?);
        }
        whom.extend(entitled::new_contacts(connection, account, after, steps)?);
        let turned = entitled::turned(connection, account, after, steps)?;
        whom.extend(turned.shown);
        veiled = turned.veiled;
    }
    whom.remove(&account);
    for who in entitled::blockers(connection, account, steps)? {
        whom.remove(&who);
    }
    Ok(Whom { whom, veiled })
}

/// Who shares a room with the person, or is a contact, and changed after a transaction.
fn changed(
    connection: &Connection,
    table: &str,
    (me, after): (AccountId, Txn),
    steps: &mut u64,
) -> Result<BTreeSet<AccountId>, Refusal> {
    let mut limit = CHANGED_MAX;
    loop {
        let mut statement =
            connection.prepare_cached(&format!("SELECT account FROM {table} WHERE txn > ?1 LIMIT ?2"))?;
        statement.reset_status(StatementStatus::VmStep);
        let changed = statement
            .query_map(params![after.0.cast_signed(), limit.cast_signed() + 1], |row| {
                column::account(row, 0)
            })?
            .collect::<rusqlite::Result<BTreeSet<_>>>()?;
        *steps += u64::from(statement.get_status(StatementStatus::VmStep).unsigned_abs());
        if changed.len() as u64 <= limit {
            let mut entitled = BTreeSet::new();
            for account in changed {
                if entitled::related(connection, me, account, steps)? {
                    entitled.insert(account);
                }
            }
            return Ok(entitled);
        }
        if !entitled::has_more_than(connection, me, limit)? {
            break;
        }
        limit = limit.saturating_mul(4);
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT held.account FROM members mine JOIN members theirs USING (room)
         JOIN {table} held ON held.account = theirs.account
         WHERE mine.account = ?1 AND mine.role IS NOT NULL AND theirs.role IS NOT NULL AND held.txn > ?2
         UNION
         SELECT held.account FROM contacts JOIN {table} held ON held.account = contacts.other
         WHERE owner = ?1 AND standing = 4 AND held.txn > ?2",
    ))?;
    statement.reset_status(StatementStatus::VmStep);
    let entitled = statement
        .query_map(params![me.as_bytes(), after.0.cast_signed()], |row| column::account(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    *steps += u64::from(statement.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(entitled)
}

/// Who is new to the person by this room, or all when the person is new in it.
fn new_in(
    connection: &Connection,
    me: AccountId,
    room: RoomId,
    after: Txn,
) -> Result<Vec<AccountId>, Refusal> {
    let new = connection
        .prepare_cached(
            "SELECT theirs.account FROM members mine JOIN members theirs USING (room)
             WHERE room = ?1 AND mine.account = ?2 AND mine.role IS NOT NULL AND theirs.role IS NOT NULL
               AND (mine.since_txn > ?3 OR theirs.since_txn > ?3)",
        )?
        .query_map(params![room.as_bytes(), me.as_bytes(), after.0.cast_signed()], |row| {
            column::account(row, 0)
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(new)
}

fn run_out(work: &Work<'_>, now: TimeMs) -> Result<Vec<AccountId>, Refusal> {
    let accounts = work
        .connection
        .prepare_cached("SELECT account FROM presence WHERE until IS NOT NULL AND until <= ?1")?
        .query_map([now.0], |row| column::account(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(accounts)
}

fn write_choice(work: &Work<'_>, account: AccountId, chosen: &MyPresence) -> Result<(), Refusal> {
    if held(work.connection, account)?.map(|held| held.mine).unwrap_or_default() == *chosen {
        return Ok(());
    }
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "INSERT INTO presence (account, choice, text, until, chosen_txn, state, shown_text, txn)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, '', 0)
             ON CONFLICT (account) DO UPDATE SET choice = ?2, text = ?3, until = ?4, chosen_txn = ?5",
        )?
        .execute(params![
            account.as_bytes(),
            chosen.state.code(),
            chosen.text,
            chosen.until.map(|until| until.0),
            txn.0.cast_signed()
        ])?;
    work.tell_by_txn(Arc::from([account]), txn, Told::MyPresence(chosen.clone()));
    Ok(())
}

/// What others are to see. Who is not to be seen says nothing new either.
fn seen_by_others(held: &Held, devices: Devices) -> Presence {
    let Held { mine, shown } = held;
    if mine.state == PresenceChoice::Invisible {
        return Presence { state: PresenceState::Offline, ..shown.clone() };
    }
    let state = match (devices, mine.state) {
        (Devices::None, _) => PresenceState::Offline,
        (Devices::Here | Devices::Idle, PresenceChoice::Busy) => PresenceState::Busy,
        (Devices::Here, PresenceChoice::Here) => PresenceState::Here,
        (Devices::Here | Devices::Idle, _) => PresenceState::Away,
    };
    Presence { state, text: mine.text.clone(), until: mine.until, seen_at: shown.seen_at }
}

fn show(work: &Work<'_>, account: AccountId, devices: Devices, now: TimeMs) -> Result<(), Refusal> {
    let before = held(work.connection, account)?
        .unwrap_or_else(|| Held { mine: MyPresence::default(), shown: Presence::default() });
    let mut presence = seen_by_others(&before, devices);
    if presence == before.shown {
        return Ok(());
    }
    presence.seen_at = match (before.shown.state, presence.state) {
        (PresenceState::Offline, PresenceState::Offline) => before.shown.seen_at,
        (_, PresenceState::Offline) => Some(last_there(work, account, now)?),
        (_, _) => None,
    };
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "INSERT INTO presence (account, choice, text, until, chosen_txn, state, shown_text, shown_until, seen_at, txn)
             VALUES (?1, 0, '', NULL, 0, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account) DO UPDATE SET
               state = ?2, shown_text = ?3, shown_until = ?4, seen_at = ?5, txn = ?6",
        )?
        .execute(params![
            account.as_bytes(),
            presence.state.code(),
            presence.text,
            presence.until.map(|until| until.0),
            presence.seen_at.map(|at| at.0),
            txn.0.cast_signed()
        ])?;
    let to = entitled::viewers(work, account)?;
    work.tell_by_txn(to, txn, Told::Presence(vec![PersonPresence { account, presence }]));
    Ok(())
}

/// When one of the person's devices last came or went.
fn last_there(work: &Work<'_>, account: AccountId, now: TimeMs) -> Result<TimeMs, Refusal> {
    let seen: Option<i64> = work
        .connection
        .prepare_cached("SELECT max(seen) FROM devices WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| row.get(0))?;
    Ok(TimeMs(seen.unwrap_or(now.0).min(now.0)))
}
