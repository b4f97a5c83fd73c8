//! What one direction remembers between two deliveries: rooms that are stuck, and settled rows to be forgotten. A
//! restart loses it: a stuck room is tried again at once, and some ids stay at the receiver, which is harmless.

use pod_shared::interlock::{RelayRow, RowsApplied};
use pod_shared::limits::{INTERLOCK_SKEW_MS_MAX, RELAY_FORGET_MAX};
use pod_shared::{RelayId, RoomId};
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// A request that is still on its way cannot be older: the receiver refuses it. Only then may it forget.
const FORGET_AFTER: Duration = Duration::from_millis(2 * INTERLOCK_SKEW_MS_MAX.unsigned_abs());
/// Settled rows that wait for it; of more, the ids stay at the receiver.
const SETTLED_MAX: usize = 16_384;
/// First and longest pause of a room whose row the other side could not apply.
const HELD_MIN: Duration = Duration::from_millis(200);
const HELD_MAX: Duration = Duration::from_secs(10);
/// Rooms held at once; of more, some are tried each time.
const ROOMS_HELD_MAX: usize = 1_024;

/// The memory.
#[derive(Default)]
pub(super) struct Memory {
    settled: VecDeque<(Instant, RelayId)>,
    held: BTreeMap<RoomId, Held>,
}

struct Held {
    until: Instant,
    pause: Duration,
}

impl Memory {
    /// The rooms whose rows wait; those of the others go out.
    pub(super) fn held(&self, now: Instant) -> Vec<RoomId> {
        self.held.iter().filter(|(_, held)| held.until > now).map(|(room, _)| *room).collect()
    }

    /// When the first of them is tried again.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        self.held.values().map(|held| held.until).filter(|until| *until > now).min()
    }

    /// The rows that the receiver may forget now.
    pub(super) fn to_forget(&self, now: Instant) -> Vec<RelayId> {
        let old = |at: &Instant| now.saturating_duration_since(*at) >= FORGET_AFTER;
        self.settled.iter().take(RELAY_FORGET_MAX).take_while(|(at, _)| old(at)).map(|(_, id)| *id).collect()
    }

    /// The receiver forgot these, the oldest ones.
    pub(super) fn forgotten(&mut self, ids: usize) {
        self.settled.drain(..ids.min(self.settled.len()));
    }

    /// The outcome of a delivery is settled here: what was applied will be forgotten, rooms that did not move are held.
    pub(super) fn learn(&mut self, now: Instant, sent: &[(RelayId, RoomId)], outcome: &RowsApplied) {
        let refused = |id: &RelayId| outcome.refused.iter().any(|(refused, _)| refused == id);
        for (id, room) in sent {
            if outcome.applied.contains(id) {
                self.settled.push_back((now, *id));
                self.held.remove(room);
            } else if !refused(id) {
                self.hold(now, *room);
            }
        }
        let surplus = self.settled.len().saturating_sub(SETTLED_MAX);
        self.settled.drain(..surplus);
    }

    /// Everything is tried at once again.
    pub(super) fn release(&mut self) {
        self.held.clear();
    }

    fn hold(&mut self, now: Instant, room: RoomId) {
        if let Some(held) = self.held.get_mut(&room) {
            // Several rows of one delivery count once.
            if held.until <= now {
                held.pause = HELD_MAX.min(held.pause * 2);
                held.until = now + held.pause;
            }
        } else if self.held.len() < ROOMS_HELD_MAX {
            self.held.insert(room, Held { until: now + HELD_MIN, pause: HELD_MIN });
        }
    }
}

/// Ids and rooms of rows, kept while the rows themselves are on their way.
pub(super) fn names(rows: &[RelayRow]) -> Vec<(RelayId, RoomId)> {
    rows.iter().map(|row| (row.id, row.room)).collect()
}
