//! Read marks, delivered marks and who is writing: watermarks and passing news, in small rooms only.

use super::pod::{Pod, goodbye};
use super::world::{Who, World, room_id};
use pod_shared::limits::{DELIVERED_ROOMS_MAX, MARKS_TOLD_MEMBERS_MAX, TYPING_EVERY_MS};
use pod_shared::socket::{ClientFrame, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, ErrorCode, Position, Role, RoomId};

async fn delivered(pod: &mut Pod, whose: AccountId) -> u64 {
    pod.find(|frame| match frame {
        ServerFrame::Delivered { account, pos, .. } if *account == whose => Some(pos.0),
        _ => None,
    })
    .await
}

fn told(pod: &Pod) -> usize {
    let marks = pod
        .inbox
        .iter()
        .filter(|frame| matches!(frame, ServerFrame::Delivered { .. } | ServerFrame::Typing { .. }));
    marks.count()
}

async fn two(world: &World) -> (Pod, Pod, Who, RoomId) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::of_rooms(world, alice, None).await, Pod::of_rooms(world, bob, None).await);
    let room = a.make_room("r", &[bob]).await;
    b.room(room).await;
    (a, b, bob, room)
}

#[tokio::test]
async fn delivered_marks_are_watermarks_and_the_others_hear_them() {
    let world = World::new().await;
    let (mut a, mut b, bob, room) = two(&world).await;
    for _ in 0..3 {
        a.say(room, "x").await.unwrap();
    }
    for pos in [3, 2, 99] {
        b.put(ClientFrame::Delivered { rooms: vec![(room, Position(pos)), (room_id(), Position(1))] }).await;
    }
    let mut heard = Vec::new();
    while heard.last() != Some(&4) {
        heard.push(delivered(&mut a, bob.account).await);
    }
    assert!(heard.is_sorted() && heard.len() <= 2, "{heard:?}");
    b.settle().await;
    assert_eq!(told(&b), 0, "who said it does not hear it");
    world.check();
}

#[tokio::test]
async fn who_was_away_hears_of_delivered_marks_unless_the_person_read_further() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::of_rooms(&world, alice, None).await, Pod::of_rooms(&world, bob, None).await);
    let room = a.make_room("r", &[bob]).await;
    let pos = a.say(room, "x").await.unwrap();
    let said = a.event(room).await;
    a.applied(said.txn).await;
    let key = a.leave().await;
    b.put(ClientFrame::Delivered { rooms: vec![(room, pos)] }).await;
    b.leave().await;
    let mut a = Pod::of_rooms(&world, alice, Some(key)).await;
    assert_eq!(a.rooms[0].delivered, [(bob.account, pos)]);
    assert!(a.rooms[0].reads.is_empty());
    let key = a.key;
    a.applied(key.txn).await;
    let key = a.leave().await;
    let mut b = Pod::of_rooms(&world, bob, None).await;
    b.put(ClientFrame::Read { room, pos }).await;
    b.put(ClientFrame::Delivered { rooms: vec![(room, pos)] }).await;
    b.leave().await;
    let a = Pod::of_rooms(&world, alice, Some(key)).await;
    assert_eq!((a.rooms[0].reads.clone(), a.rooms[0].delivered.clone()), (vec![(bob.account, pos)], vec![]));
    world.check();
}

#[tokio::test]
async fn marks_of_a_large_room_or_of_a_stranger_are_not_told() {
    let world = World::new().await;
    let alice = world.person("alice");
    let crowd: Vec<Who> = (0..MARKS_TOLD_MEMBERS_MAX).map(|n| world.person(&format!("p{n}"))).collect();
    let mut a = Pod::of_rooms(&world, alice, None).await;
    let (mut b, mut e) =
        (Pod::of_rooms(&world, crowd[0], None).await, Pod::fresh(&world, world.person("eve")).await);
    let large = a.make_room("large", &crowd).await;
    let pos = a.say(large, "x").await.unwrap();
    for pod in [&mut b, &mut e] {
        pod.put(ClientFrame::Delivered { rooms: vec![(large, pos)] }).await;
        pod.put(ClientFrame::Typing { room: large }).await;
        pod.settle().await;
    }
    // A small room says when all that was asked for before is done.
    let small = b.make_room("small", &[alice]).await;
    b.put(ClientFrame::Typing { room: small }).await;
    let typing = |frame: &ServerFrame| match frame {
        ServerFrame::Typing { room, account } => Some((*room, *account)),
        _ => None,
    };
    assert_eq!(a.find(typing).await, (small, crowd[0].account));
    assert_eq!(told(&a), 0);
    world.check();
}

