//! Which rooms each window shows now. The pod hears the sum; a notification is held back for a room in a focused window.

use pod_shared::RoomId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The rooms on screen, by window.
#[derive(Debug, Default)]
pub(crate) struct Looking(Mutex<Windows>);

#[derive(Debug, Default)]
struct Windows {
    rooms: BTreeMap<String, Vec<RoomId>>,
    /// Windows that are hidden now: nobody looks at their rooms.
    hidden: BTreeSet<String>,
}

impl Windows {
    fn visible(&self) -> impl Iterator<Item = (&String, &Vec<RoomId>)> {
        self.rooms.iter().filter(|(window, _)| !self.hidden.contains(*window))
    }

    fn sum(&self) -> Vec<RoomId> {
        self.visible().flat_map(|(_, rooms)| rooms).copied().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Looking {
    /// A window now shows these.
    pub(crate) fn set(&self, window: &str, rooms: Vec<RoomId>) {
        let mut all = self.windows();
        if rooms.is_empty() {
            all.rooms.remove(window);
        } else {
            all.rooms.insert(window.to_owned(), rooms);
        }
    }

    /// A window is hidden.
    pub(crate) fn hide(&self, window: &str) {
        self.windows().hidden.insert(window.to_owned());
    }

    /// It is shown again.
    pub(crate) fn show(&self, window: &str) {
        self.windows().hidden.remove(window);
    }

    /// What all windows show together.
    pub(crate) fn sum(&self) -> Vec<RoomId> {
        self.windows().sum()
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The windows that show a room.
    pub(crate) fn windows_on(&self, room: RoomId) -> Vec<String> {
        let all = self.windows();
        all.visible().filter(|(_, rooms)| rooms.contains(&room)).map(|(window, _)| window.clone()).collect()
    }
}

#[cfg(test)]
mod tests;
