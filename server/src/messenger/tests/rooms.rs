//! Rooms, members and roles.

use super::pod::{Pod, texts};
use super::world::{World, room_id};
use pod_shared::interlock::RelayBody;
use pod_shared::socket::{Answer, EventKind, Request};
use pod_shared::{ErrorCode, Role, Txn};

#[tokio::test]
async fn every_member_hears_of_a_new_room_whole() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room_with_folder("Plans", &[bob]).await;
    let delta = b.room(room).await;
    assert_eq!((delta.title.as_deref(), delta.folder), (Some("Plans"), Some(true)));
    assert_eq!((delta.created_by, delta.head.0, delta.gap), (Some(alice.account), 1, false));
    let mut members: Vec<_> = delta.members.iter().map(|m| (m.name.as_str(), m.role)).collect();
    members.sort_unstable();
    assert_eq!(members, [("alice", Some(Role::Owner)), ("bob", Some(Role::Editor))]);
    assert_eq!(delta.events[0].kind, EventKind::Created { title: "Plans".into() });
    world.check();
}

#[tokio::test]
async fn making_the_same_room_again_changes_nothing_and_another_one_is_refused() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = room_id();
    let create = |title: &str| Request::RoomCreate {
        room,
        title: title.into(),
        members: vec![bob.account, bob.account, alice.account],
        folder: true,
    };
    assert_eq!(a.ask(create("one")).await, Ok(Answer::Done {}));
    assert_eq!(a.ask(create("one")).await, Ok(Answer::Done {}));
    assert_eq!(a.ask(create("two")).await, Err(ErrorCode::IdReused));
    assert_eq!(b.ask(create("one")).await, Err(ErrorCode::IdReused));
    let rows = world.messenger.inner.store.pending(10, Vec::new()).await.unwrap();
    assert_eq!(rows.len(), 1, "one pair for one room");
    assert!(matches!(&rows[0].body, RelayBody::Pair { members, .. } if members.len() == 2));
    world.check();
}

#[tokio::test]
async fn a_room_may_get_its_folder_later_and_once() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("r", &[bob]).await;
    assert_eq!(a.set(room, bob.account, Some(Role::Viewer)).await, Ok(Answer::Done {}));
    assert!(world.messenger.inner.store.pending(10, Vec::new()).await.unwrap().is_empty());
    for _ in 0..2 {
        assert_eq!(a.ask(Request::FolderCreate { room }).await, Ok(Answer::Done {}));
    }
    let mut b = Pod::fresh(&world, bob).await;
    assert_eq!(b.rooms[0].folder, Some(true));
    assert_eq!(b.ask(Request::FolderCreate { room }).await, Err(ErrorCode::RoleTooLow));
    let rows = world.messenger.inner.store.pending(10, Vec::new()).await.unwrap();
    let RelayBody::Pair { members, .. } = &rows[0].body else { panic!("{rows:?}") };
    let bobs = members.iter().find(|member| member.account == bob.account).unwrap();
    assert_eq!((rows.len(), bobs.role, bobs.counter), (1, Some(Role::Viewer), 2));
    world.check();
}

#[tokio::test]
async fn only_managers_change_the_title() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("old", &[bob]).await;
    let rename = |title: &str| Request::RoomRename { room, title: title.into() };
    assert_eq!(b.ask(rename("mine")).await, Err(ErrorCode::RoleTooLow));
    assert_eq!(a.ask(rename("new")).await, Ok(Answer::Done {}));
    assert_eq!(b.event(room).await.kind, EventKind::Renamed { title: "new".into() });
    assert_eq!(a.ask(rename("bad\u{0}")).await, Err(ErrorCode::InvalidName));
    world.check();
}

