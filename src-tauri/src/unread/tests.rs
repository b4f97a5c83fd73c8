//! Sums of unread messages.

use super::Unread;
use pod_shared::RoomId;
use uuid::Uuid;

#[test]
fn the_sum_is_told_only_when_it_changes() {
    let unread = Unread::default();
    let (one, two) = (RoomId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    assert_eq!(unread.reset([(one, 2), (two, 0)].into_iter()), Some(2));
    assert_eq!(unread.room(one, 2), None);
    assert_eq!(unread.room(one, 5), Some(5));
    assert_eq!(unread.gone(two), None);
    assert_eq!(unread.gone(one), Some(0));
    assert_eq!(unread.reset([(one, u32::MAX), (two, 1)].into_iter()), Some(u32::MAX));
}
