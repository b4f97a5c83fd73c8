//! Sync by key (P2–P7): null, delta, full, and every way a key can be wrong.

use super::pod::{Pod, Socket, client_hello, get, open, put, texts};
use super::world::{PATIENCE, Stop, Who, World, room_id};
use crate::messenger::now;
use crate::testing::until;
use bytes::Bytes;
use futures_util::StreamExt;
use pod_shared::bytes::ByteString;
use pod_shared::limits::{
    MEMBERS_PER_ROOM_MAX, MESSAGE_BODY_BYTES_MAX, SERVER_FRAME_BYTES_MAX, SYNC_KEY_DAYS,
};
use pod_shared::socket::{Answer, ClientFrame, Request, SendMessage, ServerFrame};
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{ConnectionId, DeviceId, MessageId, Position, Role, RoomId, TimeMs, Txn, wire};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// Alice, and Bob with a room between them, whose device has applied everything and left.
async fn bob_is_away(world: &World) -> (Pod, Who, RoomId, SyncKey) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::of_rooms(world, alice, None).await, Pod::of_rooms(world, bob, None).await);
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
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Null, 0));
    assert_eq!((b.key.epoch, b.key.device), (key.epoch, key.device));
    assert_ne!(b.key.session, key.session, "each exchange makes a new key");
}

#[tokio::test]
async fn only_what_changed_comes() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
    let other = b.make_room("other", &[]).await;
    let (mine, _) = b.history(other).await.unwrap();
    b.applied(mine[0].txn).await;
    let key = b.leave().await;
    a.say(room, "new").await.unwrap();
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
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
        let b = Pod::of_rooms(&world, bob, Some(wrong)).await;
        assert_eq!((b.kind, b.rooms.len()), (SyncKind::Full, 1), "{wrong:?}");
        assert_eq!(b.rooms[0].title.as_deref(), Some("r"));
        b.leave().await;
    }
    let other_device = world.device_of(bob.account);
    let b = Pod::of_rooms(&world, other_device, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Full, "a key is of one device");
}

#[tokio::test]
async fn a_lost_answer_costs_a_delta_and_not_everything() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    a.say(room, "one").await.unwrap();
    // The answer was on its way when the network went: the device still has the old key.
    for _ in 0..3 {
        let b = Pod::of_rooms(&world, bob, Some(key)).await;
        assert_eq!((b.kind, texts(&b.rooms[0].events)), (SyncKind::Delta, vec!["one".to_owned()]));
        drop(b.socket);
    }
    a.say(room, "two").await.unwrap();
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!(texts(&b.rooms[0].events), ["one", "two"]);
    b.applied(b.key.txn).await;
    let new = b.leave().await;
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Full, "the old key is forgotten once the new one is in force");
    drop(b);
    let b = Pod::of_rooms(&world, bob, Some(new)).await;
    assert_eq!(b.kind, SyncKind::Full, "and a full sync takes the place of every key before");
}

#[tokio::test]
async fn each_device_of_a_person_has_its_own_key() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let second = world.device_of(bob.account);
    let mut laptop = Pod::of_rooms(&world, second, None).await;
    a.say(room, "x").await.unwrap();
    let event = laptop.event(room).await;
    laptop.applied(event.txn).await;
    let laptop_key = laptop.leave().await;
    let laptop = Pod::of_rooms(&world, second, Some(laptop_key)).await;
    assert_eq!(laptop.kind, SyncKind::Null);
    let desktop = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!(desktop.kind, SyncKind::Delta);
}

#[tokio::test]
async fn what_was_sent_but_not_applied_comes_again() {
    let world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
    b.applied(b.key.txn).await;
    a.say(room, "kept").await.unwrap();
    let kept = b.event(room).await;
    b.applied(kept.txn).await;
    a.say(room, "not kept").await.unwrap();
    b.event(room).await;
    let key = b.leave().await;
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!(texts(&b.rooms[0].events), ["not kept"]);
}

#[tokio::test]
async fn a_killed_server_makes_up_with_one_scan() {
    let mut world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let quiet = a.make_room("quiet", &[bob]).await;
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
    b.applied(b.key.txn).await;
    b.settle().await;
    let key = b.key;
    a.say(room, "only memory knows whom this is new for").await.unwrap();
    b.event(room).await;
    world.restart(Stop::Killed).await;
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Delta, 1));
    assert_eq!((b.rooms[0].room, b.rooms[0].events.len()), (room, 1));
    assert_ne!(b.rooms[0].room, quiet);
    world.check();
}

