//! The door of the player against everybody who may knock.

use super::{
    Film, Piece, Player, Source,
    span::{Asked, Span, read},
    tickets::{TICKETS_MAX, WINDOW_TICKETS_MAX},
};
use crate::engine::refused;
use pod_shared::{EntryId, ErrorCode, limits::LOOK_PIECE_BYTES_MAX};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

const SIZE: u64 = 9 * 1024 * 1024;

/// A pod that gives bytes by their place until it is told to refuse.
#[derive(Clone, Default)]
struct Pod {
    asked: Arc<Mutex<Vec<(u64, u64)>>>,
    refuses: Arc<AtomicBool>,
}

fn byte(at: u64) -> u8 {
    u8::try_from(at.wrapping_mul(31) >> 3 & 0xff).unwrap()
}

impl Pod {
    fn source(&self) -> Source {
        let pod = self.clone();
        Arc::new(move |Piece { from, bytes, .. }| {
            let pod = pod.clone();
            Box::pin(async move {
                pod.asked.lock().unwrap().push((from, bytes));
                if pod.refuses.load(Ordering::Relaxed) {
                    return Err(refused(ErrorCode::NotFound, "no member"));
                }
                Ok((from..from + bytes).map(byte).collect())
            })
        })
    }

    fn fetched(&self) -> u64 {
        self.asked.lock().unwrap().iter().map(|(_, bytes)| bytes).sum()
    }
}

fn film() -> Film {
    Film { entry: EntryId(Uuid::now_v7()), version: 3, size: SIZE, mime: "video/webm" }
}

/// Host and port, and the path of an address.
fn parts(url: &str) -> (String, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, token) = rest.split_once('/').unwrap();
    (host.to_owned(), format!("/{token}"))
}

struct Said {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// One request, as somebody writes it; reads at most so many bytes of the answer's body.
async fn ask(host: &str, request: &str, most: usize) -> Said {
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let head = all.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4);
        if head.is_some_and(|head| all.len() - head >= most) {
            break;
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(read) => all.extend_from_slice(&piece[..read]),
        }
    }
    let end = all.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8(all[..end].to_vec()).unwrap().to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Said { status, head, body: all[end..].to_vec() }
}

