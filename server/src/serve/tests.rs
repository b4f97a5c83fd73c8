//! The door: its limits, and that it closes in order.

use super::{Door, Patience};
use axum::Router;
use axum::routing::{get, post};
use pod_shared::limits::{CONNECTIONS_MAX, HTTP_HEADERS_MS_MAX, HTTP_STALL_MS_MAX};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: pod\r\n\r\n";

struct Open {
    address: SocketAddr,
    stopping: CancellationToken,
    door: JoinHandle<()>,
}

async fn open(patience: Patience) -> Open {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stopping = CancellationToken::new();
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/body", post(|body: axum::body::Bytes| async move { body.len().to_string() }));
    let mut door = Door::new(listener, router, stopping.clone());
    door.patience = patience;
    Open { address, stopping, door: tokio::spawn(door.serve()) }
}

/// What comes until "here" or the end.
async fn hear(stream: &mut TcpStream) -> String {
    let (mut heard, mut part) = (Vec::new(), [0; 1024]);
    while !String::from_utf8_lossy(&heard).ends_with("here") {
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => break,
            Ok(n) => heard.extend_from_slice(&part[..n]),
        }
    }
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn the_door_is_as_patient_as_the_limits_say() {
    let Patience { connections_max, headers, stall } = Patience::default();
    assert_eq!(connections_max, CONNECTIONS_MAX);
    assert_eq!([headers, stall], [HTTP_HEADERS_MS_MAX, HTTP_STALL_MS_MAX].map(Duration::from_millis));
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits_until_another_ends() {
    let open = open(Patience { connections_max: 1, ..Patience::default() }).await;
    let mut first = TcpStream::connect(open.address).await.unwrap();
    first.write_all(ASK).await.unwrap();
    assert!(hear(&mut first).await.contains("200 OK"));
    let mut second = TcpStream::connect(open.address).await.unwrap();
    second.write_all(ASK).await.unwrap();
    // The first goes on being served while the second waits.
    first.write_all(ASK).await.unwrap();
    assert!(hear(&mut first).await.contains("200 OK"));
    let mut byte = [0];
    assert!(second.try_read(&mut byte).is_err());
    drop(first);
    assert!(hear(&mut second).await.contains("200 OK"));
}

#[tokio::test]
async fn headers_that_come_too_slowly_end_the_connection() {
    let open = open(Patience { headers: Duration::from_millis(100), ..Patience::default() }).await;
    let mut slow = TcpStream::connect(open.address).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
    assert!(!hear(&mut slow).await.contains("200 OK"));
}

#[tokio::test]
async fn a_body_that_stops_coming_ends_the_connection_and_harms_no_other() {
    let open = open(Patience { stall: Duration::from_millis(200), ..Patience::default() }).await;
    let mut slow = TcpStream::connect(open.address).await.unwrap();
    slow.write_all(b"POST /body HTTP/1.1\r\nhost: pod\r\ncontent-length: 100\r\n\r\nhalf").await.unwrap();
    assert!(!hear(&mut slow).await.contains("200 OK"));
    let mut other = TcpStream::connect(open.address).await.unwrap();
    other.write_all(ASK).await.unwrap();
    assert!(hear(&mut other).await.contains("200 OK"));
}

#[tokio::test]
async fn when_the_server_stops_idle_connections_end_and_nobody_new_comes() {
    let open = open(Patience::default()).await;
    let mut idle = TcpStream::connect(open.address).await.unwrap();
    idle.write_all(ASK).await.unwrap();
    assert!(hear(&mut idle).await.contains("200 OK"));
    open.stopping.cancel();
    open.door.await.unwrap();
    assert_eq!(hear(&mut idle).await, "");
    assert!(TcpStream::connect(open.address).await.is_err());
}

#[test]
fn behind_a_proxy_the_address_is_the_one_that_the_proxy_itself_wrote() {
    let mut headers = axum::http::HeaderMap::new();
    headers.append("x-forwarded-for", "10.9.9.9, 10.9.9.8".parse().unwrap());
    // Some proxies write a line of their own below that of the person.
    headers.append("x-forwarded-for", "192.0.2.7".parse().unwrap());
    let origin = super::origin([127, 0, 0, 1].into(), crate::config::Proxy::Trusted, &headers);
    assert_eq!(origin.address, std::net::IpAddr::from([192, 0, 2, 7]));
}
