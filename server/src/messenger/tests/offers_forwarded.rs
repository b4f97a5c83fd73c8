//! What the content service says of forwarded files, and what it is told.

use super::offers::{Cast, DONE, asking, cast, offer_id};
use super::world::{Who, World};
use crate::interlock::Side;
use pod_shared::interlock::{RelayBody, RelayRow, RowsApplied};
use pod_shared::limits::OFFER_PIECE_BYTES;
use pod_shared::offer::{OfferEnd, OfferRequest, OfferStep};
use pod_shared::{ErrorCode, OfferId, RelayId, RoomId, TimeMs};
use uuid::Uuid;

const UNTIL: TimeMs = TimeMs(9_000_000_000_000);

fn row(offer: OfferId, body: RelayBody) -> RelayRow {
    RelayRow { id: RelayId(Uuid::now_v7()), room: RoomId(offer.0), seq: 1, body }
}

fn forwarded(offer: OfferId, by: Who, to: Who, from: u64) -> RelayRow {
    let body = RelayBody::OfferForwarded { offer, by: by.account, to: to.account, from, until: UNTIL };
    row(offer, body)
}

fn expired(offer: OfferId, by: Who) -> RelayRow {
    row(offer, RelayBody::OfferExpired { offer, by: by.account })
}

async fn applied(world: &World, row: RelayRow) {
    let id = row.id;
    let outcome = world.messenger.apply(vec![row]).await.unwrap();
    assert_eq!((outcome.applied, outcome.refused), (vec![id], Vec::new()));
}

/// The offers that the content service hears are over, now; it takes all rows.
async fn over(world: &World) -> Vec<OfferId> {
    let rows = world.messenger.pending(100, Vec::new()).await.unwrap();
    let outcome = RowsApplied { applied: rows.iter().map(|row| row.id).collect(), refused: Vec::new() };
    world.messenger.settled(outcome).await.unwrap();
    let mut over = Vec::new();
    for row in rows {
        if let RelayBody::OfferOver { offer } = row.body {
            assert_eq!(row.room, RoomId(offer.0));
            over.push(offer);
        }
    }
    over
}

#[tokio::test]
async fn the_rest_goes_through_the_server_and_both_hear_of_it() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, mut b, mut b2, .. } = cast(&world).await;
    over(&world).await;
    let (offer, from) = (offer_id(), OFFER_PIECE_BYTES);
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
    let tail = OfferRequest::Forward { offer, from };
    assert_eq!(a.offer(tail.clone()).await, Err(ErrorCode::Conflict), "nobody has the beginning");
    assert_eq!(b.offer(OfferRequest::Accept { offer, round: 1 }).await, DONE);
    assert_eq!(b.offer(tail.clone()).await, Err(ErrorCode::RoleTooLow));
    assert_eq!(a.offer(tail).await, DONE);
    let whole = forwarded(offer, alice, bob, from);
    for _ in 0..2 {
        applied(&world, whole.clone()).await;
    }
    for pod in [&mut a, &mut b2] {
        let state = loop {
            let state = pod.offer_state(offer).await;
            if let OfferStep::Forwarded { .. } = state.step {
                break state;
            }
        };
        assert_eq!((state.step, state.until), (OfferStep::Forwarded { from }, Some(UNTIL)));
        assert_eq!(state.to_device, Some(bob.device));
    }
    assert_eq!(a.offer(asking(offer, bob.account, 2)).await, Err(ErrorCode::Conflict));
    assert_eq!(over(&world).await, [], "its bytes are needed");
    assert_eq!(b.offer(OfferRequest::End { offer, how: OfferEnd::Done }).await, DONE);
    assert_eq!(over(&world).await, [offer]);
    applied(&world, forwarded(offer, alice, bob, from)).await;
    assert_eq!(over(&world).await, [offer], "what comes after the end is let go");
    world.check();
}

#[tokio::test]
async fn a_file_forwarded_to_who_was_away_is_taken_by_one_of_their_devices() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, mut b, mut b2, .. } = cast(&world).await;
    let offer = offer_id();
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
    assert_eq!(a.offer(OfferRequest::Forward { offer, from: 0 }).await, DONE);
    applied(&world, forwarded(offer, alice, bob, 0)).await;
    let accept = OfferRequest::Accept { offer, round: 1 };
    assert_eq!(b2.offer(accept.clone()).await, DONE);
    assert_eq!(b.offer(accept).await, Err(ErrorCode::Conflict));
    let state = loop {
        let state = a.offer_state(offer).await;
        if state.to_device.is_some() {
            break state;
        }
    };
    assert_eq!((state.step, state.until), (OfferStep::Forwarded { from: 0 }, Some(UNTIL)));
    world.check();
}

#[tokio::test]
async fn nobody_forwards_under_the_id_of_somebody_elses_offer() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, eve, .. } = cast(&world).await;
    let eve = Who { account: eve.hello.account, ..alice };
    over(&world).await;
    let (offer, unknown) = (offer_id(), offer_id());
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
    let asked = a.offer_state(offer).await;
    for row in [
        forwarded(offer, eve, bob, 0),
        forwarded(offer, alice, eve, 0),
        forwarded(offer, alice, bob, OFFER_PIECE_BYTES),
        forwarded(unknown, alice, bob, 0),
    ] {
        let id = OfferId(row.room.0);
        applied(&world, row).await;
        assert_eq!(over(&world).await, [id], "its bytes are let go");
    }
    applied(&world, expired(offer, eve)).await;
    applied(&world, expired(offer, alice)).await;
    applied(&world, expired(unknown, alice)).await;
    assert_eq!(a.offer(asking(offer, bob.account, 2)).await, DONE);
    let next = a.offer_state(offer).await;
    assert_eq!((asked.round, next.round, next.step), (1, 2, OfferStep::Asked), "nothing happened in between");
    let refused = world.messenger.apply(vec![row(offer, RelayBody::OfferOver { offer })]).await.unwrap();
    assert_eq!(refused.refused.len(), 1, "the messenger alone ends an offer");
    world.check();
}

#[tokio::test]
async fn what_was_not_fetched_in_time_is_over_and_what_went_back_to_the_direct_way_is_not() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, mut b, .. } = cast(&world).await;
    over(&world).await;
    let (left, direct) = (offer_id(), offer_id());
    for offer in [left, direct] {
        assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
        assert_eq!(a.offer(OfferRequest::Forward { offer, from: 0 }).await, DONE);
    }
    assert_eq!(a.offer(asking(direct, bob.account, 2)).await, DONE);
    assert_eq!(b.offer(OfferRequest::Accept { offer: direct, round: 2 }).await, DONE);
    for offer in [left, direct] {
        applied(&world, expired(offer, alice)).await;
    }
    assert_eq!(over(&world).await, [left]);
    assert_eq!(b.offer(OfferRequest::Accept { offer: left, round: 1 }).await, Err(ErrorCode::Gone));
    assert_eq!(b.offer(OfferRequest::End { offer: direct, how: OfferEnd::Done }).await, DONE);
    assert_eq!(over(&world).await, [direct], "bytes of it may lie there still");
    // What never went near the content service is no news to it.
    let plain = offer_id();
    assert_eq!(a.offer(asking(plain, bob.account, 1)).await, DONE);
    assert_eq!(b.offer(OfferRequest::Decline { offer: plain }).await, DONE);
    assert_eq!(over(&world).await, []);
    world.check();
}
