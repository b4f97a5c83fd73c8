//! What waits for the server: messages, new rooms, member changes. Sent in order within a room, each counted once.
//!
//! The life of an item: its row is on disk before it is added here -> waiting -> in flight (one for each room, so that
//! the order holds) -> accepted, or failed for good and shown with *Retry* and *Discard*. A cut turns what was in flight
//! back into waiting; the server counts a repeated id once. A refusal that may pass makes its room wait and keeps the
//! order. What follows a room's creation waits until the room is there.

use crate::Moment;
use crate::backoff::Backoff;
use pod_shared::{ErrorBody, Retry, RoomId};
use std::collections::{BTreeMap, VecDeque};

#[cfg(test)]
mod tests;

/// Items in flight over all rooms: a long outbox must not fill the connection's queue.
pub const IN_FLIGHT_MAX: usize = 32;

/// An item: its row in the database. Later ones are larger.
pub type Seq = u64;

/// What an item is to those behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The room's creation: nothing passes it.
    Opens,
    /// Anything else: those behind it go on when it fails.
    Plain,
}

/// Where an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Waiting,
    InFlight,
    Failed,
}

#[derive(Clone, Copy, Debug)]
struct Item {
    seq: Seq,
    weight: Weight,
    place: Place,
}

#[derive(Debug, Default)]
struct Lane {
    items: VecDeque<Item>,
    failures: u32,
    paused_until_ms: u64,
}

/// What happens to the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A row was written.
    Added {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
        /// What it is to others.
        weight: Weight,
    },
    /// A row that had failed was read at the start.
    AddedFailed {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
        /// What it is to others.
        weight: Weight,
    },
    /// Connected and synced.
    Online,
    /// The connection is gone.
    Offline,
    /// The server has it.
    Accepted {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
    },
    /// The server refused it.
    Refused {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
        /// Why.
        error: ErrorBody,
    },
    /// A person wants a failed item tried again.
    Retry {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
    },
    /// A person drops an item.
    Discard {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
    },
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send it.
    Send {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
    },
    /// It failed for good: keep why with its row.
    Failed {
        /// The room.
        room: RoomId,
        /// The item.
        seq: Seq,
        /// Why.
        error: ErrorBody,
    },
}

/// Whether items may be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    #[default]
    Down,
    Up,
}

/// The machine.
#[derive(Debug, Default)]
pub struct Outbox {
    lanes: BTreeMap<RoomId, Lane>,
    line: Line,
}

impl Outbox {
    /// Items that wait or are in flight.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.items().filter(|item| item.place != Place::Failed).count()
    }

    /// All items, failed ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items().count()
    }

    /// Nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the item is on its way right now, so that dropping it may come too late.
    #[must_use]
    pub fn in_flight(&self, seq: Seq) -> bool {
        self.items().any(|item| item.seq == seq && item.place == Place::InFlight)
    }

    /// When the next `Tick` is wanted.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        if self.line == Line::Down {
            return None;
        }
        let paused = self.lanes.values().filter(|lane| lane.paused_until_ms > 0 && lane.next().is_some());
        paused.map(|lane| lane.paused_until_ms).min()
    }

    /// One step.
    pub fn step(&mut self, at: Moment, input: Input, out: &mut Vec<Effect>) {
        match input {
            Input::Added { room, seq, weight } => self.add(room, Item { seq, weight, place: Place::Waiting }),
            Input::AddedFailed { room, seq, weight } => {
                self.add(room, Item { seq, weight, place: Place::Failed });
            }
            Input::Online => self.line = Line::Up,
            Input::Offline => self.cut(),
            Input::Accepted { room, seq } => self.remove(room, seq, 0),
            Input::Discard { room, seq } => self.remove(room, seq, u64::MAX),
            Input::Refused { room, seq, error } => self.refused(at, room, seq, error, out),
            Input::Retry { room, seq } => self.place(room, seq, Place::Failed, Place::Waiting),
            Input::Tick => {}
        }
        self.send(at.now_ms, out);
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.lanes.values().flat_map(|lane| lane.items.iter())
    }

    fn add(&mut self, room: RoomId, item: Item) {
        let items = &mut self.lanes.entry(room).or_default().items;
        if items.iter().all(|held| held.seq != item.seq) {
            let behind = items.iter().rposition(|held| held.seq < item.seq).map_or(0, |at| at + 1);
            items.insert(behind, item);
        }
    }

    fn cut(&mut self) {
        self.line = Line::Down;
        for lane in self.lanes.values_mut() {
            lane.paused_until_ms = 0;
            lane.failures = 0;
            for item in lane.items.iter_mut().filter(|item| item.place == Place::InFlight) {
                item.place = Place::Waiting;
            }
        }
    }

    /// Takes an item out; `pause_floor` of 0 ends the pause of its room (the server takes things again).
    fn remove(&mut self, room: RoomId, seq: Seq, pause_floor: u64) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        lane.items.retain(|item| item.seq != seq);
        lane.paused_until_ms = lane.paused_until_ms.min(pause_floor);
        if pause_floor == 0 {
            lane.failures = 0;
        }
        if lane.items.is_empty() {
            self.lanes.remove(&room);
        }
    }

    fn place(&mut self, room: RoomId, seq: Seq, from: Place, to: Place) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        if let Some(item) = lane.items.iter_mut().find(|item| item.seq == seq && item.place == from) {
            item.place = to;
        }
    }

    fn refused(&mut self, at: Moment, room: RoomId, seq: Seq, error: ErrorBody, out: &mut Vec<Effect>) {
        let Some(lane) = self.lanes.get_mut(&room) else { return };
        let Some(item) = lane.items.iter_mut().find(|item| item.seq == seq) else { return };
        if item.place != Place::InFlight {
            return;
        }
        match error.code.retry() {
            Retry::Now | Retry::After => {
                item.place = Place::Waiting;
                lane.failures = lane.failures.saturating_add(1);
                let wait = Backoff::REQUEST.delay_ms(lane.failures, at.chance);
                lane.paused_until_ms = at.now_ms + wait.max(error.retry_after_ms.unwrap_or(0));
            }
            Retry::OnChange | Retry::Never => {
                item.place = Place::Failed;
                out.push(Effect::Failed { room, seq, error });
            }
        }
    }

    fn send(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.line == Line::Down {
            return;
        }
        let mut in_flight = self.items().filter(|item| item.place == Place::InFlight).count();
        for (room, lane) in &mut self.lanes {
            if in_flight >= IN_FLIGHT_MAX {
                break;
            }
            if now_ms < lane.paused_until_ms {
                continue;
            }
            lane.paused_until_ms = 0;
            let Some(seq) = lane.next() else { continue };
            if let Some(item) = lane.items.iter_mut().find(|item| item.seq == seq) {
                item.place = Place::InFlight;
                in_flight += 1;
                out.push(Effect::Send { room: *room, seq });
            }
        }
    }
}

impl Lane {
    /// The item that may go next: the first that waits, with none in flight and no failed creation before it.
    fn next(&self) -> Option<Seq> {
        for item in &self.items {
            match (item.place, item.weight) {
                (Place::Waiting, _) => return Some(item.seq),
                (Place::InFlight, _) | (Place::Failed, Weight::Opens) => return None,
                (Place::Failed, Weight::Plain) => {}
            }
        }
        None
    }
}
