//! Who gets in, who is put out, and who is cut.

use super::pod::{Pod, client_hello, get, goodbye, message_id, open, put, upgrade};
use super::world::{PATIENCE, World};
use pod_shared::auth::Audience;
use pod_shared::bytes::ByteString;
use pod_shared::interlock::Revocation;
use pod_shared::limits::MESSAGE_BODY_BYTES_MAX;
use pod_shared::socket::{ClientFrame, SendMessage, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::{ErrorCode, Position};

#[tokio::test]
async fn only_a_good_token_opens_the_socket() {
    let world = World::new().await;
    let who = world.person("alice");
    let refused = |token: Option<String>| {
        let world = &world;
        async move { upgrade(world, token.as_deref()).await.unwrap_err() }
    };
    assert_eq!(refused(None).await, (401, ErrorCode::Unauthorized));
    assert_eq!(refused(Some("nonsense".into())).await, (401, ErrorCode::Unauthorized));
    let content = world.token(who, Audience::Content, 300);
    assert_eq!(refused(Some(content)).await, (401, ErrorCode::WrongAudience));
    let old = world.token(who, Audience::Messenger, -600);
    assert_eq!(refused(Some(old)).await, (401, ErrorCode::TokenExpired));
    upgrade(&world, Some(&world.token(who, Audience::Messenger, 300))).await.unwrap();
}

#[tokio::test]
async fn the_greeting_says_who_and_what_the_server_is() {
    let world = World::new().await;
    let alice = world.person("alice");
    world.about.content_is_at(crate::about::ContentPlace { url: "http://x".into(), fingerprint: None });
    let a = Pod::fresh(&world, alice).await;
    assert_eq!((a.hello.account, a.hello.server.as_str()), (alice.account, "test"));
    assert_eq!((a.hello.content_url.as_str(), a.hello.connection), ("http://x", a.key.session));
    assert_eq!(a.hello.capabilities, pod_shared::capability::ALL);
}

#[tokio::test]
async fn a_greeting_for_another_device_is_refused() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut socket = open(&world, alice).await;
    put(&mut socket, &client_hello(bob, None)).await;
    assert_eq!(goodbye(&mut socket).await, ErrorCode::BadRequest);
    let mut socket = open(&world, alice).await;
    put(&mut socket, &ClientFrame::Looking { rooms: Vec::new() }).await;
    assert_eq!(goodbye(&mut socket).await, ErrorCode::BadRequest);
}

#[tokio::test]
async fn signing_a_device_out_closes_its_socket_at_once_and_no_other() {
    let world = World::new().await;
    let alice = world.person("alice");
    let second = world.device_of(alice.account);
    let (mut one, mut two) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, second).await);
    let at_s = crate::access::now_s() + 1;
    world.access.revoke(&[Revocation { seq: 1, device: alice.device, at_s }]);
    assert_eq!(goodbye(&mut one.socket).await, ErrorCode::SignedOut);
    two.make_room("still here", &[]).await;
}

#[tokio::test]
async fn a_stopping_server_says_so() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    world.about.stopping().cancel();
    assert_eq!(goodbye(&mut a.socket).await, ErrorCode::Unavailable);
    tokio::time::timeout(PATIENCE, world.messenger.clone().watch()).await.unwrap();
}

#[tokio::test]
async fn who_does_not_read_is_cut_alone_and_learns_the_rest_later() {
    let world = World::new().await;
    let who: Vec<_> = (0..3).map(|n| world.person(&format!("p{n}"))).collect();
    let mut talker = Pod::fresh(&world, who[0]).await;
    let (mut listener, mut sleeper) = (Pod::fresh(&world, who[1]).await, Pod::fresh(&world, who[2]).await);
    let room = talker.make_room("r", &who[1..]).await;
    let delta = sleeper.room(room).await;
    sleeper.applied(delta.txn).await;
    sleeper.settle().await;
    let key = sleeper.key;
    // More than the queue and what the system holds for it.
    let count = 1_000;
    for _ in 0..count {
        let body = ByteString(vec![7; MESSAGE_BODY_BYTES_MAX]);
        talker.put(ClientFrame::Send(SendMessage { id: message_id(), room, body, about: None })).await;
        talker.event(room).await;
        listener.event(room).await;
    }
    // It reads again: what was on its way, then why it ended, or just the end.
    let mut last = None;
    while let Some(frame) = get(&mut sleeper.socket).await {
        last = Some(frame);
    }
    if let Some(ServerFrame::Bye { error }) = &last {
        assert_eq!(error.code, ErrorCode::SlowConsumer);
    }
    talker.settle().await;
    let back = Pod::connect(&world, who[2], Some(key)).await;
    assert_eq!((back.kind, back.rooms[0].head), (SyncKind::Delta, Position(count + 1)));
    assert!(back.rooms[0].gap);
    world.check();
}
