//! Changing the members of a group on the files side (N4), and what a loss of rights takes along: the person's open
//! uploads in that room end in the same transaction.

use super::groups::check_room_count;
use super::table::{groups, members, uploads};
use super::{ContentStore, Doing, Loss, locks};
use crate::content::rules::{self, MemberChange, Whom};
use crate::error::Refusal;
use crate::store::sqlite::relay;
use pod_shared::interlock::{MemberVersion, RelayBody};
use pod_shared::{AccountId, ErrorCode, RelayId, Role, RoomId, UploadId, limits};
use rusqlite::Connection;
use std::sync::Arc;
use uuid::Uuid;

/// What a change of a member came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberOutcome {
    /// The relay row that must be settled before a loss of rights is told as done; nothing: it is told at once.
    pub(crate) awaits: Option<RelayId>,
    /// Uploads that ended by it.
    pub(crate) cancelled: Vec<UploadId>,
    /// Whoever it concerns lost a right.
    lost: bool,
}

impl ContentStore {
    /// Adds a member, gives another role, or (no role) removes. Repeatable.
    pub(crate) async fn set_member(
        &self,
        doing: Doing,
        room: RoomId,
        account: AccountId,
        role: Option<Role>,
    ) -> Result<MemberOutcome, Refusal> {
        let (woken, losses) = (Arc::clone(&self.woken), self.losses.clone());
        let change = move |conn: &Connection| set(conn, doing, room, account, role);
        let tell = move |outcome: &MemberOutcome| {
            if outcome.lost {
                // Nobody streams: nobody listens.
                let _ = losses.send(Loss { room, account: Some(account) });
            }
            woken.notify_one();
        };
        self.db.write_then(change, tell).await
    }
}

fn set(
    conn: &Connection,
    doing: Doing,
    room: RoomId,
    account: AccountId,
    to: Option<Role>,
) -> Result<MemberOutcome, Refusal> {
    let actor = members::role(conn, room, doing.by)?;
    rules::reader(actor)?;
    let held = members::get(conn, room, account)?;
    let from = held.and_then(|held| held.role);
    if from == to {
        // Asked again: it is as far as it is.
        return Ok(MemberOutcome { awaits: relay::member_waits(conn, room, account)?, ..Default::default() });
    }
    let whom = if account == doing.by { Whom::Oneself } else { Whom::Another };
    let owners = members::count_of_owners(conn, room)?;
    rules::member_change(MemberChange { actor, whom, from, to, owners })?;
    if from.is_none() {
        if members::count_of_group(conn, room)? >= limits::MEMBERS_PER_ROOM_MAX as u64 {
            return Err(Refusal::new(ErrorCode::TooMany, "a room cannot have that many members"));
        }
        check_room_count(conn, account)?;
    }
    let counter = held.map_or(1, |held| held.counter + 1);
    let member = MemberVersion { account, role: to, counter, by: doing.by };
    let relay_id = RelayId(Uuid::now_v7());
    let (cancelled, lost) = apply(conn, doing, room, from, &member)?;
    relay::append(conn, relay_id, room, &RelayBody::Member { member })?;
    Ok(MemberOutcome { awaits: lost.then_some(relay_id), cancelled, lost })
}

/// Writes a member's new state; answers the uploads that end by it, and whether a right was lost.
pub(super) fn apply(
    conn: &Connection,
    doing: Doing,
    room: RoomId,
    from: Option<Role>,
    member: &MemberVersion,
) -> Result<(Vec<UploadId>, bool), Refusal> {
    members::put(conn, room, member)?;
    let lost = member.role < from;
    let mut cancelled = Vec::new();
    locks::drop_of_member(conn, doing, room, member.account, member.role)?;
    if lost && !member.role.is_some_and(Role::writes) {
        for upload in uploads::open_in(conn, room)?.into_iter().filter(|upload| upload.by == member.account) {
            super::uploads::cancel(conn, doing, &upload)?;
            cancelled.push(upload.id);
        }
    }
    Ok((cancelled, lost))
}

/// Applies a member state of the other side, if it supersedes what is held here.
pub(super) fn merge(
    conn: &Connection,
    doing: Doing,
    room: RoomId,
    member: &MemberVersion,
) -> Result<(Vec<UploadId>, bool), Refusal> {
    debug_assert!(groups::get(conn, room)?.is_some(), "a member without a group");
    match members::get(conn, room, member.account)? {
        Some(held) if !member.supersedes(&held) => Ok((Vec::new(), false)),
        held => apply(conn, doing, room, held.and_then(|held| held.role), member),
    }
}
