//! Quotas of rooms and people: asked before a byte comes, on every way in, with what is on its way; and counted right.

use super::world::{Meta, Person, World, good, hex, refused, sha256};
use crate::content::{Policy, Quotas};
use pod_shared::content::{Entry, InstantNew, Space, VersionRestore};
use pod_shared::{EntryId, ErrorBody, ErrorCode, RoomId, UploadId};
use reqwest::{Method, Response};
use uuid::Uuid;

async fn world(room_bytes: Option<u64>, person_bytes: Option<u64>) -> World {
    World::under(Policy { quotas: Quotas { room_bytes, person_bytes }, ..Policy::default() }).await
}

impl Person {
    async fn space(&self, room: RoomId) -> Space {
        good(self.get(&format!("/v1/rooms/{room}/space")).await).await
    }

    async fn at_once(&self, room: RoomId, name: &str, bytes: &[u8]) -> Response {
        self.tus(Method::POST, "/v1/uploads")
            .header("Upload-Length", bytes.len())
            .header("Upload-Metadata", Meta::new(room, name).header())
            .header("Content-Type", "application/offset+octet-stream")
            .body(bytes.to_vec())
            .send()
            .await
            .unwrap()
    }

    async fn linking(&self, room: RoomId, name: &str, bytes: &[u8]) -> Response {
        let new = InstantNew {
            id: UploadId(Uuid::now_v7()),
            room,
            parent: None,
            filename: name.into(),
            sha256: hex(&sha256(bytes)),
            size: bytes.len() as u64,
            modified_ms: None,
            basis: Default::default(),
        };
        self.send(Method::POST, "/v1/links", &new).await
    }

    async fn again(&self, entry: EntryId, version: u32) -> Response {
        let restore = VersionRestore { id: UploadId(Uuid::now_v7()), if_version: None };
        self.send(Method::POST, &format!("/v1/entries/{entry}/versions/{version}/restore"), &restore).await
    }
}

#[tokio::test]
async fn a_full_room_takes_nothing_more_on_any_way_and_says_what_is_left() {
    let world = world(Some(200_000), None).await;
    let (ann, bob) = (world.person(), world.person());
    let (room, other) = (ann.group(&[&bob]).await, ann.group(&[]).await);
    let known = vec![7; 100_000];
    let file = ann.upload(room, "a", &known).await;
    ann.upload(room, "a", b"small").await;
    assert_eq!(
        bob.space(room).await,
        Space { room_used: 100_005, room_max: Some(200_000), own_used: 0, own_max: None }
    );
    let open = ann.begin(&Meta::new(room, "coming"), 50_000).await;
    assert_eq!(ann.space(room).await.room_used, 150_005, "what is on its way counts");
    assert_eq!(refused(bob.create(&Meta::new(room, "b"), 50_000).await).await, ErrorCode::QuotaExceeded);
    assert_eq!(refused(bob.at_once(room, "b", &[1; 50_000]).await).await, ErrorCode::QuotaExceeded);
    assert_eq!(refused(ann.linking(room, "b", &known).await).await, ErrorCode::QuotaExceeded);
    assert_eq!(refused(ann.again(file, 1).await).await, ErrorCode::QuotaExceeded);
    let body: ErrorBody = bob.create(&Meta::new(room, "b"), 50_000).await.json().await.unwrap();
    assert_eq!(body.message, "this room has 48.8 KiB left of 195.3 KiB, and this takes 48.8 KiB");
    assert_eq!(bob.create(&Meta::new(room, "b"), 49_995).await.status(), 201);
    assert_eq!(ann.create(&Meta::new(other, "b"), 150_000).await.status(), 201, "another room has its own");
    // An upload that was taken is finished, however full the room is by then.
    assert_eq!(ann.patch(&open, 0, vec![3; 50_000]).send().await.unwrap().status(), 204);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_person_has_so_much_in_all_rooms_together_and_gets_it_back() {
    let world = world(None, Some(1_000)).await;
    let (ann, bob) = (world.person(), world.person());
    let (one, two) = (ann.group(&[&bob]).await, ann.group(&[]).await);
    let file = ann.upload(one, "a", &[1; 600]).await;
    ann.upload(two, "b", &[2; 400]).await;
    assert_eq!(refused(ann.at_once(two, "c", &[3; 1]).await).await, ErrorCode::QuotaExceeded);
    assert_eq!(bob.at_once(one, "c", &[3; 1]).await.status(), 201, "others have their own");
    ann.ask(Method::DELETE, &format!("/v1/entries/{file}")).send().await.unwrap();
    assert_eq!(ann.space(one).await.own_used, 1_000, "what lies in the trash counts");
    assert_eq!(
        ann.ask(Method::DELETE, &format!("/v1/entries/{file}/trash")).send().await.unwrap().status(),
        204
    );
    super::world::until("it to be removed", async || (ann.space(one).await.own_used == 400).then_some(()))
        .await;
    assert_eq!(ann.at_once(two, "c", &[3; 600]).await.status(), 201);
    assert_eq!(
        ann.space(one).await,
        Space { room_used: 1, room_max: None, own_used: 1_000, own_max: Some(1_000) }
    );
    assert_eq!(
        good::<Entry>(bob.get(&format!("/v1/entries/{}", ann.list(one).await[0].id)).await).await.size,
        1
    );
    assert_eq!(world.violations(), Vec::<String>::new());
}
