//! Contact groups, and the places of contacts in them. A place changes with its contact, a group by itself.

use super::{group_id, row, touch};
use crate::error::Refusal;
use crate::store::sqlite::messenger::told::Told;
use crate::store::sqlite::messenger::work::Work;
use crate::store::sqlite::messenger::{MessengerStore, column};
use pod_shared::contact::ContactGroupState;
use pod_shared::{AccountId, ContactGroupId, ErrorCode, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, Row, StatementStatus, params};
use std::sync::Arc;

/// How far a new group stands behind the last one.
const STEP: i64 = 1 << 32;

/// A group to be made or changed; absent fields stay.
#[derive(Clone, Debug)]
pub struct GroupAsk {
    /// Whose.
    pub me: AccountId,
    /// Which.
    pub group: ContactGroupId,
    /// Its name.
    pub name: Option<String>,
    /// Its place.
    pub rank: Option<i64>,
}

/// What a judgement on a place rests on.
#[derive(Clone, Copy, Debug)]
pub struct PlaceFacts {
    /// Groups that the contact is in, this one not counted.
    pub groups: u64,
}

const HELD: &str = "SELECT grp, name, rank, gone_at IS NOT NULL FROM contact_groups WHERE owner = ?1";

fn state(row: &Row<'_>) -> rusqlite::Result<ContactGroupState> {
    Ok(ContactGroupState {
        group: group_id(row, 0)?,
        name: row.get(1)?,
        rank: row.get(2)?,
        gone: row.get(3)?,
    })
}

fn held(work: &Work<'_>, me: AccountId, group: ContactGroupId) -> Result<Option<ContactGroupState>, Refusal> {
    let held = work
        .connection
        .prepare_cached(&format!("{HELD} AND grp = ?2"))?
        .query_row([me.as_bytes(), group.as_bytes()], state)
        .optional()?;
    Ok(held)
}

/// All that changed after a transaction.
pub(super) fn after(
    connection: &Connection,
    owner: AccountId,
    after: Txn,
    steps: &mut u64,
) -> Result<Vec<ContactGroupState>, Refusal> {
    let mut found = connection.prepare_cached(&format!("{HELD} AND txn > ?2 ORDER BY txn"))?;
    found.reset_status(StatementStatus::VmStep);
    let groups = found
        .query_map(params![owner.as_bytes(), after.0.cast_signed()], state)?
        .collect::<rusqlite::Result<_>>()?;
    *steps += u64::from(found.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(groups)
}

impl MessengerStore {
    /// Makes a group or changes it. `judge` says whether one more may be made, knowing how many there are.
    ///
    /// # Errors
    /// `gone` for one that was deleted, `bad_request` for a new one without a name, what `judge` says, or when the store
    /// cannot be written.
    pub async fn put_contact_group(
        &self,
        ask: GroupAsk,
        judge: impl FnOnce(u64) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let GroupAsk { me, group, name, rank } = ask;
            let after = match held(work, me, group)? {
                Some(held) if held.gone => {
                    return Err(Refusal::new(ErrorCode::Gone, "the group was deleted"));
                }
                Some(held) => {
                    let after = ContactGroupState {
                        name: name.unwrap_or_else(|| held.name.clone()),
                        rank: rank.unwrap_or(held.rank),
                        ..held.clone()
                    };
                    if after == held {
                        return Ok(());
                    }
                    after
                }
                None => {
                    let name =
                        name.ok_or_else(|| Refusal::new(ErrorCode::BadRequest, "a new group needs a name"))?;
                    let (groups, last) = work
                        .connection
                        .prepare_cached(
                            "SELECT count(*), max(rank) FROM contact_groups WHERE owner = ?1 AND gone_at IS NULL",
                        )?
                        .query_row([me.as_bytes()], |row| {
                            Ok((column::count(row, 0)?, row.get::<_, Option<i64>>(1)?))
                        })?;
                    judge(groups)?;
                    let rank = rank.unwrap_or_else(|| last.map_or(0, |last| last.saturating_add(STEP)));
                    ContactGroupState { group, name, rank, gone: false }
                }
            };
            write(work, me, after, None)
        })
        .await
    }

    /// Deletes a group; its contacts stay contacts. One that is not there is deleted already.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn delete_contact_group(
        &self,
        me: AccountId,
        group: ContactGroupId,
        now: TimeMs,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let Some(held) = held(work, me, group)?.filter(|held| !held.gone) else { return Ok(()) };
            work.connection
                .prepare_cached("DELETE FROM contact_places WHERE owner = ?1 AND grp = ?2")?
                .execute([me.as_bytes(), group.as_bytes()])?;
            write(work, me, ContactGroupState { gone: true, ..held }, Some(now))
        })
        .await
    }

    /// Puts a contact into a group, to another place in it, or (no rank) out of it.
    ///
    /// # Errors
    /// `not_found` for who is no contact and for a group that is not there, what `judge` says, or when the store cannot be
    /// written.
    pub async fn place_contact(
        &self,
        me: AccountId,
        (other, group): (AccountId, ContactGroupId),
        rank: Option<i64>,
        judge: impl FnOnce(PlaceFacts) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let place = params![me.as_bytes(), other.as_bytes(), group.as_bytes(), rank];
            let Some(_) = rank else {
                let gone = work
                    .connection
                    .prepare_cached(
                        "DELETE FROM contact_places WHERE owner = ?1 AND other = ?2 AND grp = ?3 AND ?4 IS NULL",
                    )?
                    .execute(place)?;
                return if gone == 1 { touch(work, me, other) } else { Ok(()) };
            };
            row::listed(work.connection, me, other)?;
            if held(work, me, group)?.is_none_or(|held| held.gone) {
                return Err(Refusal::new(ErrorCode::NotFound, "no such group"));
            }
            let groups = work
                .connection
                .prepare_cached("SELECT count(*) FROM contact_places WHERE owner = ?1 AND other = ?2 AND grp <> ?3")?
                .query_row([me.as_bytes(), other.as_bytes(), group.as_bytes()], |row| column::count(row, 0))?;
            judge(PlaceFacts { groups })?;
            let changed = work
                .connection
                .prepare_cached(
                    "INSERT INTO contact_places (owner, other, grp, rank) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (owner, other, grp) DO UPDATE SET rank = ?4 WHERE rank <> ?4",
                )?
                .execute(place)?;
            if changed == 1 { touch(work, me, other) } else { Ok(()) }
        })
        .await
    }
}

fn write(
    work: &Work<'_>,
    me: AccountId,
    state: ContactGroupState,
    gone_at: Option<TimeMs>,
) -> Result<(), Refusal> {
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "INSERT INTO contact_groups (owner, grp, name, rank, gone_at, txn) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (owner, grp) DO UPDATE SET name = ?3, rank = ?4, gone_at = ?5, txn = ?6",
        )?
        .execute(params![
            me.as_bytes(),
            state.group.as_bytes(),
            state.name,
            state.rank,
            gone_at.map(|at| at.0),
            txn.0.cast_signed()
        ])?;
    work.tell_by_txn(Arc::from([me]), txn, Told::Contacts(Vec::new(), vec![state]));
    Ok(())
}
