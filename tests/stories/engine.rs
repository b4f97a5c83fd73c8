//! The headless engine in this process against real servers: what a user interface asks and hears.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use pod_client::command::{Answer, Command, Secret, Side};
use pod_client::event::Event;
use pod_client::view::{
    ConnectionView, ErrorView, Item, ItemKind, MessageState, RoomSummary, ServerAddress, StatusView, Timeline,
};
use pod_client::{Events, Pod, SecretsKind, StartOptions, start};
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, ErrorCode, Role, RoomId};
use pod_tests::proxy::Weather;
use pod_tests::world::{PASSWORD, tell};
use pod_tests::{Arrangement, World, wait};
use std::path::PathBuf;

/// An engine on a profile that can be stopped and started again.
struct Engine {
    profile: PathBuf,
    pod: Pod,
    events: Events,
}

impl Engine {
    async fn open(profile: PathBuf) -> Self {
        // The engine before this one may still be putting its things away.
        let (pod, events) = wait::until("the profile is free", async || {
            let options = StartOptions { secrets: SecretsKind::File, ..StartOptions::new(&profile) };
            match start(options).await {
                Ok(started) => Some(started),
                Err(error) if error.code == ErrorCode::Conflict => None,
                Err(error) => panic!("{error}"),
            }
        })
        .await;
        Self { profile, pod, events }
    }

    async fn sign_up(world: &World, name: &str) -> Self {
        let engine = Self::open(world.folder().join(format!("engine-{name}"))).await;
        let server =
            ServerAddress { url: world.url(), fingerprint: None, invite: Some(world.invite().await) };
        let command = Command::SignUp {
            server,
            name: name.into(),
            display_name: name.to_uppercase(),
            password: Secret(PASSWORD.into()),
            setup_code: None,
        };
        assert!(matches!(engine.ask(command).await, Answer::Account(_)));
        engine.online().await;
        engine
    }

    /// Stops the engine as a crash would, and starts another on the same profile.
    async fn again(self) -> Self {
        let profile = self.profile.clone();
        drop(self);
        Self::open(profile).await
    }

    async fn run(&self, command: Command) -> Result<Answer, ErrorView> {
        wait::soon("an answer", self.pod.run(command)).await
    }

    async fn ask(&self, command: Command) -> Answer {
        self.run(command).await.unwrap()
    }

    async fn status(&self) -> StatusView {
        match self.ask(Command::Status).await {
            Answer::Status(status) => status,
            other => panic!("{other:?}"),
        }
    }

    async fn online(&self) {
        wait::until("online", async || {
            (self.status().await.connection == ConnectionView::Online).then_some(())
        })
        .await;
    }

    async fn offline(&self) {
        wait::until("offline", async || {
            matches!(self.status().await.connection, ConnectionView::Offline { .. }).then_some(())
        })
        .await;
    }

    async fn me(&self) -> AccountId {
        self.status().await.account.unwrap().account
    }

    async fn rooms(&self) -> Vec<RoomSummary> {
        match self.ask(Command::Rooms).await {
            Answer::Rooms(rooms) => rooms,
            other => panic!("{other:?}"),
        }
    }

    async fn room(&self, room: RoomId) -> RoomSummary {
        wait::until("the room", async || self.rooms().await.into_iter().find(|row| row.id == room)).await
    }

    async fn create(&self, title: &str, members: Vec<AccountId>, side: Side) -> RoomId {
        match self.ask(Command::RoomCreate { title: title.into(), members, side }).await {
            Answer::RoomId(room) => room,
            other => panic!("{other:?}"),
        }
    }

    async fn send(&self, room: RoomId, text: &str) {
        let answer = self.ask(Command::Send { room, text: text.into() }).await;
        assert!(matches!(answer, Answer::MessageId(_)));
    }

    async fn timeline(&self, room: RoomId) -> Timeline {
        match self.ask(Command::Timeline { room, before: None, limit: 100 }).await {
            Answer::Timeline(timeline) => timeline,
            other => panic!("{other:?}"),
        }
    }

    async fn texts(&self, room: RoomId) -> Vec<String> {
        self.timeline(room).await.items.iter().filter_map(text).collect()
    }

    async fn hears(&self, room: RoomId, texts: &[&str]) {
        wait::until(&format!("{texts:?}"), async || (self.texts(room).await == texts).then_some(())).await;
    }

    async fn event(&mut self, what: &str, fits: impl Fn(&Event) -> bool) -> Event {
        wait::soon(what, async {
            loop {
                let event = self.events.next().await.unwrap();
                if fits(&event) {
                    break event;
                }
            }
        })
        .await
    }
}

fn text(item: &Item) -> Option<String> {
    match &item.kind {
        ItemKind::Message { text, .. } => text.clone(),
        _ => None,
    }
}

fn state(item: &Item) -> Option<MessageState> {
    match &item.kind {
        ItemKind::Message { state, .. } => Some(state.clone()),
        _ => None,
    }
}

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
    wait::until("bob sees it", async || match bob.ask(Command::Folder { room, parent: None }).await {
        Answer::Folder(view) => view.entries.iter().any(|entry| entry.id == folder).then_some(()),
        _ => None,
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
    let refused = bob.run(Command::Send { room, text: "no".into() }).await.unwrap_err();
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
