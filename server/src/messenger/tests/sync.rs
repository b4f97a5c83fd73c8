//! Sync by key (P2–P7): null, delta, full, and every way a key can be wrong.

use super::pod::{Pod, client_hello, get, open, put, texts};
use super::world::{Stop, Who, World};
use pod_shared::socket::{ClientFrame, ServerFrame};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{ConnectionId, DeviceId, Position, Role, RoomId, Txn};
use uuid::Uuid;

/// Alice, and Bob with a room between them, whose device has applied everything and left.
async fn bob_is_away(world: &World) -> (Pod, Who, RoomId, SyncKey) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(world, alice).await, Pod::fresh(world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let delta = b.room(room).await;
    b.applied(delta.txn).await;
    let key = b.leave().await;
    (a, bob, room, key)
}

#[tokio::test]
async fn nothing_changed_is_null() {
    let world = World::new().await;
    let (_a, bob, _room, key) = bob_is_away(&world).await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Null, 0));
    assert_eq!((b.key.epoch, b.key.device), (key.epoch, key.device));
    assert_ne!(b.key.session, key.session, "each exchange makes a new key");
}

#[tokio::test]
async fn only_what_changed_comes() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    let other = b.make_room("other", &[]).await;
    let (mine, _) = b.history(other).await.unwrap();
    b.applied(mine[0].txn).await;
    let key = b.leave().await;
    a.say(room, "new").await.unwrap();
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Delta, 1));
    let delta = &b.rooms[0];
    assert_eq!((delta.room, delta.title.as_ref(), delta.folder), (room, None, None));
    assert_eq!((texts(&delta.events), delta.members.len(), delta.gap), (vec!["new".into()], 0, false));
    assert_ne!(delta.room, other);
}

#[tokio::test]
async fn a_key_that_is_not_known_brings_everything() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    a.say(room, "x").await.unwrap();
    let wrong = [
        SyncKey { epoch: key.epoch + 1, ..key },
        SyncKey { session: ConnectionId(Uuid::now_v7()), ..key },
        SyncKey { device: DeviceId(Uuid::now_v7()), ..key },
        SyncKey { txn: Txn(1_000_000), ..key },
    ];
    for wrong in wrong {
        let b = Pod::connect(&world, bob, Some(wrong)).await;
        assert_eq!((b.kind, b.rooms.len()), (SyncKind::Full, 1), "{wrong:?}");
        assert_eq!(b.rooms[0].title.as_deref(), Some("r"));
        b.leave().await;
    }
    let other_device = world.device_of(bob.account);
    let b = Pod::connect(&world, other_device, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Full, "a key is of one device");
}

#[tokio::test]
async fn a_lost_answer_costs_a_delta_and_not_everything() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    a.say(room, "one").await.unwrap();
    // The answer was on its way when the network went: the device still has the old key.
    for _ in 0..3 {
        let b = Pod::connect(&world, bob, Some(key)).await;
        assert_eq!((b.kind, texts(&b.rooms[0].events)), (SyncKind::Delta, vec!["one".to_owned()]));
        drop(b.socket);
    }
    a.say(room, "two").await.unwrap();
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(texts(&b.rooms[0].events), ["one", "two"]);
    b.applied(b.key.txn).await;
    let new = b.leave().await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Full, "the old key is forgotten once the new one is in force");
    drop(b);
    let b = Pod::connect(&world, bob, Some(new)).await;
    assert_eq!(b.kind, SyncKind::Full, "and a full sync takes the place of every key before");
}

#[tokio::test]
async fn each_device_of_a_person_has_its_own_key() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let second = world.device_of(bob.account);
    let mut laptop = Pod::fresh(&world, second).await;
    a.say(room, "x").await.unwrap();
    let event = laptop.event(room).await;
    laptop.applied(event.txn).await;
    let laptop_key = laptop.leave().await;
    let laptop = Pod::connect(&world, second, Some(laptop_key)).await;
    assert_eq!(laptop.kind, SyncKind::Null);
    let desktop = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(desktop.kind, SyncKind::Delta);
}

