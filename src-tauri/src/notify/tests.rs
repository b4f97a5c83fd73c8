//! Where the click of a notification leads, and which of them is taken down.

use super::{KNOWN_MAX, Notified, Place};
use pod_shared::{Position, RoomId};
use uuid::Uuid;

fn at(pos: u64) -> Place {
    Place::Room(RoomId(Uuid::nil()), Some(Position(pos)))
}

#[test]
fn a_click_finds_its_place_until_too_many_newer_ones_came() {
    let notified = Notified::default();
    let first = notified.add(1, at(1));
    let second = notified.add(2, at(2));
    assert_eq!((notified.place(first), notified.place(second)), (Some(at(1)), Some(at(2))));
    for notice in 3..=KNOWN_MAX as u64 + 1 {
        notified.add(notice, at(3));
    }
    assert_eq!((notified.place(first), notified.place(second)), (None, Some(at(2))));
}

#[test]
fn what_was_read_elsewhere_is_taken_down_once_and_what_was_never_shown_is_not() {
    let notified = Notified::default();
    let first = notified.add(7, at(1));
    let second = notified.add(9, at(2));
    assert_eq!(notified.drop(&[7, 8]), [first]);
    assert!(notified.drop(&[7, 8]).is_empty());
    assert_eq!((notified.place(first), notified.place(second)), (None, Some(at(2))));
}
