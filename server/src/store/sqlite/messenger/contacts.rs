//! Contacts as synchronised state: one row for each of the two people, found by its transaction like presence. What is gone
//! is kept a while for devices that have not heard of it; for those that come even later, the person keeps a mark that
//! something was forgotten.
//!
//! Two rows of one pair always fit each other (`check` asks). A block stands in the row of who made it and nowhere else.

use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column, entitled, people, presence, profiles};
use crate::error::Refusal;
use pod_shared::contact::{ContactStanding, ContactState};
use pod_shared::limits::CONTACT_GONE_DAYS;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ContactGroupId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, StatementStatus, params};
use std::sync::Arc;

mod forget;
mod groups;
mod row;
mod table;

pub use groups::{GroupAsk, PlaceFacts};
pub(super) use table::{COUNTS, TABLES};

/// One side of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContactSide {
    /// How the other person stands.
    pub standing: ContactStanding,
    /// The other person is blocked.
    pub blocked: bool,
    /// Requests made.
    pub asks: u32,
}

/// What a judgement on a step rests on.
#[derive(Clone, Copy, Debug)]
pub struct ContactFacts {
    /// What who takes the step keeps.
    pub mine: ContactSide,
    /// What the other person keeps.
    pub theirs: ContactSide,
    /// Contacts of who takes the step.
    pub contacts: u64,
    /// Requests that wait for the other person's answer.
    pub waiting: u64,
}

/// How both stand after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactAfter {
    /// Of who took it.
    pub mine: ContactSide,
    /// Of the other person.
    pub theirs: ContactSide,
    /// What was kept beside it goes as well: names, places, marks.
    pub forget: bool,
}

/// Who takes a step, towards whom.
#[derive(Clone, Debug)]
pub struct ContactAsk {
    /// Who.
    pub me: AccountId,
    /// The other person.
    pub other: AccountId,
    /// Both, as the directory knows them.
    pub people: Vec<Person>,
    /// What a request says.
    pub text: String,
    /// Now.
    pub now: TimeMs,
}

/// What a device has to learn of contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// As they stand.
    pub contacts: Vec<ContactState>,
    /// As they stand.
    pub groups: Vec<pod_shared::contact::ContactGroupState>,
    /// They are all there are.
    pub all: bool,
    /// Steps the database made to find them: a measure that does not depend on the machine.
    pub steps: u64,
}

impl MessengerStore {
    /// Somebody takes a step towards another person. Both hear how they stand now, and see each other as far as they may.
    ///
    /// # Errors
    /// What `judge` says, or when the store cannot be written.
    pub async fn step_contact(
        &self,
        ask: ContactAsk,
        judge: impl FnOnce(ContactFacts) -> Result<Option<ContactAfter>, Refusal> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let facts = facts(work.connection, ask.me, ask.other)?;
            match judge(facts)? {
                Some(after) => step(work, &ask, facts, after),
                None => Ok(()),
            }
        })
        .await
    }

    /// Changes what a person alone sees of a contact; absent fields stay.
    ///
    /// # Errors
    /// `not_found` for who is no contact, or when the store cannot be written.
    pub async fn mark_contact(
        &self,
        me: AccountId,
        other: AccountId,
        nickname: Option<String>,
        favourite: Option<bool>,
        muted: Option<bool>,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            row::listed(work.connection, me, other)?;
            let changed = work
                .connection
                .prepare_cached(
                    "UPDATE contacts SET nickname = coalesce(?3, nickname), favourite = coalesce(?4, favourite),
                         muted = coalesce(?5, muted)
                     WHERE owner = ?1 AND other = ?2
                       AND (nickname <> coalesce(?3, nickname) OR favourite <> coalesce(?4, favourite)
                            OR muted <> coalesce(?5, muted))",
                )?
                .execute(params![me.as_bytes(), other.as_bytes(), nickname, favourite, muted])?;
            if changed == 1 { touch(work, me, other) } else { Ok(()) }
        })
        .await
    }

    /// What a device has to learn of its person's contacts after a transaction.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn contacts_after(&self, account: AccountId, after: Txn) -> Result<Contacts, Refusal> {
        self.ask(move |connection| {
            let mut steps = 0;
            let mut forgot = connection
                .prepare_cached("SELECT 1 FROM contacts_forgotten WHERE owner = ?1 AND txn > ?2")?;
            forgot.reset_status(StatementStatus::VmStep);
            let forgotten = forgot.exists(params![account.as_bytes(), after.0.cast_signed()])?;
            steps += u64::from(forgot.get_status(StatementStatus::VmStep).unsigned_abs());
            let all = forgotten || after.0 == 0;
            let after = if all { Txn(0) } else { after };
            let contacts = row::after(connection, account, after, &mut steps)?;
            let groups = groups::after(connection, account, after, &mut steps)?;
            Ok(Contacts { contacts, groups, all, steps })
        })
        .await
    }

    /// Forgets what has been gone for longer than any device remembers.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_contacts(&self, now: TimeMs) -> Result<(), Refusal> {
        let days = i64::try_from(CONTACT_GONE_DAYS).unwrap_or(i64::MAX / 86_400_000);
        let before = TimeMs(now.0.saturating_sub(days * 86_400_000));
        while self.change(move |work| forget::some(work, before)).await? {}
        Ok(())
    }
}

