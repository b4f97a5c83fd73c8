//! What a direction remembers, at made-up times.

use super::memory::Memory;
use pod_shared::interlock::RowsApplied;
use pod_shared::limits::{INTERLOCK_SKEW_MS_MAX, RELAY_FORGET_MAX};
use pod_shared::{RelayId, RoomId};
use std::time::{Duration, Instant};
use uuid::Uuid;

fn applied(ids: Vec<RelayId>) -> RowsApplied {
    RowsApplied { applied: ids, refused: Vec::new() }
}

#[test]
fn a_settled_row_is_forgotten_when_no_request_with_it_can_arrive_any_more() {
    let (mut memory, start) = (Memory::default(), Instant::now());
    let room = RoomId(Uuid::now_v7());
    let sent: Vec<(RelayId, RoomId)> =
        (0..=RELAY_FORGET_MAX).map(|_| (RelayId(Uuid::now_v7()), room)).collect();
    memory.learn(start, &sent, &applied(sent.iter().map(|(id, _)| *id).collect()));
    let skew = Duration::from_millis(INTERLOCK_SKEW_MS_MAX.unsigned_abs());
    assert!(memory.to_forget(start + skew).is_empty());
    let later = start + skew * 3;
    let told = memory.to_forget(later);
    assert_eq!(told.len(), RELAY_FORGET_MAX, "no more than one request may name");
    assert_eq!(memory.to_forget(later), told, "told again until it was heard");
    memory.forgotten(told.len());
    assert_eq!(memory.to_forget(later), [sent[RELAY_FORGET_MAX].0]);
}

#[test]
fn a_room_that_does_not_move_is_held_longer_each_time_and_released_when_it_moves() {
    let (mut memory, mut now) = (Memory::default(), Instant::now());
    let row = (RelayId(Uuid::now_v7()), RoomId(Uuid::now_v7()));
    let mut pauses = Vec::new();
    for _ in 0..8 {
        memory.learn(now, &[row, row], &applied(Vec::new()));
        assert_eq!(memory.held(now), [row.1]);
        let next = memory.next(now).unwrap();
        pauses.push((next - now).as_millis());
        now = next;
        assert!(memory.held(now).is_empty());
    }
    assert_eq!(pauses, [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    memory.learn(now, &[row], &applied(vec![row.0]));
    assert_eq!(memory.next(now), None);
}
