//! What is durably here of others' messages, told to the server: watermarks, at most once a second, a bounded number of
//! rooms each time.

use pod_shared::limits::DELIVERED_ROOMS_MAX;
use pod_shared::{Position, RoomId};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Between two reports.
const EVERY: Duration = Duration::from_secs(1);

/// What is still to be told on this connection.
pub(super) struct Delivered {
    rooms: BTreeMap<RoomId, Position>,
    next: Instant,
}

impl Default for Delivered {
    fn default() -> Self {
        Self { rooms: BTreeMap::new(), next: Instant::now() }
    }
}

impl Delivered {
    /// These are applied.
    pub(super) fn add(&mut self, rooms: &BTreeMap<RoomId, Position>) {
        for (room, pos) in rooms {
            let held = self.rooms.entry(*room).or_default();
            *held = pos.max(held).to_owned();
        }
    }

    /// The next report, when it is due; never while there is nothing to tell. May be dropped while it waits.
    pub(super) async fn due(&mut self) -> Vec<(RoomId, Position)> {
        if self.rooms.is_empty() {
            return std::future::pending().await;
        }
        tokio::time::sleep_until(self.next).await;
        self.next = Instant::now() + EVERY;
        let mut report = Vec::new();
        while report.len() < DELIVERED_ROOMS_MAX {
            let Some(room) = self.rooms.pop_first() else { break };
            report.push(room);
        }
        report
    }
}
