//! Devices and their sync keys (P2, P5–P7): greeting, what was applied, leaving.
//!
//! A key is known while its epoch is this file's, its session is the device's current or previous one, and its
//! transaction is not beyond the head. The previous session is forgotten when the device says that it applied something
//! under the new one, so a lost answer costs a delta and not everything.

use super::watchers::{Standing, insert_dirty};
use super::work::Work;
use super::{MessengerStore, column};
use crate::error::Refusal;
use pod_shared::limits::SYNC_KEY_DAYS;
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{AccountId, ConnectionId, DeviceId, RoomId, TimeMs, Txn};
use rusqlite::{OptionalExtension, StatementStatus, params};
use std::collections::{HashMap, HashSet};

/// A device that comes.
#[derive(Clone, Copy, Debug)]
pub struct Greeting {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub device: DeviceId,
    /// The new connection.
    pub session: ConnectionId,
    /// What it says it has.
    pub key: Option<SyncKey>,
    /// Now.
    pub now: TimeMs,
}

/// What it has to learn.
#[derive(Clone, Debug)]
pub struct Greeted {
    /// How much it is.
    pub kind: SyncKind,
    /// The key in force once all is applied.
    pub key: SyncKey,
    /// What it has already: 0 for everything new.
    pub after: Txn,
    /// The rooms to tell of.
    pub rooms: Vec<RoomId>,
    /// Steps the database made to find them: a measure that does not depend on the machine.
    pub steps: u64,
}

struct Row {
    account: AccountId,
    session: ConnectionId,
    previous: Option<ConnectionId>,
    acked: u64,
    online: bool,
}

