//! HTTP bodies, headers and paths that are not what they should be.

use pod_shared::{EntryId, ErrorCode, limits};
use pod_tests::device::{Device, refusal, refused};
use pod_tests::{World, both_ways, wait};
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

both_ways!(json_of_the_wrong_kind_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let id = EntryId(Uuid::now_v7());
    for body in [
        String::new(),
        "{".into(),
        "null".into(),
        "[]".into(),
        "\"x\"".into(),
        "{\"id\":5,\"name\":\"x\"}".into(),
        format!("{{\"id\":\"{id}\"}}"),
        format!("{{\"id\":\"{id}\",\"name\":5}}"),
        format!("{{\"id\":\"{id}\",\"name\":\"x\",\"parent\":\"top\"}}"),
        "{\"id\":\"not-an-id\",\"name\":\"x\"}".into(),
    ] {
        let request = alice.request(Method::POST, &format!("/v1/rooms/{room}/folders"));
        let request = request.header("content-type", "application/json").body(body);
        refused(request.send().await.unwrap(), ErrorCode::BadRequest).await;
    }
});

both_ways!(a_body_beyond_the_limit_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(limits::JSON_BODY_BYTES_MAX));
    for path in [format!("/v1/rooms/{room}/folders"), "/v1/groups".into()] {
        let request = alice.request(Method::POST, &path).header("content-type", "application/json");
        refused(request.body(large.clone()).send().await.unwrap(), ErrorCode::TooLarge).await;
    }
});

both_ways!(a_path_or_query_that_means_nothing_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    for path in [
        "/v1/rooms/nonsense/entries".to_owned(),
        "/v1/entries/nonsense/content".to_owned(),
        format!("/v1/rooms/{room}/changes?after=minus"),
        format!("/v1/rooms/{room}/changes?limit=-1"),
        format!("/v1/rooms/{room}/entries?parent=top"),
    ] {
        let code = refusal(alice.get(&path).await).await.code;
        assert!(matches!(code, ErrorCode::BadRequest | ErrorCode::NotFound), "{path}: {code}");
    }
    for path in ["/v1/rooms/../../etc/passwd", "/v1/..%2f..%2fetc%2fpasswd", "/nothing", "/v1/nothing"] {
        refused(alice.get(path).await, ErrorCode::NotFound).await;
    }
    let wrong_verb = alice.request(Method::DELETE, "/v1/groups").send().await.unwrap();
    assert_eq!(wrong_verb.status(), 405);
});

both_ways!(a_page_is_never_larger_than_its_limit, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let room = alice.group("Attic", &[]).await;
    let over = limits::CONTENT_PAGE_MAX + 1;
    for path in
        [format!("/v1/rooms/{room}/entries?limit={over}"), format!("/v1/rooms/{room}/changes?limit={over}")]
    {
        let answer = alice.get(&path).await;
        if !answer.status().is_success() {
            refused(answer, ErrorCode::BadRequest).await;
        }
    }
});

/// What a server answers to raw bytes, until it closes.
async fn raw(url: &str, bytes: &[u8]) -> String {
    let authority = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = wait::soon("the server to close", stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

both_ways!(headers_beyond_the_limit_are_refused_and_the_server_lives, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let header = "x".repeat(limits::HTTP_HEADERS_BYTES_MAX);
    for url in [world.url(), world.content_url()] {
        let request =
            format!("GET /v1/server HTTP/1.1\r\nhost: x\r\nx-long: {header}\r\nconnection: close\r\n\r\n");
        let answer = raw(&url, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{}", answer.lines().next().unwrap_or("no answer"));
        let answer = raw(&url, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03nonsense\r\n\r\n").await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    assert_eq!(alice.get("/v1/groups").await.status(), 200);
});

both_ways!(a_client_that_never_ends_its_headers_is_cut, async |world: &mut World| {
    let authority = world.content_url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(authority).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    let limit = std::time::Duration::from_millis(limits::HTTP_HEADERS_MS_MAX * 3);
    let mut answer = Vec::new();
    let _ = wait::within(limit, "a slow client to be cut", stream.read_to_end(&mut answer)).await;
    assert!(!String::from_utf8_lossy(&answer).contains(" 200 "));
});