#[tokio::test]
async fn typing_is_told_once_in_a_while_and_only_of_who_may_write() {
    let world = World::new().await;
    let (mut a, mut b, bob, room) = two(&world).await;
    let began = std::time::Instant::now();
    for _ in 0..20 {
        b.put(ClientFrame::Typing { room }).await;
    }
    b.say(room, "said").await.unwrap();
    a.event(room).await;
    let typed = a.inbox.iter().filter(|frame| matches!(frame, ServerFrame::Typing { .. })).count();
    assert!(typed as u64 <= 1 + began.elapsed().as_millis() as u64 / TYPING_EVERY_MS, "{typed}");
    let typing = |frame: &ServerFrame| match frame {
        ServerFrame::Typing { account, .. } => Some(*account),
        _ => None,
    };
    assert_eq!(a.find(typing).await, bob.account);
    let other = a.make_room("other", &[bob]).await;
    a.set(other, bob.account, Some(Role::Viewer)).await.unwrap();
    b.put(ClientFrame::Typing { room: other }).await;
    b.settle().await;
    a.settle().await;
    assert_eq!((told(&a), told(&b)), (0, 0));
}

#[tokio::test]
async fn a_report_of_too_many_rooms_ends_the_connection() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let rooms: Vec<_> = (0..=DELIVERED_ROOMS_MAX).map(|_| (room_id(), Position(1))).collect();
    a.put(ClientFrame::Delivered { rooms: rooms[1..].to_vec() }).await;
    a.settle().await;
    a.put(ClientFrame::Delivered { rooms }).await;
    assert_eq!(goodbye(&mut a.socket).await, ErrorCode::TooMany);
}

#[tokio::test]
async fn ones_own_read_mark_costs_nothing_at_the_next_reconnect() {
    let world = World::new().await;
    let (mut a, mut b, bob, room) = two(&world).await;
    let pos = a.say(room, "x").await.unwrap();
    let said = b.event(room).await;
    b.applied(said.txn).await;
    b.put(ClientFrame::Read { room, pos }).await;
    // Gone before the mark came back.
    let key = b.leave().await;
    let other = world.device_of(bob.account);
    let mut b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Null, 0));
    b.put(ClientFrame::Read { room, pos }).await;
    let read = b
        .find(|frame| match frame {
            ServerFrame::Read { account, pos, .. } => Some((*account, *pos)),
            _ => None,
        })
        .await;
    assert_eq!(read, (bob.account, pos), "who repeats it hears that it is known");
    let b = Pod::of_rooms(&world, other, None).await;
    assert_eq!(b.rooms[0].read, Some(pos), "the person's other devices learn it");
    world.check();
}

#[tokio::test]
async fn who_comes_again_before_the_old_connection_ended_gets_what_changed_and_no_more() {
    let world = World::new().await;
    let (mut a, mut b, bob, room) = two(&world).await;
    let pos = a.say(room, "x").await.unwrap();
    let said = b.event(room).await;
    b.applied(said.txn).await;
    b.put(ClientFrame::Read { room, pos }).await;
    b.find(|frame| matches!(frame, ServerFrame::Read { .. }).then_some(())).await;
    let mut again = Pod::of_rooms(&world, bob, Some(b.key)).await;
    assert_eq!((again.kind, again.rooms.len()), (SyncKind::Null, 0));
    a.say(room, "y").await.unwrap();
    again.event(room).await;
    let third = Pod::of_rooms(&world, bob, Some(again.key)).await;
    assert_eq!((third.kind, third.rooms.len()), (SyncKind::Delta, 1));
    assert_eq!(third.rooms[0].events.len(), 1);
    world.check();
}
