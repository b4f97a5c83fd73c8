//! Read marks (decision 19): watermarks, told to all in small rooms and only to the person's own devices in large ones.

use super::told::Told;
use super::{MessengerStore, column};
use crate::error::Refusal;
use pod_shared::{AccountId, Position, RoomId};
use rusqlite::{OptionalExtension, params};
use std::sync::Arc;

/// Above this many members nobody is told who read.
pub(super) const TOLD_MEMBERS_MAX: u64 = 50;

impl MessengerStore {
    /// A person read the room up to here. What is no member, or goes back, changes nothing.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn read_to(&self, room: RoomId, account: AccountId, pos: Position) -> Result<(), Refusal> {
        self.change(move |work| {
            let held = work
                .connection
                .prepare_cached(
                    "SELECT rooms.head, rooms.members, members.read_pos FROM members JOIN rooms USING (room)
                     WHERE room = ?1 AND account = ?2 AND role IS NOT NULL",
                )?
                .query_row([room.as_bytes(), account.as_bytes()], |row| {
                    Ok((column::count(row, 0)?, column::count(row, 1)?, column::count(row, 2)?))
                })
                .optional()?;
            let Some((head, members, before)) = held else { return Ok(()) };
            let pos = pos.0.min(head);
            if pos <= before {
                return Ok(());
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
            work.tell(to, room, txn, Told::Read { account, pos: Position(pos) })
        })
        .await
    }
}
