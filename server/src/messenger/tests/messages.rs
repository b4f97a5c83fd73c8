//! Messages: each once, in order, for everybody, also for who is away.

use super::pod::{Pod, message_id, text, texts};
use super::world::{World, room_id};
use pod_shared::socket::{ClientFrame, Request, ServerFrame};
use pod_shared::{ErrorCode, Position, Role};

#[tokio::test]
async fn a_message_sent_twice_is_in_the_log_once() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let id = message_id();
    for _ in 0..3 {
        a.begin(room, id, "hello").await;
    }
    let mut places = Vec::new();
    for _ in 0..3 {
        places.push(a.outcome(id).await);
    }
    assert_eq!(places, [Ok(Position(2)); 3]);
    assert_eq!(text(&b.event(room).await).unwrap(), "hello");
    let (events, more) = b.history(room).await.unwrap();
    assert_eq!((texts(&events), more), (vec!["hello".to_owned()], false));
    world.check();
}

#[tokio::test]
async fn the_same_id_with_another_body_or_room_is_refused() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    let (one, two) = (a.make_room("one", &[]).await, a.make_room("two", &[]).await);
    let id = message_id();
    a.begin(one, id, "hello").await;
    assert_eq!(a.outcome(id).await, Ok(Position(2)));
    a.begin(one, id, "something else").await;
    assert_eq!(a.outcome(id).await, Err(ErrorCode::IdReused));
    a.begin(two, id, "hello").await;
    assert_eq!(a.outcome(id).await, Err(ErrorCode::IdReused));
    assert!(texts(&a.history(two).await.unwrap().0).is_empty());
    world.check();
}

#[tokio::test]
async fn two_people_may_choose_the_same_message_id() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let id = message_id();
    a.begin(room, id, "a").await;
    assert!(a.outcome(id).await.is_ok());
    b.begin(room, id, "b").await;
    assert!(b.outcome(id).await.is_ok());
    assert_eq!(texts(&a.history(room).await.unwrap().0), ["a", "b"]);
}

#[tokio::test]
async fn a_burst_keeps_its_order_for_every_hearer() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let said: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
    for text in &said {
        a.begin(room, message_id(), text).await;
    }
    for pod in [&mut a, &mut b] {
        let (mut heard, mut last) = (Vec::new(), Position(1));
        while heard.len() < said.len() {
            let event = pod.event(room).await;
            assert_eq!(event.pos.0, last.0 + 1);
            last = event.pos;
            heard.extend(text(&event));
        }
        assert_eq!(heard, said);
    }
    world.check();
}

#[tokio::test]
async fn all_receivers_get_the_same_order_from_several_senders() {
    let world = World::new().await;
    let who: Vec<_> = (0..4).map(|n| world.person(&format!("p{n}"))).collect();
    let mut pods = Vec::new();
    for person in &who {
        pods.push(Pod::fresh(&world, *person).await);
    }
    let room = pods[0].make_room("r", &who[1..]).await;
    for n in 0..50 {
        for pod in &mut pods {
            pod.begin(room, message_id(), &format!("{n}")).await;
        }
    }
    let mut logs = Vec::new();
    for pod in &mut pods {
        let mut log = Vec::new();
        for _ in 0..200 {
            let event = pod.event(room).await;
            log.push((event.pos, event.txn, event.by));
        }
        assert!(log.is_sorted());
        logs.push(log);
    }
    assert!(logs.windows(2).all(|pair| pair[0] == pair[1]));
    world.check();
}

#[tokio::test]
async fn who_is_away_gets_it_when_back() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    let delta = b.room(room).await;
    b.applied(delta.txn).await;
    let key = b.leave().await;
    a.say(room, "while you were out").await.unwrap();
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(texts(&b.rooms[0].events), ["while you were out"]);
    assert_eq!(b.rooms.len(), 1);
}

#[tokio::test]
async fn who_may_not_write_is_refused_and_nothing_changes() {
    let world = World::new().await;
    let (alice, bob, eve) = (world.person("alice"), world.person("bob"), world.person("eve"));
    let mut a = Pod::fresh(&world, alice).await;
    let (mut b, mut e) = (Pod::fresh(&world, bob).await, Pod::fresh(&world, eve).await);
    let room = a.make_room("r", &[bob]).await;
    a.set(room, bob.account, Some(Role::Viewer)).await.unwrap();
    assert_eq!(b.say(room, "no").await, Err(ErrorCode::RoleTooLow));
    assert_eq!(e.say(room, "no").await, Err(ErrorCode::NotFound));
    assert_eq!(e.say(room_id(), "no").await, Err(ErrorCode::NotFound));
    assert_eq!(e.history(room).await.unwrap_err(), ErrorCode::NotFound);
    assert!(texts(&a.history(room).await.unwrap().0).is_empty());
    world.check();
}

#[tokio::test]
async fn history_comes_in_pages_oldest_first() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("r", &[]).await;
    for n in 0..10 {
        a.say(room, &n.to_string()).await.unwrap();
    }
    let mut before = Position(0);
    let mut all = Vec::new();
    loop {
        let request = Request::History { room, before, limit: 4 };
        let pod_shared::socket::Answer::History { events, more } = a.ask(request).await.unwrap() else {
            panic!()
        };
        assert!(events.len() <= 4);
        before = events[0].pos;
        all.splice(0..0, events);
        if !more {
            break;
        }
    }
    assert_eq!(all.iter().map(|event| event.pos.0).collect::<Vec<_>>(), (1..=11).collect::<Vec<_>>());
}

#[tokio::test]
async fn read_marks_are_watermarks_and_everybody_hears_them() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let room = a.make_room("r", &[bob]).await;
    for _ in 0..3 {
        a.say(room, "x").await.unwrap();
    }
    for pos in [3, 2, 99] {
        b.put(ClientFrame::Read { room, pos: Position(pos) }).await;
    }
    let mut read = Vec::new();
    while read.last() != Some(&4) {
        let pos = a
            .find(|frame| match frame {
                ServerFrame::Read { account, pos, .. } if *account == bob.account => Some(pos.0),
                _ => None,
            })
            .await;
        read.push(pos);
    }
    assert!(read.is_sorted() && read.len() <= 2, "{read:?}");
    b.leave().await;
    let b = Pod::fresh(&world, bob).await;
    assert_eq!(b.rooms[0].read, Some(Position(4)));
    world.check();
}
