//! Looks into files: who may, what they show, what they refuse, and that they are no downloads.

use super::world::{Meta, Person, World, good, header, refused};
use image::{DynamicImage, ImageFormat};
use pod_shared::content::{ActivityKind, PREVIEW_TRUNCATED, Settled};
use pod_shared::{EntryId, ErrorCode, limits};
use reqwest::{Method, Response, StatusCode};
use std::io::Cursor;
use uuid::Uuid;

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Person {
    async fn look(&self, entry: EntryId, kind: &str) -> Response {
        self.get(&format!("/v1/entries/{entry}/preview?as={kind}")).await
    }
}

#[tokio::test]
async fn a_picture_is_shown_small_and_nobody_is_told_as_having_downloaded_it() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "사진.png", &png(1_000, 500)).await;
    let position = ann.changes(room, 0).await.position;
    let first = bob.look(file, "image").await;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(header(&first, "content-type"), "image/jpeg");
    assert_eq!(header(&first, "x-content-type-options"), "nosniff");
    let etag = header(&first, "etag");
    assert!(etag.ends_with("-image\""), "{etag}");
    let bytes = first.bytes().await.unwrap();
    let shown = image::load_from_memory(&bytes).unwrap();
    assert_eq!((shown.width(), shown.height()), (limits::PREVIEW_SIDE_PX, limits::PREVIEW_SIDE_PX / 2));

    let path = format!("/v1/entries/{file}/preview?as=image");
    let known = bob.ask(Method::GET, &path).header("If-None-Match", &etag).send().await.unwrap();
    assert_eq!((known.status(), header(&known, "etag")), (StatusCode::NOT_MODIFIED, etag));
    assert_eq!(ann.changes(room, position.0).await.activities, []);

    // The same content under another name costs no work: what lies on the shelf is given.
    let again = ann.upload(room, "copy.jpg", &png(1_000, 500)).await;
    let all = world.content.inner.studio.fill().unwrap();
    assert_eq!(bob.look(again, "image").await.bytes().await.unwrap(), bytes);
    let other = ann.upload(room, "other.png", &png(30, 30)).await;
    let busy = bob.look(other, "image").await;
    assert_eq!(header(&busy, "retry-after"), "1");
    assert_eq!(refused(busy).await, ErrorCode::RateLimited, "as many wait as may: PREVIEWS_WAITING_MAX");
    drop(all);
    assert_eq!(bob.look(other, "image").await.status(), StatusCode::OK);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_beginning_of_a_text_comes_as_it_is() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let long = "한".repeat(limits::PREVIEW_TEXT_BYTES_MAX);
    for (name, text, truncated) in [("a.md", "# 제목\n", "0"), ("long.txt", long.as_str(), "1")] {
        let file = ann.upload(room, name, text.as_bytes()).await;
        let answer = ann.look(file, "text").await;
        assert_eq!(header(&answer, PREVIEW_TRUNCATED), truncated, "{name}");
        assert_eq!(header(&answer, "content-type"), "application/octet-stream");
        let most = text.len().min(limits::PREVIEW_TEXT_BYTES_MAX);
        assert_eq!(answer.bytes().await.unwrap(), text.as_bytes()[..most], "{name}");
    }
    let kinds: Vec<_> = ann.changes(room, 0).await.activities.into_iter().map(|line| line.kind).collect();
    assert!(!kinds.contains(&ActivityKind::Downloaded));
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let picture = png(64, 64);
    let half = &picture[..picture.len() / 2];
    for (name, bytes) in [("script.png", &b"#!/bin/sh"[..]), ("half.png", half), ("empty.png", b"")] {
        let file = ann.upload(room, name, bytes).await;
        for _ in 0..2 {
            assert_eq!(refused(ann.look(file, "image").await).await, ErrorCode::BadRequest, "{name}");
        }
        assert_eq!(ann.download(file).await, bytes);
    }
    let huge = ann.upload(room, "huge.png", &picture).await;
    let size = i64::try_from(limits::PREVIEW_SOURCE_BYTES_MAX).unwrap() + 1;
    world.database().execute("UPDATE entries SET size = ?1 WHERE id = ?2", (size, huge.as_bytes())).unwrap();
    assert_eq!(refused(ann.look(huge, "image").await).await, ErrorCode::TooLarge);
    for path in [format!("/v1/entries/{huge}/preview"), format!("/v1/entries/{huge}/preview?as=exe")] {
        assert_eq!(refused(ann.get(&path).await).await, ErrorCode::BadRequest);
    }
}

#[tokio::test]
async fn only_members_of_the_room_look_into_its_files() {
    let world = World::new().await;
    let (ann, vic, gone, eve) = (world.person(), world.person(), world.person(), world.person());
    let room = ann.group(&[&vic, &gone]).await;
    eve.group(&[]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, pod_shared::Role::Viewer).await).await;
    let file = ann.upload(room, "a.png", &png(10, 10)).await;
    let folder: pod_shared::content::Entry = good(ann.folder(room, None, "in").await).await;
    let inside = ann.upload_as(&Meta::new(room, "b.png").with("parent", folder.id), &png(9, 9)).await;
    assert_eq!(gone.look(file, "image").await.status(), StatusCode::OK);
    good::<Settled>(ann.remove_member(room, gone.account).await).await;
    for kind in ["image", "text"] {
        assert_eq!(vic.look(file, kind).await.status(), StatusCode::OK, "a viewer may look");
        for stranger in [&gone, &eve] {
            assert_eq!(refused(stranger.look(file, kind).await).await, ErrorCode::NotFound);
        }
        let made_up = EntryId(Uuid::now_v7());
        for missing in [made_up, folder.id] {
            assert_eq!(refused(ann.look(missing, kind).await).await, ErrorCode::NotFound);
        }
    }
    assert_eq!(vic.look(inside, "image").await.status(), StatusCode::OK);
    ann.ask(Method::DELETE, &format!("/v1/entries/{}", folder.id)).send().await.unwrap();
    assert_eq!(refused(vic.look(inside, "image").await).await, ErrorCode::NotFound);
}
