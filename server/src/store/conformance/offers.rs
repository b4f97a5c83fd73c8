//! What a store of the messenger must do for offers, whatever keeps it.

use super::messenger::{anybody, come, go, make, open};
use crate::store::sqlite::messenger::{MessengerStore, Offers, Parties, check};
use pod_shared::bytes::ByteString;
use pod_shared::limits::{OFFER_DAYS, OFFER_ENDED_DAYS};
use pod_shared::offer::{OfferState, OfferStep};
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, DeviceId, OfferId, TimeMs, Txn};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3_600 * 1_000;
const NOW: TimeMs = TimeMs(100 * DAY_MS);

fn days(days: u64) -> TimeMs {
    TimeMs(NOW.0 + i64::try_from(days).unwrap() * DAY_MS)
}

async fn ask(store: &MessengerStore, from: AccountId, to: AccountId) -> OfferId {
    let offer = OfferId(Uuid::now_v7());
    let state = OfferState {
        offer,
        from,
        from_device: DeviceId(Uuid::now_v7()),
        to,
        to_device: None,
        body: ByteString(b"x".to_vec()),
        round: 1,
        step: OfferStep::Asked,
        at: NOW,
        until: Some(days(OFFER_DAYS)),
        txn: Txn(0),
    };
    store.ask_offer(offer, Parties { from, to }, NOW, move |_| Ok(Some(state))).await.unwrap();
    offer
}

async fn end(store: &MessengerStore, offer: OfferId) {
    let ended = |held| Ok(Some(OfferState { step: OfferStep::Cancelled, until: None, ..held }));
    store.change_offer(offer, NOW, ended).await.unwrap();
}

fn steps(offers: &Offers) -> Vec<OfferStep> {
    offers.offers.iter().map(|state| state.step).collect()
}

#[tokio::test]
async fn a_reconnect_with_nothing_new_costs_the_same_with_any_number_of_offers() {
    let (mut null, mut one) = (Vec::new(), Vec::new());
    for offers in [1, 300] {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        let (me, other, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
        make(&store, &[me, other]).await;
        for _ in 0..offers {
            ask(&store, other, me).await;
            ask(&store, me, other).await;
        }
        let greeted = come(&store, me, device, None).await;
        let all = store.offers_after(me, greeted.after).await.unwrap();
        assert_eq!((all.offers.len(), all.all), (2 * offers, true));
        let key = go(&store, me, &greeted).await;
        let greeted = come(&store, me, device, Some(key)).await;
        let none = store.offers_after(me, greeted.after).await.unwrap();
        assert_eq!((greeted.kind, none.offers.len(), none.all), (SyncKind::Null, 0, false));
        null.push(none.steps);
        ask(&store, other, me).await;
        let news = store.offers_after(me, greeted.after).await.unwrap();
        assert_eq!((news.offers.len(), news.all), (1, false));
        one.push(news.steps);
    }
    assert!(null[0] > 0 && null[0] == null[1], "{null:?}");
    assert_eq!(one[0], one[1]);
}

#[tokio::test]
async fn what_nobody_acts_on_expires_and_what_ended_is_forgotten_later() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, other) = (anybody(), anybody());
    make(&store, &[me, other]).await;
    let ended = ask(&store, me, other).await;
    ask(&store, other, me).await;
    end(&store, ended).await;
    let told = store.offers_after(me, Txn(1)).await.unwrap();
    assert_eq!(steps(&told), [OfferStep::Cancelled, OfferStep::Asked]);
    let before = told.offers.iter().map(|state| state.txn).max().unwrap();

    store.tidy_offers(TimeMs(days(OFFER_ENDED_DAYS).0 - 1)).await.unwrap();
    assert_eq!(store.offers_after(me, Txn(1)).await.unwrap(), Offers { steps: told.steps, ..told.clone() });
    store.tidy_offers(days(OFFER_ENDED_DAYS)).await.unwrap();
    assert_eq!(steps(&store.offers_after(me, Txn(0)).await.unwrap()), [OfferStep::Asked]);

    store.tidy_offers(TimeMs(days(OFFER_DAYS).0 - 1)).await.unwrap();
    assert_eq!(store.offers_after(me, before).await.unwrap().offers, []);
    store.tidy_offers(days(OFFER_DAYS)).await.unwrap();
    let expired = store.offers_after(me, before).await.unwrap();
    assert_eq!(steps(&expired), [OfferStep::Expired]);
    assert_eq!(expired.offers[0].until, None);
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn who_was_away_while_an_ended_offer_was_forgotten_hears_of_all_that_are_left_once() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, other, third) = (anybody(), anybody(), anybody());
    make(&store, &[me, other, third]).await;
    let ended = ask(&store, other, me).await;
    let left = ask(&store, me, third).await;
    let seen = store.offers_after(me, Txn(0)).await.unwrap();
    let key = seen.offers.iter().map(|state| state.txn).max().unwrap();
    end(&store, ended).await;
    let end_seen = store.offers_after(me, key).await.unwrap().offers[0].txn;
    store.tidy_offers(days(OFFER_ENDED_DAYS)).await.unwrap();
    let news = store.offers_after(me, key).await.unwrap();
    let ids: Vec<_> = news.offers.iter().map(|state| state.offer).collect();
    assert_eq!((ids, news.all), (vec![left], true), "what is not among them is gone");
    let none = store.offers_after(me, end_seen).await.unwrap();
    assert_eq!((none.offers.len(), none.all), (0, false), "who heard of the end has nothing to learn");
    let of_third = store.offers_after(third, key).await.unwrap();
    assert_eq!((of_third.offers.len(), of_third.all), (0, false), "it was none of theirs");
}

#[tokio::test]
async fn an_offer_that_cannot_be_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, other) = (anybody(), anybody());
    make(&store, &[me, other]).await;
    ask(&store, me, other).await;
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    for (wrong, right) in [
        ("receiver = sender", format!("receiver = x'{}'", other.0.simple())),
        ("step = 6", "step = 1".into()),
        ("step = 2", "step = 1".into()),
        ("step = 4", "step = 1".into()),
        ("code = 'internal'", "code = NULL".into()),
        ("round = 0", "round = 1".into()),
        ("txn = 1000000", "txn = 2".into()),
    ] {
        connection.execute_batch(&format!("UPDATE offers SET {wrong}")).unwrap();
        assert_eq!(check(&connection).unwrap().len(), 1, "{wrong}");
        connection.execute_batch(&format!("UPDATE offers SET {right}")).unwrap();
        assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
    }
    connection.execute_batch("INSERT INTO offers_forgotten VALUES (x'00', 1000000)").unwrap();
    assert_eq!(check(&connection).unwrap().len(), 1);
}