async fn get(url: &str, more: &str) -> Said {
    let (host, path) = parts(url);
    ask(&host, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n"), usize::MAX).await
}

#[tokio::test]
async fn a_range_is_answered_with_its_bytes_and_nothing_else_is_fetched() {
    let (player, pod) = (Player::bind(), Pod::default());
    let playing = player.begin("main", film(), pod.source()).unwrap();
    let said = get(&playing.url, "Range: bytes=5000000-5000099\r\nSec-Fetch-Dest: video\r\n").await;
    assert_eq!((said.status, said.body), (206, (5_000_000..5_000_100).map(byte).collect()));
    for about in [
        format!("content-range: bytes 5000000-5000099/{SIZE}"),
        "content-type: video/webm".to_owned(),
        "x-content-type-options: nosniff".to_owned(),
        "cache-control: no-store".to_owned(),
    ] {
        assert!(said.head.contains(&about), "{about} in {}", said.head);
    }
    assert!(!said.head.contains("access-control"), "no page may read it: {}", said.head);
    assert_eq!(*pod.asked.lock().unwrap(), [(5_000_000, 100)]);
    assert_eq!(player.standing("main", playing.number).unwrap().fetched, 100);
}

#[tokio::test]
async fn the_whole_comes_in_pieces_that_are_fetched_as_they_are_taken() {
    let (player, pod) = (Player::bind(), Pod::default());
    let playing = player.begin("main", film(), pod.source()).unwrap();
    let said = get(&playing.url, "").await;
    assert_eq!((said.status, said.body.len() as u64), (200, SIZE));
    assert!(said.body.iter().zip(0..).all(|(got, at)| *got == byte(at)));
    let asked = pod.asked.lock().unwrap().clone();
    assert!(asked.iter().all(|(_, bytes)| *bytes <= LOOK_PIECE_BYTES_MAX), "{asked:?}");
    assert_eq!(pod.fetched(), SIZE);

    // Who takes only the beginning and waits costs what fits into the way, not the film.
    let large = Film { size: 4 << 30, ..film() };
    let pod = Pod::default();
    let playing = player.begin("main", large, pod.source()).unwrap();
    let (host, path) = parts(&playing.url);
    let said = ask(&host, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"), 100_000).await;
    assert_eq!(said.status, 200);
    assert!(pod.fetched() < 64 << 20, "{} bytes were fetched", pod.fetched());
}

#[tokio::test]
async fn whoever_is_not_the_page_with_its_ticket_gets_nothing() {
    let (player, pod) = (Player::bind(), Pod::default());
    let playing = player.begin("main", film(), pod.source()).unwrap();
    let (host, path) = parts(&playing.url);
    let port = host.split_once(':').unwrap().1;
    let wrong = format!("/{}", "0".repeat(64));
    let upper = path.to_uppercase();
    let cases = [
        (404, format!("GET {wrong} HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (404, format!("GET {upper} HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (404, format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (404, format!("GET /../..{path} HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (404, format!("GET {path}/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (404, format!("GET {} HTTP/1.1\r\nHost: {host}\r\n\r\n", &path[..path.len() - 1])),
        (403, format!("GET {path}?x=1 HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n")),
        (403, format!("GET http://evil.example{path} HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: null\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Dest: document\r\n\r\n")),
        (403, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Dest: script\r\n\r\n")),
        (405, format!("HEAD {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (405, format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")),
        (405, format!("OPTIONS {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")),
        (416, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nRange: bytes={SIZE}-\r\n\r\n")),
    ];
    for (status, request) in cases {
        let said = ask(&host, &request, usize::MAX).await;
        assert_eq!((said.status, said.body.len()), (status, 0), "{request}");
    }
    assert_eq!(pod.fetched(), 0);
    let said = get(&playing.url, "Origin: tauri://localhost\r\nRange: bytes=0-9\r\n").await;
    assert_eq!(said.status, 206);
}

#[tokio::test]
async fn who_may_read_it_no_more_gets_no_further_range() {
    let (player, pod) = (Player::bind(), Pod::default());
    let playing = player.begin("main", film(), pod.source()).unwrap();
    assert_eq!(get(&playing.url, "Range: bytes=0-9\r\n").await.status, 206);
    pod.refuses.store(true, Ordering::Relaxed);
    let said = get(&playing.url, "Range: bytes=10-19\r\n").await;
    assert_eq!((said.status, said.body.len()), (403, 0));
    let error = player.standing("main", playing.number).unwrap().error.unwrap();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_ticket_ends_with_its_window_and_is_of_no_other() {
    let (player, pod) = (Player::bind(), Pod::default());
    let mine = player.begin("folder-a", film(), pod.source()).unwrap();
    let other = player.begin("folder-b", film(), pod.source()).unwrap();
    assert_ne!(mine.url, other.url);
    player.end("folder-b", Some(mine.number));
    assert!(player.standing("folder-b", mine.number).is_none());
    assert_eq!(get(&mine.url, "Range: bytes=0-9\r\n").await.status, 206);
    player.end("folder-a", None);
    assert_eq!(get(&mine.url, "Range: bytes=0-9\r\n").await.status, 404);
    assert_eq!(get(&other.url, "Range: bytes=0-9\r\n").await.status, 206);
}

#[tokio::test]
async fn what_is_played_when_its_ticket_ends_stops() {
    let (player, pod) = (Player::bind(), Pod::default());
    let large = Film { size: 4 << 30, ..film() };
    let playing = player.begin("main", large, pod.source()).unwrap();
    let (host, path) = parts(&playing.url);
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.read_exact(&mut vec![0; 300_000]).await.unwrap();
    player.end("main", Some(playing.number));
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.len() < 64 << 20, "{} bytes came after the end", rest.len());
}

#[test]
fn a_window_has_a_few_films_and_all_windows_a_limited_number() {
    let (player, pod) = (Player::bind(), Pod::default());
    let of = |window: &str| player.begin(window, film(), pod.source()).unwrap();
    let first = of("main");
    for _ in 1..WINDOW_TICKETS_MAX {
        of("main");
    }
    assert!(player.standing("main", first.number).is_some());
    of("main");
    assert!(player.standing("main", first.number).is_none());
    let early = of("room-0");
    for n in 0..TICKETS_MAX {
        of(&format!("room-{}", n + 1));
    }
    assert!(player.standing("room-0", early.number).is_none());
}

#[test]
fn ranges_are_read_as_the_rfc_says() {
    let part = |from, to| Asked::Part(Span { from, to });
    let cases = [
        (None, Asked::Whole),
        (Some("bytes=0-"), part(0, 100)),
        (Some("bytes=0-0"), part(0, 1)),
        (Some("bytes=90-200"), part(90, 100)),
        (Some("bytes=-10"), part(90, 100)),
        (Some("bytes=-500"), part(0, 100)),
        (Some("bytes=-0"), Asked::Beyond),
        (Some("bytes=100-"), Asked::Beyond),
        (Some("bytes=99999999999999999999999-"), Asked::Beyond),
        (Some("bytes=5-4"), Asked::Whole),
        (Some("bytes=-"), Asked::Whole),
        (Some("bytes=0-1,5-6"), Asked::Whole),
        (Some("bytes=+1-2"), Asked::Whole),
        (Some("items=0-1"), Asked::Whole),
    ];
    for (range, asked) in cases {
        assert_eq!(read(range, 100), asked, "{range:?}");
    }
    assert_eq!(read(Some("bytes=0-"), 0), Asked::Beyond);
}
