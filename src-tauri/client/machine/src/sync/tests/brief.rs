//! Greeting and sync in few bytes: what is said so, what it stands for, and everything that does not fit.

use super::super::{Effect, Greeted, Input, RelayNews, Sync};
use super::{account, came, connection, device, end, greeted, greeting, hello, is_mismatch, key, part, read};
use pod_shared::offer::RelayInfo;
use pod_shared::presence::{PersonPresence, Presence, PresenceState};
use pod_shared::socket::{
    BriefPresence, ClientAgain, ClientFrame, Ended, ServerAgain, ServerFrame, ServerHello,
};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{ErrorBody, ErrorCode, TimeMs, Txn, capability};
use std::collections::BTreeMap;

fn again(session: u8) -> ServerFrame {
    ServerFrame::Again(ServerAgain { connection: connection(session), now: TimeMs(9), relay: 3 })
}

fn ended(kind: SyncKind, txn: u64) -> ServerFrame {
    ServerFrame::SyncEnded(Ended(kind, Txn(txn)))
}

/// What a device with this key and this greeting does, its own greeting first.
fn run(key: Option<SyncKey>, greeting: Option<Box<ServerHello>>, frames: Vec<ServerFrame>) -> Vec<Effect> {
    let mut machine = Sync::new(account(1), device(1), "test");
    let mut out = Vec::new();
    machine.step(0, Input::Cached { key, greeting }, &mut out);
    for frame in frames {
        let settles = matches!(frame, ServerFrame::SyncEnd { .. } | ServerFrame::SyncEnded(_));
        machine.step(0, came(frame), &mut out);
        if settles {
            machine.step(0, Input::Committed(BTreeMap::new()), &mut out);
        }
    }
    out
}

fn first(key: Option<SyncKey>, greeting: Option<Box<ServerHello>>) -> ClientFrame {
    match run(key, greeting, Vec::new()).pop() {
        Some(Effect::Send(frame)) => frame,
        other => panic!("a greeting first: {other:?}"),
    }
}

#[test]
fn who_has_a_key_and_was_greeted_says_no_more_than_that() {
    let said = ClientAgain {
        capabilities: capability::bits(capability::ALL),
        greeting: greeting().mark(),
        epoch: 7,
        session: connection(1),
        txn: Txn(5),
    };
    assert_eq!(first(Some(key(1, 5)), Some(greeting())), ClientFrame::Again(said));
    let elsewhere = SyncKey { device: device(3), ..key(1, 5) };
    let others = Box::new(ServerHello { account: account(2), ..*greeting() });
    for (key, greeting) in [
        (None, Some(greeting())),
        (Some(key(1, 5)), None),
        (Some(elsewhere), Some(greeting())),
        (Some(key(1, 5)), Some(others)),
    ] {
        assert!(matches!(first(key, greeting), ClientFrame::Hello(_)), "{key:?}");
    }
}

#[test]
fn few_bytes_stand_for_a_whole_sync() {
    let presence = Presence { state: PresenceState::Busy, ..Presence::default() };
    let person = PersonPresence { account: account(4), presence };
    let people = ServerFrame::SyncPresences(vec![BriefPresence(person.clone())]);
    let frames = vec![again(2), people, part(), ended(SyncKind::Delta, 9)];
    let out = run(Some(key(1, 5)), Some(greeting()), frames);
    let told = Greeted {
        hello: ServerHello { connection: connection(2), now: TimeMs(9), ..*greeting() },
        relay: RelayNews::Marked(3),
    };
    assert_eq!(
        out[1..5],
        [
            Effect::Greeted(Box::new(told)),
            Effect::Keep(ServerFrame::SyncPeople { people: vec![person], mine: None }),
            Effect::Keep(part()),
            Effect::Commit { kind: SyncKind::Delta, key: Some(key(2, 9)) },
        ]
    );
}

#[test]
fn a_server_that_greets_otherwise_says_so_at_length_and_that_is_kept() {
    let ServerFrame::Hello(mut other) = greeted() else { panic!("a greeting") };
    other.server = "another name".into();
    let kept = Box::new(other.clone());
    let relay = RelayInfo { url: "u".into(), token: "a secret".into(), fingerprint: None };
    other.relay = Some(relay);
    let frames = vec![ServerFrame::Hello(other.clone()), end(SyncKind::Null, key(2, 5))];
    let out = run(Some(key(1, 5)), Some(greeting()), frames);
    assert_eq!(out[1], Effect::KeepGreeting(Some(kept)), "without what is secret");
    assert_eq!(out[2], Effect::Greeted(Box::new(Greeted { hello: other, relay: RelayNews::Told })));
    assert!(out.contains(&Effect::Commit { kind: SyncKind::Null, key: Some(key(2, 5)) }));
    let same = run(Some(key(1, 5)), Some(greeting()), vec![greeted()]);
    assert!(!same.iter().any(|effect| matches!(effect, Effect::KeepGreeting(_))), "nothing new to keep");
}

#[test]
fn an_older_server_is_greeted_at_length_from_then_on() {
    let error = ErrorBody::new(ErrorCode::BadRequest, "the first frame is the greeting");
    let out = run(Some(key(1, 5)), Some(greeting()), vec![ServerFrame::Bye { error: error.clone() }]);
    assert_eq!(out[1..], [Effect::KeepGreeting(None), Effect::End(error.clone())], "and the key stays");
    let busy = ErrorBody::new(ErrorCode::Unavailable, "stopping");
    let out = run(Some(key(1, 5)), Some(greeting()), vec![ServerFrame::Bye { error: busy.clone() }]);
    assert_eq!(out[1..], [Effect::End(busy)]);
    let out = run(Some(key(1, 5)), None, vec![ServerFrame::Bye { error: error.clone() }]);
    assert_eq!(out[1..], [Effect::End(error)], "it did read that");
    let old = hello(2, &[capability::SYNC_KEY]);
    let out = run(Some(key(1, 5)), Some(greeting()), vec![old.clone()]);
    assert_eq!(out[1], Effect::KeepGreeting(None));
    let out = run(Some(key(1, 5)), None, vec![old]);
    assert!(!out.iter().any(|effect| matches!(effect, Effect::KeepGreeting(_))), "it was never kept");
}

#[test]
fn few_bytes_that_stand_for_nothing_here_drop_the_key_and_the_greeting() {
    let (known, kept) = (Some(key(1, 5)), Some(greeting()));
    let cases = [
        ("an answer to a long greeting", None, vec![again(2)]),
        ("twice", kept.clone(), vec![again(2), again(2)]),
        ("an end before the greeting", kept.clone(), vec![ended(SyncKind::Null, 5)]),
        ("a full sync has a key of its own", kept.clone(), vec![again(2), ended(SyncKind::Full, 9)]),
        ("set back", kept.clone(), vec![again(2), ended(SyncKind::Null, 4)]),
        ("after the end", kept.clone(), vec![again(2), ended(SyncKind::Null, 5), ended(SyncKind::Null, 5)]),
        ("a live frame in the sync", kept.clone(), vec![again(2), read(6)]),
    ];
    for (what, kept, frames) in cases {
        let out = run(known, kept.clone(), frames);
        assert!(is_mismatch(&out), "{what}: {out:?}");
        assert_eq!(out.contains(&Effect::KeepGreeting(None)), kept.is_some(), "{what}");
    }
    let out = run(None, None, vec![greeted(), ended(SyncKind::Delta, 9)]);
    assert!(is_mismatch(&out), "an end that rests on a key nobody sent");
}
