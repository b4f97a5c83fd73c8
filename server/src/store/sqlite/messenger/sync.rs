//! What a device has to learn about a room: the fields that changed after a transaction, and the newest events (P4).

use super::read_marks::TOLD_MEMBERS_MAX;
use super::{MessengerStore, column, messages, no_such_room};
use crate::error::Refusal;
use pod_shared::limits::{SERVER_FRAME_BYTES_MAX, SYNC_EVENTS_PER_ROOM_MAX, SYNC_ROOMS_PER_PART_MAX};
use pod_shared::socket::EventKind;
use pod_shared::sync::{MemberState, RoomDelta};
use pod_shared::{AccountId, ContentPosition, Position, RoomId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, params};

/// Bytes of one part, by estimate; the last room may go over it by as much as one room can have.
const PART_BYTES: usize = SERVER_FRAME_BYTES_MAX / 4;

/// Some rooms of a sync.
#[derive(Clone, Debug)]
pub struct Part {
    /// What to tell of them.
    pub rooms: Vec<RoomDelta>,
    /// Everything up to here is in it.
    pub head: Txn,
    /// How many of the rooms asked for are done.
    pub done: usize,
}

impl MessengerStore {
    /// Tells of the first of these rooms, as many as one frame carries, what changed after a transaction.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sync_part(
        &self,
        account: AccountId,
        rooms: Vec<RoomId>,
        after: Txn,
    ) -> Result<Part, Refusal> {
        self.ask(move |connection| {
            let head: u64 = connection
                .prepare_cached("SELECT txn FROM meta")?
                .query_row([], |row| column::count(row, 0))?;
            let mut part = Part { rooms: Vec::new(), head: Txn(head), done: 0 };
            let mut bytes = 0;
            for room in rooms.into_iter().take(SYNC_ROOMS_PER_PART_MAX) {
                if bytes > PART_BYTES {
                    break;
                }
                let delta = room_delta(connection, account, room, after)?;
                bytes += estimate(&delta);
                part.rooms.push(delta);
                part.done += 1;
            }
            Ok(part)
        })
        .await
    }
}

/// About how long the frame of it is.
fn estimate(delta: &RoomDelta) -> usize {
    let members: usize =
        delta.members.iter().map(|member| 80 + member.name.len() + member.display_name.len()).sum();
    let events: usize = delta
        .events
        .iter()
        .map(|event| match &event.kind {
            EventKind::Message { body, .. } => 160 + body.0.len(),
            EventKind::Created { .. }
            | EventKind::Member { .. }
            | EventKind::Renamed { .. }
            | EventKind::FolderMade {}
            | EventKind::Folder { .. } => 512,
        })
        .sum();
    400 + members + events + (delta.reads.len() + delta.delivered.len()) * 32
}

/// Who asks, as the room knows them.
struct Me {
    in_it: bool,
    txn: u64,
    since_txn: u64,
    read_pos: u64,
    read_txn: u64,
}

/// What changed in a room for a member after a transaction; a room that is not theirs is gone.
pub(super) fn room_delta(
    connection: &Connection,
    account: AccountId,
    room: RoomId,
    after: Txn,
) -> Result<RoomDelta, Refusal> {
    let me = connection
        .prepare_cached(
            "SELECT role IS NOT NULL, txn, since_txn, read_pos, read_txn FROM members
             WHERE room = ?1 AND account = ?2",
        )?
        .query_row([room.as_bytes(), account.as_bytes()], |row| {
            Ok(Me {
                in_it: row.get(0)?,
                txn: column::count(row, 1)?,
                since_txn: column::count(row, 2)?,
                read_pos: column::count(row, 3)?,
                read_txn: column::count(row, 4)?,
            })
        })
        .optional()?;
    let Some(me) = me else { return Ok(RoomDelta { gone: true, ..RoomDelta::empty(room, Txn(0)) }) };
    if !me.in_it {
        return Ok(RoomDelta { gone: true, ..RoomDelta::empty(room, Txn(me.txn)) });
    }
    // Who came after that has nothing of the room yet.
    let after = if me.since_txn > after.0 { Txn(0) } else { after };
    let (mut delta, members) = fields(connection, room, after)?;
    delta.members = changed_members(connection, room, after)?;
    let page = messages::page(connection, room, Position(0), after, SYNC_EVENTS_PER_ROOM_MAX)?;
    (delta.events, delta.gap) = (page.events, page.more);
    delta.read = (me.read_txn > after.0).then_some(Position(me.read_pos));
    if members <= TOLD_MEMBERS_MAX {
        delta.reads = changed_reads(connection, room, account, after)?;
        delta.delivered = changed_delivered(connection, room, account, after)?;
    }
    Ok(delta)
}

