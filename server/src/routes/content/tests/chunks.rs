//! Of a file that changed only what changed moves, for who may read both: chunk lists, and bytes copied at the server.

use super::instant::noise;
use super::world::{Meta, Person, World, header, hex, refused, sha256};
use pod_shared::content::{Chunk, CopyPart, chunks_of, cut};
use pod_shared::{EntryId, ErrorCode, Role, limits};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

impl Person {
    async fn chunks(&self, entry: EntryId, query: &str) -> Response {
        self.get(&format!("/v1/entries/{entry}/chunks{query}")).await
    }

    async fn copy(&self, upload: &str, part: CopyPart) -> Response {
        self.send(Method::POST, &format!("{upload}/copy"), &part).await
    }
}

fn part(offset: u64, entry: EntryId, version: u32, from: u64, bytes: u64) -> CopyPart {
    CopyPart { offset, entry, version, from, bytes }
}

#[tokio::test]
async fn a_new_version_is_put_together_of_an_old_one_and_what_changed() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let old = noise(1, 900_000);
    let file = ann.upload(room, "film", &old).await;
    let answer = bob.chunks(file, "?version=1").await;
    assert_eq!(header(&answer, "etag"), format!("\"{}\"", hex(&sha256(&old))));
    let list = chunks_of(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(list, cut(&old[..]).collect::<Result<Vec<Chunk>, _>>().unwrap());
    let mut new = old.clone();
    new.splice(400_000..400_000, *b"in between");
    let meta =
        Meta::new(room, "film").with("entry", file).with("version", 1).with("sha256", hex(&sha256(&new)));
    let upload = bob.begin(&meta, new.len() as u64).await;
    let copied = bob.copy(&upload, part(0, file, 1, 0, 400_000)).await;
    assert_eq!(
        (copied.status(), header(&copied, "upload-offset")),
        (StatusCode::NO_CONTENT, "400000".into())
    );
    // Again, as after a lost answer: the offset tells.
    let again = bob.copy(&upload, part(0, file, 1, 0, 400_000)).await;
    assert_eq!(refused(again).await, ErrorCode::OffsetMismatch);
    bob.patch(&upload, 400_000, b"in between".to_vec()).send().await.unwrap();
    let last = bob.copy(&upload, part(400_010, file, 1, 400_000, 500_000)).await;
    assert_eq!((header(&last, "pod-entry"), header(&last, "pod-version")), (file.to_string(), "2".into()));
    assert!(ann.download(file).await == new);
    assert_eq!(ann.chunks(file, "").await.status(), StatusCode::OK);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn who_may_not_read_a_file_gets_none_of_it_by_its_chunks() {
    let world = World::new().await;
    let (ann, vic, eve) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&vic]).await;
    ann.put_member(room, vic.account, Role::Viewer).await;
    let file = ann.upload(room, "film", &noise(1, 300_000)).await;
    let own = eve.group(&[]).await;
    let nowhere = EntryId(Uuid::now_v7());
    for entry in [file, nowhere] {
        assert_eq!(refused(eve.chunks(entry, "").await).await, ErrorCode::NotFound);
        let upload = eve.begin(&Meta::new(own, "mine"), 300_000).await;
        assert_eq!(refused(eve.copy(&upload, part(0, entry, 1, 0, 10)).await).await, ErrorCode::NotFound);
        assert_eq!(eve.offset(&upload).await, 0);
    }
    // Into the upload of another person nobody copies.
    let upload = ann.begin(&Meta::new(room, "hers"), 300_000).await;
    assert_eq!(refused(vic.copy(&upload, part(0, file, 1, 0, 10)).await).await, ErrorCode::NotFound);
    for (wrong, code) in [
        (part(0, file, 1, 299_995, 10), ErrorCode::BadRequest),
        (part(0, file, 1, u64::MAX, 10), ErrorCode::BadRequest),
        (part(0, file, 1, 0, 0), ErrorCode::BadRequest),
        (part(0, file, 2, 0, 10), ErrorCode::NotFound),
        (part(0, file, 1, 0, limits::UPLOAD_COPY_BYTES_MAX + 1), ErrorCode::TooLarge),
    ] {
        assert_eq!(refused(ann.copy(&upload, wrong).await).await, code, "{wrong:?}");
    }
    assert_eq!(refused(ann.chunks(file, "?version=2").await).await, ErrorCode::NotFound);
    assert_eq!(vic.chunks(file, "").await.status(), StatusCode::OK);
    ann.remove_member(room, vic.account).await;
    assert_eq!(refused(vic.chunks(file, "").await).await, ErrorCode::NotFound);
}
