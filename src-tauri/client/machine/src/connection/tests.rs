//! Laws and cases of the connection.

use super::{Connection, Effect, Input, PROBE_MS, State};
use crate::Moment;
use pod_shared::{ErrorBody, ErrorCode, limits};
use proptest::prelude::*;

fn at(now_ms: u64) -> Moment {
    Moment { now_ms, chance: u32::MAX }
}

fn closed(dial: u64, code: ErrorCode) -> Input {
    Input::Closed { dial, reason: ErrorBody::new(code, "") }
}

/// Feeds `(time, input)` and gives all effects with the machine.
fn run(steps: &[(u64, Input)]) -> (Connection, Vec<Effect>) {
    let mut machine = Connection::default();
    let mut out = Vec::new();
    for (time, input) in steps {
        machine.step(at(*time), input.clone(), &mut out);
    }
    (machine, out)
}

#[test]
fn signing_in_dials_at_once() {
    let (_, out) = run(&[(0, Input::SignedIn)]);
    assert_eq!(out, [Effect::Dial(1)]);
}

#[test]
fn a_network_change_ends_a_wait_at_once() {
    let (machine, out) =
        run(&[(0, Input::SignedIn), (10, closed(1, ErrorCode::Offline)), (20, Input::NetworkChanged)]);
    assert_eq!(out, [Effect::Dial(1), Effect::Dial(2)]);
    assert!(matches!(machine.state(), State::Connecting { .. }));
}

#[test]
fn a_failure_on_the_old_network_is_tried_again_at_once_on_the_new() {
    let (_, out) =
        run(&[(0, Input::SignedIn), (10, Input::NetworkChanged), (20, closed(1, ErrorCode::Offline))]);
    assert_eq!(out, [Effect::Dial(1), Effect::Dial(2)]);
}

#[test]
fn a_computer_that_woke_up_asks_its_socket_whether_it_lives() {
    let (machine, out) = run(&[
        (0, Input::SignedIn),
        (5, Input::Synced { dial: 1 }),
        (100, Input::Woke),
        (100 + PROBE_MS, Input::Tick),
    ]);
    assert_eq!(out, [Effect::Dial(1), Effect::Probe(1), Effect::HangUp(1)]);
    assert!(matches!(machine.state(), State::Waiting { .. }));
}

#[test]
fn a_socket_that_answers_the_probe_stays() {
    let (machine, out) = run(&[
        (0, Input::SignedIn),
        (5, Input::Synced { dial: 1 }),
        (100, Input::Woke),
        (150, Input::Heard { dial: 1 }),
        (100 + PROBE_MS, Input::Tick),
    ]);
    assert_eq!(out, [Effect::Dial(1), Effect::Probe(1)]);
    assert!(matches!(machine.state(), State::Online { .. }));
}

#[test]
fn silence_of_45_seconds_ends_the_connection() {
    let (machine, out) = run(&[
        (0, Input::SignedIn),
        (5, Input::Synced { dial: 1 }),
        (4 + limits::SILENCE_MS_MAX, Input::Tick),
        (5 + limits::SILENCE_MS_MAX, Input::Tick),
    ]);
    assert_eq!(out, [Effect::Dial(1), Effect::HangUp(1)]);
    assert!(matches!(machine.state(), State::Waiting { .. }));
}

#[test]
fn a_device_signed_out_elsewhere_a_copy_and_a_strange_certificate_wait_for_a_person() {
    for code in [ErrorCode::SignedOut, ErrorCode::DeviceInUse, ErrorCode::ServerNotTrusted] {
        let (machine, out) = run(&[
            (0, Input::SignedIn),
            (1, closed(1, code)),
            (2, Input::NetworkChanged),
            (99_999, Input::Tick),
        ]);
        assert_eq!(out, [Effect::Dial(1)]);
        assert!(matches!(machine.state(), State::NeedsPerson { .. }));
    }
}

#[test]
fn the_server_may_ask_for_a_longer_wait() {
    let mut reason = ErrorBody::new(ErrorCode::Unavailable, "");
    reason.retry_after_ms = Some(30_000);
    let (machine, _) = run(&[(0, Input::SignedIn), (0, Input::Closed { dial: 1, reason })]);
    assert_eq!(machine.next_deadline(), Some(30_000));
}

fn inputs() -> impl Strategy<Value = Vec<(u64, u8, u64)>> {
    proptest::collection::vec((0_u64..50_000, 0_u8..10, 0_u64..6), 0..80)
}

fn input(kind: u8, dial: u64) -> Input {
    match kind {
        0 => Input::SignedIn,
        1 => Input::SignedOut,
        2 => Input::NetworkChanged,
        3 => Input::Woke,
        4 => Input::Asked,
        5 => Input::Heard { dial },
        6 => Input::Synced { dial },
        7 => closed(dial, ErrorCode::Offline),
        8 => closed(dial, ErrorCode::SignedOut),
        _ => Input::Tick,
    }
}

proptest! {
    #[test]
    fn never_two_connections_at_once_and_numbers_only_grow(plan in inputs()) {
        let mut machine = Connection::default();
        let (mut now, mut open, mut last) = (0, None, 0);
        for (pause, kind, dial) in plan {
            now += pause;
            let input = input(kind, dial);
            let mut out = Vec::new();
            machine.step(at(now), input.clone(), &mut out);
            if let Input::Closed { dial, .. } = input && open == Some(dial) {
                open = None;
            }
            for effect in out {
                match effect {
                    Effect::Dial(dial) => {
                        prop_assert!(open.is_none() && dial > last);
                        (open, last) = (Some(dial), dial);
                    }
                    Effect::HangUp(dial) => {
                        prop_assert_eq!(open, Some(dial));
                        open = None;
                    }
                    Effect::Probe(dial) => prop_assert_eq!(open, Some(dial)),
                }
            }
            let connected = matches!(machine.state(), State::Connecting { .. } | State::Online { .. });
            prop_assert_eq!(connected, open.is_some());
        }
    }

    #[test]
    fn while_signed_in_something_always_happens_within_a_minute(plan in inputs()) {
        let mut machine = Connection::default();
        let mut now = 0;
        for (pause, kind, dial) in plan {
            now += pause;
            machine.step(at(now), input(kind, dial), &mut Vec::new());
            match machine.state() {
                State::SignedOut | State::NeedsPerson { .. } => prop_assert_eq!(machine.next_deadline(), None),
                State::Connecting { .. } | State::Online { .. } | State::Waiting { .. } => {
                    prop_assert!(machine.next_deadline().is_some_and(|deadline| deadline <= now + 60_000));
                }
            }
        }
    }
}
