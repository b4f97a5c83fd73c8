//! Up to where a person's devices have a room: watermarks beside the read marks, told to the others in small rooms only.

use super::read_marks::TOLD_MEMBERS_MAX;
use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column};
use crate::error::Refusal;
use pod_shared::{AccountId, Position, RoomId};
use rusqlite::{OptionalExtension, params};

impl MessengerStore {
    /// A device of this person has these rooms up to here. What is no member, goes back, or was read anyway, changes
    /// nothing; nor does it in a room where it is not told.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn delivered_to(
        &self,
        account: AccountId,
        rooms: Vec<(RoomId, Position)>,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            for (room, pos) in rooms {
                delivered_to(work, account, room, pos)?;
            }
            Ok(())
        })
        .await
    }
}

fn delivered_to(work: &Work<'_>, account: AccountId, room: RoomId, pos: Position) -> Result<(), Refusal> {
    let held = work
        .connection
        .prepare_cached(
            "SELECT rooms.head, rooms.members, max(members.delivered_pos, members.read_pos)
             FROM members JOIN rooms USING (room) WHERE room = ?1 AND account = ?2 AND role IS NOT NULL",
        )?
        .query_row([room.as_bytes(), account.as_bytes()], |row| {
            Ok((column::count(row, 0)?, column::count(row, 1)?, column::count(row, 2)?))
        })
        .optional()?;
    let Some((head, members, before)) = held else { return Ok(()) };
    let pos = pos.0.min(head);
    if pos <= before || members > TOLD_MEMBERS_MAX {
        return Ok(());
    }
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "UPDATE members SET delivered_pos = ?3, delivered_txn = ?4 WHERE room = ?1 AND account = ?2",
        )?
        .execute(params![room.as_bytes(), account.as_bytes(), pos.cast_signed(), txn.0.cast_signed()])?;
    work.connection
        .prepare_cached("UPDATE rooms SET last_txn = ?2 WHERE room = ?1")?
        .execute(params![room.as_bytes(), txn.0.cast_signed()])?;
    // The person's own devices have no use for it.
    let others = work.members(room)?.iter().copied().filter(|member| *member != account).collect();
    work.tell(others, room, txn, Told::Delivered { account, pos: Position(pos) })
}
