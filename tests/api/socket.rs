//! The socket under bad manners: broken frames, no greeting, too much at once, and a reader that does not read.

use futures_util::{SinkExt, StreamExt};
use pod_shared::socket::{About, AboutKind, ClientFrame, Request};
use pod_shared::{ErrorCode, Position, RoomId, Txn, limits};
use pod_tests::device::Device;
use pod_tests::socket::{hello, message_id};
use pod_tests::{Socket, World, both_ways, wait};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

async fn said_bye(socket: &mut Socket, code: ErrorCode) {
    let said = socket.closed().await.unwrap_or_else(|| panic!("closed without a word instead of {code}"));
    assert_eq!(said.code, code, "{}", said.message);
}

both_ways!(a_broken_frame_ends_the_connection_with_its_reason, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    for broken in [vec![0xff], vec![0x05], Vec::new(), b"{}".to_vec(), vec![0xa1, 0x64]] {
        let (mut socket, _) = Socket::open(&alice, None).await;
        socket.send_bytes(broken).await;
        said_bye(&mut socket, ErrorCode::BadRequest).await;
    }
    let (mut socket, _) = Socket::open(&alice, None).await;
    socket.send_text("hello").await;
    said_bye(&mut socket, ErrorCode::BadRequest).await;
});

both_ways!(a_frame_beyond_the_limit_ends_the_connection, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    socket.send_bytes(vec![0; limits::CLIENT_FRAME_BYTES_MAX + 1]).await;
    said_bye(&mut socket, ErrorCode::TooLarge).await;
});

both_ways!(a_frame_of_a_newer_pod_is_skipped, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    socket.send_bytes(b"\xa1\x68teleport\xa1\x62to\x01".to_vec()).await;
    socket.ask(Request::People { text: "alice".into(), limit: 1 }).await.unwrap();
});

both_ways!(a_connection_begins_with_one_greeting, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let mut early = Socket::connect(&alice, &alice.messenger_token).await.unwrap();
    early.send(&ClientFrame::Applied { txn: Txn(1) }).await;
    said_bye(&mut early, ErrorCode::BadRequest).await;
    let (mut twice, _) = Socket::open(&alice, None).await;
    twice.send(&ClientFrame::Hello(hello(&alice, None))).await;
    said_bye(&mut twice, ErrorCode::BadRequest).await;
    let mut foreign = alice.clone();
    foreign.id = pod_shared::DeviceId(Uuid::now_v7());
    let mut other = Socket::connect(&alice, &alice.messenger_token).await.unwrap();
    other.send(&ClientFrame::Hello(hello(&foreign, None))).await;
    said_bye(&mut other, ErrorCode::BadRequest).await;
    let mut capable = hello(&alice, None);
    capable.capabilities = (0..=limits::CAPABILITIES_MAX).map(|n| format!("x/{n}")).collect();
    let mut much = Socket::connect(&alice, &alice.messenger_token).await.unwrap();
    much.send(&ClientFrame::Hello(capable)).await;
    said_bye(&mut much, ErrorCode::TooMany).await;
});

both_ways!(who_does_not_greet_is_cut, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let mut silent = Socket::connect(&alice, &alice.messenger_token).await.unwrap();
    let limit = std::time::Duration::from_millis(limits::HELLO_MS_MAX * 3);
    let said = wait::within(limit, "a silent client to be cut", silent.closed()).await;
    assert!(said.is_none_or(|error| error.code == ErrorCode::BadRequest));
});

both_ways!(looking_at_too_many_rooms_is_refused, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let rooms = (0..=limits::LOOKING_ROOMS_MAX).map(|_| RoomId(Uuid::now_v7())).collect();
    socket.send(&ClientFrame::Looking { rooms }).await;
    said_bye(&mut socket, ErrorCode::TooMany).await;
});

