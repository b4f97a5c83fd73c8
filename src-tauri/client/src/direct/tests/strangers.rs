//! Who is turned away.

use super::*;

#[tokio::test]
async fn another_device_gets_nothing_not_even_whether_there_is_such_an_offer() {
    let offered = Offered::new(MIB).await;
    let stranger = Device::new();
    let mut ask = offered.ask().await;
    let pull = stranger.direct.pull(ask.clone(), mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::Refused));
    ask.offer = offer();
    let pull = stranger.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::Refused));
    assert_eq!(offered.gate.taken(), 0);
    assert!(!offered.part().exists());
}

#[tokio::test]
async fn an_offer_that_was_taken_back_is_not_served_any_more() {
    let offered = Offered::new(MIB).await;
    offered.sender.offers.open.lock().unwrap().clear();
    assert_eq!(offered.pull().await, Err(PullTrouble::Refused));
}

#[tokio::test]
async fn who_sits_at_the_address_of_another_is_not_taken_for_them() {
    let offered = Offered::new(MIB).await;
    let mut ask = offered.ask().await;
    // The address of one device under the key of another one: the handshake needs the secret key of that one.
    let stranger = Device::new();
    let key = stranger.peer_key().await;
    ask.peer_endpoint[1..33].copy_from_slice(&key.0);
    drop(stranger);
    ask.wait = Duration::from_secs(1);
    let pull = offered.receiver.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::NoWay));
    assert_eq!(offered.gate.taken(), 0);
}

#[tokio::test]
async fn a_file_larger_than_pod_sends_is_not_asked_for() {
    let offered = Offered::new(MIB).await;
    let mut ask = offered.ask().await;
    ask.size = pod_shared::limits::FILE_BYTES_MAX + 1;
    let pull = offered.receiver.direct.pull(ask, mpsc::channel(1).0);
    assert_eq!(soon("the end", pull).await, Err(PullTrouble::Refused));
}

#[tokio::test]
async fn who_becomes_another_device_is_met_under_another_key_and_no_longer_under_the_former() {
    let (first, second) = (DeviceKey::fresh(), DeviceKey::fresh());
    let (keys, key) = watch::channel(Some(first));
    let (lost, _hears) = mpsc::channel(4);
    let offers = Arc::new(Offers { open: Mutex::default(), acked: watch::Sender::new(0), lost });
    let direct = Direct::start_with(key, offers as Arc<dyn Book>);
    let mut endpoint = direct.endpoint();
    let under = |endpoint: &Option<Vec<u8>>| endpoint.as_deref().and_then(peer_key);
    let former = soon("an endpoint", endpoint.wait_for(Option::is_some)).await.unwrap().clone();
    keys.send_replace(None);
    soon("the former key let go", endpoint.wait_for(Option::is_none)).await.unwrap();
    keys.send_replace(Some(second));
    let now = soon("another endpoint", endpoint.wait_for(Option::is_some)).await.unwrap().clone();
    assert!(under(&now).is_some() && under(&now) != under(&former));
    keys.send_replace(None);
    soon("no key at all", endpoint.wait_for(Option::is_none)).await.unwrap();
    drop(keys);
    let mut address = direct.endpoint();
    assert!(address.borrow_and_update().is_none(), "without a key nobody is met");
}
