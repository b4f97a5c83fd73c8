//! What every bus must do, whatever carries it.

use super::{Bus, Delivery, LocalBus, News, Sink, Topic};
use bytes::Bytes;
use pod_shared::{AccountId, RoomId, Txn};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

#[derive(Default)]
struct Heard(Mutex<Vec<Delivery>>);

impl Sink for Heard {
    fn take(&self, delivery: &Delivery) {
        self.0.lock().unwrap().push(delivery.clone());
    }
}

impl Heard {
    fn txns(&self) -> Vec<u64> {
        self.0.lock().unwrap().iter().filter_map(|delivery| delivery.news.txn()).map(|txn| txn.0).collect()
    }
}

fn delivery(txn: u64) -> Delivery {
    Delivery {
        room: RoomId(Uuid::nil()),
        news: News::Stored(Txn(txn)),
        bytes: Bytes::from(txn.to_be_bytes().to_vec()),
    }
}

fn account() -> Topic {
    Topic::Account(AccountId(Uuid::now_v7()))
}

fn suite(bus: &dyn Bus) {
    let (alice, bob) = (account(), account());
    let (at_alice, at_bob, again) =
        (Arc::new(Heard::default()), Arc::new(Heard::default()), Arc::new(Heard::default()));
    let alice_listens = bus.subscribe(alice, at_alice.clone());
    let _bob_listens = bus.subscribe(bob, at_bob.clone());
    let _second_device = bus.subscribe(alice, again.clone());

    for txn in 1..=100 {
        bus.publish(&[alice], &delivery(txn));
    }
    bus.publish(&[alice, bob], &delivery(101));
    assert_eq!(at_alice.txns(), (1..=101).collect::<Vec<_>>(), "order is kept");
    assert_eq!(again.txns(), at_alice.txns(), "each device of a person gets all");
    assert_eq!(at_bob.txns(), [101], "others get only what is theirs");
    assert_eq!(
        at_alice.0.lock().unwrap()[100].bytes.as_ptr(),
        at_bob.0.lock().unwrap()[0].bytes.as_ptr(),
        "the bytes are shared, not copied"
    );

    drop(alice_listens);
    bus.publish(&[alice], &delivery(102));
    assert_eq!(at_alice.txns().len(), 101, "a dropped subscription gets nothing");
    assert_eq!(again.txns().len(), 102, "and does not disturb the others");

    let looking = Topic::Looking(RoomId(Uuid::now_v7()));
    bus.publish(&[looking], &delivery(103));
    let _looks = bus.subscribe(looking, at_bob.clone());
    bus.publish(&[looking], &delivery(104));
    assert_eq!(at_bob.txns(), [101, 104], "nothing is kept for those who come later");
}

#[test]
fn the_bus_in_one_process_conforms() {
    suite(&LocalBus::default());
}
