//! Cases: what is sent, kept, applied and said, and every answer that does not fit. Plans by chance are in `plans`.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test picks the one effect or frame it waits for")]

mod brief;
mod cache;
mod plans;
mod world;

use super::{BATCH_MAX, Cost, Effect, Greeted, Input, REPORT_EVERY_MS, RelayNews, Sync};
use pod_shared::socket::{ClientFrame, ServerFrame, ServerHello};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{
    AccountId, ConnectionId, DeviceId, ErrorBody, ErrorCode, Position, RoomId, TimeMs, Txn, capability,
    limits,
};
use std::collections::BTreeMap;

fn account(n: u8) -> AccountId {
    AccountId::from_slice(&[n; 16]).unwrap()
}

fn device(n: u8) -> DeviceId {
    DeviceId::from_slice(&[n; 16]).unwrap()
}

fn connection(n: u8) -> ConnectionId {
    ConnectionId::from_slice(&[n; 16]).unwrap()
}

fn room(n: u8) -> RoomId {
    RoomId::from_slice(&[n; 16]).unwrap()
}

fn key(session: u8, txn: u64) -> SyncKey {
    SyncKey { epoch: 7, session: connection(session), device: device(1), txn: Txn(txn) }
}

fn hello(session: u8, capabilities: &[&str]) -> ServerFrame {
    ServerFrame::Hello(ServerHello {
        capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
        server: String::new(),
        connection: connection(session),
        account: account(1),
        heartbeat_ms: 20_000,
        now: TimeMs(0),
        content_url: String::new(),
        content_fingerprint: None,
        relay: None,
    })
}

fn greeted() -> ServerFrame {
    hello(2, capability::ALL)
}

/// The same as it is kept.
fn greeting() -> Box<ServerHello> {
    let ServerFrame::Hello(hello) = greeted() else { panic!("a greeting") };
    Box::new(hello)
}

fn end(kind: SyncKind, key: SyncKey) -> ServerFrame {
    ServerFrame::SyncEnd { kind, key }
}

fn part() -> ServerFrame {
    ServerFrame::SyncPart { rooms: Vec::new() }
}

fn read(txn: u64) -> ServerFrame {
    ServerFrame::Read { txn: Txn(txn), room: room(1), account: account(2), pos: Position(1) }
}

fn typing() -> ServerFrame {
    ServerFrame::Typing { room: room(1), account: account(2) }
}

fn came(frame: ServerFrame) -> Input {
    Input::Came { frame: Box::new(frame), bytes: 10 }
}

/// Feeds the inputs, all at the given times, and gives every effect but the greeting.
fn run(sent: Option<SyncKey>, steps: Vec<(u64, Input)>) -> (Sync, Vec<Effect>) {
    let mut machine = Sync::new(account(1), device(1), "test");
    let mut out = Vec::new();
    machine.step(0, Input::Cached { key: sent, greeting: None }, &mut out);
    assert!(matches!(&out[..], [Effect::Send(ClientFrame::Hello(hello))] if hello.key == sent));
    out.clear();
    for (now_ms, input) in steps {
        machine.step(now_ms, input, &mut out);
    }
    (machine, out)
}

/// A machine that is up to date at transaction 5, and what it did after that.
fn live(steps: Vec<(u64, Input)>) -> (Sync, Vec<Effect>) {
    let mut all = vec![
        (0, came(greeted())),
        (0, came(end(SyncKind::Null, key(2, 5)))),
        (0, Input::Committed(BTreeMap::new())),
    ];
    all.extend(steps);
    let (machine, mut out) = run(Some(key(1, 5)), all);
    let after = out.iter().position(|effect| matches!(effect, Effect::Synced(_))).unwrap();
    (machine, out.split_off(after + 1))
}

fn is_mismatch(out: &[Effect]) -> bool {
    let [.., Effect::Forget, Effect::End(reason)] = out else { return false };
    reason.code == ErrorCode::UnsupportedVersion
}

#[test]
fn what_comes_is_kept_apart_and_applied_with_its_key_at_the_end() {
    let steps = vec![
        (0, came(greeted())),
        (1, came(part())),
        (2, came(typing())),
        (3, came(part())),
        (4, came(end(SyncKind::Delta, key(2, 9)))),
        (5, Input::Committed(BTreeMap::new())),
    ];
    let (machine, out) = run(Some(key(1, 5)), steps);
    assert_eq!(
        out,
        [
            Effect::KeepGreeting(Some(greeting())),
            Effect::Greeted(Box::new(Greeted { hello: *greeting(), relay: RelayNews::Told })),
            Effect::Keep(part()),
            Effect::Pass(typing()),
            Effect::Keep(part()),
            Effect::Commit { kind: SyncKind::Delta, key: Some(key(2, 9)) },
            Effect::Send(ClientFrame::Applied { txn: Txn(9) }),
            Effect::Synced(Cost { kind: SyncKind::Delta, bytes_in: 50, round_trips: 1 }),
        ]
    );
    assert!(!machine.is_syncing());
}

