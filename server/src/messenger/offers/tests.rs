//! Which step follows which, as one table: for each step what comes of each word by each of four devices. And the rate.

use super::endpoints::Endpoints;
use super::rules::{self, Asked, By, Verdict};
use crate::messenger::rate::AskRate;
use crate::store::sqlite::messenger::AskFacts;
use futures_util::FutureExt;
use pod_shared::bytes::ByteString;
use pod_shared::limits::{OFFER_ASKS_PER_MINUTE_MAX, OFFER_PIECE_BYTES, OFFERS_OPEN_PER_PAIR_MAX};
use pod_shared::offer::{OfferEnd, OfferState, OfferStep};
use pod_shared::{AccountId, ConnectionId, DeviceId, ErrorCode, OfferId, TimeMs, Txn};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

const NOW: TimeMs = TimeMs(1_000_000);

fn by(account: u128, device: u128) -> By {
    let (account, device) = (AccountId(Uuid::from_u128(account)), DeviceId(Uuid::from_u128(device)));
    By { account, device, at: NOW }
}

fn sender() -> By {
    by(1, 10)
}

fn receiver() -> By {
    by(2, 20)
}

/// Another device of the receiver.
fn other() -> By {
    by(2, 21)
}

fn stranger() -> By {
    by(3, 30)
}

fn body(text: &str) -> ByteString {
    ByteString(text.as_bytes().to_vec())
}

/// An offer in its second round; `taken`: the receiver's first device accepted it at some time.
fn offer(step: OfferStep, taken: bool) -> OfferState {
    OfferState {
        offer: OfferId(Uuid::from_u128(9)),
        from: sender().account,
        from_device: sender().device,
        to: receiver().account,
        to_device: taken.then(|| receiver().device),
        body: body("x"),
        round: 2,
        step,
        at: TimeMs(1),
        until: if step.is_over() { None } else { Some(TimeMs(2)) },
        txn: Txn(7),
    }
}

fn ask(by: By, held: Option<OfferState>, (body_text, round): (&str, u32)) -> Verdict {
    let offer = OfferId(Uuid::from_u128(9));
    let asked = Asked { offer, to: receiver().account, body: body(body_text), round };
    rules::ask(by, asked, AskFacts { held, related: true, open: 0 })
}

/// What came of it, in few letters: the step, with a star when another device has it now; `=`: as before; else the code.
fn shown(before: &OfferState, verdict: Verdict) -> String {
    match verdict {
        Ok(None) => "=".into(),
        Err(refusal) => refusal.code().to_string(),
        Ok(Some(after)) => {
            assert_eq!(
                (after.offer, after.from, after.to, after.at),
                (before.offer, before.from, before.to, before.at)
            );
            assert_eq!(after.until.is_none(), after.step.is_over(), "what is over expires no more");
            let step = format!("{:?}", after.step);
            let step = step.split(' ').next().unwrap_or_default().to_lowercase();
            let star = if after.to_device == before.to_device { "" } else { "*" };
            let round = if after.round == before.round { "" } else { "+" };
            format!("{step}{star}{round}")
        }
    }
}

