//! Offers over real sockets: who may take which step, who hears of it, and what the limits are.

use super::pod::{Pod, goodbye};
use super::world::{Who, World};
use pod_shared::bytes::ByteString;
use pod_shared::limits::{
    ENDPOINT_BYTES_MAX, OFFER_ASKS_PER_MINUTE_MAX, OFFER_BODY_BYTES_MAX, OFFERS_OPEN_PER_PAIR_MAX,
};
use pod_shared::offer::{OfferEnd, OfferRequest, OfferStep};
use pod_shared::presence::{MyPresence, PresenceChoice, PresenceState};
use pod_shared::socket::{Answer, ClientFrame, Request, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, ErrorCode, OfferId, capability};
use std::time::Duration;
use uuid::Uuid;

pub(super) const DONE: Result<Answer, ErrorCode> = Ok(Answer::Done {});

pub(super) fn offer_id() -> OfferId {
    OfferId(Uuid::now_v7())
}

pub(super) fn body() -> ByteString {
    ByteString(b"what is offered".to_vec())
}

pub(super) fn asking(offer: OfferId, to: AccountId, round: u32) -> OfferRequest {
    OfferRequest::Ask { offer, to, body: body(), round }
}

fn number(request: u64, body: OfferRequest) -> ClientFrame {
    ClientFrame::Request { request, body: Request::Offer(body) }
}

/// Alice and two devices of Bob in one room; Eve is in none.
pub(super) struct Cast {
    pub(super) alice: Who,
    pub(super) bob: Who,
    pub(super) a: Pod,
    pub(super) b: Pod,
    pub(super) b2: Pod,
    pub(super) eve: Pod,
}

pub(super) async fn cast(world: &World) -> Cast {
    let (alice, bob, eve) = (world.person("alice"), world.person("bob"), world.person("eve"));
    let mut a = Pod::fresh(world, alice).await;
    a.make_room("r", &[bob]).await;
    let (b, b2) = (Pod::fresh(world, bob).await, Pod::fresh(world, world.device_of(bob.account)).await);
    Cast { alice, bob, a, b, b2, eve: Pod::fresh(world, eve).await }
}

/// The next answers to these requests, in any order.
async fn answers(pod: &mut Pod, numbers: std::ops::Range<u64>) -> Vec<Result<Answer, ErrorCode>> {
    let mut answers = Vec::new();
    for _ in numbers.clone() {
        let answer = pod
            .find(|frame| match frame {
                ServerFrame::Answer { request, result } if numbers.contains(request) => {
                    Some(result.clone().map_err(|error| error.code))
                }
                _ => None,
            })
            .await;
        answers.push(answer);
    }
    answers
}

#[tokio::test]
async fn an_offer_is_asked_accepted_and_done_and_all_devices_of_both_hear_each_step() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, mut b, mut b2, mut eve } = cast(&world).await;
    let offer = offer_id();
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
    let mut last = None;
    for pod in [&mut a, &mut b, &mut b2] {
        let state = pod.offer_state(offer).await;
        assert_eq!((state.step, state.round, state.body.clone()), (OfferStep::Asked, 1, body()));
        assert_eq!((state.from, state.from_device), (alice.account, alice.device));
        assert_eq!((state.to, state.to_device), (bob.account, None));
        assert!(state.until.is_some_and(|until| until > state.at));
        assert!(last.replace(state.txn).is_none_or(|before| before == state.txn), "one transaction");
    }
    assert_eq!(b.offer(OfferRequest::Accept { offer, round: 1 }).await, DONE);
    for pod in [&mut a, &mut b, &mut b2] {
        let state = pod.offer_state(offer).await;
        assert_eq!((state.step, state.to_device), (OfferStep::Accepted, Some(bob.device)));
        assert!(last < Some(state.txn));
    }
    assert_eq!(b2.offer(OfferRequest::Accept { offer, round: 1 }).await, Err(ErrorCode::Conflict));
    assert_eq!(b2.offer(OfferRequest::End { offer, how: OfferEnd::Done }).await, Err(ErrorCode::Conflict));
    assert_eq!(b.offer(OfferRequest::End { offer, how: OfferEnd::Done }).await, DONE);
    for pod in [&mut a, &mut b, &mut b2] {
        let state = pod.offer_state(offer).await;
        assert_eq!((state.step, state.until), (OfferStep::Done, None));
    }
    eve.settle().await;
    assert!(!eve.inbox.iter().any(|frame| matches!(frame, ServerFrame::Offer { .. })), "{:?}", eve.inbox);
    world.check();
}

