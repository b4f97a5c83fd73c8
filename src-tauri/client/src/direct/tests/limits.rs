//! What a device takes from others, and no more. A bare endpoint plays whoever does not keep to the protocol.

use super::*;
use crate::direct::frames::{ALPN, Code, Frame, HELLO_BYTES, Hello};
use crate::direct::part::Run;
use iroh::endpoint::{Connection, ConnectionError, ReadError, RecvStream, SendStream, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, SecretKey, TransportAddr};
use pod_shared::limits::{
    DIRECT_CONNECTIONS_MAX, DIRECT_REFUSALS_MAX, DIRECT_SERVED_MAX, DIRECT_SLICE_BYTES, DIRECT_STREAMS_MAX,
    DIRECT_WINDOW_BYTES,
};

/// A bare endpoint with the receiver's key, and the address of the sender for it.
async fn bare(offered: &Offered) -> (Endpoint, EndpointAddr) {
    let key = DeviceKey::fresh();
    let endpoint = Endpoint::builder(presets::Minimal).secret_key(SecretKey::from_bytes(key.bytes()));
    let endpoint = endpoint.bind().await.unwrap();
    let me = PeerKey(*endpoint.id().as_bytes());
    offered.sender.offers.open.lock().unwrap().get_mut(&offered.offer).unwrap().0 = me;
    let address = crate::direct::address::Address::read(&offered.sender.endpoint().await).unwrap();
    let sockets = address.sockets.into_iter().map(TransportAddr::Ip);
    (endpoint, EndpointAddr::from_parts(EndpointId::from_bytes(&address.key.0).unwrap(), sockets))
}

async fn call(endpoint: &Endpoint, address: &EndpointAddr) -> Connection {
    soon("a connection", endpoint.connect(address.clone(), ALPN)).await.unwrap()
}

async fn hello(connection: &Connection, hello: &[u8]) -> (SendStream, RecvStream) {
    let (mut send, recv) = soon("a stream", connection.open_bi()).await.unwrap();
    send.write_all(hello).await.unwrap();
    (send, recv)
}

fn right(offered: &Offered) -> [u8; HELLO_BYTES] {
    Hello { offer: offered.offer, root: offered.manifest.root(), size: offered.manifest.size() }.write()
}

/// How the other side ended the stream.
async fn reset(recv: &mut RecvStream) -> Code {
    let mut bytes = vec![0; MIB];
    loop {
        match soon("an end", recv.read(&mut bytes)).await {
            Ok(Some(_)) => {}
            Err(ReadError::Reset(code)) => return Code::from_number(code.into_inner()),
            other => panic!("no reset: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_connection_has_so_many_streams_and_no_more() {
    let offered = Offered::through(4 * MIB, Gate::new(0)).await;
    let (endpoint, address) = bare(&offered).await;
    let connection = call(&endpoint, &address).await;
    let mut streams = Vec::new();
    for _ in 0..DIRECT_STREAMS_MAX {
        streams.push(soon("a stream", connection.open_bi()).await.unwrap());
    }
    let one_more = tokio::time::timeout(Duration::from_millis(100), connection.open_bi()).await;
    assert!(one_more.is_err(), "a stream beyond the limit");
}

#[tokio::test]
async fn so_many_connections_are_taken_up_and_no_more() {
    let offered = Offered::new(MIB).await;
    let (endpoint, address) = bare(&offered).await;
    let mut connections = Vec::new();
    for _ in 0..DIRECT_CONNECTIONS_MAX {
        connections.push(call(&endpoint, &address).await);
    }
    assert!(soon("an answer", endpoint.connect(address.clone(), ALPN)).await.is_err());
    connections.clear();
    soon("room again", async { while endpoint.connect(address.clone(), ALPN).await.is_err() {} }).await;
}

#[tokio::test]
async fn so_many_files_are_sent_at_once_and_no_more() {
    let offered = Offered::through(2 * MIB, Gate::new(0)).await;
    let (endpoint, address) = bare(&offered).await;
    let held = call(&endpoint, &address).await;
    let mut streams = Vec::new();
    for number in 0..DIRECT_SERVED_MAX {
        let other = offer();
        let copied = offered.sender.offers.open.lock().unwrap()[&offered.offer].clone();
        offered.sender.offers.open.lock().unwrap().insert(other, copied);
        let wants = Hello { offer: other, root: offered.manifest.root(), size: offered.manifest.size() };
        let (send, mut recv) = hello(&held, &wants.write()).await;
        let mut manifest = [0; 64];
        soon(&format!("manifest {number}"), recv.read_exact(&mut manifest)).await.unwrap();
        streams.push((send, recv));
    }
    let other = call(&endpoint, &address).await;
    let (_send, mut recv) = hello(&other, &right(&offered)).await;
    assert_eq!(reset(&mut recv).await, Code::Busy);
    drop(streams);
    soon("room again", async {
        loop {
            let (_send, mut recv) = hello(&other, &right(&offered)).await;
            if recv.read_exact(&mut [0; 64]).await.is_ok() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_asks_for_what_is_not_theirs_is_hung_up_on() {
    let offered = Offered::new(MIB).await;
    let (endpoint, address) = bare(&offered).await;
    let connection = call(&endpoint, &address).await;
    for _ in 0..DIRECT_REFUSALS_MAX {
        let wants = Hello { offer: offer(), root: [0; 32], size: 5 };
        let Ok((mut send, mut recv)) = connection.open_bi().await else { break };
        if send.write_all(&wants.write()).await.is_ok() {
            let _ = recv.read(&mut [0; 8]).await;
        }
    }
    let why = soon("the end", connection.closed()).await;
    assert!(matches!(why, ConnectionError::ApplicationClosed(_)), "{why}");
}

#[tokio::test]
async fn asks_and_acks_beyond_the_file_end_the_fetch() {
    let mut offered = Offered::new(2 * MIB).await;
    let (endpoint, address) = bare(&offered).await;
    let connection = call(&endpoint, &address).await;
    let beyond = Run { first: 1, count: 2 };
    for frame in [Frame::Ask(beyond), Frame::Ack(3 * MIB as u64), Frame::Ack(5)] {
        let (mut send, mut recv) = hello(&connection, &right(&offered)).await;
        send.write_all(&frame.write()).await.unwrap();
        assert_eq!(reset(&mut recv).await, Code::Nonsense, "{frame:?}");
        assert_eq!(soon("the book hears", offered.sender.lost.recv()).await, Some(Lost::Stopped));
    }
    assert_eq!(*offered.sender.offers.acked.borrow(), 0);
}

#[tokio::test]
async fn a_receiver_that_is_slow_costs_no_more_than_the_window() {
    let offered = Offered::new(8 * MIB).await;
    let mut ask = offered.ask().await;
    let shut = Gate::new(0);
    ask.pace = Arc::clone(&shut) as Arc<dyn Pace>;
    let pull = tokio::spawn(offered.receiver.direct.pull(ask, mpsc::channel(1).0));
    let window = u64::from(DIRECT_WINDOW_BYTES);
    soon("a full window", async {
        while offered.gate.taken() < window {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // What was read and waits, the window, and what the sender holds in its hand.
    let bound = window + 2 * DIRECT_SLICE_BYTES as u64;
    assert!(offered.gate.taken() <= bound, "{} bytes are on their way", offered.gate.taken());
    assert!(shut.taken() <= DIRECT_SLICE_BYTES as u64);
    shut.open.send_replace(u64::MAX);
    assert_eq!(soon("the end", pull).await.unwrap(), Ok(()));
}