type Word = (&'static str, fn(By, OfferState) -> Verdict);

const WORDS: [Word; 11] = [
    ("ask", |by, held| ask(by, Some(held), ("x", 3))),
    ("accept", |by, held| rules::accept(by, held, 2)),
    ("decline", rules::decline),
    ("interrupted", |by, held| rules::interrupted(by, held, 2)),
    ("pause", |by, held| rules::pause(by, held, 2)),
    ("forward", |by, held| rules::forward(by, held, 0)),
    ("forward tail", |by, held| rules::forward(by, held, OFFER_PIECE_BYTES)),
    ("done", |by, held| rules::end(by, held, OfferEnd::Done)),
    ("cancelled", |by, held| rules::end(by, held, OfferEnd::Cancelled)),
    ("failed", |by, held| rules::end(by, held, OfferEnd::Failed(ErrorCode::DiskFull))),
    ("accept old", |by, held| rules::accept(by, held, 1)),
];

/// Sender, the device that took it, another device of the receiver.
const TABLE: &str = "
asked
  ask           asked+         bad_request    bad_request
  accept        role_too_low   accepted*      accepted*
  decline       role_too_low   declined       declined
  interrupted   conflict       conflict       conflict
  pause         role_too_low   paused*        paused*
  forward       forwarding     role_too_low   role_too_low
  forward tail  conflict       role_too_low   role_too_low
  done          role_too_low   conflict       conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
asked, taken before
  ask           asked+         bad_request    bad_request
  accept        role_too_low   accepted       accepted*
  decline       role_too_low   declined       declined
  interrupted   conflict       conflict       conflict
  pause         role_too_low   paused         conflict
  forward       forwarding     role_too_low   role_too_low
  forward tail  forwarding     role_too_low   role_too_low
  done          role_too_low   done           conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
accepted
  ask           asked+         bad_request    bad_request
  accept        role_too_low   =              conflict
  decline       role_too_low   declined       declined
  interrupted   interrupted    interrupted    interrupted
  pause         role_too_low   paused         conflict
  forward       forwarding     role_too_low   role_too_low
  forward tail  forwarding     role_too_low   role_too_low
  done          role_too_low   done           conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
interrupted
  ask           asked+         bad_request    bad_request
  accept        role_too_low   accepted       conflict
  decline       role_too_low   declined       declined
  interrupted   =              =              =
  pause         role_too_low   paused         conflict
  forward       forwarding     role_too_low   role_too_low
  forward tail  forwarding     role_too_low   role_too_low
  done          role_too_low   done           conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
paused
  ask           asked+         bad_request    bad_request
  accept        role_too_low   accepted       conflict
  decline       role_too_low   declined       declined
  interrupted   conflict       conflict       conflict
  pause         role_too_low   =              conflict
  forward       forwarding     role_too_low   role_too_low
  forward tail  forwarding     role_too_low   role_too_low
  done          role_too_low   done           conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
forwarding all, taken by nobody
  ask           asked+         bad_request    bad_request
  accept        role_too_low   forwarding*    forwarding*
  decline       role_too_low   declined       declined
  interrupted   interrupted    interrupted    interrupted
  pause         role_too_low   conflict       conflict
  forward       =              role_too_low   role_too_low
  forward tail  conflict       role_too_low   role_too_low
  done          role_too_low   conflict       conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
forwarded tail
  ask           conflict       bad_request    bad_request
  accept        role_too_low   =              conflict
  decline       role_too_low   declined       declined
  interrupted   conflict       interrupted*   conflict
  pause         role_too_low   conflict       conflict
  forward       conflict       role_too_low   role_too_low
  forward tail  =              role_too_low   role_too_low
  done          role_too_low   done           conflict
  cancelled     cancelled      cancelled      cancelled
  failed        failed         failed         failed
  accept old    role_too_low   conflict       conflict
done
  ask           gone           bad_request    bad_request
  accept        gone           gone           gone
  decline       role_too_low   gone           gone
  interrupted   gone           gone           gone
  pause         gone           gone           gone
  forward       gone           gone           gone
  forward tail  gone           gone           gone
  done          role_too_low   =              =
  cancelled     gone           gone           gone
  failed        gone           gone           gone
  accept old    gone           gone           gone
declined
  ask           gone           bad_request    bad_request
  accept        gone           gone           gone
  decline       role_too_low   =              =
  interrupted   gone           gone           gone
  pause         gone           gone           gone
  forward       gone           gone           gone
  forward tail  gone           gone           gone
  done          role_too_low   gone           gone
  cancelled     gone           gone           gone
  failed        gone           gone           gone
  accept old    gone           gone           gone
";

#[test]
fn what_comes_of_each_word_at_each_step() {
    let tail = OFFER_PIECE_BYTES;
    let steps = [
        ("asked", offer(OfferStep::Asked, false)),
        ("asked, taken before", offer(OfferStep::Asked, true)),
        ("accepted", offer(OfferStep::Accepted, true)),
        ("interrupted", offer(OfferStep::Interrupted, true)),
        ("paused", offer(OfferStep::Paused, true)),
        ("forwarding all, taken by nobody", offer(OfferStep::Forwarding { from: 0 }, false)),
        ("forwarded tail", offer(OfferStep::Forwarded { from: tail }, true)),
        ("done", offer(OfferStep::Done, true)),
        ("declined", offer(OfferStep::Declined, true)),
    ];
    let mut table = String::from("\n");
    for (name, held) in steps {
        writeln!(table, "{name}").unwrap();
        for (word, say) in WORDS {
            let cells = [sender(), receiver(), other()].map(|by| shown(&held, say(by, held.clone())));
            let line = format!("  {word:<14}{:<15}{:<15}{}", cells[0], cells[1], cells[2]);
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
    }
    assert_eq!(table, TABLE, "{table}");
}

#[test]
fn whoever_is_no_party_hears_that_there_is_none() {
    for step in [OfferStep::Asked, OfferStep::Forwarded { from: 0 }, OfferStep::Done] {
        for (word, say) in &WORDS[1..] {
            let refusal = say(stranger(), offer(step, true)).unwrap_err();
            assert_eq!(refusal.code(), ErrorCode::NotFound, "{word} at {step:?}");
        }
    }
    let code = ask(stranger(), Some(offer(OfferStep::Asked, false)), ("x", 3)).unwrap_err().code();
    assert_eq!(code, ErrorCode::IdReused, "the id is taken, and that is all");
}

#[test]
fn a_round_comes_once_and_in_order_and_may_bring_another_file() {
    let held = || Some(offer(OfferStep::Accepted, true));
    let code = |verdict: Verdict| verdict.unwrap_err().code();
    assert_eq!(ask(sender(), held(), ("x", 2)), Ok(None));
    assert_eq!(code(ask(sender(), held(), ("y", 2))), ErrorCode::IdReused);
    for round in [0, 1, 4, u32::MAX] {
        assert_eq!(code(ask(sender(), held(), ("x", round))), ErrorCode::Conflict, "round {round}");
    }
    let another = by(1, 11);
    let next = ask(another, held(), ("y", 3)).unwrap().unwrap();
    assert_eq!((next.round, next.body, next.from_device), (3, body("y"), another.device));
    assert_eq!(next.to_device, Some(receiver().device), "who holds the beginning is not forgotten");
    assert!(next.until > Some(NOW));
    let last = OfferState { round: u32::MAX, ..offer(OfferStep::Asked, false) };
    assert_eq!(code(ask(sender(), Some(last), ("x", 0))), ErrorCode::Conflict, "rounds never begin anew");
    for round in [0, 2] {
        assert_eq!(
            code(ask(sender(), None, ("x", round))),
            ErrorCode::NotFound,
            "nothing is known of round {round}"
        );
    }
}

#[test]
fn an_offer_needs_a_shared_room_or_a_contact_each_time_and_room_for_one_more() {
    let asked =
        |round| Asked { offer: OfferId(Uuid::from_u128(9)), to: receiver().account, body: body("x"), round };
    let code = |verdict: Verdict| verdict.unwrap_err().code();
    let facts = |held, related, open| AskFacts { held, related, open };
    let most = OFFERS_OPEN_PER_PAIR_MAX as u64;
    assert!(rules::ask(sender(), asked(1), facts(None, true, most - 1)).unwrap().is_some());
    assert_eq!(code(rules::ask(sender(), asked(1), facts(None, true, most))), ErrorCode::TooMany);
    assert_eq!(code(rules::ask(sender(), asked(1), facts(None, false, 0))), ErrorCode::NotFound);
    let held = || Some(offer(OfferStep::Interrupted, true));
    assert_eq!(code(rules::ask(sender(), asked(3), facts(held(), false, 1))), ErrorCode::NotFound);
    assert!(rules::ask(sender(), asked(3), facts(held(), true, most)).unwrap().is_some(), "it is no new one");
    let myself = Asked { to: sender().account, ..asked(1) };
    assert_eq!(code(rules::ask(sender(), myself, facts(None, true, 0))), ErrorCode::BadRequest);
}

#[test]
fn the_rest_begins_at_a_piece() {
    for from in [1, OFFER_PIECE_BYTES - 1, OFFER_PIECE_BYTES + 1, u64::MAX - OFFER_PIECE_BYTES + 1] {
        let refusal = rules::forward(sender(), offer(OfferStep::Accepted, true), from).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::BadRequest, "{from}");
    }
}

#[test]
fn one_more_in_a_minute_is_refused_until_the_minute_is_over() {
    let (rate, now) = (AskRate::new(OFFER_ASKS_PER_MINUTE_MAX), Instant::now());
    let (ann, bob) = (sender().account, receiver().account);
    for _ in 0..OFFER_ASKS_PER_MINUTE_MAX {
        assert!(rate.count(ann, now).is_ok());
    }
    let refusal = rate.count(ann, now + Duration::from_secs(20)).unwrap_err();
    assert_eq!((refusal.code(), refusal.0.retry_after_ms), (ErrorCode::RateLimited, Some(40_000)));
    assert!(rate.count(bob, now).is_ok(), "others are not concerned");
    assert!(rate.count(ann, now + Duration::from_secs(60)).is_ok());
}

#[test]
fn of_one_device_the_newest_connection_counts_in_whatever_order_they_are_greeted() {
    let device = DeviceId(Uuid::from_u128(1));
    let connections = [2, 3].map(|n| (ConnectionId(Uuid::from_u128(n)), Arc::new(Notify::new())));
    let is_told = |n: usize| connections[n].1.notified().now_or_never().is_some();
    for order in [[0, 1], [1, 0]] {
        let endpoints = Endpoints::default();
        for n in order {
            let (connection, replaced) = &connections[n];
            endpoints.come(device, *connection, Arc::clone(replaced));
        }
        assert_eq!((is_told(0), is_told(1)), (true, false), "{order:?}");
        endpoints.go(device, connections[0].0);
        assert!(endpoints.is_here(device), "the old one's end changes nothing");
    }
}
