//! tus: what is kept when connections break, what is refused, and what an upload becomes.

use super::world::{Meta, Person, World, good, header, hex, refused, sha256, until, upload_id};
use crate::blobs::{Blobs, DiskBlobs};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pod_shared::content::{ActivityKind, Entry};
use pod_shared::{ErrorCode, Role};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 % 253) as u8).collect()
}

/// A PATCH that says it brings `length` bytes; the caller sends as many as it likes.
pub(super) async fn half_open(
    world: &World,
    who: &Person,
    path: &str,
    offset: u64,
    length: usize,
) -> TcpStream {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\ncontent-length: {length}\r\n\r\n",
        who.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Waits until the partial file has this length, without asking the service.
pub(super) async fn stored(world: &World, path: &str, length: u64) {
    let blobs = DiskBlobs::open(&world.dir.path().join("blobs")).unwrap();
    let name = upload_id(path).to_string();
    until("the bytes are in the file", async || {
        blobs.partial_state(&name).unwrap().filter(|state| state.length == length).map(|_| ())
    })
    .await;
}

#[tokio::test]
async fn the_server_says_what_it_speaks_to_anybody() {
    let world = World::new().await;
    let url = format!("http://{}/v1/uploads", world.address);
    let response = reqwest::Client::new().request(Method::OPTIONS, url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(header(&response, "tus-version"), "1.0.0");
    assert_eq!(header(&response, "tus-checksum-algorithm"), "sha256");
    assert!(header(&response, "tus-extension").contains("creation-with-upload"));
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down_and_is_told_once_begun_and_once_done() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = bytes(2_500_000);
    let meta = Meta::new(room, "보고서.pdf").with("sha256", hex(&sha256(&file))).with("modified_ms", 17);
    let entry = ann.upload_as(&meta, &file).await;
    assert!(bob.download(entry).await == file);
    let seen: Entry = good(bob.get(&format!("/v1/entries/{entry}")).await).await;
    assert_eq!((seen.name.as_str(), seen.size, seen.version), ("보고서.pdf", 2_500_000, 1));
    assert_eq!(seen.digest, hex(&sha256(&file)));
    let changes = ann.changes(room, 1).await;
    let kinds: Vec<_> = changes.activities.iter().take(2).map(|line| line.kind.clone()).collect();
    assert_eq!(kinds, [ActivityKind::UploadStarted, ActivityKind::Uploaded]);
    assert_eq!(changes.activities[0].upload, changes.activities[1].upload);
    assert!(changes.uploads.is_empty());
    let progress = world.progress.take().await;
    assert_eq!((progress[0].offset, progress[0].length), (2_500_000, 2_500_000));
    let pieces: i64 =
        world.database().query_row("SELECT count(*) FROM chunks", [], |row| row.get(0)).unwrap();
    assert_eq!(pieces, 3);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_cut_upload_resumes_at_the_last_stored_byte() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = bytes(3_000_000);
    let path = ann.begin(&Meta::new(room, "f"), file.len() as u64).await;
    let mut at = 0;
    for cut in [100_001, 700_003, 2_000_000] {
        let mut stream = half_open(&world, &ann, &path, at, file.len() - at as usize).await;
        stream.write_all(&file[at as usize..cut]).await.unwrap();
        stream.shutdown().await.unwrap();
        stored(&world, &path, cut as u64).await;
        drop(stream);
        at = ann.offset(&path).await;
        assert_eq!(at, cut as u64, "every byte that was sent is kept");
        let seen = ann.changes(room, 0).await.uploads;
        assert_eq!((seen[0].offset, seen[0].length), (cut as u64, file.len() as u64));
    }
    let world = world.restarted().await;
    let ann = world.device_of(ann.account);
    assert_eq!(ann.offset(&path).await, at);
    let last = ann.patch(&path, at, file[at as usize..].to_vec()).send().await.unwrap();
    assert_eq!(last.status(), StatusCode::NO_CONTENT);
    assert!(ann.download(header(&last, "pod-entry").parse().unwrap()).await == file);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_newest_request_takes_the_upload_from_a_half_open_one() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = bytes(90);
    let path = ann.begin(&Meta::new(room, "f"), 90).await;
    let mut silent = half_open(&world, &ann, &path, 0, 90).await;
    silent.write_all(&file[..40]).await.unwrap();
    stored(&world, &path, 40).await;
    assert_eq!(ann.offset(&path).await, 40, "HEAD is answered while the other still hangs");
    let mut another = half_open(&world, &ann, &path, 40, 50).await;
    another.write_all(&file[40..60]).await.unwrap();
    stored(&world, &path, 60).await;
    let done = ann.patch(&path, 60, file[60..].to_vec()).send().await.unwrap();
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert!(ann.download(header(&done, "pod-entry").parse().unwrap()).await == file);
    let mut answer = Vec::new();
    another.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 409"), "the one before is told that it lost its turn");
}

#[tokio::test]
async fn a_wrong_checksum_keeps_the_offset_and_a_right_one_counts() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let path = ann.begin(&Meta::new(room, "f"), 10).await;
    let with = |sum: &[u8], offset, part: &'static [u8]| {
        let sum = format!("sha256 {}", STANDARD.encode(sum));
        ann.patch(&path, offset, part).header("Upload-Checksum", sum).send()
    };
    let wrong = with(&sha256(b"other"), 0, b"01234").await.unwrap();
    assert_eq!(wrong.status().as_u16(), 460);
    assert_eq!(ann.offset(&path).await, 0);
    assert_eq!(with(&sha256(b"01234"), 0, b"01234").await.unwrap().status(), 204);
    assert_eq!(ann.offset(&path).await, 5);
    let unknown =
        ann.patch(&path, 5, &b"56789"[..]).header("Upload-Checksum", "md5 AAAA").send().await.unwrap();
    assert_eq!(refused(unknown).await, ErrorCode::BadRequest);
    let done = with(&sha256(b"56789"), 5, b"56789").await.unwrap();
    assert!(ann.download(header(&done, "pod-entry").parse().unwrap()).await == b"0123456789");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn bytes_with_a_checksum_that_never_came_whole_do_not_count() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let path = ann.begin(&Meta::new(room, "f"), 10).await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: 10\r\nupload-checksum: sha256 {}\r\n\r\n01234",
        ann.token,
        STANDARD.encode(sha256(b"0123456789"))
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stored(&world, &path, 5).await;
    assert_eq!(ann.changes(room, 0).await.uploads[0].offset, 0);
    assert_eq!(ann.offset(&path).await, 0);
    assert_eq!(ann.patch(&path, 0, &b"abcdefghij"[..]).send().await.unwrap().status(), 204);
}

