//! Members and roles (N4). A person who goes or is lowered loses it here at once; the log tells of it when the content
//! service confirmed it too (decision 3), or at once where there is no folder.

use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column, people, presence, profiles, rooms, sync};
use crate::error::Refusal;
use pod_shared::interlock::{MemberVersion, RelayBody};
use pod_shared::socket::{EventKind, Person};
use pod_shared::{AccountId, RelayId, Role, RoomId, TimeMs, Txn};
use rusqlite::{OptionalExtension, params};
use std::sync::Arc;

/// A change of one member that somebody asks for.
#[derive(Clone, Debug)]
pub struct MemberAsk {
    /// The room.
    pub room: RoomId,
    /// Who asks.
    pub by: AccountId,
    /// When.
    pub at: TimeMs,
    /// Whom it concerns.
    pub account: AccountId,
    /// Their name, for who is to be added.
    pub person: Option<Person>,
    /// The role; nothing: remove.
    pub role: Option<Role>,
}

/// What a judgement on a change of a member rests on.
#[derive(Clone, Copy, Debug)]
pub struct MemberFacts {
    /// The asker's role.
    pub by: Role,
    /// The asker asks about themself.
    pub oneself: bool,
    /// The role before; nothing: no member.
    pub from: Option<Role>,
    /// The role asked for; nothing: remove.
    pub to: Option<Role>,
    /// The person is known to the directory.
    pub known: bool,
    /// Owners now.
    pub owners: u64,
    /// Members now.
    pub members: u64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOutcome {
    /// It is done.
    Done,
    /// It is done here; told as done when the content service settled this row.
    Settling(RelayId),
}

/// A member's row to be written.
pub(super) struct Written {
    pub(super) member: MemberVersion,
    pub(super) txn: Txn,
    pub(super) settling: Option<RelayId>,
}

/// A member's row as it stands.
pub(super) struct Held {
    pub(super) version: MemberVersion,
    pub(super) settling: Option<RelayId>,
}

/// The row of a member, present or past.
pub(super) fn held(work: &Work<'_>, room: RoomId, account: AccountId) -> Result<Option<Held>, Refusal> {
    let held = work
        .connection
        .prepare_cached(
            "SELECT role, counter, changed_by, settling FROM members WHERE room = ?1 AND account = ?2",
        )?
        .query_row([room.as_bytes(), account.as_bytes()], |row| {
            let role = column::role(row, 0)?;
            let (counter, by) = (column::count(row, 1)?, column::account(row, 2)?);
            let settling = row.get_ref(3)?.as_blob_or_null()?.and_then(RelayId::from_slice);
            Ok(Held { version: MemberVersion { account, role, counter, by }, settling })
        })
        .optional()?;
    Ok(held)
}

/// All rows of a room, present and past members, so that the other side knows the counters.
pub(super) fn versions(work: &Work<'_>, room: RoomId) -> Result<Vec<MemberVersion>, Refusal> {
    let versions = work
        .connection
        .prepare_cached("SELECT account, role, counter, changed_by FROM members WHERE room = ?1")?
        .query_map([room.as_bytes()], |row| {
            Ok(MemberVersion {
                account: column::account(row, 0)?,
                role: column::role(row, 1)?,
                counter: column::count(row, 2)?,
                by: column::account(row, 3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(versions)
}

/// Writes a member's row, keeps the counts, and answers the role before.
pub(super) fn write(work: &Work<'_>, room: RoomId, written: &Written) -> Result<Option<Role>, Refusal> {
    work.touch();
    let Written { member, txn, settling } = written;
    let before = work.role(room, member.account)?;
    let comes = before.is_none() && member.role.is_some();
    let goes = before.is_some() && member.role.is_none();
    work.connection
        .prepare_cached(
            "INSERT INTO members (room, account, role, counter, changed_by, txn, since_txn, read_pos, read_txn, settling)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, (SELECT head FROM rooms WHERE room = ?1), ?6, ?7)
             ON CONFLICT (room, account) DO UPDATE SET
               role = ?3, counter = ?4, changed_by = ?5, txn = ?6, settling = ?7,
               since_txn = iif(?8, ?6, since_txn),
               read_pos = iif(?8, excluded.read_pos, read_pos), read_txn = iif(?8, ?6, read_txn)",
        )?
        .execute(params![
            room.as_bytes(),
            member.account.as_bytes(),
            member.role.map(Role::code),
            member.counter.cast_signed(),
            member.by.as_bytes(),
            txn.0.cast_signed(),
            settling.as_ref().map(|id| id.as_bytes().as_slice()),
            comes
        ])?;
    if comes || goes {
        let step = if comes { 1 } else { -1 };
        work.connection
            .prepare_cached("UPDATE rooms SET members = members + ?2 WHERE room = ?1")?
            .execute(params![room.as_bytes(), step])?;
        people::count_rooms(work, member.account, step)?;
        work.watchers.forget_members(room);
    }
    Ok(before)
}

/// Lets the log tell of a member's present state.
pub(super) fn tell_change(
    work: &Work<'_>,
    room: RoomId,
    member: &MemberVersion,
    at: TimeMs,
    comes: bool,
) -> Result<(), Refusal> {
    let Person { account, name, display_name } = people::get(work, member.account)?;
    let kind = EventKind::Member { account, name, display_name, role: member.role };
    let newcomer = comes.then_some(account);
    if comes {
        // Before the room itself: who has the room has those in it.
        presence::introduce(work, &work.members(room)?, &[account])?;
        profiles::introduce(work, &work.members(room)?, &[account])?;
    }
    let (txn, _) = work.append(room, member.by, at, kind, newcomer)?;
    // The state and the event carry one transaction: a delta has both or neither.
    work.connection
        .prepare_cached(
            "UPDATE members SET txn = ?3, since_txn = iif(?4, ?3, since_txn) WHERE room = ?1 AND account = ?2",
        )?
        .execute(params![room.as_bytes(), account.as_bytes(), txn.0.cast_signed(), comes])?;
    if comes {
        let delta = sync::room_delta(work.connection, account, room, Txn(0))?;
        work.tell(Arc::from([account]), room, txn, Told::Room(Box::new(delta)))?;
    }
    Ok(())
}

fn facts(work: &Work<'_>, ask: &MemberAsk, from: Option<Role>) -> Result<MemberFacts, Refusal> {
    let by = work.member(ask.room, ask.by)?;
    let owners: i64 = work
        .connection
        .prepare_cached("SELECT count(*) FROM members WHERE room = ?1 AND role = ?2")?
        .query_row(params![ask.room.as_bytes(), Role::Owner.code()], |row| row.get(0))?;
    Ok(MemberFacts {
        by,
        oneself: ask.by == ask.account,
        from,
        to: ask.role,
        known: ask.person.is_some(),
        owners: owners.unsigned_abs(),
        members: rooms::get(work, ask.room)?.members,
    })
}

impl MessengerStore {
    /// Adds a member, changes a role, or removes a member, after `decide` agreed. Repeatable.
    ///
    /// # Errors
    /// `not_found`, `too_many`, or what `decide` says.
    pub async fn set_member(
        &self,
        ask: MemberAsk,
        decide: fn(&MemberFacts) -> Result<(), Refusal>,
    ) -> Result<MemberOutcome, Refusal> {
        self.change(move |work| {
            let held = held(work, ask.room, ask.account)?;
            let from = held.as_ref().and_then(|held| held.version.role);
            if from == ask.role && (from.is_some() || held.is_some()) {
                return repeated(work, &ask, held);
            }
            decide(&facts(work, &ask, from)?)?;
            set(work, &ask, held)
        })
        .await
    }

    /// The settling removals and lowered roles of a room that wait for the content service.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn settling(&self, room: RoomId) -> Result<Vec<RelayId>, Refusal> {
        self.ask(move |connection| {
            let ids = connection
                .prepare_cached("SELECT settling FROM members WHERE room = ?1 AND settling IS NOT NULL")?
                .query_map([room.as_bytes()], |row| column::id(row, 0, RelayId::from_slice))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(ids)
        })
        .await
    }
}

/// Makes a change that is agreed on, and tells it as far as it may be told.
pub(super) fn set(work: &Work<'_>, ask: &MemberAsk, held: Option<Held>) -> Result<MemberOutcome, Refusal> {
    let from = held.as_ref().and_then(|held| held.version.role);
    if let Some(person) = &ask.person {
        people::keep(work, std::slice::from_ref(person))?;
    }
    if from.is_none() {
        people::has_place(work, ask.account)?;
    }
    let counter = held.map_or(0, |held| held.version.counter) + 1;
    let member = MemberVersion { account: ask.account, role: ask.role, counter, by: ask.by };
    let settling = match rooms::get(work, ask.room)?.folder {
        true => Some(work.relay(ask.room, &RelayBody::Member { member })?),
        false => None,
    };
    let settling = settling.filter(|_| ask.role < from);
    let txn = work.next_txn()?;
    write(work, ask.room, &Written { member, txn, settling })?;
    if ask.role.is_none() {
        work.tell_gone(ask.account, ask.room, txn)?;
    }
    match settling {
        Some(id) => Ok(MemberOutcome::Settling(id)),
        None => {
            tell_change(work, ask.room, &member, ask.at, from.is_none())?;
            Ok(MemberOutcome::Done)
        }
    }
}

/// The same change again: it is as far as it is. Whoever left may ask again too.
fn repeated(work: &Work<'_>, ask: &MemberAsk, held: Option<Held>) -> Result<MemberOutcome, Refusal> {
    let still_in = work.role(ask.room, ask.by)?.is_some();
    let left = ask.by == ask.account && held.is_some();
    if !still_in && !left {
        return Err(super::no_such_room());
    }
    Ok(held.and_then(|held| held.settling).map_or(MemberOutcome::Done, MemberOutcome::Settling))
}

/// The content service has the change: the log tells of it now, unless a newer change took its place.
pub(super) fn settled(work: &Work<'_>, room: RoomId, row: RelayId, at: TimeMs) -> Result<(), Refusal> {
    let member = work
        .connection
        .prepare_cached(
            "UPDATE members SET settling = NULL WHERE room = ?1 AND settling = ?2
             RETURNING account, role, counter, changed_by",
        )?
        .query_row([room.as_bytes(), row.as_bytes()], |row| {
            Ok(MemberVersion {
                account: column::account(row, 0)?,
                role: column::role(row, 1)?,
                counter: column::count(row, 2)?,
                by: column::account(row, 3)?,
            })
        })
        .optional()?;
    match member {
        Some(member) => tell_change(work, room, &member, at, false),
        None => Ok(()),
    }
}
