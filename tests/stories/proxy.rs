//! The network between pods and servers, tried on its own: what the stories rely on.

use pod_tests::proxy::{Proxy, Weather};
use pod_tests::wait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that sends back what it gets.
async fn echo() -> std::net::SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
            });
        }
    });
    address
}

async fn way() -> (Proxy, TcpStream) {
    let proxy = Proxy::start().await;
    proxy.lead_to(echo().await);
    let stream = TcpStream::connect(proxy.address()).await.unwrap();
    (proxy, stream)
}

#[tokio::test]
async fn bytes_go_through_and_are_counted() {
    let (proxy, mut stream) = way().await;
    stream.write_all(b"hello").await.unwrap();
    let mut back = [0; 5];
    wait::soon("the echo", stream.read_exact(&mut back)).await.unwrap();
    assert_eq!((&back, proxy.bytes_up(), proxy.bytes_down()), (b"hello", 5, 5));
}

#[tokio::test]
async fn a_planned_cut_lets_exactly_so_many_bytes_through() {
    let (proxy, mut stream) = way().await;
    proxy.set(Weather::CutAfterUp(1_000));
    let _ = stream.write_all(&[7; 4_000]).await;
    wait::soon("the cut", proxy.was_cut()).await;
    let mut back = Vec::new();
    let _ = wait::soon("the end", stream.read_to_end(&mut back)).await;
    assert!(back.len() <= 1_000);
    proxy.set(Weather::Fair);
    let mut again = TcpStream::connect(proxy.address()).await.unwrap();
    again.write_all(b"x").await.unwrap();
    assert_eq!(wait::soon("the echo", again.read_u8()).await.unwrap(), b'x');
}

#[tokio::test]
async fn a_stalled_way_delivers_later_and_loses_nothing() {
    let (proxy, mut stream) = way().await;
    proxy.set(Weather::Stalled);
    stream.write_all(b"late").await.unwrap();
    let mut back = [0; 4];
    let early =
        tokio::time::timeout(std::time::Duration::from_millis(50), stream.read_exact(&mut back)).await;
    assert!(early.is_err(), "a byte came through a stalled way");
    proxy.set(Weather::Fair);
    wait::soon("the echo", stream.read_exact(&mut back)).await.unwrap();
    assert_eq!(&back, b"late");
}
