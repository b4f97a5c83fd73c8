//! Laws of the board under any order of news, read marks, returns and time.

use super::super::{Board, Effect, Input, Place};
use super::{message, read};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn input() -> impl Strategy<Value = (u64, Input)> {
    let one = (1_u8..4, 1_u64..12);
    let input = prop_oneof![
        4 => prop::collection::vec(one.clone(), 1..5)
            .prop_map(|news| Input::News(news.into_iter().map(|(room, pos)| message(room, pos)).collect())),
        3 => one.prop_map(|(room, pos)| read(room, pos)),
        1 => Just(Input::Returned),
        3 => Just(Input::Tick),
    ];
    (0_u64..2_000, input)
}

proptest! {
    #[test]
    fn nothing_read_is_told_nothing_stays_that_is_read_and_nothing_unread_is_lost(
        plan in prop::collection::vec(input(), 1..60),
    ) {
        let mut board = Board::default();
        let (mut now, mut out) = (0, Vec::new());
        let mut marks = BTreeMap::new();
        let mut heard = BTreeSet::new();
        let mut told = BTreeSet::new();
        let mut shown: BTreeMap<u64, BTreeSet<Place>> = BTreeMap::new();
        let is_read = |marks: &BTreeMap<_, _>, place: &Place| match place {
            Place::Room { room, pos, .. } => marks.get(room).is_some_and(|read| pos <= read),
            Place::Person(_) | Place::Offer { .. } => false,
        };
        let end = [(10_000, Input::Tick)];
        for (later, input) in plan.into_iter().chain(end) {
            now += later;
            if let Input::Read { room, pos } = &input {
                let held = marks.entry(*room).or_insert(*pos);
                *held = (*held).max(*pos);
            }
            if let Input::News(news) = &input {
                heard.extend(news.iter().map(|noted| noted.place).filter(|place| !is_read(&marks, place)));
            }
            board.step(now, input, &mut out);
            for effect in out.drain(..) {
                match effect {
                    Effect::Tell { id, what } => {
                        let places: BTreeSet<Place> = what.iter().map(|noted| noted.place).collect();
                        prop_assert!(!places.is_empty());
                        prop_assert!(places.iter().all(|place| !is_read(&marks, place)), "read already");
                        told.extend(places.iter().copied());
                        prop_assert!(shown.insert(id, places).is_none(), "a number twice");
                    }
                    Effect::Withdraw(ids) => {
                        for id in ids {
                            let places = shown.remove(&id).unwrap_or_default();
                            prop_assert!(places.iter().all(|place| is_read(&marks, place)), "still unread");
                        }
                    }
                }
            }
            // What is read is not shown any more.
            prop_assert!(shown.values().all(|places| places.iter().any(|place| !is_read(&marks, place))));
        }
        prop_assert!(heard.iter().all(|place| told.contains(place) || is_read(&marks, place)), "lost");
    }
}
