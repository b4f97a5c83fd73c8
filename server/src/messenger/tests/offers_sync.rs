//! Offers as synchronised state: nothing, what changed, or everything.

use super::offers::{Cast, DONE, asking, cast, offer_id};
use super::pod::Pod;
use super::world::{Stop, World};
use pod_shared::limits::{OFFERS_OPEN_PER_PAIR_MAX, SYNC_OFFERS_PER_PART_MAX};
use pod_shared::offer::{OfferEnd, OfferRequest, OfferStep};
use pod_shared::sync::SyncKind;

#[tokio::test]
async fn a_device_that_was_away_learns_the_last_step_of_what_changed_and_then_nothing() {
    let world = World::new().await;
    let Cast { bob, mut a, b, mut b2, .. } = cast(&world).await;
    let key = b.leave().await;
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.offers.len(), b.all_offers), (SyncKind::Null, 0, false));
    let kept = offer_id();
    assert_eq!(a.offer(asking(kept, bob.account, 1)).await, DONE);
    let txn = b.offer_state(kept).await.txn;
    b.applied(txn).await;
    let key = b.leave().await;
    let changed = offer_id();
    assert_eq!(a.offer(asking(changed, bob.account, 1)).await, DONE);
    assert_eq!(b2.offer(OfferRequest::Accept { offer: changed, round: 1 }).await, DONE);
    assert_eq!(a.offer(asking(changed, bob.account, 2)).await, DONE);
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.all_offers), (SyncKind::Delta, false));
    let told: Vec<_> = b.offers.iter().map(|state| (state.offer, state.round, state.step)).collect();
    assert_eq!(told, [(changed, 2, OfferStep::Asked)], "once, as it stands now");
    assert!(b.offers[0].to_device.is_some_and(|device| device != bob.device));
    b.applied(b.key.txn).await;
    let key = b.leave().await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.offers.len()), (SyncKind::Null, 0));
    world.check();
}

#[tokio::test]
async fn a_snapshot_holds_every_offer_of_the_person_and_nobody_elses() {
    let world = World::new().await;
    let Cast { alice, bob, mut a, mut b, mut eve, .. } = cast(&world).await;
    let (made, got, over) = (offer_id(), offer_id(), offer_id());
    assert_eq!(a.offer(asking(made, bob.account, 1)).await, DONE);
    assert_eq!(b.offer(asking(got, alice.account, 1)).await, DONE);
    assert_eq!(a.offer(asking(over, bob.account, 1)).await, DONE);
    assert_eq!(b.offer(OfferRequest::Decline { offer: over }).await, DONE);
    let new = Pod::fresh(&world, world.device_of(alice.account)).await;
    let mut told: Vec<_> = new.offers.iter().map(|state| (state.offer, state.step)).collect();
    told.sort_unstable_by_key(|(offer, _)| *offer);
    let asked = OfferStep::Asked;
    assert_eq!(told, [(made, asked), (got, asked), (over, OfferStep::Declined)]);
    assert!(new.all_offers && new.kind == SyncKind::Full);
    eve.settle().await;
    let eve = Pod::connect(&world, world.device_of(eve.hello.account), None).await;
    assert!(eve.offers.is_empty());
}

#[tokio::test]
async fn more_offers_than_one_part_carries_come_in_several() {
    let world = World::new().await;
    let Cast { bob, mut a, .. } = cast(&world).await;
    let most = SYNC_OFFERS_PER_PART_MAX + 3;
    const { assert!(SYNC_OFFERS_PER_PART_MAX + 3 <= OFFERS_OPEN_PER_PAIR_MAX) };
    for _ in 0..most {
        assert_eq!(a.offer(asking(offer_id(), bob.account, 1)).await, DONE);
    }
    let new = Pod::fresh(&world, world.device_of(bob.account)).await;
    assert_eq!((new.offers.len(), new.all_offers), (most, true));
    let mut ids: Vec<_> = new.offers.iter().map(|state| state.offer).collect();
    ids.dedup();
    assert_eq!(ids.len(), most);
}

#[tokio::test]
async fn offers_outlive_a_crash_of_the_server() {
    let mut world = World::new().await;
    let Cast { alice, bob, mut a, mut b, .. } = cast(&world).await;
    let offer = offer_id();
    assert_eq!(a.offer(asking(offer, bob.account, 1)).await, DONE);
    assert_eq!(b.offer(OfferRequest::Accept { offer, round: 1 }).await, DONE);
    let asked = a.offer_state(offer).await;
    let taken = a.offer_state(offer).await;
    a.applied(asked.txn).await;
    a.settle().await;
    let key = a.key;
    world.restart(Stop::Killed).await;
    let mut a = Pod::connect(&world, alice, Some(key)).await;
    assert_eq!(a.offers, [taken]);
    let mut b = Pod::fresh(&world, bob).await;
    let peer = a.offer(OfferRequest::Peer { offer }).await.unwrap();
    assert!(matches!(peer, pod_shared::socket::Answer::Peer { endpoint: None, .. }), "{peer:?}");
    assert_eq!(b.offer(OfferRequest::End { offer, how: OfferEnd::Done }).await, DONE);
    assert_eq!(a.offer_state(offer).await.step, OfferStep::Done);
    world.check();
}