#[test]
fn nothing_is_said_to_be_applied_before_the_commit() {
    let steps = vec![(0, came(greeted())), (0, came(end(SyncKind::Full, key(2, 9)))), (9_000, Input::Tick)];
    let (machine, out) = run(None, steps);
    assert!(!out.iter().any(|effect| matches!(effect, Effect::Send(_) | Effect::Synced(_))));
    assert!(machine.is_syncing());
}

#[test]
fn an_unknown_key_is_answered_with_everything_in_the_same_exchange() {
    let steps = vec![(0, came(greeted())), (0, came(part())), (0, came(end(SyncKind::Full, key(2, 3))))];
    let (_, out) = run(Some(key(1, 500)), steps);
    assert_eq!(out.last(), Some(&Effect::Commit { kind: SyncKind::Full, key: Some(key(2, 3)) }));
}

#[test]
fn the_key_of_another_device_is_not_sent() {
    let mut machine = Sync::new(account(1), device(9), "test");
    let mut out = Vec::new();
    machine.step(0, Input::Cached { key: Some(key(1, 5)), greeting: None }, &mut out);
    assert!(matches!(&out[..], [Effect::Send(ClientFrame::Hello(hello))] if hello.key.is_none()));
}

#[test]
fn a_server_without_keys_gives_everything_and_none_is_kept() {
    let old = [capability::READ_MARKS];
    let steps = vec![
        (0, came(hello(2, &old))),
        (0, came(part())),
        (0, came(end(SyncKind::Full, key(2, 9)))),
        (0, Input::Committed(BTreeMap::new())),
        (5, came(read(10))),
        (5, Input::Quiet),
        (5, Input::Written(BTreeMap::new())),
        (9_000, Input::Tick),
    ];
    let (machine, out) = run(Some(key(1, 5)), steps);
    assert!(out.contains(&Effect::Commit { kind: SyncKind::Full, key: None }));
    assert!(!out.iter().any(|effect| matches!(effect, Effect::Send(ClientFrame::Applied { .. }))));
    assert_eq!(machine.next_deadline(), None);
    let steps = vec![(0, came(hello(2, &old))), (0, came(end(SyncKind::Delta, key(2, 9))))];
    assert!(is_mismatch(&run(Some(key(1, 5)), steps).1), "it cannot know what is missing here");
}

#[test]
fn an_end_that_does_not_fit_what_was_asked_drops_the_key_and_the_connection() {
    let elsewhere = SyncKey { device: device(3), ..key(2, 9) };
    let other_data = SyncKey { epoch: 8, ..key(2, 9) };
    let cases = [
        (Some(key(1, 5)), end(SyncKind::Delta, key(4, 9)), "of another connection"),
        (Some(key(1, 5)), end(SyncKind::Full, elsewhere), "of another device"),
        (Some(key(1, 5)), end(SyncKind::Delta, other_data), "of other data"),
        (Some(key(1, 5)), end(SyncKind::Null, key(2, 4)), "set back"),
        (None, end(SyncKind::Delta, key(2, 9)), "a part for who has nothing"),
        (None, end(SyncKind::Null, key(2, 9)), "nothing for who has nothing"),
    ];
    for (sent, end, what) in cases {
        let (_, out) = run(sent, vec![(0, came(greeted())), (0, came(end))]);
        assert!(is_mismatch(&out), "{what}: {out:?}");
        assert!(!out.iter().any(|effect| matches!(effect, Effect::Commit { .. })), "{what}");
    }
}

#[test]
fn a_frame_where_it_does_not_belong_drops_the_key_and_the_connection() {
    let sent = Some(key(1, 5));
    let before = [part(), end(SyncKind::Null, key(2, 5)), read(6)];
    for frame in before {
        assert!(is_mismatch(&run(sent, vec![(0, came(frame))]).1), "before the greeting");
    }
    for frame in [greeted(), read(6)] {
        assert!(is_mismatch(&run(sent, vec![(0, came(greeted())), (0, came(frame))]).1), "in the sync");
    }
    for frame in [greeted(), part(), end(SyncKind::Null, key(2, 9))] {
        let (mut machine, out) = live(vec![(1, came(frame)), (1, came(read(6))), (1, Input::Quiet)]);
        assert!(is_mismatch(&out), "after the end: {out:?}");
        let mut more = Vec::new();
        machine.step(9, came(typing()), &mut more);
        assert_eq!(more, [], "nothing counts after the end of a connection");
    }
}