fn fields(connection: &Connection, room: RoomId, after: Txn) -> Result<(RoomDelta, u64), Refusal> {
    connection
        .prepare_cached(
            "SELECT title, title_txn, created_by, created_at, folder, folder_txn, content_at, head, members, last_txn
             FROM rooms WHERE room = ?1",
        )?
        .query_row([room.as_bytes()], |row| {
            let new = after.0 == 0;
            let title_changed = column::count(row, 1)? > after.0;
            let folder_changed = column::count(row, 5)? > after.0;
            let delta = RoomDelta {
                title: if title_changed { Some(row.get(0)?) } else { None },
                created_by: if new { Some(column::account(row, 2)?) } else { None },
                created_at: if new { Some(TimeMs(row.get(3)?)) } else { None },
                folder: if folder_changed { Some(row.get(4)?) } else { None },
                content_at: ContentPosition(column::count(row, 6)?),
                head: Position(column::count(row, 7)?),
                ..RoomDelta::empty(room, Txn(column::count(row, 9)?))
            };
            Ok((delta, column::count(row, 8)?))
        })
        .optional()?
        .ok_or_else(no_such_room)
}

fn changed_members(connection: &Connection, room: RoomId, after: Txn) -> Result<Vec<MemberState>, Refusal> {
    // Who went before the device had anything of the room is of no interest to it.
    let members = connection
        .prepare_cached(
            "SELECT members.account, coalesce(name, ''), coalesce(display_name, ''), role
             FROM members LEFT JOIN people USING (account)
             WHERE room = ?1 AND txn > ?2 AND (?2 > 0 OR role IS NOT NULL)",
        )?
        .query_map(params![room.as_bytes(), after.0.cast_signed()], |row| {
            Ok(MemberState {
                account: column::account(row, 0)?,
                name: row.get(1)?,
                display_name: row.get(2)?,
                role: column::role(row, 3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(members)
}

fn changed_reads(
    connection: &Connection,
    room: RoomId,
    account: AccountId,
    after: Txn,
) -> Result<Vec<(AccountId, Position)>, Refusal> {
    let reads = connection
        .prepare_cached(
            "SELECT account, read_pos FROM members
             WHERE room = ?1 AND account <> ?2 AND role IS NOT NULL AND read_txn > ?3 AND read_pos > 0",
        )?
        .query_map(params![room.as_bytes(), account.as_bytes(), after.0.cast_signed()], |row| {
            Ok((column::account(row, 0)?, Position(column::count(row, 1)?)))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(reads)
}

fn changed_delivered(
    connection: &Connection,
    room: RoomId,
    account: AccountId,
    after: Txn,
) -> Result<Vec<(AccountId, Position)>, Refusal> {
    let delivered = connection
        .prepare_cached(
            "SELECT account, delivered_pos FROM members
             WHERE room = ?1 AND account <> ?2 AND role IS NOT NULL AND delivered_txn > ?3 AND delivered_pos > read_pos",
        )?
        .query_map(params![room.as_bytes(), account.as_bytes(), after.0.cast_signed()], |row| {
            Ok((column::account(row, 0)?, Position(column::count(row, 1)?)))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(delivered)
}
