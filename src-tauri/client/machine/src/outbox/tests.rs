//! Laws and cases of the outbox.

use super::{Effect, IN_FLIGHT_MAX, Input, Outbox, Weight};
use crate::Moment;
use pod_shared::{ErrorBody, ErrorCode, RoomId};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(now_ms: u64) -> Moment {
    Moment { now_ms, chance: u32::MAX }
}

fn room(number: u8) -> RoomId {
    RoomId::from_slice(&[number; 16]).unwrap()
}

fn added(room_number: u8, seq: u64) -> Input {
    Input::Added { room: room(room_number), seq, weight: Weight::Plain }
}

fn sent(room_number: u8, seq: u64) -> Effect {
    Effect::Send { room: room(room_number), seq }
}

fn refused(room_number: u8, seq: u64, code: ErrorCode) -> Input {
    Input::Refused { room: room(room_number), seq, error: ErrorBody::new(code, "") }
}

fn run(steps: &[Input]) -> (Outbox, Vec<Effect>) {
    let mut outbox = Outbox::default();
    let mut out = Vec::new();
    for input in steps {
        outbox.step(at(0), input.clone(), &mut out);
    }
    (outbox, out)
}

#[test]
fn nothing_leaves_while_the_line_is_down() {
    let (outbox, out) = run(&[added(1, 1), added(1, 2)]);
    assert!(out.is_empty());
    assert_eq!(outbox.waiting(), 2);
}

#[test]
fn one_room_sends_one_after_the_other_and_rooms_go_side_by_side() {
    let (_, out) = run(&[
        added(1, 1),
        added(1, 2),
        added(2, 3),
        Input::Online,
        Input::Accepted { room: room(1), seq: 1 },
    ]);
    assert_eq!(out, [sent(1, 1), sent(2, 3), sent(1, 2)]);
}

#[test]
fn a_cut_sends_what_was_in_flight_again() {
    let (_, out) = run(&[added(1, 1), Input::Online, Input::Offline, Input::Online]);
    assert_eq!(out, [sent(1, 1), sent(1, 1)]);
}

#[test]
fn a_refused_message_does_not_hold_up_the_next() {
    let (outbox, out) = run(&[added(1, 1), added(1, 2), Input::Online, refused(1, 1, ErrorCode::RoleTooLow)]);
    let error = ErrorBody::new(ErrorCode::RoleTooLow, "");
    assert_eq!(out, [sent(1, 1), Effect::Failed { room: room(1), seq: 1, error }, sent(1, 2)]);
    assert_eq!((outbox.waiting(), outbox.len()), (1, 2));
}

#[test]
fn nothing_passes_a_refused_creation_until_it_is_tried_again() {
    let opens = Input::Added { room: room(1), seq: 1, weight: Weight::Opens };
    let (mut outbox, out) = run(&[opens, added(1, 2), Input::Online, refused(1, 1, ErrorCode::TooMany)]);
    assert_eq!(out.len(), 2);
    let mut out = Vec::new();
    outbox.step(at(1), Input::Retry { room: room(1), seq: 1 }, &mut out);
    outbox.step(at(2), Input::Accepted { room: room(1), seq: 1 }, &mut out);
    assert_eq!(out, [sent(1, 1), sent(1, 2)]);
}

#[test]
fn a_refusal_that_may_pass_makes_the_room_wait_and_keeps_the_order() {
    let (mut outbox, out) =
        run(&[added(1, 1), added(1, 2), Input::Online, refused(1, 1, ErrorCode::RateLimited)]);
    assert_eq!(out, [sent(1, 1)]);
    let deadline = outbox.next_deadline().unwrap();
    let mut out = Vec::new();
    outbox.step(at(deadline - 1), Input::Tick, &mut out);
    assert!(out.is_empty());
    outbox.step(at(deadline), Input::Tick, &mut out);
    assert_eq!(out, [sent(1, 1)]);
}

#[test]
fn a_flood_of_rooms_keeps_to_the_limit_in_flight() {
    let mut steps: Vec<Input> = (1..=100).map(|number| added(number, u64::from(number))).collect();
    steps.push(Input::Online);
    assert_eq!(run(&steps).1.len(), IN_FLIGHT_MAX);
}

proptest! {
    /// A server that loses answers, refuses for a while and cuts at any time still gets each item once, in order.
    #[test]
    fn every_item_arrives_once_and_in_order(plan in proptest::collection::vec((0_u8..5, 0_u8..3), 1..120)) {
        let mut outbox = Outbox::default();
        let mut log: BTreeMap<RoomId, Vec<u64>> = BTreeMap::new();
        let mut pending: Vec<(RoomId, u64)> = Vec::new();
        let (mut seq, mut now) = (0, 0);
        let mut apply = |outbox: &mut Outbox, now: u64, input: Input, pending: &mut Vec<(RoomId, u64)>| {
            let mut out = Vec::new();
            outbox.step(at(now), input, &mut out);
            for effect in out {
                if let Effect::Send { room, seq } = effect {
                    // The server counts a repeated id once.
                    let held = log.entry(room).or_default();
                    if !held.contains(&seq) { held.push(seq); }
                    pending.push((room, seq));
                }
            }
        };
        for (kind, lane) in plan {
            now += 100;
            match kind {
                0 => { seq += 1; apply(&mut outbox, now, added(lane, seq), &mut pending); }
                1 => apply(&mut outbox, now, Input::Online, &mut pending),
                2 => { pending.clear(); apply(&mut outbox, now, Input::Offline, &mut pending); }
                3 => if let Some((room, seq)) = pending.pop() {
                    apply(&mut outbox, now, Input::Accepted { room, seq }, &mut pending);
                },
                _ => if let Some((room, seq)) = pending.pop() {
                    let error = ErrorBody::new(ErrorCode::Unavailable, "");
                    apply(&mut outbox, now, Input::Refused { room, seq, error }, &mut pending);
                },
            }
        }
        pending.clear();
        apply(&mut outbox, now, Input::Offline, &mut pending);
        apply(&mut outbox, now, Input::Online, &mut pending);
        while let Some((room, seq)) = pending.pop() {
            apply(&mut outbox, now, Input::Accepted { room, seq }, &mut pending);
        }
        prop_assert!(outbox.is_empty());
        prop_assert_eq!(log.values().map(Vec::len).sum::<usize>(), usize::try_from(seq).unwrap());
        for held in log.values() {
            prop_assert!(held.is_sorted());
        }
    }
}
