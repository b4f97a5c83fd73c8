//! The line gives what a look at everything would give.

use super::{Line, Ranks};
use pod_machine::transfer::{Direction, Place, SMALL_BYTES, Standing, turns};
use pod_shared::TransferId;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the line is compared with: everything, looked at anew each time.
#[derive(Default)]
struct All(BTreeMap<TransferId, (Option<Place>, Option<u64>)>);

impl All {
    fn turns(&self, ranks: &Ranks, ready: impl Fn(TransferId) -> bool) -> Vec<TransferId> {
        let places = self.0.values().filter_map(|(place, _)| *place);
        let mut places: Vec<Place> =
            places.filter(|place| place.standing == Standing::Works || ready(place.id)).collect();
        places.sort_by_key(|place| ranks.of(place.id));
        turns(&places)
    }
}

/// Numbers that a seed repeats.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn place(&mut self, id: TransferId) -> Option<Place> {
        let standing = match self.below(6) {
            0 => Standing::Works,
            1 => return None,
            _ => Standing::Waits,
        };
        let direction = if self.below(2) == 0 { Direction::Up } else { Direction::Down };
        Some(Place { id, direction, bytes: SMALL_BYTES + self.below(2), standing })
    }
}

#[test]
fn the_line_gives_the_turns_that_a_look_at_everything_would_give() {
    let (mut line, mut all, ranks) = (Line::default(), All::default(), Ranks::default());
    let seed: u64 = rand::random();
    let mut dice = Dice(seed);
    let ids: Vec<TransferId> = (0..200).map(|_| TransferId(Uuid::now_v7())).collect();
    for step in 0..3_000 {
        let id = ids[dice.below(200) as usize];
        let (place, at) = (dice.place(id), Some(dice.below(100)).filter(|at| *at < 50));
        line.note(id, place, at, &ranks);
        all.0.insert(id, (place, at));
        if step % 500 == 499 {
            let mut order = ids.clone();
            order.rotate_left(dice.below(200) as usize);
            ranks.set(&order);
            line.reordered(&ranks);
        }
        let ready = |id: TransferId| !id.as_bytes()[15].is_multiple_of(3);
        let plan = format!("seed {seed}, step {step}");
        assert_eq!(turns(&line.next(&ranks, ready)), all.turns(&ranks, ready), "{plan}");
        let first = all.0.iter().filter(|(id, _)| ready(**id)).filter_map(|(_, (_, at))| *at).min();
        assert_eq!(line.next_time(ready), first, "{plan}");
        let due: BTreeSet<TransferId> = line.due(25).into_iter().collect();
        let is_due = |(id, (_, at)): (&TransferId, &(_, Option<u64>))| at.filter(|at| *at <= 25).map(|_| *id);
        assert_eq!(due, all.0.iter().filter_map(is_due).collect(), "{plan}");
    }
}
