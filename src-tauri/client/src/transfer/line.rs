//! Who has a turn, who waits for one, and whose time comes when: noted with each step, so that nothing that happens in a
//! queue of ten thousand costs a look at all of them.

use super::order::Ranks;
use pod_machine::transfer::{Direction, Lane, Place, Standing, TURNS_BULK, TURNS_SMALL, lane};
use pod_shared::TransferId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// Two directions, two lanes each.
const LANES: usize = 4;

/// The line.
#[derive(Default)]
pub(super) struct Line {
    noted: HashMap<TransferId, Noted>,
    working: BTreeMap<TransferId, Place>,
    waiting: [BTreeSet<(u32, TransferId)>; LANES],
    times: BTreeSet<(u64, TransferId)>,
}

#[derive(Clone, Copy, Default)]
struct Noted {
    place: Option<Place>,
    rank: u32,
    at_ms: Option<u64>,
}

impl Line {
    /// A transfer stands so now; its time comes at `at_ms`.
    pub(super) fn note(&mut self, id: TransferId, place: Option<Place>, at_ms: Option<u64>, ranks: &Ranks) {
        let before = self.noted.remove(&id).unwrap_or_default();
        if let Some(lane) = before.place.and_then(|place| self.waiting.get_mut(lane_of(&place))) {
            lane.remove(&(before.rank, id));
        }
        self.working.remove(&id);
        if let Some(at_ms) = before.at_ms {
            self.times.remove(&(at_ms, id));
        }
        self.times.extend(at_ms.map(|at_ms| (at_ms, id)));
        let mut rank = 0;
        match place {
            Some(place) if place.standing == Standing::Works => drop(self.working.insert(id, place)),
            Some(place) => {
                rank = ranks.of(id);
                if let Some(lane) = self.waiting.get_mut(lane_of(&place)) {
                    lane.insert((rank, id));
                }
            }
            None => {}
        }
        if place.is_some() || at_ms.is_some() {
            self.noted.insert(id, Noted { place, rank, at_ms });
        }
    }

    /// The order changed.
    pub(super) fn reordered(&mut self, ranks: &Ranks) {
        for (id, Noted { place, at_ms, .. }) in std::mem::take(self).noted {
            self.note(id, place, at_ms, ranks);
        }
    }

    /// Those that have a turn, and the first of those that wait and are ready, in their order.
    pub(super) fn next(&self, ranks: &Ranks, ready: impl Fn(TransferId) -> bool) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for direction in [Direction::Up, Direction::Down] {
            let busy = self.working.values().filter(|place| place.direction == direction).count();
            let free = (TURNS_BULK + TURNS_SMALL).saturating_sub(busy);
            // No more of a lane than may get a turn.
            for (lane, most) in [(Lane::Small, free), (Lane::Bulk, free.min(TURNS_BULK))] {
                let Some(waiting) = self.waiting.get(number(direction, lane)) else { continue };
                let ready = waiting.iter().filter(|(_, id)| ready(*id)).take(most);
                places.extend(ready.filter_map(|(_, id)| self.noted.get(id).and_then(|noted| noted.place)));
            }
        }
        if !places.is_empty() {
            places.extend(self.working.values());
            places.sort_by_cached_key(|place| ranks.of(place.id));
        }
        places
    }

    /// Those whose time has come.
    pub(super) fn due(&self, now_ms: u64) -> Vec<TransferId> {
        self.times.range(..=(now_ms, TransferId(Uuid::max()))).map(|(_, id)| *id).collect()
    }

    /// When the first time comes of those that are meant.
    pub(super) fn next_time(&self, meant: impl Fn(TransferId) -> bool) -> Option<u64> {
        self.times.iter().find(|(_, id)| meant(*id)).map(|(at_ms, _)| *at_ms)
    }
}

fn lane_of(place: &Place) -> usize {
    number(place.direction, lane(place.bytes))
}

fn number(direction: Direction, lane: Lane) -> usize {
    let direction = match direction {
        Direction::Up => 0,
        Direction::Down => 1,
    };
    let lane = match lane {
        Lane::Small => 0,
        Lane::Bulk => 1,
    };
    direction * 2 + lane
}
