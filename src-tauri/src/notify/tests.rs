//! What is worth a notification, and where its click leads.

use super::{About, Concern, KNOWN_MAX, Notified, wanted};
use pod_shared::{Position, RoomId};
use uuid::Uuid;

#[test]
fn the_setting_and_a_muted_room_decide() {
    use Concern::{Muted, Room, Them};
    let cases = [
        (None, Room, true),
        (None, Them, true),
        (None, Muted, false),
        (Some("all"), Room, true),
        (Some("all"), Muted, false),
        (Some("mentions"), Room, false),
        (Some("mentions"), Them, true),
        (Some("mentions"), Muted, false),
        (Some("none"), Room, false),
        (Some("none"), Them, false),
    ];
    for (wish, concern, expect) in cases {
        assert_eq!(wanted(wish, concern), expect, "{wish:?} {concern:?}");
    }
}

#[test]
fn a_click_finds_its_place_until_too_many_newer_ones_came() {
    let notified = Notified::default();
    let place = |pos| About::Room(RoomId(Uuid::nil()), Some(Position(pos)));
    let first = notified.add(place(1));
    let second = notified.add(place(2));
    assert_eq!((notified.about(first), notified.about(second)), (Some(place(1)), Some(place(2))));
    for _ in 1..KNOWN_MAX {
        notified.add(place(3));
    }
    assert_eq!((notified.about(first), notified.about(second)), (None, Some(place(2))));
}