#[tokio::test]
async fn a_new_member_gets_the_room_with_its_past_and_the_others_the_news() {
    let world = World::new().await;
    let (alice, bob, carol) = (world.person("alice"), world.person("bob"), world.person("carol"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let mut c = Pod::fresh(&world, carol).await;
    let room = a.make_room("r", &[bob]).await;
    a.say(room, "before").await.unwrap();
    assert_eq!(a.set(room, carol.account, Some(Role::Editor)).await, Ok(Answer::Done {}));
    let delta = c.room(room).await;
    assert_eq!(texts(&delta.events), ["before"]);
    assert_eq!((delta.members.len(), delta.head.0), (3, 3));
    b.event(room).await;
    let EventKind::Member { account, name, role, .. } = b.event(room).await.kind else { panic!() };
    assert_eq!((account, name.as_str(), role), (carol.account, "carol", Some(Role::Editor)));
    c.say(room, "hi").await.unwrap();
    world.check();
}

#[tokio::test]
async fn who_is_removed_loses_the_room_at_once() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    b.room(room).await;
    assert_eq!(a.set(room, bob.account, None).await, Ok(Answer::Done {}));
    assert!(b.room(room).await.gone);
    assert_eq!(b.say(room, "still here?").await, Err(ErrorCode::NotFound));
    assert_eq!(b.history(room).await.unwrap_err(), ErrorCode::NotFound);
    assert_eq!(b.ask(Request::FolderCreate { room }).await, Err(ErrorCode::NotFound));
    a.say(room, "alone").await.unwrap();
    b.settle().await;
    assert!(b.inbox.is_empty(), "{:?}", b.inbox);
    let b = Pod::fresh(&world, bob).await;
    assert!(b.rooms.is_empty());
    world.check();
}

#[tokio::test]
async fn who_was_removed_while_away_learns_that_the_room_is_gone() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let delta = b.room(room).await;
    b.applied(delta.txn).await;
    let key = b.leave().await;
    a.set(room, bob.account, None).await.unwrap();
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    assert!(b.rooms.len() == 1 && b.rooms[0].gone);
    a.set(room, bob.account, Some(Role::Viewer)).await.unwrap();
    let back = b.room(room).await;
    assert_eq!((back.title.as_deref(), back.members.len()), (Some("r"), 2));
    assert!(back.txn > Txn(0));
    world.check();
}

#[tokio::test]
async fn roles_are_given_and_taken_as_the_rules_say() {
    let world = World::new().await;
    let (alice, bob, carol) = (world.person("alice"), world.person("bob"), world.person("carol"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    assert_eq!(b.set(room, carol.account, Some(Role::Viewer)).await, Err(ErrorCode::RoleTooLow));
    assert_eq!(a.set(room, alice.account, None).await, Err(ErrorCode::LastOwner));
    assert_eq!(a.set(room, alice.account, Some(Role::Editor)).await, Err(ErrorCode::LastOwner));
    a.set(room, bob.account, Some(Role::Manager)).await.unwrap();
    assert_eq!(b.set(room, carol.account, Some(Role::Viewer)).await, Ok(Answer::Done {}));
    assert_eq!(b.set(room, carol.account, Some(Role::Owner)).await, Err(ErrorCode::RoleTooLow));
    assert_eq!(b.set(room, alice.account, None).await, Err(ErrorCode::RoleTooLow));
    let nobody = world.device_of(pod_shared::AccountId(uuid::Uuid::now_v7()));
    assert_eq!(a.set(room, nobody.account, Some(Role::Viewer)).await, Err(ErrorCode::NotFound));
    assert_eq!(a.set(room, nobody.account, None).await, Err(ErrorCode::NotFound));
    assert_eq!(b.set(room, bob.account, None).await, Ok(Answer::Done {}), "anybody may leave");
    assert_eq!(b.set(room, bob.account, None).await, Ok(Answer::Done {}), "and say so twice");
    world.check();
}

#[tokio::test]
async fn a_stranger_cannot_tell_a_room_from_none() {
    let world = World::new().await;
    let (alice, eve) = (world.person("alice"), world.person("eve"));
    let (mut a, mut e) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, eve).await);
    let room = a.make_room("r", &[]).await;
    for room in [room, room_id()] {
        for request in [
            Request::FolderCreate { room },
            Request::RoomRename { room, title: "x".into() },
            Request::MemberSet { room, account: eve.account, role: Some(Role::Owner) },
            Request::MemberSet { room, account: eve.account, role: None },
            Request::MemberSet { room, account: alice.account, role: None },
            Request::MemberSet { room, account: alice.account, role: Some(Role::Owner) },
        ] {
            assert_eq!(e.ask(request).await, Err(ErrorCode::NotFound));
        }
    }
    world.check();
}
