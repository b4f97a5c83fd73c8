//! The picture of a room: who may change it, who sees it, how others learn of it.

use super::previews::png;
use super::world::{Person, World, good, header, refused};
use pod_shared::content::{ActivityKind, Settled};
use pod_shared::{ErrorCode, Role, RoomId, limits};
use reqwest::{Method, Response, StatusCode};

impl Person {
    async fn set_picture(&self, room: RoomId, bytes: Vec<u8>) -> Response {
        self.ask(Method::PUT, &format!("/v1/groups/{room}/picture")).body(bytes).send().await.unwrap()
    }

    async fn clear_picture(&self, room: RoomId) -> Response {
        self.ask(Method::DELETE, &format!("/v1/groups/{room}/picture")).send().await.unwrap()
    }

    async fn picture(&self, room: RoomId) -> Response {
        self.get(&format!("/v1/groups/{room}/picture")).await
    }

    /// What the log says of the picture, oldest first.
    async fn pictures_told(&self, room: RoomId) -> Vec<String> {
        let lines = self.changes(room, 0).await.activities.into_iter();
        lines.filter(|line| line.kind == ActivityKind::RoomPicture).map(|line| line.name).collect()
    }
}

#[tokio::test]
async fn a_picture_is_drawn_anew_told_once_and_seen_by_members() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    assert_eq!(refused(bob.picture(room).await).await, ErrorCode::NotFound);
    for _ in 0..2 {
        assert_eq!(ann.set_picture(room, png(512, 300)).await.status(), StatusCode::NO_CONTENT);
    }
    let told = bob.pictures_told(room).await;
    assert_eq!(told.len(), 1, "repeating tells nothing");
    let shown = bob.picture(room).await;
    assert_eq!(header(&shown, "content-type"), "image/jpeg");
    let etag = header(&shown, "etag");
    assert_eq!(etag, format!("\"{}\"", told[0]));
    let bytes = shown.bytes().await.unwrap();
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (limits::ROOM_PICTURE_SIDE_PX, 150));
    let path = format!("/v1/groups/{room}/picture");
    let known = bob.ask(Method::GET, &path).header("If-None-Match", &etag).send().await.unwrap();
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);

    let world_violations = world.violations();
    assert_eq!(world_violations, Vec::<String>::new());
    for _ in 0..2 {
        assert_eq!(ann.clear_picture(room).await.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(bob.pictures_told(room).await, [told[0].as_str(), ""]);
    assert_eq!(refused(bob.picture(room).await).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn only_who_manages_the_room_changes_its_picture_and_only_members_see_it() {
    let world = World::new().await;
    let people: Vec<Person> = (0..6).map(|_| world.person()).collect();
    let [ann, mia, ed, vic, gone, eve] = people.as_slice() else { panic!("six") };
    let room = ann.group(&[mia, ed, vic, gone]).await;
    let eves = eve.group(&[]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, mia.account, Role::Manager).await).await;
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    good::<Settled>(ann.put_member(room, gone.account, Role::Manager).await).await;
    good::<Settled>(ann.remove_member(room, gone.account).await).await;
    for person in [ann, mia] {
        assert_eq!(person.set_picture(room, png(40, 40)).await.status(), StatusCode::NO_CONTENT);
    }
    for person in [ed, vic] {
        assert_eq!(refused(person.set_picture(room, png(50, 40)).await).await, ErrorCode::RoleTooLow);
        assert_eq!(refused(person.clear_picture(room).await).await, ErrorCode::RoleTooLow);
        assert_eq!(person.picture(room).await.status(), StatusCode::OK);
    }
    for stranger in [gone, eve] {
        assert_eq!(refused(stranger.set_picture(room, png(60, 40)).await).await, ErrorCode::NotFound);
        assert_eq!(refused(stranger.clear_picture(room).await).await, ErrorCode::NotFound);
        assert_eq!(refused(stranger.picture(room).await).await, ErrorCode::NotFound);
    }
    assert_eq!(refused(ann.set_picture(eves, png(60, 40)).await).await, ErrorCode::NotFound);
    assert_eq!(ann.pictures_told(room).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused_and_the_old_one_stays() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    ann.set_picture(room, png(40, 40)).await;
    let before = ann.pictures_told(room).await;
    let large = vec![7; limits::ROOM_PICTURE_BYTES_MAX + 1];
    assert_eq!(refused(ann.set_picture(room, large).await).await, ErrorCode::TooLarge);
    for bytes in [Vec::new(), b"<svg onload=alert(1)>".to_vec(), png(40, 40)[..40].to_vec()] {
        assert_eq!(refused(ann.set_picture(room, bytes).await).await, ErrorCode::BadRequest);
    }
    assert_eq!(ann.pictures_told(room).await, before);
    assert_eq!(ann.picture(room).await.status(), StatusCode::OK);
}
