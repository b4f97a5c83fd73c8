//! Which rooms each window shows now. The pod hears the sum; a notification is held back for a room in a focused window.

use pod_shared::RoomId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

/// The rooms on screen, by window.
#[derive(Debug, Default)]
pub(crate) struct Looking(Mutex<BTreeMap<String, Vec<RoomId>>>);

impl Looking {
    /// A window now shows these. Answers what all windows show together.
    pub(crate) fn set(&self, window: &str, rooms: Vec<RoomId>) -> Vec<RoomId> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.is_empty() {
            all.remove(window);
        } else {
            all.insert(window.to_owned(), rooms);
        }
        all.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The windows that show a room.
    pub(crate) fn windows_on(&self, room: RoomId) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(_, rooms)| rooms.contains(&room)).map(|(window, _)| window.clone()).collect()
    }
}