#[tokio::test]
async fn only_who_shares_a_room_is_asked_and_strangers_learn_nothing_of_an_offer() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, mut b, mut eve, .. } = cast(&world).await;
    let offer = offer_id();
    for stranger in [bob.account, AccountId(Uuid::now_v7())] {
        assert_eq!(eve.offer(asking(offer_id(), stranger, 1)).await, Err(ErrorCode::NotFound));
    }
    assert_eq!(a.offer(asking(offer_id(), alice.account, 1)).await, Err(ErrorCode::BadRequest));
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
    for ask in [
        OfferRequest::Accept { offer, round: 1 },
        OfferRequest::Decline { offer },
        OfferRequest::Interrupted { offer, round: 1 },
        OfferRequest::Forward { offer, from: 0 },
        OfferRequest::End { offer, how: OfferEnd::Cancelled },
        OfferRequest::Peer { offer },
    ] {
        let of_none = eve.offer(OfferRequest::Decline { offer: offer_id() }).await;
        assert_eq!(eve.offer(ask).await, of_none, "as if there were none");
    }
    // Who left the room is not asked again; what was begun can be ended.
    let room = b.rooms[0].room;
    b.set(room, bob.account, None).await.unwrap();
    b.settle().await;
    assert_eq!(a.offer(asking(offer, bob.account, 2)).await, Err(ErrorCode::NotFound));
    assert_eq!(a.offer(asking(offer_id(), bob.account, 1)).await, Err(ErrorCode::NotFound));
    assert_eq!(b.offer(OfferRequest::Decline { offer }).await, DONE);
    world.check();
}

#[tokio::test]
async fn of_two_devices_that_accept_at_once_one_has_it_and_the_other_hears_of_a_conflict() {
    let world = World::new().await;
    let Cast { bob, mut a, mut b, mut b2, .. } = cast(&world).await;
    for turn in 0..20 {
        let offer = offer_id();
        assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
        let accept = OfferRequest::Accept { offer, round: 1 };
        let (one, other) = tokio::join!(b.offer(accept.clone()), b2.offer(accept.clone()));
        let mut both = [one, other];
        both.sort_by_key(Result::is_err);
        assert_eq!(both, [DONE, Err(ErrorCode::Conflict)], "turn {turn}");
        a.offer_state(offer).await;
        let taken = a.offer_state(offer).await;
        let winner = if taken.to_device == Some(bob.device) { &mut b } else { &mut b2 };
        assert_eq!(winner.offer(accept).await, DONE, "the answer may have been lost: it is asked again");
    }
    world.check();
}

#[tokio::test]
async fn what_was_said_before_changes_nothing() {
    let world = World::new().await;
    let Cast { bob, mut a, mut b, .. } = cast(&world).await;
    let offer = offer_id();
    let end = OfferRequest::End { offer, how: OfferEnd::Failed(ErrorCode::DiskFull) };
    let steps: [(bool, OfferRequest); 6] = [
        (true, asking(offer, bob.account, 1)),
        (false, OfferRequest::Accept { offer, round: 1 }),
        (true, OfferRequest::Interrupted { offer, round: 1 }),
        (true, asking(offer, bob.account, 2)),
        (true, OfferRequest::Forward { offer, from: 0 }),
        (false, end.clone()),
    ];
    for (sender, ask) in steps {
        for _ in 0..3 {
            let pod = if sender { &mut a } else { &mut b };
            assert_eq!(pod.offer(ask.clone()).await, DONE);
        }
        a.offer_state(offer).await;
    }
    a.settle().await;
    assert!(!a.inbox.iter().any(|frame| matches!(frame, ServerFrame::Offer { .. })), "six steps and no more");
    // The other side ended it; so can this one, once more; but nothing goes on.
    assert_eq!(a.offer(end).await, DONE);
    for ask in [
        asking(offer, bob.account, 3),
        OfferRequest::Forward { offer, from: 0 },
        OfferRequest::End { offer, how: OfferEnd::Cancelled },
        OfferRequest::Peer { offer },
    ] {
        assert_eq!(a.offer(ask).await, Err(ErrorCode::Gone));
    }
    world.check();
}

#[tokio::test]
async fn a_body_or_an_endpoint_over_its_limit_is_refused() {
    let world = World::new().await;
    let Cast { bob, mut a, .. } = cast(&world).await;
    for (len, outcome) in [(OFFER_BODY_BYTES_MAX, DONE), (OFFER_BODY_BYTES_MAX + 1, Err(ErrorCode::TooLarge))]
    {
        let (offer, body) = (offer_id(), ByteString(vec![7; len]));
        assert_eq!(a.offer(OfferRequest::Ask { offer, to: bob.account, body, round: 1 }).await, outcome);
    }
    a.put(ClientFrame::Endpoint { endpoint: ByteString(vec![7; ENDPOINT_BYTES_MAX]) }).await;
    a.settle().await;
    a.put(ClientFrame::Endpoint { endpoint: ByteString(vec![7; ENDPOINT_BYTES_MAX + 1]) }).await;
    assert_eq!(goodbye(&mut a.socket).await, ErrorCode::TooLarge);
}

