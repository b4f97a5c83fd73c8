//! Rooms and messages beyond their limits, and messages sent twice.

use pod_shared::socket::{Answer, Request};
use pod_shared::{AccountId, ErrorCode, Position, Role, RoomId, limits};
use pod_tests::device::Device;
use pod_tests::socket::message_id;
use pod_tests::{Socket, World, both_ways};
use uuid::Uuid;

both_ways!(a_message_is_accepted_once_however_often_it_is_sent, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let room = socket.make_room("Attic", &[]).await;
    let id = message_id();
    let first = socket.say(id, room, b"hello".to_vec()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(socket.say(id, room, b"hello".to_vec()).await, Ok(first));
    }
    let refusal = socket.say(id, room, b"other".to_vec()).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::IdReused);
    let (mut again, _) = Socket::open(&alice, None).await;
    assert_eq!(again.say(id, room, b"hello".to_vec()).await, Ok(first), "on another connection");
    let history = Request::History { room, before: Position(0), limit: limits::HISTORY_PAGE_MAX };
    let Answer::History { events, .. } = again.ask(history).await.unwrap() else { panic!("no history") };
    let messages = events.iter().filter(|e| matches!(e.kind, pod_shared::socket::EventKind::Message { .. }));
    assert_eq!(messages.count(), 1);
});

both_ways!(a_message_beyond_the_limit_is_refused_and_the_next_is_taken, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let room = socket.make_room("Attic", &[]).await;
    let long = vec![b'x'; limits::MESSAGE_BODY_BYTES_MAX + 1];
    let refusal = socket.say(message_id(), room, long).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::TooLarge);
    let longest = vec![b'x'; limits::MESSAGE_BODY_BYTES_MAX];
    socket.say(message_id(), room, longest).await.unwrap();
});

both_ways!(a_room_beyond_the_limits_is_refused_and_not_made, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let create = |title: String, members: Vec<AccountId>| {
        let room = RoomId(Uuid::now_v7());
        Request::RoomCreate { room, title, members, folder: true }
    };
    let crowd = (0..limits::MEMBERS_PER_ROOM_MAX).map(|_| AccountId(Uuid::now_v7())).collect();
    let stranger = vec![AccountId(Uuid::now_v7())];
    for (request, code) in [
        (create("t".repeat(limits::ROOM_TITLE_BYTES_MAX + 1), vec![]), ErrorCode::InvalidName),
        (create("a\0b".into(), vec![]), ErrorCode::InvalidName),
        (create("Crowd".into(), crowd), ErrorCode::TooMany),
        (create("Ghost".into(), stranger), ErrorCode::NotFound),
    ] {
        assert_eq!(socket.ask(request).await.unwrap_err().code, code);
    }
    let (_, greeted) = Socket::open(&alice, None).await;
    assert!(greeted.rooms.is_empty(), "a refused room is there");
});

both_ways!(questions_beyond_the_limits_are_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let room = socket.make_room("Attic", &[]).await;
    let text = "x".repeat(limits::SEARCH_TEXT_BYTES_MAX + 1);
    let long = socket.ask(Request::People { text, limit: 10 }).await.unwrap_err();
    assert_eq!(long.code, ErrorCode::TooLarge);
    let over = Request::History { room, before: Position(0), limit: limits::HISTORY_PAGE_MAX + 1 };
    match socket.ask(over).await {
        Ok(Answer::History { events, .. }) => assert!(events.len() <= limits::HISTORY_PAGE_MAX as usize),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => assert_eq!(refusal.code, ErrorCode::BadRequest),
    }
    let people = Request::People { text: "a".into(), limit: limits::PEOPLE_PAGE_MAX + 1 };
    if let Err(refusal) = socket.ask(people).await {
        assert_eq!(refusal.code, ErrorCode::BadRequest);
    }
});

both_ways!(an_owner_cannot_leave_a_room_without_one, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let room = socket.make_room("Attic", &[bob.account]).await;
    for role in [None, Some(Role::Editor)] {
        let step_down = Request::MemberSet { room, account: alice.account, role };
        assert_eq!(socket.ask(step_down).await.unwrap_err().code, ErrorCode::LastOwner);
    }
    let promote = Request::MemberSet { room, account: bob.account, role: Some(Role::Owner) };
    socket.ask(promote).await.unwrap();
    let leave = Request::MemberSet { room, account: alice.account, role: None };
    socket.ask(leave).await.unwrap();
});

both_ways!(a_long_absence_is_told_in_parts_of_limited_size, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let mut rooms = Vec::new();
    for n in 0..=limits::SYNC_ROOMS_PER_PART_MAX {
        rooms.push(socket.make_room(&format!("Room {n}"), &[]).await);
    }
    let newest = limits::SYNC_EVENTS_PER_ROOM_MAX as usize;
    for n in 0..newest + 20 {
        socket.say(message_id(), rooms[0], format!("message {n}").into_bytes()).await.unwrap();
    }
    let (_, greeted) = Socket::open(&alice, None).await;
    assert_eq!(greeted.rooms.len(), rooms.len());
    assert!(
        greeted.rooms_per_part <= limits::SYNC_ROOMS_PER_PART_MAX,
        "{} in a part",
        greeted.rooms_per_part
    );
    let room = greeted.rooms.iter().find(|room| room.room == rooms[0]).unwrap();
    assert!(room.gap && room.events.len() <= newest, "{} events, gap {}", room.events.len(), room.gap);
    assert!(room.events.last().is_some_and(|event| event.pos == room.head), "the newest are told");
});
