//! Every limit exceeded over the real socket: its code, and nothing changed.

use super::pod::{Pod, client_hello, get, goodbye, message_id, open, put, upgrade};
use super::world::{PATIENCE, World, room_id};
use crate::messenger::Pace;
use futures_util::SinkExt;
use pod_shared::auth::Audience;
use pod_shared::bytes::ByteString;
use pod_shared::limits;
use pod_shared::socket::{Answer, ClientFrame, ClientHello, Request, SendMessage, ServerFrame};
use pod_shared::{AccountId, ErrorCode, Position, Txn, wire};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

#[tokio::test]
async fn a_message_may_be_as_long_as_the_limit_and_no_longer() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let room = a.make_room("r", &[]).await;
    for (len, outcome) in [
        (limits::MESSAGE_BODY_BYTES_MAX, Ok(Position(2))),
        (limits::MESSAGE_BODY_BYTES_MAX + 1, Err(ErrorCode::TooLarge)),
        (0, Err(ErrorCode::BadRequest)),
    ] {
        let id = message_id();
        let body = ByteString(vec![7; len]);
        a.put(ClientFrame::Send(SendMessage { id, room, body, about: None })).await;
        assert_eq!(a.outcome(id).await, outcome);
    }
    world.check();
}

#[tokio::test]
async fn a_frame_over_the_limit_ends_the_connection() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let bytes = vec![0; limits::CLIENT_FRAME_BYTES_MAX + 1];
    a.socket.send(Message::Binary(bytes.into())).await.unwrap();
    assert_eq!(goodbye(&mut a.socket).await, ErrorCode::TooLarge);
}

#[tokio::test]
async fn what_is_no_frame_ends_the_connection() {
    let world = World::new().await;
    let who = world.person("alice");
    for message in [
        Message::Binary(vec![0xff, 0xff].into()),
        Message::Text("{}".into()),
        Message::Binary(wire::encode(&client_hello(who, None)).unwrap().into()),
        Message::Binary(wire::encode(&ClientFrame::Applied { txn: Txn(1 << 40) }).unwrap().into()),
    ] {
        let mut a = Pod::fresh(&world, who).await;
        a.socket.send(message).await.unwrap();
        assert_eq!(goodbye(&mut a.socket).await, ErrorCode::BadRequest);
    }
}

#[tokio::test]
async fn an_unknown_frame_is_skipped_and_an_unknown_request_answered() {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Newer {
        Wave { at: u64 },
        Request { request: u64, body: Body },
    }
    #[derive(serde::Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Body {
        Dance { steps: u64 },
    }
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    for frame in [Newer::Wave { at: 3 }, Newer::Request { request: 77, body: Body::Dance { steps: 2 } }] {
        a.socket.send(Message::Binary(wire::encode(&frame).unwrap().into())).await.unwrap();
    }
    let code = a
        .find(|frame| match frame {
            ServerFrame::Answer { request: 77, result } => Some(result.clone().unwrap_err().code),
            _ => None,
        })
        .await;
    assert_eq!(code, ErrorCode::UnsupportedVersion);
    a.make_room("still here", &[]).await;
}

#[tokio::test]
async fn titles_and_members_have_limits() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let create = |title: String, members: Vec<AccountId>| Request::RoomCreate {
        room: room_id(),
        title,
        members,
        folder: true,
    };
    let long = "한".repeat(limits::ROOM_TITLE_BYTES_MAX / 3 + 1);
    assert_eq!(a.ask(create(long, vec![])).await, Err(ErrorCode::InvalidName));
    assert_eq!(a.ask(create(String::new(), vec![])).await, Err(ErrorCode::InvalidName));
    assert_eq!(a.ask(create("a\u{7}b".into(), vec![])).await, Err(ErrorCode::InvalidName));
    let stranger = vec![AccountId(Uuid::now_v7())];
    assert_eq!(a.ask(create("r".into(), stranger)).await, Err(ErrorCode::NotFound));
    let crowd: Vec<_> =
        (0..limits::MEMBERS_PER_ROOM_MAX).map(|n| world.person(&n.to_string()).account).collect();
    assert_eq!(a.ask(create("r".into(), crowd.clone())).await, Err(ErrorCode::TooMany));
    let room = room_id();
    let full =
        Request::RoomCreate { room, title: "full".into(), members: crowd[1..].to_vec(), folder: false };
    assert_eq!(a.ask(full).await, Ok(Answer::Done {}));
    assert_eq!(
        a.set(room, crowd[0], Some(pod_shared::Role::Viewer)).await,
        Err(ErrorCode::TooMany),
        "a full room takes nobody"
    );
    let pair = Request::RoomCreate {
        room: room_id(),
        title: String::new(),
        members: crowd[..1].to_vec(),
        folder: false,
    };
    assert_eq!(a.ask(pair).await, Ok(Answer::Done {}), "a conversation of two needs no title");
    world.check();
}

