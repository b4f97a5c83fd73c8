//! Downloads: ranges and tags over the socket, names in headers, told once, cut when the right is lost.

use super::world::{Person, World, good, header, until};
use crate::access::now_s;
use futures_util::StreamExt;
use pod_shared::EntryId;
use pod_shared::content::{ActivityKind, Settled};
use pod_shared::interlock::Revocation;
use reqwest::{Method, StatusCode};

async fn ranged(who: &Person, entry: EntryId, headers: &[(&str, &str)]) -> (u16, String, Vec<u8>) {
    let mut request = who.ask(Method::GET, &format!("/v1/entries/{entry}/content"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, range) = (response.status().as_u16(), header(&response, "content-range"));
    (status, range, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn parts_and_tags_are_answered_as_http_says() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let entry = ann.upload(room, "f", b"0123456789").await;
    let head = ann.ask(Method::HEAD, &format!("/v1/entries/{entry}/content")).send().await.unwrap();
    let etag = header(&head, "etag");
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, "10".into()));
    assert_eq!(etag.len(), 66);
    let part = |text: &str, body: &[u8]| (206, text.to_owned(), body.to_vec());
    let whole = || (200, String::new(), b"0123456789".to_vec());
    assert_eq!(ranged(&ann, entry, &[("range", "bytes=2-4")]).await, part("bytes 2-4/10", b"234"));
    assert_eq!(ranged(&ann, entry, &[("range", "bytes=7-")]).await, part("bytes 7-9/10", b"789"));
    assert_eq!(
        ranged(&ann, entry, &[("range", "bytes=-2"), ("if-range", &etag)]).await,
        part("bytes 8-9/10", b"89")
    );
    assert_eq!(ranged(&ann, entry, &[("range", "bytes=2-4"), ("if-range", "\"old\"")]).await, whole());
    assert_eq!(ranged(&ann, entry, &[("range", "bytes=10-")]).await, (416, "bytes */10".into(), Vec::new()));
    assert_eq!(ranged(&ann, entry, &[("if-none-match", &etag)]).await, (304, String::new(), Vec::new()));
    assert_eq!(ranged(&ann, entry, &[("if-none-match", "\"old\"")]).await, whole());
}

#[tokio::test]
async fn what_is_uploaded_is_never_shown_in_place_and_keeps_its_name() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let entry = ann.upload(room, "보고 'x'%.html", b"<script>").await;
    let response = ann.get(&format!("/v1/entries/{entry}/content")).await;
    assert_eq!(header(&response, "content-type"), "application/octet-stream");
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert_eq!(
        header(&response, "content-disposition"),
        "attachment; filename=\"__ 'x'_.html\"; filename*=UTF-8''%EB%B3%B4%EA%B3%A0%20%27x%27%25.html"
    );
}

#[tokio::test]
async fn a_download_is_told_once_for_each_person_and_version() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let entry = ann.upload(room, "f", &[5; 300_000]).await;
    ranged(&bob, entry, &[("range", "bytes=0-9")]).await;
    bob.ask(Method::HEAD, &format!("/v1/entries/{entry}/content")).send().await.unwrap();
    for _ in 0..2 {
        bob.download(entry).await;
    }
    let told = async || {
        let lines = ann.changes(room, 0).await.activities;
        lines.into_iter().filter(|line| line.kind == ActivityKind::Downloaded).collect::<Vec<_>>()
    };
    until("the first download is told", async || (!told().await.is_empty()).then_some(())).await;
    // Of what a linked folder fetches nobody is told: it would stand before the next one.
    ann.upload(room, "f", &[6; 9]).await;
    let quiet = bob.get(&format!("/v1/entries/{entry}/content?quiet=true")).await;
    assert_eq!(quiet.bytes().await.unwrap().len(), 9);
    ann.upload(room, "f", &[7; 9]).await;
    bob.download(entry).await;
    until("the next version is told", async || (told().await.len() == 2).then_some(())).await;
    let told = told().await;
    assert_eq!((told[0].by, told[0].version, told[1].version), (bob.account, 1, 3));
    assert_eq!(world.violations(), Vec::<String>::new());
}

/// Bytes beyond what sockets and queues can hold.
const LARGE: usize = 48 * 1024 * 1024;

async fn begun(
    who: &Person,
    entry: EntryId,
) -> impl futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Unpin {
    let response = who.get(&format!("/v1/entries/{entry}/content")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut bytes = Box::pin(response.bytes_stream());
    bytes.next().await.unwrap().unwrap();
    bytes
}

async fn cut_short(
    mut bytes: impl futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Unpin,
) -> bool {
    let mut got = 0;
    while let Some(piece) = bytes.next().await {
        match piece {
            Ok(piece) => got += piece.len(),
            Err(_) => return got < LARGE - 1,
        }
    }
    false
}

#[tokio::test]
async fn a_removed_member_is_cut_in_the_middle_and_the_others_are_not() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let entry = ann.upload(room, "f", &vec![1; LARGE]).await;
    let (going, staying) = (begun(&bob, entry).await, begun(&ann, entry).await);
    let _carrier = world.settle_everything();
    good::<Settled>(ann.remove_member(room, bob.account).await).await;
    assert!(cut_short(going).await);
    assert!(!cut_short(staying).await);
}

#[tokio::test]
async fn a_signed_out_device_is_cut_in_the_middle() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let entry = ann.upload(room, "f", &vec![1; LARGE]).await;
    let (going, other) = (begun(&ann, entry).await, world.device_of(ann.account));
    let staying = begun(&other, entry).await;
    world.access.revoke(&[Revocation { seq: 1, device: ann.device, at_s: now_s() }]);
    assert!(cut_short(going).await);
    assert!(!cut_short(staying).await);
}