#[test]
fn another_persons_greeting_ends_the_connection_and_keeps_the_key() {
    let ServerFrame::Hello(mut stranger) = greeted() else { panic!("a greeting") };
    stranger.account = account(2);
    let (_, out) = run(Some(key(1, 5)), vec![(0, came(ServerFrame::Hello(stranger)))]);
    assert!(matches!(&out[..], [Effect::End(reason)] if reason.code == ErrorCode::SignedOut), "{out:?}");
}

#[test]
fn a_goodbye_comes_behind_what_was_told_before_it() {
    let error = ErrorBody::new(ErrorCode::Unavailable, "stopping");
    let (_, out) = live(vec![(1, came(read(6))), (1, came(ServerFrame::Bye { error: error.clone() }))]);
    assert_eq!(out, [Effect::Write(vec![read(6)]), Effect::End(error)]);
}

#[test]
fn live_frames_share_a_write_and_keep_their_place_among_the_others() {
    let steps = vec![
        (1, came(read(6))),
        (1, came(read(6))),
        (1, came(read(7))),
        (1, came(typing())),
        (1, came(read(8))),
        (1, Input::Quiet),
        (1, Input::Quiet),
    ];
    let (_, out) = live(steps);
    let first = Effect::Write(vec![read(6), read(6), read(7)]);
    assert_eq!(out, [first, Effect::Pass(typing()), Effect::Write(vec![read(8)])]);
}

#[test]
fn a_live_frame_that_the_sync_has_told_already_is_left_out() {
    let (_, out) = live(vec![(1, came(read(4))), (1, came(read(6))), (1, came(read(5))), (1, Input::Quiet)]);
    assert_eq!(
        out,
        [Effect::Write(vec![read(6), read(5)])],
        "5 is the last of the sync: it may have a second half"
    );
    let steps = vec![
        (1, came(read(6))),
        (1, Input::Quiet),
        (1, Input::Written(BTreeMap::new())),
        (1, came(read(5))),
        (1, Input::Quiet),
    ];
    assert_eq!(live(steps).1, [Effect::Write(vec![read(6)])]);
}

#[test]
fn a_write_is_bounded() {
    let steps = (0..=BATCH_MAX).map(|n| (1, came(read(6 + n as u64)))).collect();
    let (_, out) = live(steps);
    assert!(matches!(&out[..], [Effect::Write(batch)] if batch.len() == BATCH_MAX));
}

#[test]
fn what_is_durable_is_said_at_most_once_a_second_and_never_ahead_of_the_disk() {
    let applied = |txn| Effect::Send(ClientFrame::Applied { txn: Txn(txn) });
    let (mut machine, out) =
        live(vec![(10, came(read(6))), (10, Input::Quiet), (REPORT_EVERY_MS, Input::Tick)]);
    assert_eq!(out, [Effect::Write(vec![read(6)])], "not on the disk yet");
    assert_eq!(machine.next_deadline(), None);
    let mut out = Vec::new();
    machine.step(1_100, Input::Written(BTreeMap::new()), &mut out);
    assert_eq!(machine.next_deadline(), Some(REPORT_EVERY_MS));
    machine.step(1_100, Input::Tick, &mut out);
    machine.step(1_101, came(read(9)), &mut out);
    machine.step(1_101, Input::Quiet, &mut out);
    machine.step(1_102, Input::Written(BTreeMap::new()), &mut out);
    machine.step(1_103, Input::Tick, &mut out);
    assert_eq!(out, [applied(6), Effect::Write(vec![read(9)])]);
    assert_eq!(machine.next_deadline(), Some(2_100));
    machine.step(2_100, Input::Tick, &mut out);
    assert_eq!(out.last(), Some(&applied(9)));
    assert_eq!(machine.next_deadline(), None, "nobody wakes for nothing");
}

#[test]
fn what_came_of_others_is_reported_in_bounded_pieces() {
    let many: BTreeMap<RoomId, Position> = (0..u16::try_from(limits::DELIVERED_ROOMS_MAX).unwrap() + 3)
        .map(|n| (RoomId::from_slice(&[n.to_be_bytes(); 8].concat()).unwrap(), Position(u64::from(n))))
        .collect();
    let written = Input::Written(many.clone());
    let (mut machine, out) =
        live(vec![(5, came(read(6))), (5, Input::Quiet), (5, written), (5, Input::Tick), (6, Input::Tick)]);
    let told = |out: &[Effect]| -> Vec<usize> {
        out.iter()
            .filter_map(|effect| match effect {
                Effect::Send(ClientFrame::Delivered { rooms }) => Some(rooms.len()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(told(&out), [limits::DELIVERED_ROOMS_MAX]);
    let mut out = Vec::new();
    machine.step(5 + REPORT_EVERY_MS, Input::Tick, &mut out);
    assert_eq!(told(&out), [3]);
}
