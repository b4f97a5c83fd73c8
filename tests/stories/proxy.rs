//! The network between pods and servers, tried on its own: what the stories rely on.

use pod_tests::proxy::{Blow, Direction, Proxy, Weather};
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

#[tokio::test]
async fn a_reset_way_says_so_to_both_ends_and_to_who_comes_then() {
    let (proxy, mut stream) = way().await;
    proxy.set(Weather::Until(Direction::Up, 1_000, Blow::Reset));
    let _ = stream.write_all(&[7; 4_000]).await;
    wait::soon("the reset", proxy.was_cut()).await;
    let ended = wait::soon("the end", stream.read_to_end(&mut Vec::new())).await;
    assert_eq!(ended.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    let mut again = TcpStream::connect(proxy.address()).await.unwrap();
    let ended = wait::soon("the end", again.read_u8()).await;
    assert_eq!(ended.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_lost_tail_is_one_kib_and_then_the_end() {
    let (proxy, mut stream) = way().await;
    proxy.set(Weather::Until(Direction::Down, 3_000, Blow::LoseTail));
    stream.write_all(&[7; 3_000]).await.unwrap();
    let mut back = Vec::new();
    wait::soon("the end", stream.read_to_end(&mut back)).await.unwrap();
    assert_eq!((back.len(), proxy.bytes_down()), (3_000 - 1_024, 3_000));
}

#[tokio::test]
async fn a_way_stalls_after_so_many_bytes_and_goes_on() {
    let (proxy, mut stream) = way().await;
    proxy.set(Weather::Until(Direction::Up, 3, Blow::Stall));
    stream.write_all(b"hello").await.unwrap();
    wait::soon("the stall", proxy.was_cut()).await;
    stream.write_all(b" again").await.unwrap();
    proxy.set(Weather::Fair);
    let mut back = [0; 11];
    wait::soon("the echo", stream.read_exact(&mut back)).await.unwrap();
    assert_eq!(&back, b"hello again");
}

#[tokio::test]
async fn a_throttled_way_takes_its_time_each_way_and_a_late_one_comes_late() {
    let (proxy, mut stream) = way().await;
    let began = std::time::Instant::now();
    proxy.set(Weather::Throttled(100_000));
    let mut back = vec![0; 20_000];
    stream.write_all(&vec![7; 20_000]).await.unwrap();
    wait::soon("the echo", stream.read_exact(&mut back)).await.unwrap();
    assert!(began.elapsed().as_millis() >= 190, "{:?} for a fifth of a second's bytes", began.elapsed());
    let began = std::time::Instant::now();
    proxy.set(Weather::Late(60));
    stream.write_all(b"x").await.unwrap();
    wait::soon("the echo", stream.read_u8()).await.unwrap();
    assert!(began.elapsed().as_millis() >= 120, "{:?} for both ways", began.elapsed());
}
