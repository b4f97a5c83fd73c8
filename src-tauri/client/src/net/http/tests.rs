//! An answer is read up to a limit, however long the server makes it.

use super::Http;
use crate::net::endpoint::Endpoint;
use pod_shared::{ErrorCode, limits};
use std::io::{Read, Write};
use std::net::TcpListener;

/// A server that answers one request with this many bytes of JSON text, and says nothing of its length.
fn server(status: &'static str, bytes: usize) -> Http {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let mut answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n\"").into_bytes();
        answer.resize(answer.len() + bytes - 2, b'a');
        answer.push(b'"');
        // Whoever has read enough hangs up.
        let _ = stream.write_all(&answer);
    });
    Http::new(Endpoint { url, fingerprint: None }).unwrap()
}

#[tokio::test]
async fn an_answer_is_as_long_as_the_limit_and_no_longer() {
    let text: String = server("200 OK", limits::JSON_ANSWER_BYTES_MAX).get("/v1/x", None).await.unwrap();
    assert_eq!(text.len(), limits::JSON_ANSWER_BYTES_MAX - 2);
    let refused = server("200 OK", limits::JSON_ANSWER_BYTES_MAX + 1).get::<String>("/v1/x", None).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::TooLarge);
}

#[tokio::test]
async fn an_endless_refusal_is_a_refusal_all_the_same() {
    let refused = server("503 Busy", 64 * 1024 * 1024).get::<String>("/v1/x", None).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unavailable);
}
