//! Tokens over a line that died without a word.

use super::{Endpoint, Net};
use crate::command::Secret;
use pod_shared::auth::TokenAnswer;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Answers the first request of each connection with a token that names the connection, and nothing after that.
async fn once(mut stream: TcpStream, number: usize) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        assert!(stream.read_buf(&mut request).await.unwrap() > 0, "a request for a token");
    }
    let token = TokenAnswer {
        token: format!("token {number}"),
        expires_in_s: 300,
        content_url: String::new(),
        content_fingerprint: None,
    };
    let body = serde_json::to_string(&token).unwrap();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
    stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test]
async fn after_a_sleep_nothing_is_asked_on_a_line_that_may_be_dead() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(once(stream, counted.fetch_add(1, Ordering::SeqCst) + 1));
        }
    });
    let net = Net::default();
    net.sign_in(Endpoint { url, fingerprint: None }, Secret("device".into())).unwrap();
    assert_eq!(&*net.messenger().await.unwrap().bearer, "token 1");
    net.new_lines().unwrap();
    let second = tokio::time::timeout(Duration::from_secs(20), net.messenger()).await;
    assert_eq!(&*second.expect("no wait for the dead line").unwrap().bearer, "token 2");
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}
