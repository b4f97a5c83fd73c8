//! Each limit exceeded over the socket, with its code, and nothing changed after it.

use super::world::{Meta, World, good, refused};
use pod_shared::content::{Entry, EntryChange, FolderNew, GroupNew, NewParent};
use pod_shared::{AccountId, EntryId, ErrorCode, RoomId, limits};
use reqwest::{Method, StatusCode};
use uuid::Uuid;

fn new_group(title: &str, members: usize) -> GroupNew {
    let members = (0..members).map(|_| AccountId(Uuid::now_v7())).collect();
    GroupNew { id: RoomId(Uuid::now_v7()), title: title.into(), members }
}

#[tokio::test]
async fn groups_have_limits() {
    let world = World::new().await;
    let ann = world.person();
    let make = async |new: GroupNew| ann.send(Method::POST, "/v1/groups", &new).await;
    for title in ["", " ", &"x".repeat(limits::ROOM_TITLE_BYTES_MAX + 1), "a\nb"] {
        assert_eq!(refused(make(new_group(title, 0)).await).await, ErrorCode::InvalidName);
    }
    assert_eq!(refused(make(new_group("x", limits::MEMBERS_PER_ROOM_MAX)).await).await, ErrorCode::TooMany);
    assert!(good::<Vec<pod_shared::content::Group>>(ann.get("/v1/groups").await).await.is_empty());
    let full = new_group("x", limits::MEMBERS_PER_ROOM_MAX - 1);
    assert_eq!(make(full.clone()).await.status(), 200);
    let one_more = ann.put_member(full.id, AccountId(Uuid::now_v7()), pod_shared::Role::Viewer).await;
    assert_eq!(refused(one_more).await, ErrorCode::TooMany);

    let sql = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
               INSERT INTO members SELECT randomblob(16), ?1, 2, 1, ?1 FROM n";
    let database = world.database();
    database.pragma_update(None, "foreign_keys", "OFF").unwrap();
    database
        .execute(sql, rusqlite::params![ann.account.as_bytes(), limits::ROOMS_PER_ACCOUNT_MAX as i64 - 1])
        .unwrap();
    assert_eq!(refused(make(new_group("x", 0)).await).await, ErrorCode::TooMany);
}

#[tokio::test]
async fn folders_have_limits() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let mut parent = None;
    let mut folders = Vec::new();
    for _ in 0..limits::FOLDER_DEPTH_MAX {
        let made: Entry = good(ann.folder(room, parent, "deeper").await).await;
        parent = Some(made.id);
        folders.push(made.id);
    }
    assert_eq!(refused(ann.folder(room, parent, "deeper").await).await, ErrorCode::TooMany);
    let side: Entry = good(ann.folder(room, None, "side").await).await;
    let into = EntryChange { parent: Some(NewParent::Folder(side.id)), ..EntryChange::default() };
    let moved = ann.send(Method::PATCH, &format!("/v1/entries/{}", folders[0]), &into).await;
    assert_eq!(refused(moved).await, ErrorCode::TooMany);
    let at = ann.changes(room, 0).await.position;

    let full = "UPDATE groups SET live = ?1";
    world.database().execute(full, [limits::ENTRIES_PER_ROOM_MAX as i64]).unwrap();
    assert_eq!(refused(ann.folder(room, None, "one more").await).await, ErrorCode::TooMany);
    assert_eq!(refused(ann.create(&Meta::new(room, "f"), 1).await).await, ErrorCode::TooMany);
    assert_eq!(ann.changes(room, 0).await.position, at);
}