#[tokio::test]
async fn a_file_without_its_promised_digest_is_refused_and_nothing_of_it_stays() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let meta = Meta::new(room, "f").with("sha256", hex(&sha256(b"promised")));
    let path = ann.begin(&meta, 5).await;
    assert_eq!(
        refused(ann.patch(&path, 0, &b"other"[..]).send().await.unwrap()).await,
        ErrorCode::DigestMismatch
    );
    assert_eq!(ann.tus(Method::HEAD, &path).send().await.unwrap().status(), 410);
    assert!(ann.list(room).await.is_empty());
    let last = ann.changes(room, 0).await.activities.pop().unwrap();
    assert_eq!((last.kind, last.upload), (ActivityKind::UploadCancelled, Some(upload_id(&path))));
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn repeating_a_creation_finds_the_same_upload() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let id = uuid::Uuid::now_v7();
    let meta = Meta::new(room, "f").with("id", id);
    let path = ann.begin(&meta, 4).await;
    assert_eq!(path, format!("/v1/uploads/{id}"));
    assert_eq!(ann.patch(&path, 0, &b"ab"[..]).send().await.unwrap().status(), 204);
    let again = ann.create(&meta, 4).await;
    assert_eq!((again.status().as_u16(), header(&again, "upload-offset")), (201, "2".into()));
    assert_eq!(refused(ann.create(&meta, 5).await).await, ErrorCode::IdReused);
    assert_eq!(refused(bob.create(&meta, 4).await).await, ErrorCode::IdReused);
    assert_eq!(ann.patch(&path, 2, &b"cd"[..]).send().await.unwrap().status(), 204);
    let done = ann.create(&meta, 4).await;
    assert_eq!((header(&done, "upload-offset"), header(&done, "pod-version")), ("4".into(), "1".into()));
    assert_eq!(ann.patch(&path, 4, &b""[..]).send().await.unwrap().status(), 204);
    assert_eq!(ann.list(room).await.len(), 1);
}