fn facts(connection: &Connection, me: AccountId, other: AccountId) -> Result<ContactFacts, Refusal> {
    let count = |sql: &str, owner: AccountId| -> Result<u64, Refusal> {
        let count =
            connection.prepare_cached(sql)?.query_row([owner.as_bytes()], |row| column::count(row, 0));
        Ok(count.optional()?.unwrap_or_default())
    };
    Ok(ContactFacts {
        mine: row::side(connection, me, other)?.unwrap_or_default(),
        theirs: row::side(connection, other, me)?.unwrap_or_default(),
        contacts: count("SELECT kept FROM contact_counts WHERE owner = ?1", me)?,
        waiting: count("SELECT asking FROM contact_counts WHERE owner = ?1", other)?,
    })
}

fn step(work: &Work<'_>, ask: &ContactAsk, before: ContactFacts, after: ContactAfter) -> Result<(), Refusal> {
    people::keep(work, &ask.people)?;
    let (me, other) = (ask.me, ask.other);
    let joined = |before: ContactSide, after: ContactSide| {
        before.standing != ContactStanding::Contact && after.standing == ContactStanding::Contact
    };
    // Whom each may see from now on, and that is new to them.
    let joins = joined(before.mine, after.mine);
    let shown = [
        (me, other, joins && !after.theirs.blocked),
        (other, me, (joins || before.mine.blocked) && !after.mine.blocked),
    ];
    for (to, of, new) in shown {
        if new && (joins || entitled::sees_unless_blocked(work.connection, to, of)?) {
            profiles::tell_one(work, to, of)?;
        }
    }
    let txn = work.next_txn()?;
    let asked = after.mine.asks != before.mine.asks;
    let text = if asked { ask.text.as_str() } else { "" };
    row::put(work, (me, other), (before.mine, after.mine), text, (txn, ask.now))?;
    // What a request of mine says is theirs to read, and goes with it.
    if asked || after.theirs != before.theirs {
        row::put(work, (other, me), (before.theirs, after.theirs), text, (txn, ask.now))?;
        tell(work, txn, other, me)?;
    }
    if after.forget {
        row::unmark(work.connection, me, other)?;
    }
    tell(work, txn, me, other)?;
    if joins {
        for (to, of, blocked) in [(me, other, after.theirs.blocked), (other, me, after.mine.blocked)] {
            if !blocked {
                presence::tell_one(work, txn, to, of, None)?;
            }
        }
    }
    if before.mine.blocked != after.mine.blocked
        && work.connection.prepare_cached(entitled::RELATED)?.exists([other.as_bytes(), me.as_bytes()])?
    {
        presence::tell_one(work, txn, other, me, after.mine.blocked.then_some(ask.now))?;
    }
    Ok(())
}

/// A person's devices hear how one of their contacts stands.
fn tell(work: &Work<'_>, txn: Txn, owner: AccountId, other: AccountId) -> Result<(), Refusal> {
    let contact = row::one(work.connection, owner, other)?;
    work.tell_by_txn(Arc::from([owner]), txn, Told::Contacts(contact.into_iter().collect(), Vec::new()));
    Ok(())
}

/// A contact changed for who keeps it only.
fn touch(work: &Work<'_>, owner: AccountId, other: AccountId) -> Result<(), Refusal> {
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached("UPDATE contacts SET txn = ?3 WHERE owner = ?1 AND other = ?2")?
        .execute(params![owner.as_bytes(), other.as_bytes(), txn.0.cast_signed()])?;
    tell(work, txn, owner, other)
}

/// A person has another name: whoever keeps them hears it.
pub(super) fn renamed(work: &Work<'_>, account: AccountId) -> Result<(), Refusal> {
    let keepers = work
        .connection
        .prepare_cached(
            "SELECT other FROM contacts WHERE owner = ?1 AND gone_at IS NULL
             UNION SELECT owner FROM contacts WHERE other = ?1 AND veil_txn > 0 AND blocked = 1",
        )?
        .query_map([account.as_bytes()], |row| column::account(row, 0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for keeper in keepers {
        if row::one(work.connection, keeper, account)?.is_some_and(|held| !held.is_gone()) {
            touch(work, keeper, account)?;
        }
    }
    Ok(())
}

/// A group as it is named in columns.
fn group_id(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<ContactGroupId> {
    column::id(row, at, ContactGroupId::from_slice)
}
