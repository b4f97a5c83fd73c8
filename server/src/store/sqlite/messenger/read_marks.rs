//! Read marks (decision 19): watermarks, told to all in small rooms and only to the person's own devices in large ones.

use super::told::Told;
use super::{MessengerStore, column};
use crate::error::Refusal;
use pod_shared::{AccountId, DeviceId, Position, RoomId, Txn, limits};
use rusqlite::{OptionalExtension, params};
use std::sync::Arc;

/// Above this many members nobody is told who read.
pub(super) const TOLD_MEMBERS_MAX: u64 = limits::MARKS_TOLD_MEMBERS_MAX as u64;

/// A mark that was written before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Where.
    pub pos: Position,
    /// By which transaction.
    pub txn: Txn,
}

impl MessengerStore {
    /// A person read the room up to here, on this device. What is no member, or goes back, changes nothing; the latter
    /// is answered with what is known.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn read_to(
        &self,
        room: RoomId,
        (account, device): (AccountId, DeviceId),
        pos: Position,
    ) -> Result<Option<Known>, Refusal> {
        self.change(move |work| {
            let held = work
                .connection
                .prepare_cached(
                    "SELECT rooms.head, rooms.members, members.read_pos, members.read_txn FROM members JOIN rooms USING (room)
                     WHERE room = ?1 AND account = ?2 AND role IS NOT NULL",
                )?
                .query_row([room.as_bytes(), account.as_bytes()], |row| {
                    let known = Known {
                        pos: Position(column::count(row, 2)?),
                        txn: Txn(column::count(row, 3)?),
                    };
                    Ok((column::count(row, 0)?, column::count(row, 1)?, known))
                })
                .optional()?;
            let Some((head, members, known)) = held else { return Ok(None) };
            let pos = pos.0.min(head);
            if pos <= known.pos.0 {
                return Ok(Some(known));
            }
            let txn = work.next_txn()?;
            work.connection
                .prepare_cached(
                    "UPDATE members SET read_pos = ?3, read_txn = ?4 WHERE room = ?1 AND account = ?2",
                )?
                .execute(params![
                    room.as_bytes(),
                    account.as_bytes(),
                    pos.cast_signed(),
                    txn.0.cast_signed()
                ])?;
            let small = members <= TOLD_MEMBERS_MAX;
            if small {
                work.connection
                    .prepare_cached("UPDATE rooms SET last_txn = ?2 WHERE room = ?1")?
                    .execute(params![room.as_bytes(), txn.0.cast_signed()])?;
            }
            let to = if small { work.members(room)? } else { Arc::from([account]) };
            // The device that says it knows it: nothing is kept for its return.
            work.tell_from(Some(device), to, room, txn, Told::Read { account, pos: Position(pos) })?;
            Ok(None)
        })
        .await
    }
}