#[tokio::test]
async fn one_more_open_offer_to_a_person_is_refused_until_one_is_over() {
    let world = World::new().await;
    let Cast { bob, mut a, .. } = cast(&world).await;
    let mut offers = Vec::new();
    for part in 0..OFFERS_OPEN_PER_PAIR_MAX / 100 {
        let numbers = 10_000 + part as u64 * 100..10_100 + part as u64 * 100;
        for request in numbers.clone() {
            let offer = offer_id();
            offers.push(offer);
            a.put(number(request, asking(offer, bob.account, 1))).await;
        }
        assert!(answers(&mut a, numbers).await.iter().all(|answer| *answer == DONE));
    }
    assert_eq!(a.offer(asking(offer_id(), bob.account, 1)).await, Err(ErrorCode::TooMany));
    assert_eq!(a.offer(asking(offers[0], bob.account, 2)).await, DONE, "asking again is no new offer");
    let how = OfferEnd::Cancelled;
    assert_eq!(a.offer(OfferRequest::End { offer: offers[0], how }).await, DONE);
    assert_eq!(a.offer(asking(offer_id(), bob.account, 1)).await, DONE);
    world.check();
}

#[tokio::test]
async fn who_asks_in_a_circle_is_told_to_wait() {
    let world = World::new().await;
    let Cast { bob, mut a, .. } = cast(&world).await;
    let offer = offer_id();
    let mut asked = 0;
    while asked < u64::from(OFFER_ASKS_PER_MINUTE_MAX) {
        let numbers = 10_000 + asked..10_000 + asked + 100;
        for request in numbers.clone() {
            a.put(number(request, asking(offer, bob.account, 1))).await;
        }
        assert!(answers(&mut a, numbers).await.iter().all(|answer| *answer == DONE));
        asked += 100;
    }
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, Err(ErrorCode::RateLimited));
    let how = OfferEnd::Cancelled;
    assert_eq!(a.offer(OfferRequest::End { offer, how }).await, DONE, "an end is always heard");
}

#[tokio::test]
async fn a_device_is_told_where_the_other_is_only_while_both_agree() {
    let world = World::paced(super::presence::quick(60_000)).await;
    world.watch();
    let Cast { alice, bob, mut a, mut b, mut b2, .. } = cast(&world).await;
    super::presence::until(&mut a, bob, PresenceState::Here).await;
    let offer = offer_id();
    let (here, there) = (ByteString(b"alice is here".to_vec()), ByteString(b"bob is there".to_vec()));
    a.put(ClientFrame::Endpoint { endpoint: here.clone() }).await;
    b.put(ClientFrame::Endpoint { endpoint: there.clone() }).await;
    b.settle().await;
    a.offer(asking(offer, bob.account, 1)).await.unwrap();
    let peer = |device, online, endpoint| Ok(Answer::Peer { device, online, endpoint });
    let ask = || OfferRequest::Peer { offer };
    assert_eq!(a.offer(ask()).await, peer(None, true, None));
    assert_eq!(b.offer(ask()).await, peer(Some(alice.device), true, None));
    b.offer(OfferRequest::Accept { offer, round: 1 }).await.unwrap();
    assert_eq!(a.offer(ask()).await, peer(Some(bob.device), true, Some(there)));
    assert_eq!(b.offer(ask()).await, peer(Some(alice.device), true, Some(here)));
    // Nobody agrees any more; and who is not to be seen is not seen by this either.
    b.offer(OfferRequest::Interrupted { offer, round: 1 }).await.unwrap();
    assert_eq!(a.offer(ask()).await, peer(Some(bob.device), true, None));
    let invisible = MyPresence { state: PresenceChoice::Invisible, ..MyPresence::default() };
    b2.ask(Request::Presence(invisible)).await.unwrap();
    super::presence::until(&mut a, bob, PresenceState::Offline).await;
    assert_eq!(a.offer(ask()).await, peer(Some(bob.device), false, None));
    b.offer(OfferRequest::Accept { offer, round: 1 }).await.unwrap();
    b.leave().await;
    assert_eq!(a.offer(ask()).await, peer(Some(bob.device), false, None), "it is gone, and its address too");
    let b = Pod::fresh(&world, bob).await;
    assert_eq!(a.offer(ask()).await, peer(Some(bob.device), true, None), "it has not said where it is");
    drop(b);
}

#[tokio::test]
async fn a_device_that_knows_no_offers_hears_of_none() {
    let world = World::new().await;
    let Cast { bob, mut a, .. } = cast(&world).await;
    let first = offer_id();
    a.offer(asking(first, bob.account, 1)).await.unwrap();
    let old = world.device_of(bob.account);
    let mut old = Pod::without(&world, old, &[capability::OFFERS]).await;
    assert!(old.offers.is_empty() && !old.all_offers);
    a.offer(asking(offer_id(), bob.account, 1)).await.unwrap();
    old.settle().await;
    assert!(!old.inbox.iter().any(|frame| matches!(frame, ServerFrame::Offer { .. })));
    assert_eq!(old.kind, SyncKind::Full);
    tokio::time::timeout(Duration::from_secs(5), old.leave()).await.unwrap();
}
