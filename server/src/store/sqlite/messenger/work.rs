//! One open transaction: it counts, appends to logs, and collects what it will tell.

use super::told::{Announcement, Told};
use super::watchers::Watchers;
use super::{column, no_such_room};
use crate::error::Refusal;
use crate::store::sqlite::relay;
use pod_shared::interlock::RelayBody;
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::sync::RoomDelta;
use pod_shared::{AccountId, DeviceId, Position, RelayId, Role, RoomId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, params};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) struct Work<'a> {
    pub(super) connection: &'a Connection,
    pub(super) watchers: &'a Watchers,
    touched: &'a AtomicBool,
    told: RefCell<Vec<Announcement>>,
    relayed: Cell<bool>,
}

impl<'a> Work<'a> {
    pub(super) fn new(connection: &'a Connection, watchers: &'a Watchers, touched: &'a AtomicBool) -> Self {
        Self { connection, watchers, touched, told: RefCell::default(), relayed: Cell::new(false) }
    }

    /// What was told, and whether the other side has something to do.
    pub(super) fn finish(self) -> (Vec<Announcement>, bool) {
        let told = self.told.into_inner();
        // A device that has one transaction says that it has all before.
        debug_assert!(told.is_sorted_by_key(|announcement| announcement.txn), "told out of order");
        (told, self.relayed.get())
    }

    /// The memory of watchers is about to change.
    pub(super) fn touch(&self) {
        self.touched.store(true, Ordering::Relaxed);
    }

    /// The transaction is refused: what it left in the memory of watchers is wrong.
    pub(super) fn distrust(&self) {
        if self.touched.swap(false, Ordering::Relaxed) {
            self.watchers.distrust();
        }
    }

    /// The next transaction number.
    pub(super) fn next_txn(&self) -> Result<Txn, Refusal> {
        let txn: i64 = self
            .connection
            .prepare_cached("UPDATE meta SET txn = txn + 1 RETURNING txn")?
            .query_row([], |row| row.get(0))?;
        Ok(Txn(txn.cast_unsigned()))
    }

    /// The role of a person in a room; nothing: no member, or no such room.
    pub(super) fn role(&self, room: RoomId, account: AccountId) -> Result<Option<Role>, Refusal> {
        let role = self
            .connection
            .prepare_cached("SELECT role FROM members WHERE room = ?1 AND account = ?2")?
            .query_row([room.as_bytes(), account.as_bytes()], |row| column::role(row, 0))
            .optional()?;
        Ok(role.flatten())
    }

    /// The role of somebody who must be a member.
    pub(super) fn member(&self, room: RoomId, account: AccountId) -> Result<Role, Refusal> {
        self.role(room, account)?.ok_or_else(no_such_room)
    }

    /// The present members.
    pub(super) fn members(&self, room: RoomId) -> Result<Arc<[AccountId]>, Refusal> {
        self.touch();
        Ok(self.watchers.members(self.connection, room)?)
    }

    /// Appends to the room's log and tells all members, except one if so wished.
    pub(super) fn append(
        &self,
        room: RoomId,
        by: AccountId,
        at: TimeMs,
        kind: EventKind,
        except: Option<AccountId>,
    ) -> Result<(Txn, Position), Refusal> {
        let event = self.append_as(self.next_txn()?, room, by, at, kind)?;
        let (txn, pos) = (event.txn, event.pos);
        let mut to = self.members(room)?;
        if except.is_some() {
            to = to.iter().copied().filter(|member| Some(*member) != except).collect();
        }
        self.tell(to, room, txn, Told::Event(event))?;
        Ok((txn, pos))
    }

    /// Appends to the room's log, and tells nobody.
    pub(super) fn append_as(
        &self,
        txn: Txn,
        room: RoomId,
        by: AccountId,
        at: TimeMs,
        kind: EventKind,
    ) -> Result<RoomEvent, Refusal> {
        let data = column::kind_data(&kind)?;
        let pos: i64 = self
            .connection
            .prepare_cached("UPDATE rooms SET head = head + 1, last_txn = ?2 WHERE room = ?1 RETURNING head")?
            .query_row(params![room.as_bytes(), txn.0.cast_signed()], |row| row.get(0))?;
        self.connection
            .prepare_cached(
                "INSERT INTO events (txn, room, pos, at, by, kind, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                txn.0.cast_signed(),
                room.as_bytes(),
                pos,
                at.0,
                by.as_bytes(),
                column::kind_code(&kind),
                data
            ])?;
        Ok(RoomEvent { room, pos: Position(pos.cast_unsigned()), txn, at, by, kind })
    }

    /// Tells these people after the commit, and keeps it for their devices that are away.
    pub(super) fn tell(
        &self,
        to: Arc<[AccountId]>,
        room: RoomId,
        txn: Txn,
        told: Told,
    ) -> Result<(), Refusal> {
        self.tell_from(None, to, room, txn, told)
    }

    /// As [`Work::tell`], for what a device said itself: it has not to learn it.
    pub(super) fn tell_from(
        &self,
        device: Option<DeviceId>,
        to: Arc<[AccountId]>,
        room: RoomId,
        txn: Txn,
        told: Told,
    ) -> Result<(), Refusal> {
        self.touch();
        self.watchers.mark(self.connection, &to, device, (room, txn))?;
        self.told.borrow_mut().push(Announcement { to, room, txn, told });
        Ok(())
    }

    /// Tells these people after the commit of what is no room's; who is away finds it by its transaction.
    pub(super) fn tell_by_txn(&self, to: Arc<[AccountId]>, txn: Txn, told: Told) {
        let room = RoomId(uuid::Uuid::nil());
        self.told.borrow_mut().push(Announcement { to, room, txn, told });
    }

    /// Tells somebody that the room is no longer theirs.
    pub(super) fn tell_gone(&self, account: AccountId, room: RoomId, txn: Txn) -> Result<(), Refusal> {
        let delta = RoomDelta { gone: true, ..RoomDelta::empty(room, txn) };
        self.tell(Arc::from([account]), room, txn, Told::Room(Box::new(delta)))
    }

    /// Asks the content service for something.
    pub(super) fn relay(&self, room: RoomId, body: &RelayBody) -> Result<RelayId, Refusal> {
        let id = RelayId(uuid::Uuid::now_v7());
        relay::append(self.connection, id, room, body)?;
        self.relayed.set(true);
        Ok(id)
    }
}
