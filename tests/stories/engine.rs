//! The headless engine in this process against real servers: what a user interface asks and hears.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::window::{Engine, state, text};
use pod_client::command::{Answer, Command, Side};
use pod_client::event::Event;
use pod_client::view::{ConnectionView, ItemKind, MessageState};
use pod_shared::sync::SyncKind;
use pod_shared::{ErrorCode, Role};
use pod_tests::proxy::Weather;
use pod_tests::world::tell;
use pod_tests::{Arrangement, World, wait};

async fn two_people_talk(world: &mut World) {
    let alice = Engine::sign_up(world, "alice").await;
    let mut bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("한국어 방", vec![bob.me().await], Side::Chat).await;
    bob.event("the room's window", |event| *event == Event::RoomOpen { room }).await;
    assert_eq!(bob.room(room).await.title, "한국어 방");
    alice.send(room, "one").await;
    alice.send(room, "two").await;
    bob.event("a notification", |event| matches!(event, Event::Arrived { .. })).await;
    bob.hears(room, &["one", "two"]).await;
    wait::until("two unread", async || (bob.room(room).await.unread == 2).then_some(())).await;
    bob.send(room, "three").await;
    alice.hears(room, &["one", "two", "three"]).await;

    let items = bob.timeline(room).await.items;
    let pos = items.iter().rev().find_map(|item| item.pos).unwrap();
    assert!(matches!(bob.ask(Command::Read { room, pos }).await, Answer::Done));
    wait::until("nothing unread", async || (bob.room(room).await.unread == 0).then_some(())).await;
    wait::until("read by all", async || {
        let items = alice.timeline(room).await.items;
        let two = items.iter().find(|item| text(item).as_deref() == Some("two"));
        (two.and_then(state) == Some(MessageState::Read)).then_some(())
    })
    .await;
    drop((alice, bob));
}

async fn offline_work_goes_out_later(world: &mut World) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let them = bob.me().await;
    let room = alice.create("before", vec![them], Side::Chat).await;
    bob.room(room).await;
    world.network.set(Weather::Cut);
    alice.offline().await;
    alice.send(room, "a").await;
    alice.send(room, "b").await;
    let made = alice.create("made offline", vec![them], Side::Chat).await;
    alice.send(made, "first").await;
    wait::until("four wait", async || (alice.status().await.messages_waiting == 4).then_some(())).await;
    assert!(alice.room(made).await.waiting);

    let alice = alice.again().await;
    assert_eq!(alice.status().await.messages_waiting, 4, "known before the first answer");
    let items = alice.timeline(room).await.items;
    assert_eq!(items.iter().rev().find_map(state), Some(MessageState::Waiting));
    world.network.set(Weather::Fair);
    assert!(matches!(alice.ask(Command::ConnectNow).await, Answer::Done));
    alice.online().await;
    bob.hears(room, &["a", "b"]).await;
    bob.hears(made, &["first"]).await;
    alice.hears(room, &["a", "b"]).await;
    wait::until("nothing waits", async || (alice.status().await.messages_waiting == 0).then_some(())).await;
    assert!(!alice.room(made).await.waiting);
    drop((alice, bob));
}

async fn a_reconnect_costs_what_changed(world: &mut World) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("room", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    alice.send(room, "x").await;
    bob.hears(room, &["x"]).await;
    alice.hears(room, &["x"]).await;

    world.network.set(Weather::Cut);
    alice.offline().await;
    bob.offline().await;
    world.network.set(Weather::Fair);
    alice.ask(Command::ConnectNow).await;
    alice.online().await;
    alice.send(room, "y").await;
    wait::until("sent", async || (alice.status().await.messages_waiting == 0).then_some(())).await;
    bob.ask(Command::ConnectNow).await;
    bob.online().await;
    bob.hears(room, &["x", "y"]).await;
    assert_eq!(bob.status().await.sync.unwrap().kind, SyncKind::Delta);

    let bob = bob.again().await;
    assert_eq!(bob.texts(room).await, ["x", "y"], "the cache is shown before the network answers");
    bob.online().await;
    let sync = bob.status().await.sync.unwrap();
    assert_eq!((sync.kind, sync.round_trips), (SyncKind::Null, 1));

    let profile = bob.profile.clone();
    drop(bob);
    std::fs::write(profile.join("cache.db"), b"this is no database at all, and long enough to be looked at")
        .unwrap();
    let bob = Engine::open(profile).await;
    bob.online().await;
    assert_eq!(bob.status().await.sync.unwrap().kind, SyncKind::Full);
    bob.hears(room, &["x", "y"]).await;
    drop((alice, bob));
}

async fn members_and_folders(world: &mut World) {
    let alice = Engine::sign_up(world, "alice").await;
    let mut bob = Engine::sign_up(world, "bob").await;
    let them = bob.me().await;
    let room = alice.create("files", vec![them], Side::Files).await;
    alice.room(room).await;
    bob.room(room).await;
    let folder = wait::until("the folder can be used", async || {
        let command = Command::FolderCreate { room, parent: None, name: "자료".into() };
        match alice.run(command).await {
            Ok(Answer::EntryId(id)) => Some(id),
            Ok(other) => panic!("{other:?}"),
            Err(error) if error.code == ErrorCode::NameExists => panic!("made twice"),
            Err(_) => None,
        }
    })
    .await;
    wait::until("bob sees it", async || {
        match bob.ask(Command::Folder { room, parent: None, sort: None, offset: 0, limit: 50 }).await {
            Answer::Folder(view) => view.entries.iter().any(|entry| entry.id == folder).then_some(()),
            _ => None,
        }
    })
    .await;
    alice.ask(Command::EntryRename { entry: folder, name: "문서".into() }).await;
    wait::until("the chat tells the activity", async || {
        let items = bob.timeline(room).await.items;
        items.iter().any(|item| matches!(&item.kind, ItemKind::Activity(line) if line.name_now.as_deref() == Some("문서"))).then_some(())
    })
    .await;
    let bad = bob.run(Command::EntryRename { entry: folder, name: "a/b".into() }).await.unwrap_err();
    assert_eq!(bad.code, ErrorCode::InvalidName);

    let viewer = Command::MemberSet { room, account: them, role: Some(Role::Viewer) };
    assert!(matches!(alice.ask(viewer).await, Answer::Done | Answer::Pending));
    wait::until("a viewer", async || (bob.room(room).await.role == Role::Viewer).then_some(())).await;
    let refused = bob
        .run(Command::Send { room, text: "no".into(), mentions: Vec::new(), reply: None })
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleTooLow);
    let removed = Command::MemberSet { room, account: them, role: None };
    assert!(matches!(alice.ask(removed).await, Answer::Done | Answer::Pending));
    bob.event("the room is gone", |event| *event == Event::RoomGone { room }).await;
    assert!(bob.rooms().await.is_empty());

    alice.ask(Command::SignOut).await;
    assert_eq!(alice.status().await.connection, ConnectionView::SignedOut);
    assert_eq!(alice.run(Command::Rooms).await.unwrap_err().code, ErrorCode::NotSignedIn);
    drop((alice, bob));
}

macro_rules! both_ways {
    ($($name:ident)+) => {$(
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_one_process() {
                tell(Arrangement::One, stringify!($name), super::$name).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_two_processes() {
                tell(Arrangement::Two, stringify!($name), super::$name).await;
            }
        }
    )+};
}

both_ways! { two_people_talk offline_work_goes_out_later a_reconnect_costs_what_changed members_and_folders }
