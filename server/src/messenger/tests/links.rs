//! Room links over real sockets: who makes them, who joins, and how all that is wrong is refused alike.

use super::pod::{Pod, message_id};
use super::world::{World, room_id};
use pod_shared::bytes::ByteString;
use pod_shared::interlock::RelayBody;
use pod_shared::limits::{
    INVITE_DAYS_MAX, INVITE_USES_MAX, LINK_CODE_BYTES_MAX, LINKS_PER_ROOM_MAX, MEMBERS_PER_ROOM_MAX,
};
use pod_shared::links::{LinkAnswer, LinkRequest, RoomLink};
use pod_shared::socket::{Answer, EventKind};
use pod_shared::{ErrorCode, LinkId, Role, RoomId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn create(link: LinkId, room: RoomId, code: &str, uses: u32) -> LinkRequest {
    let digest = ByteString(Sha256::digest(code.as_bytes()).to_vec());
    LinkRequest::Create { link, room, digest, uses, days: 7 }
}

fn id() -> LinkId {
    LinkId(Uuid::now_v7())
}

fn join(code: &str) -> LinkRequest {
    LinkRequest::Join { code: code.into() }
}

async fn links(pod: &mut Pod, room: RoomId) -> Vec<RoomLink> {
    match pod.link(LinkRequest::List { room }).await {
        Ok(LinkAnswer::Links { links }) => links,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_has_a_link_joins_as_an_editor_and_the_folder_hears_of_it() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room_with_folder("Plans", &[]).await;
    let link = id();
    assert!(matches!(a.link(create(link, room, "code", 2)).await, Ok(LinkAnswer::Made { .. })));
    assert!(matches!(a.link(create(link, room, "code", 2)).await, Ok(LinkAnswer::Made { .. })), "repeatable");
    assert_eq!(b.link(join("code")).await, Ok(LinkAnswer::Joined { room }));
    let delta = b.room(room).await;
    assert_eq!(delta.title.as_deref(), Some("Plans"));
    let event = a.event(room).await;
    assert_eq!(event.by, bob.account);
    assert!(
        matches!(event.kind, EventKind::Member { role: Some(Role::Editor), account, .. } if account == bob.account)
    );
    let rows = world.messenger.inner.store.pending(10, Vec::new()).await.unwrap();
    let told = rows.iter().any(|row| {
        matches!(&row.body,
        RelayBody::Member { member } if member.account == bob.account && member.role == Some(Role::Editor))
    });
    assert!(told, "the content service is asked: {rows:?}");
    // Once more, and from another device: nothing is counted.
    assert_eq!(b.link(join("code")).await, Ok(LinkAnswer::Joined { room }));
    let links = links(&mut a, room).await;
    assert_eq!((links.len(), links[0].link, links[0].uses_left), (1, link, 1));
    assert_eq!((links[0].by, links[0].by_name.as_str()), (alice.account, "ALICE"));
    world.check();
}

#[tokio::test]
async fn a_raced_join_counts_once_for_each_person_and_the_last_use_goes_to_one() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room("r", &[]).await;
    a.link(create(id(), room, "code", 2)).await.unwrap();
    let bob = world.person("bob");
    let again = world.device_of(bob.account);
    let mut pods = vec![Pod::fresh(&world, bob).await, Pod::fresh(&world, again).await];
    for name in ["carol", "dave"] {
        pods.push(Pod::fresh(&world, world.person(name)).await);
    }
    let outcomes = futures_util::future::join_all(pods.iter_mut().map(|pod| pod.link(join("code")))).await;
    let joined = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert!(refused.iter().all(|code| **code == ErrorCode::InviteInvalid), "{outcomes:?}");
    // Two people are in; when bob is one of them, both of his devices were answered so.
    let history = a.history(room).await.unwrap().0;
    let members = history.iter().filter(|event| matches!(event.kind, EventKind::Member { .. })).count();
    assert_eq!(members, 2);
    assert!((2..=3).contains(&joined), "{outcomes:?}");
    assert!(links(&mut a, room).await.is_empty(), "used up");
    world.check();
}

#[tokio::test]
async fn whatever_is_wrong_with_a_code_the_answer_is_the_same() {
    let world = World::new().await;
    let (alice, bob, carol) = (world.person("alice"), world.person("bob"), world.person("carol"));
    let (mut a, mut b, mut c) =
        (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await, Pod::fresh(&world, carol).await);
    let room = a.make_room("r", &[]).await;
    let refused = Err(ErrorCode::InviteInvalid);
    assert_eq!(b.link(join("nobody made it")).await, refused);
    assert_eq!(b.link(join(&"x".repeat(LINK_CODE_BYTES_MAX + 1))).await, refused);
    // Revoked.
    let revoked = id();
    a.link(create(revoked, room, "revoked", 5)).await.unwrap();
    let left = a.link(LinkRequest::Revoke { room, link: revoked }).await;
    assert_eq!(left, Ok(LinkAnswer::Links { links: Vec::new() }));
    assert_eq!(b.link(join("revoked")).await, refused);
    // Used up.
    a.link(create(id(), room, "once", 1)).await.unwrap();
    c.link(join("once")).await.unwrap();
    assert_eq!(b.link(join("once")).await, refused);
    // Over.
    a.link(create(id(), room, "over", 5)).await.unwrap();
    let path = world.dir.path().join("messenger.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let over = connection
        .execute("UPDATE links SET expires_at = 1 WHERE uses_left = 5 AND revoked = 0", [])
        .unwrap();
    assert_eq!(over, 1);
    assert_eq!(b.link(join("over")).await, refused);
    // Its maker manages the room no longer.
    a.set(room, carol.account, Some(Role::Manager)).await.unwrap();
    c.link(create(id(), room, "carols", 5)).await.unwrap();
    a.set(room, carol.account, Some(Role::Editor)).await.unwrap();
    assert_eq!(b.link(join("carols")).await, refused);
    // Who was removed does not come back with one; who left does, and is not counted twice.
    a.link(create(id(), room, "open", 5)).await.unwrap();
    b.link(join("open")).await.unwrap();
    b.set(room, bob.account, None).await.unwrap();
    assert_eq!(b.link(join("open")).await, Ok(LinkAnswer::Joined { room }));
    a.set(room, bob.account, None).await.unwrap();
    assert_eq!(b.link(join("open")).await, refused);
    assert_eq!(links(&mut a, room).await[0].uses_left, 4);
    world.check();
}

#[tokio::test]
async fn only_managers_and_owners_have_to_do_with_links() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let mut stranger = Pod::fresh(&world, world.person("eve")).await;
    let room = a.make_room("r", &[bob]).await;
    let link = id();
    a.link(create(link, room, "code", 1)).await.unwrap();
    for (pod, code) in [(&mut b, ErrorCode::RoleTooLow), (&mut stranger, ErrorCode::NotFound)] {
        assert_eq!(pod.link(create(id(), room, "other", 1)).await, Err(code));
        assert_eq!(pod.link(LinkRequest::List { room }).await, Err(code));
        assert_eq!(pod.link(LinkRequest::Revoke { room, link }).await, Err(code));
    }
    a.set(room, bob.account, Some(Role::Manager)).await.unwrap();
    assert!(matches!(b.link(create(id(), room, "bobs", 1)).await, Ok(LinkAnswer::Made { .. })));
    assert_eq!(links(&mut b, room).await.len(), 2);
    // Another's id, another's code, and a link of another room.
    assert_eq!(b.link(create(link, room, "fresh", 1)).await, Err(ErrorCode::IdReused));
    assert_eq!(b.link(create(id(), room, "code", 1)).await, Err(ErrorCode::IdReused));
    let other = b.make_room("other", &[]).await;
    assert_eq!(b.link(LinkRequest::Revoke { room: other, link }).await, Err(ErrorCode::NotFound));
    world.check();
}

#[tokio::test]
async fn a_link_is_for_so_many_people_and_days_and_a_room_has_so_many() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room("r", &[]).await;
    let span =
        |uses, days| LinkRequest::Create { link: id(), room, digest: ByteString(vec![1; 32]), uses, days };
    for (uses, days, code) in [
        (0, 1, ErrorCode::BadRequest),
        (1, 0, ErrorCode::BadRequest),
        (INVITE_USES_MAX + 1, 1, ErrorCode::TooMany),
        (1, INVITE_DAYS_MAX + 1, ErrorCode::TooMany),
    ] {
        assert_eq!(a.link(span(uses, days)).await, Err(code), "{uses} {days}");
    }
    let short = LinkRequest::Create { link: id(), room, digest: ByteString(vec![1; 31]), uses: 1, days: 1 };
    assert_eq!(a.link(short).await, Err(ErrorCode::BadRequest));
    for n in 0..LINKS_PER_ROOM_MAX {
        a.link(create(id(), room, &n.to_string(), 1)).await.unwrap();
    }
    assert_eq!(a.link(create(id(), room, "one more", 1)).await, Err(ErrorCode::TooMany));
    let any = links(&mut a, room).await[0].link;
    a.link(LinkRequest::Revoke { room, link: any }).await.unwrap();
    assert!(a.link(create(id(), room, "in its place", 1)).await.is_ok());
    assert_eq!(a.link(LinkRequest::List { room: room_id() }).await, Err(ErrorCode::NotFound));
}

