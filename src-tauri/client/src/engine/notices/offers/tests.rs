//! What of a list of offers is news.

use super::{Known, is_over, place};
use crate::view::{Name, OfferAsks, OfferView};
use pod_machine::notice::Place;
use pod_shared::{AccountId, OfferId, TimeMs};
use uuid::Uuid;

fn offer(batch: OfferId) -> OfferView {
    OfferView {
        offer: OfferId(Uuid::now_v7()),
        batch,
        from: Name { account: AccountId(Uuid::nil()), name: "Jonas".to_owned() },
        name: "a".to_owned(),
        bytes: 1,
        kind_of: None,
        at: TimeMs(0),
        step: OfferAsks::Asked,
        folder: "Downloads/Pod/Jonas".to_owned(),
    }
}

fn places(fresh: Vec<(AccountId, Place)>) -> Vec<Place> {
    fresh.into_iter().map(|(_, place)| place).collect()
}

#[test]
fn an_offer_is_new_once_and_what_waited_at_the_start_is_not() {
    let mut known = Known::default();
    let batch = OfferId(Uuid::now_v7());
    let mut offers = vec![offer(batch)];
    known.begin(&offers);
    offers.extend([offer(batch), offer(OfferId(Uuid::now_v7()))]);
    assert_eq!(places(known.fresh(&offers)), [place(&offers[1]), place(&offers[2])]);
    assert!(known.fresh(&offers).is_empty());
}

#[test]
fn what_broke_off_is_told_again_and_what_was_answered_is_forgotten() {
    let mut known = Known::default();
    let mut offers = vec![offer(OfferId(Uuid::now_v7()))];
    let held = place(&offers[0]);
    assert_eq!(places(known.fresh(&offers)), [held]);
    assert!(!is_over(held, &offers));
    offers[0].step = OfferAsks::Interrupted;
    assert_eq!(places(known.fresh(&offers)), [held]);
    assert!(is_over(held, &[]));
    assert!(known.fresh(&[]).is_empty());
    assert_eq!(places(known.fresh(&offers)), [held]);
}