both_ways!(
    an_about_of_nothing_or_of_a_stranger_is_refused_and_the_connection_goes_on,
    async |world: &mut World| {
        let alice = Device::sign_up(world, "alice").await;
        let eve = Device::sign_up(world, "eve").await;
        let (mut of_alice, _) = Socket::open(&alice, None).await;
        let (mut of_eve, _) = Socket::open(&eve, None).await;
        let room = of_alice.make_room("Attic", &[]).await;
        let said = message_id();
        of_alice.say(said, room, b"x".to_vec()).await.unwrap();
        let about = |message, author, how| Some(About { message, author, how });
        for how in [AboutKind::Edit, AboutKind::Reaction, AboutKind::Deletion] {
            let nothing =
                of_alice.say_about(message_id(), room, about(message_id(), alice.account, how)).await;
            assert_eq!(nothing.unwrap_err().code, ErrorCode::NotFound);
            let stranger = of_eve.say_about(message_id(), room, about(said, alice.account, how)).await;
            assert_eq!(stranger.unwrap_err().code, ErrorCode::NotFound);
        }
        let again = of_alice.say_about(said, room, about(said, alice.account, AboutKind::Edit)).await;
        assert_eq!(again.unwrap_err().code, ErrorCode::IdReused, "a message is not about itself");
        of_alice
            .say_about(message_id(), room, about(said, alice.account, AboutKind::Deletion))
            .await
            .unwrap();
    }
);

both_ways!(a_report_of_too_many_rooms_is_refused_and_of_strange_ones_ignored, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let (mut socket, _) = Socket::open(&alice, None).await;
    let rooms = |count| (0..count).map(|_| (RoomId(Uuid::now_v7()), Position(u64::MAX))).collect();
    socket.send(&ClientFrame::Typing { room: RoomId(Uuid::now_v7()) }).await;
    socket.send(&ClientFrame::Delivered { rooms: rooms(limits::DELIVERED_ROOMS_MAX) }).await;
    socket.ask(Request::People { text: "alice".into(), limit: 1 }).await.unwrap();
    socket.send(&ClientFrame::Delivered { rooms: rooms(limits::DELIVERED_ROOMS_MAX + 1) }).await;
    said_bye(&mut socket, ErrorCode::TooMany).await;
});

both_ways!(an_account_holds_so_many_sockets_and_no_more, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let mut open = Vec::new();
    for _ in 0..limits::SOCKETS_PER_ACCOUNT_MAX {
        open.push(Socket::open(&alice, None).await.0);
    }
    let refused = match Socket::connect(&alice, &alice.messenger_token).await {
        Err(_) => true,
        Ok(mut over) => {
            over.send(&ClientFrame::Hello(hello(&alice, None))).await;
            over.closed().await.is_some_and(|error| error.code == ErrorCode::TooMany)
        }
    };
    assert!(refused, "one socket too many was taken");
    let last = open.last_mut().unwrap();
    last.ask(Request::People { text: "alice".into(), limit: 1 }).await.unwrap();
    drop(open);
});

both_ways!(a_reader_that_does_not_read_is_cut_and_the_others_go_on, async |world: &mut World| {
    let alice = Device::sign_up(world, "alice").await;
    let bob = Device::sign_up(world, "bob").await;
    let carol = Device::sign_up(world, "carol").await;
    let (mut of_alice, _) = Socket::open(&alice, None).await;
    let room = of_alice.make_room("Attic", &[bob.account, carol.account]).await;
    let (mut of_bob, _) = Socket::open(&bob, None).await;
    let (mut of_carol, _) = Socket::open(&carol, None).await;
    // More than its queue and what the system buffers on both ends can hold.
    let messages = (limits::CONNECTION_QUEUE_BYTES_MAX * 8 / 32_000).min(limits::CONNECTION_QUEUE_FRAMES_MAX);
    let carol_reads = tokio::spawn(async move {
        let mut bytes = 0;
        while let Some(Ok(message)) = of_carol.stream().next().await {
            bytes += message.len();
            if bytes >= messages * 32_000 {
                break;
            }
        }
        bytes
    });
    for _ in 0..messages {
        of_alice.say(message_id(), room, vec![7; 32_000]).await.unwrap();
    }
    let bytes = wait::soon("the reader that reads to have everything", carol_reads).await.unwrap();
    assert!(bytes >= messages * 32_000);
    let _ = of_bob.stream().send(Message::Ping(Vec::new().into())).await;
    let said = of_bob.closed().await;
    assert!(said.is_none_or(|error| error.code == ErrorCode::SlowConsumer));
    of_alice.say(message_id(), room, b"still here".to_vec()).await.unwrap();
});