#[tokio::test]
async fn a_full_room_refuses_who_comes_with_a_link() {
    let world = World::new().await;
    let crowd: Vec<_> = (1..MEMBERS_PER_ROOM_MAX).map(|n| world.person(&format!("p{n}"))).collect();
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room("crowd", &crowd).await;
    a.link(create(id(), room, "code", 5)).await.unwrap();
    let mut late = Pod::fresh(&world, world.person("late")).await;
    assert_eq!(late.link(join("code")).await, Err(ErrorCode::InviteInvalid));
    assert_eq!(a.set(room, crowd[0].account, None).await, Ok(Answer::Done {}));
    assert_eq!(late.link(join("code")).await, Ok(LinkAnswer::Joined { room }));
    late.begin(room, message_id(), "here").await;
    world.check();
}

#[tokio::test]
async fn the_page_of_a_link_says_what_joining_would() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room("Plans", &[]).await;
    let link = id();
    a.link(create(link, room, "code", 1)).await.unwrap();
    let shown = world.messenger.shown_link("code").await.unwrap().unwrap();
    assert_eq!((shown.title.as_str(), shown.by_name.as_str()), ("Plans", "ALICE"));
    assert_eq!(world.messenger.shown_link("other").await.unwrap(), None);
    assert_eq!(world.messenger.shown_link(&"c".repeat(LINK_CODE_BYTES_MAX + 1)).await.unwrap(), None);
    a.link(LinkRequest::Revoke { room, link }).await.unwrap();
    assert_eq!(world.messenger.shown_link("code").await.unwrap(), None);
}
