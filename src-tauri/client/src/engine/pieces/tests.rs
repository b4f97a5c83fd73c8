//! Pieces from a server that cuts, refuses and answers with something else.

use super::{Stretch, fetch, read};
use crate::command::Secret;
use crate::net::{Endpoint, Net};
use pod_shared::auth::TokenAnswer;
use pod_shared::{ErrorBody, ErrorCode, limits};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PATH: &str = "/v1/entries/x/content?version=1&quiet=true";

/// What the server does with the next request for bytes.
#[derive(Clone, Debug)]
enum Turn {
    Serve,
    /// So many bytes of it, and then the connection ends.
    Cut(usize),
    /// Another range than was asked for.
    Elsewhere,
    Whole,
    Refuse(ErrorCode),
    HangUp,
}

#[derive(Clone, Default)]
struct Book {
    turns: Arc<Mutex<Vec<Turn>>>,
    ranges: Arc<Mutex<Vec<String>>>,
}

fn content() -> Vec<u8> {
    (0..50_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

/// A server that takes its turns in this order and then serves.
async fn server(turns: &[Turn]) -> (Net, Book) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let book = Book::default();
    *book.turns.lock().unwrap() = turns.iter().rev().cloned().collect();
    let served = book.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, served.clone()));
        }
    });
    let net = Net::default();
    net.sign_in(Endpoint { url, fingerprint: None }, Secret("device".into())).unwrap();
    (net, book)
}

async fn talk(mut stream: TcpStream, book: Book) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut more = [0; 1024];
        let Ok(read @ 1..) = stream.read(&mut more).await else { return };
        head.extend_from_slice(&more[..read]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    if head.starts_with("POST") {
        let token = TokenAnswer {
            token: "content".into(),
            expires_in_s: 300,
            content_url: String::new(),
            content_fingerprint: None,
        };
        let body = serde_json::to_vec(&token).unwrap();
        return say(&mut stream, "200 OK", "", &body).await;
    }
    let range = head.lines().find_map(|line| line.strip_prefix("range: bytes=")).unwrap_or("none").to_owned();
    book.ranges.lock().unwrap().push(range.clone());
    let turn = book.turns.lock().unwrap().pop().unwrap_or(Turn::Serve);
    let (from, to) = range.split_once('-').unwrap();
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
    let all = content();
    let about = |from: usize| format!("content-range: bytes {from}-{to}/{}\r\n", all.len());
    match turn {
        Turn::Serve => say(&mut stream, "206 Partial Content", &about(from), &all[from..=to]).await,
        Turn::Cut(bytes) => {
            let head = format!(
                "HTTP/1.1 206 Partial Content\r\n{}content-length: {}\r\n\r\n",
                about(from),
                to + 1 - from
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&all[from..from + bytes]).await.unwrap();
        }
        Turn::Elsewhere => say(&mut stream, "206 Partial Content", &about(from + 1), &all[from..=to]).await,
        Turn::Whole => say(&mut stream, "200 OK", "", &all).await,
        Turn::Refuse(code) => {
            let body = serde_json::to_vec(&ErrorBody::new(code, "")).unwrap();
            say(&mut stream, "403 Forbidden", "", &body).await;
        }
        Turn::HangUp => {}
    }
}

async fn say(stream: &mut TcpStream, status: &str, about: &str, body: &[u8]) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{about}content-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let _ = stream.shutdown().await;
}

const PATIENCE: Duration = Duration::from_millis(limits::LOOK_PATIENCE_MS);
const STRETCH: Stretch = Stretch { from: 1_000, bytes: 60_000 };

#[tokio::test]
async fn a_piece_is_exactly_the_range_that_is_asked_for() {
    let (net, book) = server(&[]).await;
    let piece = fetch(&net, PATH, STRETCH, Duration::ZERO).await.unwrap();
    assert_eq!(piece, content()[1_000..61_000]);
    assert_eq!(*book.ranges.lock().unwrap(), ["1000-60999"]);
}

#[tokio::test]
async fn after_a_cut_only_the_rest_is_asked_for() {
    let turns = [Turn::Cut(20_000), Turn::HangUp, Turn::Refuse(ErrorCode::Unavailable), Turn::Cut(500)];
    let (net, book) = server(&turns).await;
    let piece = fetch(&net, PATH, STRETCH, PATIENCE).await.unwrap();
    assert_eq!(piece, content()[1_000..61_000]);
    let ranges = book.ranges.lock().unwrap().clone();
    assert_eq!(ranges, ["1000-60999", "21000-60999", "21000-60999", "21000-60999", "21500-60999"]);
}

#[tokio::test]
async fn what_does_not_come_is_given_up_when_patience_ends() {
    let (net, _) = server(&[Turn::HangUp, Turn::HangUp]).await;
    let error = fetch(&net, PATH, STRETCH, Duration::ZERO).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
}

#[tokio::test]
async fn a_removed_member_is_refused_at_once() {
    for code in [ErrorCode::NotFound, ErrorCode::RoleTooLow, ErrorCode::Gone] {
        let (net, book) = server(&[Turn::Refuse(code)]).await;
        let error = fetch(&net, PATH, STRETCH, PATIENCE).await.unwrap_err();
        assert_eq!((error.code, book.ranges.lock().unwrap().len()), (code, 1));
    }
}

#[tokio::test]
async fn other_bytes_than_were_asked_for_are_never_taken() {
    for turn in [Turn::Elsewhere, Turn::Whole] {
        let (net, _) = server(&[turn]).await;
        let error = fetch(&net, PATH, STRETCH, PATIENCE).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::FileChanged);
    }
}

#[test]
fn a_file_that_became_shorter_gives_no_piece() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, &content()[..30_000]).unwrap();
    assert!(read(&path, STRETCH).is_err());
    let piece = read(&path, Stretch { from: 10, bytes: 20 }).unwrap();
    assert_eq!(piece, content()[10..30]);
}