#[tokio::test]
async fn what_was_sent_but_not_applied_comes_again() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    b.applied(b.key.txn).await;
    a.say(room, "kept").await.unwrap();
    let kept = b.event(room).await;
    b.applied(kept.txn).await;
    a.say(room, "not kept").await.unwrap();
    b.event(room).await;
    let key = b.leave().await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(texts(&b.rooms[0].events), ["not kept"]);
}

#[tokio::test]
async fn a_killed_server_makes_up_with_one_scan() {
    let mut world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let quiet = a.make_room("quiet", &[bob]).await;
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    b.applied(b.key.txn).await;
    b.settle().await;
    let key = b.key;
    a.say(room, "only memory knows whom this is new for").await.unwrap();
    b.event(room).await;
    world.restart(Stop::Killed).await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Delta, 1));
    assert_eq!((b.rooms[0].room, b.rooms[0].events.len()), (room, 1));
    assert_ne!(b.rooms[0].room, quiet);
    world.check();
}

#[tokio::test]
async fn a_server_that_stops_properly_keeps_every_key() {
    let mut world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    a.say(room, "x").await.unwrap();
    let event = b.event(room).await;
    b.applied(event.txn).await;
    b.settle().await;
    let key = b.key;
    world.restart(Stop::Properly).await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Null);
    world.check();
}

#[tokio::test]
async fn a_restored_backup_knows_no_key() {
    let mut world = World::new().await;
    let (_a, bob, _room, key) = bob_is_away(&world).await;
    let path = world.dir.path().join("messenger.db");
    world.about.stopping().cancel();
    crate::store::sqlite::messenger::renew_epoch(&rusqlite::Connection::open(path).unwrap()).unwrap();
    world.restart(Stop::Properly).await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Full);
}

#[tokio::test]
async fn a_long_absence_brings_the_newest_and_says_that_there_is_a_gap() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let ids: Vec<_> = (0..250).map(|_| super::pod::message_id()).collect();
    for id in &ids {
        a.begin(room, *id, "x").await;
    }
    a.outcome(ids[249]).await.unwrap();
    let mut b = Pod::connect(&world, bob, Some(key)).await;
    let delta = &b.rooms[0];
    assert_eq!((delta.events.len(), delta.gap, delta.head), (200, true, Position(251)));
    assert_eq!(delta.events.last().unwrap().pos, Position(251));
    assert_eq!(b.history(room).await.unwrap().0.len(), 200);
}

#[tokio::test]
async fn a_lowered_role_is_in_the_delta_as_one_changed_member() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    a.set(room, bob.account, Some(Role::Viewer)).await.unwrap();
    let b = Pod::connect(&world, bob, Some(key)).await;
    let members: Vec<_> = b.rooms[0].members.iter().map(|m| (m.account, m.role)).collect();
    assert_eq!(members, [(bob.account, Some(Role::Viewer))]);
}

#[tokio::test]
async fn a_snapshot_of_many_rooms_comes_in_parts_and_live_news_after_it() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    let mut rooms = Vec::new();
    for n in 0..40 {
        rooms.push(a.make_room(&n.to_string(), &[]).await);
    }
    let second = world.device_of(alice.account);
    let mut socket = open(&world, second).await;
    put(&mut socket, &client_hello(second, None)).await;
    a.say(rooms[0], "meanwhile").await.unwrap();
    let (mut parts, mut told, mut end) = (0, Vec::new(), None);
    while told.iter().filter(|text| *text == "meanwhile").count() == 0 || end.is_none() {
        match get(&mut socket).await.unwrap() {
            ServerFrame::SyncPart { rooms } => {
                parts += 1;
                assert!(rooms.len() <= 16);
                told.extend(rooms.iter().flat_map(|delta| texts(&delta.events)));
            }
            ServerFrame::SyncEnd { key, .. } => end = Some(key),
            ServerFrame::Event(event) => {
                assert!(end.is_some_and(|key| event.txn > key.txn), "live only after the snapshot");
                told.extend(super::pod::text(&event));
            }
            _ => {}
        }
    }
    assert!(parts >= 3);
    put(&mut socket, &ClientFrame::Applied { txn: end.unwrap().txn }).await;
    assert_eq!(told.len(), 1, "told once: in the snapshot or live");
}