#[tokio::test]
async fn uploads_have_limits() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let meta = Meta::new(room, "f");
    assert_eq!(refused(ann.create(&meta, limits::FILE_BYTES_MAX + 1).await).await, ErrorCode::TooLarge);
    let long = meta.clone().with("note", "x".repeat(limits::UPLOAD_METADATA_BYTES_MAX));
    assert_eq!(refused(ann.create(&long, 1).await).await, ErrorCode::TooLarge);

    let path = ann.begin(&meta, 5).await;
    let over = ann.patch(&path, 0, &b"123456"[..]).send().await.unwrap();
    assert_eq!(refused(over).await, ErrorCode::TooLarge);
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>("123"), Ok("456")]);
    let unannounced = ann.patch(&path, 0, reqwest::Body::wrap_stream(pieces)).send().await.unwrap();
    assert_eq!(refused(unannounced).await, ErrorCode::TooLarge);
    assert_eq!(ann.offset(&path).await, 0);

    for n in 1..limits::OPEN_UPLOADS_PER_ACCOUNT_MAX {
        ann.begin(&Meta::new(room, &format!("f{n}")), 1).await;
    }
    assert_eq!(refused(ann.create(&Meta::new(room, "last"), 1).await).await, ErrorCode::TooMany);
    assert_eq!(ann.changes(room, 0).await.uploads.len(), limits::OPEN_UPLOADS_PER_ACCOUNT_MAX);
}

#[tokio::test]
async fn bodies_and_values_are_checked() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let folders = format!("/v1/rooms/{room}/folders");
    let large = FolderNew { id: EntryId(Uuid::now_v7()), parent: None, name: "x".repeat(300 * 1024) };
    assert_eq!(refused(ann.send(Method::POST, &folders, &large).await).await, ErrorCode::TooLarge);
    for body in ["", "{", "[]", "{\"id\":7,\"name\":\"x\"}", "{\"name\":\"x\"}"] {
        let response = ann.ask(Method::POST, &folders).body(body).send().await.unwrap();
        assert_eq!(refused(response).await, ErrorCode::BadRequest, "{body}");
    }
    for path in ["/v1/rooms/nonsense/entries", "/v1/entries/7", "/v1/groups/..%2F"] {
        assert_eq!(refused(ann.get(path).await).await, ErrorCode::BadRequest, "{path}");
    }
    assert_eq!(
        refused(ann.get(&format!("/v1/rooms/{room}/changes?after=x")).await).await,
        ErrorCode::BadRequest
    );
}

#[tokio::test]
async fn headers_of_uploads_are_checked() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let meta = Meta::new(room, "f");
    let post = |length: &str, metadata: &str| {
        let request = ann.tus(Method::POST, "/v1/uploads").header("Upload-Length", length.to_owned());
        request.header("Upload-Metadata", metadata.to_owned()).send()
    };
    for length in ["", "-1", "x", "1.5", "99999999999999999999999"] {
        assert_eq!(
            refused(post(length, &meta.header()).await.unwrap()).await,
            ErrorCode::BadRequest,
            "{length}"
        );
    }
    let twice = format!("{},filename {}", meta.header(), "eA==");
    let broken = [
        "",
        "room",
        "filename eA==",
        "room eA==,filename eA==",
        "room !!,filename eA==",
        &twice,
        &meta.clone().with("sha256", "zz").header(),
        &meta.clone().with("parent", "7").header(),
        &meta.clone().with("sha256", "é".repeat(32)).header(),
    ];
    for metadata in broken {
        assert_eq!(refused(post("1", metadata).await.unwrap()).await, ErrorCode::BadRequest, "{metadata}");
    }
    let path = ann.begin(&meta, 5).await;
    let other_version = ann.ask(Method::HEAD, &path).header("Tus-Resumable", "0.2.2").send().await.unwrap();
    assert_eq!(other_version.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(super::world::header(&other_version, "tus-version"), "1.0.0");
    let json = ann.tus(Method::PATCH, &path).header("Upload-Offset", 0).json("x").send().await.unwrap();
    assert_eq!(json.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let ahead = ann.patch(&path, 3, &b"x"[..]).send().await.unwrap();
    assert_eq!(refused(ahead).await, ErrorCode::OffsetMismatch);
    assert_eq!(ann.offset(&path).await, 0);
}