#[tokio::test]
async fn a_creation_can_bring_all_bytes_some_or_none() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    for (name, sent) in [("all", "0123"), ("some", "01"), ("none", "")] {
        let response = ann
            .tus(Method::POST, "/v1/uploads")
            .header("Upload-Length", 4)
            .header("Upload-Metadata", Meta::new(room, name).header())
            .header("Content-Type", "application/offset+octet-stream")
            .body(sent)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(header(&response, "upload-offset"), sent.len().to_string());
        assert_eq!(header(&response, "pod-entry").is_empty(), sent.len() < 4);
    }
    let empty = ann.upload(room, "empty", b"").await;
    assert!(ann.download(empty).await.is_empty());
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_name_again_is_a_new_version_of_the_same_file() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let first = ann.upload(room, "Plan.txt", b"one").await;
    let second = bob.upload(room, "plan.TXT", b"two").await;
    assert_eq!(first, second);
    let entry: Entry = good(ann.get(&format!("/v1/entries/{first}")).await).await;
    assert_eq!((entry.name.as_str(), entry.version, entry.modified_by), ("Plan.txt", 2, bob.account));
    assert_eq!(ann.changes(room, 0).await.activities.pop().unwrap().kind, ActivityKind::Modified);
    ann.folder(room, None, "folder").await;
    assert_eq!(refused(ann.create(&Meta::new(room, "FOLDER"), 1).await).await, ErrorCode::NameExists);
}