#[tokio::test]
async fn a_server_that_stops_properly_keeps_every_key() {
    let mut world = World::new().await;
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
    a.say(room, "x").await.unwrap();
    let event = b.event(room).await;
    b.applied(event.txn).await;
    b.settle().await;
    let key = b.key;
    world.restart(Stop::Properly).await;
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
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
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
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
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
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
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    let members: Vec<_> = b.rooms[0].members.iter().map(|m| (m.account, m.role)).collect();
    assert_eq!(members, [(bob.account, Some(Role::Viewer))]);
}

#[tokio::test]
async fn a_snapshot_of_many_rooms_comes_in_parts_and_live_news_after_it() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::of_rooms(&world, alice, None).await;
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

#[tokio::test]
async fn a_device_that_was_silent_for_too_long_gets_everything_anew() {
    let world = World::new().await;
    let days_ms = SYNC_KEY_DAYS as i64 * 86_400_000;
    let before = now();
    let (mut a, bob, room, key) = bob_is_away(&world).await;
    let store = &world.messenger.inner.store;
    assert_eq!(store.forget_silent_devices(TimeMs(before.0 + days_ms)).await.unwrap(), 0);
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!(b.kind, SyncKind::Null, "not too long yet");
    let key = b.leave().await;
    let too_late = TimeMs(now().0 + days_ms + 1);
    until("the silent device is forgotten", || async {
        store.forget_silent_devices(too_late).await.unwrap() == 1
    })
    .await;
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len(), b.rooms[0].room), (SyncKind::Full, 1, room));
    // Who is here is not silent.
    assert_eq!(store.forget_silent_devices(TimeMs(now().0 + days_ms)).await.unwrap(), 0);
    a.say(room, "all is there").await.unwrap();
    world.check();
}

/// The next frame as it came.
async fn raw(socket: &mut Socket) -> Bytes {
    loop {
        let next = tokio::time::timeout(PATIENCE, socket.next()).await.expect("a frame in time");
        if let Message::Binary(bytes) = next.unwrap().unwrap() {
            assert!(bytes.len() <= SERVER_FRAME_BYTES_MAX, "a frame of {} bytes", bytes.len());
            return bytes;
        }
    }
}

#[tokio::test]
async fn what_is_more_than_one_frame_may_hold_comes_in_several() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::of_rooms(&world, alice, None).await;
    let crowd = (1..MEMBERS_PER_ROOM_MAX).map(|n| world.person(&format!("{n:064}")).account).collect();
    let full = room_id();
    let create = Request::RoomCreate { room: full, title: "full".into(), members: crowd, folder: false };
    assert_eq!(a.ask(create).await, Ok(Answer::Done {}));
    let mut rooms = vec![full];
    for title in ["a", "b"] {
        rooms.push(a.make_room(title, &[]).await);
    }
    for n in 0..rooms.len() * 13 {
        let (id, room) = (MessageId(Uuid::now_v7()), rooms[n % rooms.len()]);
        let body = ByteString(vec![7; MESSAGE_BODY_BYTES_MAX]);
        a.put(ClientFrame::Send(SendMessage { id, room, body, about: None })).await;
        a.outcome(id).await.unwrap();
    }
    let mut socket = open(&world, alice).await;
    put(&mut socket, &client_hello(alice, None)).await;
    let (mut bytes, mut told) = (0, 0);
    loop {
        let frame = raw(&mut socket).await;
        bytes += frame.len();
        match wire::decode(&frame).unwrap() {
            ServerFrame::SyncPart { rooms } => told += rooms.len(),
            ServerFrame::SyncEnd { .. } => break,
            _ => continue,
        }
    }
    assert_eq!(told, rooms.len());
    assert!(bytes > SERVER_FRAME_BYTES_MAX, "{bytes} would have fitted one frame");
    let body = Request::History { room: full, before: Position(0), limit: 200 };
    put(&mut socket, &ClientFrame::Request { request: 1, body }).await;
    let page = raw(&mut socket).await;
    let ServerFrame::Answer { result: Ok(Answer::History { events, more }), .. } =
        wire::decode(&page).unwrap()
    else {
        panic!("no page")
    };
    assert!(more && !events.is_empty());
}
