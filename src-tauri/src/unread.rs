//! How many messages are unread in all rooms that are not muted: for the tray and the task bar.

use pod_client::view::RoomSummary;
use pod_shared::RoomId;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

#[cfg(test)]
mod tests;

/// Unread messages by room; rooms with none are not in it.
#[derive(Debug, Default)]
pub(crate) struct Unread(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    rooms: BTreeMap<RoomId, u32>,
    told: u32,
}

impl Unread {
    /// All rooms anew. Answers the sum if it is not the one told last.
    pub(crate) fn reset(&self, rooms: impl Iterator<Item = (RoomId, u32)>) -> Option<u32> {
        self.change(|counts| *counts = rooms.filter(|(_, unread)| *unread > 0).collect())
    }

    /// A room changed.
    pub(crate) fn room(&self, room: RoomId, unread: u32) -> Option<u32> {
        self.change(|counts| {
            match unread {
                0 => counts.remove(&room),
                unread => counts.insert(room, unread),
            };
        })
    }

    /// A room is gone.
    pub(crate) fn gone(&self, room: RoomId) -> Option<u32> {
        self.change(|counts| {
            counts.remove(&room);
        })
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<RoomId, u32>)) -> Option<u32> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut counts.rooms);
        let sum = counts.rooms.values().fold(0, |sum: u32, unread| sum.saturating_add(*unread));
        let news = sum != counts.told;
        counts.told = sum;
        news.then_some(sum)
    }
}

/// What a room adds to the sum.
pub(crate) fn count(room: &RoomSummary) -> (RoomId, u32) {
    (room.id, if room.muted { 0 } else { room.unread })
}
