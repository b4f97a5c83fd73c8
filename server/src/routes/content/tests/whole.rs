//! Small files whose bytes all come with their creation: one step, or nothing.

use super::uploads::bytes;
use super::world::{Meta, Person, World, good, header, hex, refused, sha256};
use pod_shared::content::{ActivityKind, Entry};
use pod_shared::{EntryId, ErrorCode, Role, limits};
use reqwest::{Method, Response};
use std::time::SystemTime;

pub(super) async fn created(who: &Person, meta: &Meta, body: Vec<u8>) -> Response {
    who.tus(Method::POST, "/v1/uploads")
        .header("Upload-Length", body.len())
        .header("Upload-Metadata", meta.header())
        .header("Content-Type", "application/offset+octet-stream")
        .body(body)
        .send()
        .await
        .unwrap()
}

impl Person {
    /// A small file, all bytes with its creation; answers its entry.
    pub(super) async fn whole(&self, meta: &Meta, bytes: &[u8]) -> EntryId {
        let answer = created(self, meta, bytes.to_vec()).await;
        assert_eq!(answer.status().as_u16(), 201, "{:?}", answer.text().await);
        header(&answer, "pod-entry").parse().unwrap()
    }
}

/// Every file below the folder of contents.
fn stored(world: &World) -> usize {
    let blobs = world.dir.path().join("blobs");
    let files =
        |folder: std::path::PathBuf| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files(blobs.join("partial")).count() + files(blobs.join("objects")).flat_map(files).count()
}

#[tokio::test]
async fn a_small_file_is_there_in_one_step_and_its_creation_can_be_repeated() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = bytes(usize::try_from(limits::UPLOAD_WHOLE_BYTES_MAX).unwrap());
    let meta = Meta::new(room, "f").with("id", uuid::Uuid::now_v7()).with("sha256", hex(&sha256(&file)));
    let first = created(&ann, &meta, file.clone()).await;
    assert_eq!((first.status().as_u16(), header(&first, "upload-offset")), (201, file.len().to_string()));
    let entry = header(&first, "pod-entry");
    let lines = ann.changes(room, 1).await.activities;
    assert_eq!(lines.iter().map(|line| line.kind.clone()).collect::<Vec<_>>(), [ActivityKind::Uploaded]);
    assert!(ann.download(entry.parse().unwrap()).await == file);
    let again = created(&ann, &meta, file.clone()).await;
    assert_eq!((header(&again, "pod-entry"), header(&again, "pod-version")), (entry.clone(), "1".into()));
    assert_eq!(ann.list(room).await.len(), 1);
    let seen: Entry = good(ann.get(&format!("/v1/entries/{entry}")).await).await;
    assert_eq!(seen.digest, hex(&sha256(&file)));
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_larger_file_is_seen_to_begin() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = bytes(usize::try_from(limits::UPLOAD_WHOLE_BYTES_MAX).unwrap() + 1);
    let made = created(&ann, &Meta::new(room, "f"), file).await;
    assert!(!header(&made, "pod-entry").is_empty());
    assert_eq!(ann.changes(room, 1).await.activities[0].kind, ActivityKind::UploadStarted);
}

#[tokio::test]
async fn an_upload_that_began_before_goes_on_in_the_usual_way() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let meta = Meta::new(room, "f").with("id", uuid::Uuid::now_v7());
    let path = ann.begin(&meta, 4).await;
    assert_eq!(ann.patch(&path, 0, &b"ab"[..]).send().await.unwrap().status(), 204);
    let again = created(&ann, &meta, b"abcd".to_vec()).await;
    assert_eq!((header(&again, "upload-offset"), header(&again, "pod-entry")), ("2".into(), String::new()));
    let done = ann.patch(&path, 2, &b"cd"[..]).send().await.unwrap();
    assert!(ann.download(header(&done, "pod-entry").parse().unwrap()).await == b"abcd");
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let _settling = world.settle_everything();
    ann.put_member(room, bob.account, Role::Viewer).await;
    let id = uuid::Uuid::now_v7();
    created(&ann, &Meta::new(room, "one").with("id", id), b"one".to_vec()).await;
    let before = stored(&world);
    let other = Meta::new(room, "f").with("sha256", hex(&sha256(b"promised")));
    assert_eq!(refused(created(&ann, &other, b"other".to_vec()).await).await, ErrorCode::DigestMismatch);
    let viewer = created(&bob, &Meta::new(room, "f"), b"bytes".to_vec()).await;
    assert_eq!(refused(viewer).await, ErrorCode::RoleTooLow);
    let theirs = created(&bob, &Meta::new(room, "one").with("id", id), b"two".to_vec()).await;
    assert_eq!(refused(theirs).await, ErrorCode::IdReused);
    assert_eq!((stored(&world), ann.list(room).await.len()), (before, 1));
    assert_eq!(ann.changes(room, 0).await.uploads, Vec::new());
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_sweep_leaves_alone_what_is_being_made() {
    let world = World::new().await;
    let made = world.content.inner.making.name();
    let blobs = &world.content.inner.blobs;
    blobs.partial(made.name()).unwrap().append(b"whole").unwrap();
    blobs.keep(made.name()).unwrap();
    world.content.sweep(SystemTime::now()).await.unwrap();
    assert!(blobs.open(made.name()).is_ok());
    let name = made.name().to_owned();
    drop(made);
    world.content.sweep(SystemTime::now()).await.unwrap();
    assert!(blobs.open(&name).is_err());
}
