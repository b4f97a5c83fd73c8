//! Cases of who may move.

use super::{Lane, Place, Standing, TURNS_BULK, TURNS_SMALL, lane, turns};
use crate::transfer::Direction;
use pod_shared::TransferId;

fn place(number: u128, bytes: u64, standing: Standing) -> Place {
    Place {
        id: TransferId::from_slice(&number.to_be_bytes()).unwrap(),
        direction: Direction::Up,
        bytes,
        standing,
    }
}

fn waiting(number: u128, bytes: u64) -> Place {
    place(number, bytes, Standing::Waits)
}

fn working(number: u128, bytes: u64) -> Place {
    place(number, bytes, Standing::Works)
}

fn chosen(queue: &[Place]) -> Vec<u128> {
    turns(queue).iter().map(|id| id.0.as_u128()).collect()
}

#[test]
fn a_small_file_does_not_wait_behind_large_ones() {
    let large = 1 << 30;
    assert_eq!(chosen(&[working(1, large), working(2, large), waiting(3, large), waiting(4, 10)]), [4]);
    assert_eq!(chosen(&[waiting(1, large), waiting(2, large), waiting(3, large)]), [1, 2]);
    let small: Vec<Place> = (1..40).map(|number| waiting(number, 1)).collect();
    let first: Vec<u128> = (1..).take(TURNS_BULK + TURNS_SMALL).collect();
    assert_eq!(chosen(&small), first, "as many as there are turns, in their order");
    assert_eq!((lane(10), lane(large)), (Lane::Small, Lane::Bulk));
}

#[test]
fn a_large_file_gets_its_turn_among_many_small_ones() {
    let small: Vec<Place> = (10..60).map(|number| waiting(number, 5)).collect();
    let queue: Vec<Place> = small.into_iter().chain([waiting(1, 1 << 30)]).collect();
    assert!(chosen(&queue).contains(&1));
}

#[test]
fn up_and_down_have_turns_of_their_own() {
    let large = 1 << 30;
    let down = Place { direction: Direction::Down, ..waiting(3, large) };
    assert_eq!(chosen(&[working(1, large), working(2, large), down]), [3]);
}
