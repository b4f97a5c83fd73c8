//! Who is to hear of a change, in memory: the members of busy rooms, and for each device whether it is here or away and
//! which rooms changed for it.
//!
//! The life of a device: *here* from its greeting on, while its changed rooms are kept in memory and trimmed by what it
//! says it applied; *away* after its leaving wrote them down as dirty rows, and then each room that changes becomes one
//! row, once; *lost* when the rows could not be written, or the server died while it was here (`online` is still 1): then
//! its return costs a scan of its person's rooms. All of it changes on the writing thread only, except the trimming.
//! A commit that fails may leave this memory ahead of the tables: [`Doubt`] then makes it forget, which only costs work.

use super::column;
use crate::store::StoreError;
use pod_shared::{AccountId, ConnectionId, DeviceId, RoomId, Txn};
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Rooms whose members are kept in memory; beyond, all are read anew.
const ROOMS_MAX: usize = 4_096;

#[derive(Default)]
pub(super) struct Watchers {
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) rooms: HashMap<RoomId, Arc<[AccountId]>>,
    pub(super) devices: HashMap<AccountId, Vec<Device>>,
}

pub(super) struct Device {
    pub(super) id: DeviceId,
    pub(super) standing: Standing,
}

pub(super) enum Standing {
    Here { session: ConnectionId, changed: HashMap<RoomId, Txn>, applied: Option<Txn> },
    Away { dirty: HashSet<RoomId> },
    Lost,
}

impl Watchers {
    /// All devices that have a key.
    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let mut state = State::default();
        let mut rows = connection.prepare("SELECT device, account, online FROM devices")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let id = column::id(row, 0, DeviceId::from_slice)?;
            let lost = row.get::<_, bool>(2)?;
            let standing = if lost { Standing::Lost } else { Standing::Away { dirty: HashSet::new() } };
            state.devices.entry(column::account(row, 1)?).or_default().push(Device { id, standing });
        }
        Ok(Self { state: Mutex::new(state) })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The members of a room.
    pub(super) fn members(
        &self,
        connection: &Connection,
        room: RoomId,
    ) -> rusqlite::Result<Arc<[AccountId]>> {
        if let Some(members) = self.lock().rooms.get(&room) {
            return Ok(Arc::clone(members));
        }
        let members: Arc<[AccountId]> = connection
            .prepare_cached("SELECT account FROM members WHERE room = ?1 AND role IS NOT NULL")?
            .query_map([room.as_bytes()], |row| column::account(row, 0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut state = self.lock();
        if state.rooms.len() >= ROOMS_MAX {
            state.rooms.clear();
        }
        state.rooms.insert(room, Arc::clone(&members));
        Ok(members)
    }

    /// The members of a room changed.
    pub(super) fn forget_members(&self, room: RoomId) {
        self.lock().rooms.remove(&room);
    }

    /// Keeps that these people's devices (but one that said it) have to learn of a room. Costs a row only for a device that is away and did not
    /// have to yet.
    pub(super) fn mark(
        &self,
        connection: &Connection,
        people: &[AccountId],
        except: Option<DeviceId>,
        (room, txn): (RoomId, Txn),
    ) -> rusqlite::Result<()> {
        let mut state = self.lock();
        for person in people {
            for device in state.devices.get_mut(person).into_iter().flatten() {
                if except == Some(device.id) {
                    continue;
                }
                match &mut device.standing {
                    Standing::Here { changed, .. } => _ = changed.insert(room, txn),
                    Standing::Away { dirty } => {
                        if dirty.insert(room) {
                            insert_dirty(connection, device.id, room)?;
                        }
                    }
                    Standing::Lost => {}
                }
            }
        }
        Ok(())
    }

    /// The device applied everything up to here in this session. Answers whether it said so for the first time.
    pub(super) fn applied(
        &self,
        account: AccountId,
        id: DeviceId,
        in_session: ConnectionId,
        txn: Txn,
    ) -> bool {
        let mut state = self.lock();
        match state.standing(account, id) {
            Some(Standing::Here { session, changed, applied }) if *session == in_session => {
                changed.retain(|_, changed| *changed > txn);
                let first = applied.is_none();
                *applied = Some(applied.map_or(txn, |before| before.max(txn)));
                first
            }
            Some(Standing::Here { .. } | Standing::Away { .. } | Standing::Lost) | None => false,
        }
    }

    /// Nothing that was kept in memory since the last commit is sure.
    pub(super) fn distrust(&self) {
        let mut state = self.lock();
        state.rooms.clear();
        for device in state.devices.values_mut().flatten() {
            if let Standing::Away { dirty } = &mut device.standing {
                dirty.clear();
            }
        }
    }
}

impl State {
    pub(super) fn standing(&mut self, account: AccountId, id: DeviceId) -> Option<&mut Standing> {
        let devices = self.devices.get_mut(&account)?;
        devices.iter_mut().find(|device| device.id == id).map(|device| &mut device.standing)
    }

    pub(super) fn put(&mut self, account: AccountId, id: DeviceId, standing: Standing) {
        match self.standing(account, id) {
            Some(held) => *held = standing,
            None => self.devices.entry(account).or_default().push(Device { id, standing }),
        }
    }

    pub(super) fn remove(&mut self, account: AccountId, id: DeviceId) {
        if let Some(devices) = self.devices.get_mut(&account) {
            devices.retain(|device| device.id != id);
            if devices.is_empty() {
                self.devices.remove(&account);
            }
        }
    }
}

pub(super) fn insert_dirty(connection: &Connection, device: DeviceId, room: RoomId) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO dirty (device, room) VALUES (?1, ?2)")?
        .execute([device.as_bytes(), room.as_bytes()])?;
    Ok(())
}

/// Armed by a transaction that changed the memory, dispelled by its commit; dropped in between it makes memory forget.
pub(super) struct Doubt {
    watchers: Arc<Watchers>,
    touched: Arc<AtomicBool>,
}

impl Doubt {
    pub(super) fn new(watchers: Arc<Watchers>) -> Self {
        Self { watchers, touched: Arc::default() }
    }

    /// To be set by whoever changes the memory.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.touched)
    }

    pub(super) fn dispelled(&self) {
        self.touched.store(false, Ordering::Relaxed);
    }
}

impl Drop for Doubt {
    fn drop(&mut self) {
        if self.touched.load(Ordering::Relaxed) {
            self.watchers.distrust();
        }
    }
}