#[tokio::test]
async fn a_person_may_be_in_so_many_rooms_and_no_more() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("first", &[bob]).await;
    let path = world.dir.path().join("messenger.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let count = limits::ROOMS_PER_ACCOUNT_MAX as i64;
    connection
        .execute("UPDATE people SET rooms = ?1 WHERE account = ?2", (count, bob.account.as_bytes()))
        .unwrap();
    let room = room_id();
    let create =
        Request::RoomCreate { room, title: "one more".into(), members: vec![bob.account], folder: true };
    assert_eq!(a.ask(create).await, Err(ErrorCode::TooMany));
    assert_eq!(a.history(room).await.unwrap_err(), ErrorCode::NotFound, "nothing of it is there");
    assert!(world.messenger.inner.store.pending(1, Vec::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn greetings_looks_and_searches_have_limits() {
    let world = World::new().await;
    let who = world.person("alice");
    let mut a = Pod::fresh(&world, who).await;
    let long = "x".repeat(limits::SEARCH_TEXT_BYTES_MAX + 1);
    assert_eq!(a.ask(Request::People { text: long, limit: 5 }).await, Err(ErrorCode::TooLarge));
    let rooms = (0..=limits::LOOKING_ROOMS_MAX).map(|_| room_id()).collect();
    a.put(ClientFrame::Looking { rooms }).await;
    assert_eq!(goodbye(&mut a.socket).await, ErrorCode::TooMany);
    let hello = ClientHello {
        capabilities: vec!["x".into(); limits::CAPABILITIES_MAX + 1],
        client: "test".into(),
        device: who.device,
        key: None,
    };
    let mut socket = open(&world, who).await;
    put(&mut socket, &ClientFrame::Hello(hello)).await;
    assert_eq!(goodbye(&mut socket).await, ErrorCode::TooMany);
}

#[tokio::test]
async fn an_account_holds_so_many_sockets_and_no_more() {
    let world = World::new().await;
    let who = world.person("alice");
    let mut sockets = Vec::new();
    for _ in 0..limits::SOCKETS_PER_ACCOUNT_MAX {
        sockets.push(open(&world, who).await);
    }
    let token = world.token(who, Audience::Messenger, 300);
    assert_eq!(upgrade(&world, Some(&token)).await.unwrap_err(), (429, ErrorCode::TooMany));
    open(&world, world.person("bob")).await;
    drop(sockets.pop());
    // The seat is free once the server noticed.
    tokio::time::timeout(PATIENCE, async {
        while upgrade(&world, Some(&token)).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_says_nothing_is_let_go() {
    let Pace { hello, heartbeat, silence, settle: _, presence, linger } = Pace::default();
    let usual = [limits::HELLO_MS_MAX, limits::HEARTBEAT_MS, limits::SILENCE_MS_MAX];
    assert_eq!([hello, heartbeat, silence], usual.map(Duration::from_millis));
    let told = [limits::PRESENCE_EVERY_MS, limits::PRESENCE_LINGER_MS];
    assert_eq!([presence, linger], told.map(Duration::from_millis));
    let pace = Pace {
        hello: Duration::from_millis(50),
        heartbeat: Duration::from_millis(50),
        silence: Duration::from_millis(200),
        ..Pace::default()
    };
    let world = World::paced(pace).await;
    let who = world.person("alice");
    let mut silent = open(&world, who).await;
    assert_eq!(goodbye(&mut silent).await, ErrorCode::BadRequest);
    // Answers pings by reading: it stays. Then it stops, and is gone without a word.
    let mut a = Pod::fresh(&world, who).await;
    let mut pings = 0;
    while pings < 8 {
        use futures_util::StreamExt;
        if let Some(Ok(Message::Ping(_))) = a.socket.next().await {
            pings += 1;
            a.socket.flush().await.unwrap();
        }
    }
    let inner = &world.messenger.inner;
    let mut raw = a.socket;
    tokio::time::timeout(PATIENCE, async {
        while !inner.sockets.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    assert!(get(&mut raw).await.is_none());
}

#[tokio::test]
async fn so_many_requests_of_a_connection_wait_for_an_answer_and_no_more() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let waiting = 1_000..1_000 + limits::REQUESTS_IN_FLIGHT_MAX as u64;
    world.people.hold();
    for request in waiting.clone() {
        let body = Request::People { text: "x".into(), limit: 1 };
        a.put(ClientFrame::Request { request, body }).await;
    }
    let room = room_id();
    let create = Request::RoomCreate { room, title: "one more".into(), members: vec![], folder: true };
    assert_eq!(a.ask(create.clone()).await, Err(ErrorCode::TooMany));
    world.people.let_go();
    for wanted in waiting {
        a.find(|frame| match frame {
            ServerFrame::Answer { request, result: Ok(_) } if *request == wanted => Some(()),
            _ => None,
        })
        .await;
    }
    assert_eq!(a.history(room).await.unwrap_err(), ErrorCode::NotFound, "nothing of it is there");
    assert!(world.messenger.inner.store.pending(1, Vec::new()).await.unwrap().is_empty());
    assert_eq!(a.ask(create).await, Ok(Answer::Done {}), "there is room again");
    world.check();
}