#[tokio::test]
async fn many_uploads_of_one_name_at_once_become_versions_without_a_gap() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let uploads = (0..8).map(|n| {
        let ann = ann.clone();
        tokio::spawn(async move { ann.upload(room, "same", &bytes(100_000 + n)).await })
    });
    let entries = futures_util::future::join_all(uploads).await;
    let first = *entries[0].as_ref().unwrap();
    assert!(entries.iter().all(|entry| *entry.as_ref().unwrap() == first));
    let entry: Entry = good(ann.get(&format!("/v1/entries/{first}")).await).await;
    assert_eq!(entry.version, 8);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_sender_and_a_manager_cancel_and_all_bytes_go() {
    let world = World::new().await;
    let (ann, bob, vic) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&bob, &vic]).await;
    let mine = bob.begin(&Meta::new(room, "mine"), 9).await;
    let other = bob.begin(&Meta::new(room, "other"), 9).await;
    bob.patch(&other, 0, &b"abc"[..]).send().await.unwrap();
    assert_eq!(refused(vic.tus(Method::DELETE, &mine).send().await.unwrap()).await, ErrorCode::RoleTooLow);
    for (who, path) in [(&bob, &mine), (&ann, &other), (&ann, &other)] {
        assert_eq!(who.tus(Method::DELETE, path).send().await.unwrap().status(), StatusCode::NO_CONTENT);
        assert_eq!(bob.tus(Method::HEAD, path).send().await.unwrap().status(), StatusCode::GONE);
        assert_eq!(refused(bob.patch(path, 0, &b"x"[..]).send().await.unwrap()).await, ErrorCode::Gone);
    }
    let changes = ann.changes(room, 3).await;
    let told: Vec<_> = changes.activities.iter().map(|line| (line.kind.clone(), line.by)).collect();
    let cancelled = ActivityKind::UploadCancelled;
    assert_eq!(told, [(cancelled.clone(), bob.account), (cancelled, ann.account)]);
    assert!(changes.uploads.is_empty());
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_upload_whose_folder_was_deleted_ends_and_says_so() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let folder: Entry = good(ann.folder(room, None, "a").await).await;
    let path = ann.begin(&Meta::new(room, "f").with("parent", folder.id), 3).await;
    ann.ask(Method::DELETE, &format!("/v1/entries/{}", folder.id)).send().await.unwrap();
    assert_eq!(refused(ann.patch(&path, 0, &b"abc"[..]).send().await.unwrap()).await, ErrorCode::Conflict);
    assert_eq!(ann.tus(Method::HEAD, &path).send().await.unwrap().status(), StatusCode::GONE);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_killed_server_left_is_finished_or_cleared_at_the_start() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let blobs = DiskBlobs::open(&world.dir.path().join("blobs")).unwrap();
    // Killed after the last byte, and killed after the renaming.
    for (name, renamed) in [("received", false), ("kept", true)] {
        let id = upload_id(&ann.begin(&Meta::new(room, name), 5).await).to_string();
        blobs.partial(&id).unwrap().append(b"12345").unwrap();
        if renamed {
            blobs.keep(&id).unwrap();
        }
    }
    let leftover = uuid::Uuid::now_v7().to_string();
    blobs.partial(&leftover).unwrap().append(b"x").unwrap();
    let orphan = uuid::Uuid::now_v7().to_string();
    blobs.partial(&orphan).unwrap();
    blobs.keep(&orphan).unwrap();
    assert_eq!(world.violations().len(), 2);

    let world = world.restarted().await;
    let ann = world.device_of(ann.account);
    until("both files are there", async || (ann.list(room).await.len() == 2).then_some(())).await;
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_upload_that_got_no_byte_for_too_long_is_dropped_and_told() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let path = ann.begin(&Meta::new(room, "f"), 9).await;
    ann.patch(&path, 0, &b"abc"[..]).send().await.unwrap();
    let week = std::time::Duration::from_secs(pod_shared::limits::UPLOAD_IDLE_S_MAX);
    let now = std::time::SystemTime::now();
    world.content.sweep(now + week - std::time::Duration::from_secs(60)).await.unwrap();
    assert_eq!(ann.offset(&path).await, 3);
    world.content.sweep(now + week + std::time::Duration::from_secs(60)).await.unwrap();
    assert_eq!(ann.tus(Method::HEAD, &path).send().await.unwrap().status(), StatusCode::GONE);
    assert_eq!(ann.changes(room, 0).await.activities.pop().unwrap().kind, ActivityKind::UploadCancelled);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_viewer_cannot_write_and_a_lowered_sender_loses_the_upload() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let path = bob.begin(&Meta::new(room, "f"), 100).await;
    let mut sending = half_open(&world, &bob, &path, 0, 100).await;
    sending.write_all(&[7; 10]).await.unwrap();
    stored(&world, &path, 10).await;
    let _carrier = world.settle_everything();
    ann.put_member(room, bob.account, Role::Viewer).await;
    let mut answer = vec![0; 12];
    sending.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 403");
    assert_eq!(refused(bob.create(&Meta::new(room, "g"), 1).await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(bob.folder(room, None, "g").await).await, ErrorCode::RoleTooLow);
    assert_eq!(bob.tus(Method::HEAD, &path).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    until("the bytes are gone", async || world.violations().is_empty().then_some(())).await;
    assert_eq!(ann.changes(room, 0).await.activities.pop().unwrap().kind, ActivityKind::UploadCancelled);
}