impl MessengerStore {
    /// A device comes: from this transaction on it is *here*.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn greet(&self, greeting: Greeting) -> Result<Greeted, Refusal> {
        let epoch = self.epoch;
        let mut undo = GreetUndo { store: Some(self.clone()), greeting };
        let greeted = self.change(move |work| greet(work, epoch, &greeting)).await?;
        undo.store = None;
        Ok(greeted)
    }

    /// The device says that it has everything up to here.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn applied(
        &self,
        account: AccountId,
        device: DeviceId,
        session: ConnectionId,
        txn: Txn,
    ) -> Result<(), Refusal> {
        if !self.watchers.applied(account, device, session, txn) {
            return Ok(());
        }
        self.change(move |work| {
            let current = work
                .connection
                .prepare_cached(
                    "UPDATE devices SET previous = NULL, acked = max(acked, ?3) WHERE device = ?1 AND session = ?2",
                )?
                .execute(params![device.as_bytes(), session.as_bytes(), txn.0.cast_signed()])?;
            if current == 1 {
                work.connection
                    .prepare_cached("DELETE FROM dirty WHERE device = ?1")?
                    .execute([device.as_bytes()])?;
            }
            Ok(())
        })
        .await
    }

    /// A connection of the device ended: what it has still to learn is written down.
    ///
    /// # Errors
    /// When the store cannot be written; the device's next greeting then scans.
    pub async fn leave(
        &self,
        account: AccountId,
        device: DeviceId,
        session: ConnectionId,
        now: TimeMs,
    ) -> Result<(), Refusal> {
        let left = self.change(move |work| leave(work, account, device, session, now)).await;
        if left.is_err() {
            let mut state = self.watchers.lock();
            if let Some(standing @ Standing::Away { .. }) = state.standing(account, device) {
                *standing = Standing::Lost;
            }
        }
        left
    }

    /// Forgets the keys of devices that were silent for too long (they will get everything anew).
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_silent_devices(&self, now: TimeMs) -> Result<usize, Refusal> {
        let before = now.0 - i64::try_from(SYNC_KEY_DAYS).unwrap_or(i64::MAX / 86_400_000) * 86_400_000;
        self.change(move |work| {
            let silent = work
                .connection
                .prepare_cached("SELECT device, account FROM devices WHERE seen < ?1")?
                .query_map([before], |row| {
                    Ok((column::id(row, 0, DeviceId::from_slice)?, column::account(row, 1)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let mut forgotten = 0;
            for (device, account) in silent {
                let mut state = work.watchers.lock();
                if let Some(Standing::Here { .. }) = state.standing(account, device) {
                    continue;
                }
                for sql in ["DELETE FROM devices WHERE device = ?1", "DELETE FROM dirty WHERE device = ?1"] {
                    work.connection.prepare_cached(sql)?.execute([device.as_bytes()])?;
                }
                state.remove(account, device);
                forgotten += 1;
            }
            Ok(forgotten)
        })
        .await
    }
}

/// A greeting that was not committed leaves the device away, not here.
struct GreetUndo {
    store: Option<MessengerStore>,
    greeting: Greeting,
}

impl Drop for GreetUndo {
    fn drop(&mut self) {
        let (Some(store), greeting) = (self.store.take(), self.greeting) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let _ = store.leave(greeting.account, greeting.device, greeting.session, greeting.now).await;
        });
    }
}

fn find(work: &Work<'_>, device: DeviceId, steps: &mut u64) -> Result<Option<Row>, Refusal> {
    let mut statement = work
        .connection
        .prepare_cached("SELECT account, session, previous, acked, online FROM devices WHERE device = ?1")?;
    statement.reset_status(StatementStatus::VmStep);
    let row = statement
        .query_row([device.as_bytes()], |row| {
            Ok(Row {
                account: column::account(row, 0)?,
                session: column::id(row, 1, ConnectionId::from_slice)?,
                previous: row.get_ref(2)?.as_blob_or_null()?.and_then(ConnectionId::from_slice),
                acked: column::count(row, 3)?,
                online: row.get(4)?,
            })
        })
        .optional()?;
    *steps += u64::from(statement.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(row)
}

fn rooms(work: &Work<'_>, sql: &str, id: &[u8; 16], steps: &mut u64) -> Result<Vec<RoomId>, Refusal> {
    let mut statement = work.connection.prepare_cached(sql)?;
    statement.reset_status(StatementStatus::VmStep);
    let rooms =
        statement.query_map([id], |row| column::room(row, 0))?.collect::<rusqlite::Result<Vec<RoomId>>>()?;
    *steps += u64::from(statement.get_status(StatementStatus::VmStep).unsigned_abs());
    Ok(rooms)
}

fn greet(work: &Work<'_>, epoch: u64, greeting: &Greeting) -> Result<Greeted, Refusal> {
    let Greeting { account, device, session, key, now } = *greeting;
    let mut steps = 0;
    let head: u64 =
        work.connection.prepare_cached("SELECT txn FROM meta")?.query_row([], |row| column::count(row, 0))?;
    let held = find(work, device, &mut steps)?;
    work.touch();
    if let Some(other) = held.as_ref().map(|row| row.account).filter(|held| *held != account) {
        work.watchers.lock().remove(other, device);
    }
    let row = held.filter(|row| row.account == account);
    let known = key.zip(row.as_ref()).filter(|(key, row)| {
        key.epoch == epoch
            && key.device == device
            && key.txn.0 <= head
            && (key.session == row.session || Some(key.session) == row.previous)
    });
    let after = match known {
        Some((key, row)) => {
            if key.txn.0 < row.acked || !remembered(work, row, greeting)? {
                scan(work, account, device, key.txn)?;
            }
            key.txn
        }
        None => {
            work.connection
                .prepare_cached("DELETE FROM dirty WHERE device = ?1")?
                .execute([device.as_bytes()])?;
            Txn(0)
        }
    };
    let previous = known.map(|(key, _)| key.session);
    let acked = known.map_or(head, |(key, row)| row.acked.min(key.txn.0));
    work.connection
        .prepare_cached(
            "INSERT INTO devices (device, account, session, previous, acked, online, seen)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)
             ON CONFLICT (device) DO UPDATE SET
               account = ?2, session = ?3, previous = ?4, acked = ?5, online = 1, seen = ?6",
        )?
        .execute(params![
            device.as_bytes(),
            account.as_bytes(),
            session.as_bytes(),
            previous.as_ref().map(|id| id.as_bytes().as_slice()),
            acked.cast_signed(),
            now.0
        ])?;
    let here = Standing::Here { session, changed: HashMap::new(), applied: None };
    work.watchers.lock().put(account, device, here);
    let (kind, rooms) = if known.is_some() {
        let sql = "SELECT room FROM dirty WHERE device = ?1";
        let dirty = rooms(work, sql, device.as_bytes(), &mut steps)?;
        (if dirty.is_empty() { SyncKind::Null } else { SyncKind::Delta }, dirty)
    } else {
        let sql = "SELECT room FROM members WHERE account = ?1 AND role IS NOT NULL";
        (SyncKind::Full, rooms(work, sql, account.as_bytes(), &mut steps)?)
    };
    let key = SyncKey { epoch, session, device, txn: Txn(head) };
    Ok(Greeted { kind, key, after, rooms, steps })
}

/// Whether it is known what changed for a device since it was last here. Of one whose last connection has not ended yet,
/// or was never seen to end, memory still has it; that is written down.
fn remembered(work: &Work<'_>, row: &Row, greeting: &Greeting) -> Result<bool, Refusal> {
    let mut state = work.watchers.lock();
    match state.standing(greeting.account, greeting.device) {
        Some(Standing::Here { changed, applied, .. }) => {
            if greeting.key.is_some_and(|key| applied.is_some_and(|applied| key.txn < applied)) {
                return Ok(false);
            }
            for room in changed.keys() {
                insert_dirty(work.connection, greeting.device, *room)?;
            }
            Ok(true)
        }
        Some(Standing::Away { .. }) => Ok(!row.online),
        Some(Standing::Lost) | None => Ok(false),
    }
}

/// What memory lost: one indexed look at the person's own rooms, written down as dirty rows.
fn scan(work: &Work<'_>, account: AccountId, device: DeviceId, after: Txn) -> Result<(), Refusal> {
    work.connection
        .prepare_cached(
            "INSERT OR IGNORE INTO dirty (device, room)
             SELECT ?1, members.room FROM members JOIN rooms USING (room)
             WHERE members.account = ?2
               AND (members.txn > ?3 OR members.read_txn > ?3
                    OR (members.role IS NOT NULL AND rooms.last_txn > ?3))",
        )?
        .execute(params![device.as_bytes(), account.as_bytes(), after.0.cast_signed()])?;
    Ok(())
}

fn leave(
    work: &Work<'_>,
    account: AccountId,
    device: DeviceId,
    session: ConnectionId,
    now: TimeMs,
) -> Result<(), Refusal> {
    let mut state = work.watchers.lock();
    let Some(standing) = state.standing(account, device) else { return Ok(()) };
    let (changed, applied) = match standing {
        Standing::Here { session: current, changed, applied } if *current == session => {
            (std::mem::take(changed), *applied)
        }
        Standing::Here { .. } | Standing::Away { .. } | Standing::Lost => return Ok(()),
    };
    work.touch();
    let mut dirty = HashSet::with_capacity(changed.len());
    for room in changed.into_keys() {
        insert_dirty(work.connection, device, room)?;
        dirty.insert(room);
    }
    *standing = Standing::Away { dirty };
    let applied = applied.unwrap_or_default();
    work.connection
        .prepare_cached(
            "UPDATE devices SET online = 0, acked = max(acked, ?3), seen = ?4 WHERE device = ?1 AND session = ?2",
        )?
        .execute(params![device.as_bytes(), session.as_bytes(), applied.0.cast_signed(), now.0])?;
    Ok(())
}
