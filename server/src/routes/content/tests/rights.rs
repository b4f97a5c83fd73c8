//! Whose request it is: tokens, strangers, other people's ids. What is not there and what is not yours is one answer.

use super::world::{Meta, World, good, refused};
use crate::access::{Access, now_s};
use crate::blobs::DiskBlobs;
use pod_shared::auth::Audience;
use pod_shared::content::{Entry, EntryChange, FolderNew, NewParent};
use pod_shared::{EntryId, ErrorCode, RoomId};
use reqwest::{Method, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn a_stranger_learns_nothing_from_other_peoples_ids() {
    let world = World::new().await;
    let (ann, eve) = (world.person(), world.person());
    let room = ann.group(&[]).await;
    let eves = eve.group(&[]).await;
    let folder: Entry = good(ann.folder(room, None, "secret").await).await;
    let file = ann.upload(room, "f", b"x").await;
    let upload = ann.begin(&Meta::new(room, "g"), 9).await;
    for (real, made_up) in [(room, RoomId(Uuid::now_v7()))].iter().flat_map(|(a, b)| [(a, b)]) {
        for id in [real, made_up] {
            for path in ["entries", "changes"] {
                assert_eq!(
                    refused(eve.get(&format!("/v1/rooms/{id}/{path}")).await).await,
                    ErrorCode::NotFound
                );
            }
            assert_eq!(refused(eve.get(&format!("/v1/groups/{id}")).await).await, ErrorCode::NotFound);
            assert_eq!(refused(eve.remove_member(*id, ann.account).await).await, ErrorCode::NotFound);
            assert_eq!(refused(eve.folder(*id, None, "x").await).await, ErrorCode::NotFound);
            assert_eq!(refused(eve.create(&Meta::new(*id, "x"), 1).await).await, ErrorCode::NotFound);
        }
    }
    for id in [file, folder.id, EntryId(Uuid::now_v7())] {
        let path = format!("/v1/entries/{id}");
        let change = EntryChange { name: Some("mine".into()), ..EntryChange::default() };
        assert_eq!(refused(eve.get(&path).await).await, ErrorCode::NotFound);
        assert_eq!(refused(eve.get(&format!("{path}/content")).await).await, ErrorCode::NotFound);
        assert_eq!(refused(eve.send(Method::PATCH, &path, &change).await).await, ErrorCode::NotFound);
        assert_eq!(refused(eve.ask(Method::DELETE, &path).send().await.unwrap()).await, ErrorCode::NotFound);
        let listing = eve.get(&format!("/v1/rooms/{eves}/entries?parent={id}")).await;
        assert_eq!(refused(listing).await, ErrorCode::NotFound);
        assert_eq!(refused(eve.folder(eves, Some(id), "x").await).await, ErrorCode::NotFound);
        let meta = Meta::new(eves, "x").with("parent", id);
        assert_eq!(refused(eve.create(&meta, 1).await).await, ErrorCode::NotFound);
    }
    assert_eq!(eve.tus(Method::HEAD, &upload).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(refused(eve.patch(&upload, 0, &b"x"[..]).send().await.unwrap()).await, ErrorCode::NotFound);
    assert_eq!(refused(eve.tus(Method::DELETE, &upload).send().await.unwrap()).await, ErrorCode::NotFound);
    assert_eq!(ann.offset(&upload).await, 0);
}

#[tokio::test]
async fn an_entry_never_moves_into_another_room_and_an_id_never_changes_rooms() {
    let world = World::new().await;
    let ann = world.person();
    let (here, there) = (ann.group(&[]).await, ann.group(&[]).await);
    let mine: Entry = good(ann.folder(here, None, "a").await).await;
    let target: Entry = good(ann.folder(there, None, "b").await).await;
    let change = EntryChange { parent: Some(NewParent::Folder(target.id)), ..EntryChange::default() };
    let moved = ann.send(Method::PATCH, &format!("/v1/entries/{}", mine.id), &change).await;
    assert_eq!(refused(moved).await, ErrorCode::NotFound);
    let reused = FolderNew { id: mine.id, parent: None, name: "c".into() };
    let reused = ann.send(Method::POST, &format!("/v1/rooms/{there}/folders"), &reused).await;
    assert_eq!(refused(reused).await, ErrorCode::IdReused);
}

#[tokio::test]
async fn every_path_wants_a_good_token_for_this_service() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let id = Uuid::now_v7();
    let paths = [
        (Method::GET, "/v1/groups".to_owned()),
        (Method::POST, "/v1/groups".to_owned()),
        (Method::GET, format!("/v1/groups/{room}")),
        (Method::PUT, format!("/v1/groups/{room}/members/{id}")),
        (Method::DELETE, format!("/v1/groups/{room}/members/{id}")),
        (Method::GET, format!("/v1/rooms/{room}/entries")),
        (Method::GET, format!("/v1/rooms/{room}/changes")),
        (Method::POST, format!("/v1/rooms/{room}/folders")),
        (Method::GET, format!("/v1/entries/{id}")),
        (Method::PATCH, format!("/v1/entries/{id}")),
        (Method::DELETE, format!("/v1/entries/{id}")),
        (Method::GET, format!("/v1/entries/{id}/content")),
        (Method::POST, format!("/v1/entries/{id}/restore")),
        (Method::GET, format!("/v1/entries/{id}/preview?as=image")),
        (Method::GET, format!("/v1/groups/{room}/picture")),
        (Method::PUT, format!("/v1/groups/{room}/picture")),
        (Method::DELETE, format!("/v1/groups/{room}/picture")),
        (Method::POST, "/v1/uploads".to_owned()),
        (Method::PATCH, format!("/v1/uploads/{id}")),
        (Method::DELETE, format!("/v1/uploads/{id}")),
    ];
    let (now, account, device) = (now_s(), ann.account, ann.device);
    let bad = [
        ("nonsense".to_owned(), ErrorCode::Unauthorized),
        (world.token(account, device, Audience::Messenger, now + 300), ErrorCode::WrongAudience),
        (world.token(account, device, Audience::Content, now - 120), ErrorCode::TokenExpired),
    ];
    for (method, path) in paths {
        for (token, code) in &bad {
            let asking = super::world::Person { token: token.clone(), ..ann.clone() };
            let response = asking.tus(method.clone(), &path).send().await.unwrap();
            assert_eq!(refused(response).await, *code, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn nobody_is_served_while_the_messenger_was_not_heard() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Arc::new(DiskBlobs::open(&dir.path().join("blobs")).unwrap());
    let world = World::with(dir, blobs, Access::remote(Duration::from_secs(60))).await;
    let ann = world.person();
    assert_eq!(refused(ann.get("/v1/groups").await).await, ErrorCode::InterlockStale);
    world.access.heard();
    assert_eq!(ann.get("/v1/groups").await.status(), 200);
}
