//! What of a list of offers is news.

use super::Told;
use pod_client::view::{Name, OfferAsks, OfferView};
use pod_shared::{AccountId, OfferId, TimeMs};
use uuid::Uuid;

fn offer(batch: OfferId, name: &str) -> OfferView {
    OfferView {
        offer: OfferId(Uuid::now_v7()),
        batch,
        from: Name { account: AccountId(Uuid::nil()), name: "Jonas".to_owned() },
        name: name.to_owned(),
        bytes: 1,
        kind_of: None,
        at: TimeMs(0),
        step: OfferAsks::Asked,
        folder: "Downloads/Pod/Jonas".to_owned(),
        direct: None,
    }
}

fn names(batches: &[Vec<OfferView>]) -> Vec<Vec<&str>> {
    batches.iter().map(|batch| batch.iter().map(|offer| offer.name.as_str()).collect()).collect()
}

#[test]
fn files_of_one_go_are_told_together_and_once() {
    let told = Told::default();
    let (one, two) = (OfferId(Uuid::now_v7()), OfferId(Uuid::now_v7()));
    let mut offers = vec![offer(one, "a"), offer(one, "b")];
    assert_eq!(names(&told.fresh(&offers)), [vec!["a", "b"]]);
    assert!(told.fresh(&offers).is_empty());
    offers.push(offer(two, "c"));
    assert_eq!(names(&told.fresh(&offers)), [vec!["c"]]);
}

#[test]
fn what_broke_off_is_told_again_and_what_was_answered_is_forgotten() {
    let told = Told::default();
    let mut offers = vec![offer(OfferId(Uuid::now_v7()), "a")];
    told.fresh(&offers);
    offers[0].step = OfferAsks::Interrupted;
    assert_eq!(names(&told.fresh(&offers)), [vec!["a"]]);
    assert!(told.fresh(&[]).is_empty());
    assert_eq!(names(&told.fresh(&offers)), [vec!["a"]]);
}
