//! An engine in this process, as a user interface has it: what it is asked, and what it tells.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use pod_client::command::{Answer, Command, Secret, Side};
use pod_client::event::Event;
use pod_client::view::{
    ConnectionView, ErrorView, Item, ItemKind, MessageState, Place, RoomSummary, ServerAddress, StatusView,
    Timeline,
};
use pod_client::{Events, Pod, SecretsKind, StartOptions, start};
use pod_shared::{AccountId, ErrorCode, MessageId, RoomId};
use pod_tests::world::PASSWORD;
use pod_tests::{World, wait};
use std::path::PathBuf;

/// An engine on a profile that can be stopped and started again.
pub(crate) struct Engine {
    pub(crate) profile: PathBuf,
    pub(crate) pod: Pod,
    pub(crate) events: Events,
}

impl Engine {
    pub(crate) async fn open(profile: PathBuf) -> Self {
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

    pub(crate) async fn sign_up(world: &World, name: &str) -> Self {
        let engine = Self::open(world.folder().join(format!("engine-{name}"))).await;
        let server = ServerAddress {
            url: world.url(),
            fingerprint: None,
            invite: Some(world.invite().await),
            room: None,
        };
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

    /// Signs somebody who has an account in, on this profile.
    pub(crate) async fn sign_in(&self, world: &World, name: &str) {
        let server = ServerAddress { url: world.url(), fingerprint: None, invite: None, room: None };
        let command = Command::SignIn { server, name: name.into(), password: Secret(PASSWORD.into()) };
        assert!(matches!(self.ask(command).await, Answer::Account(_)));
        self.online().await;
    }

    /// Somebody on another computer: a new profile.
    pub(crate) async fn elsewhere(world: &World, name: &str) -> Self {
        let folder = format!("engine-{name}-{}", uuid::Uuid::now_v7().simple());
        let engine = Self::open(world.folder().join(folder)).await;
        engine.sign_in(world, name).await;
        engine
    }

    /// Stops the engine as a crash would, and starts another on the same profile.
    pub(crate) async fn again(self) -> Self {
        let profile = self.profile.clone();
        drop(self);
        Self::open(profile).await
    }

    pub(crate) async fn run(&self, command: Command) -> Result<Answer, ErrorView> {
        wait::soon("an answer", self.pod.run(command)).await
    }

    pub(crate) async fn ask(&self, command: Command) -> Answer {
        self.run(command).await.unwrap()
    }

    pub(crate) async fn status(&self) -> StatusView {
        match self.ask(Command::Status).await {
            Answer::Status(status) => status,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn online(&self) {
        wait::until("online", async || {
            (self.status().await.connection == ConnectionView::Online).then_some(())
        })
        .await;
    }

    pub(crate) async fn offline(&self) {
        wait::until("offline", async || {
            matches!(self.status().await.connection, ConnectionView::Offline { .. }).then_some(())
        })
        .await;
    }

    pub(crate) async fn me(&self) -> AccountId {
        self.status().await.account.unwrap().account
    }

    pub(crate) async fn rooms(&self) -> Vec<RoomSummary> {
        match self.ask(Command::Rooms).await {
            Answer::Rooms(rooms) => rooms,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn room(&self, room: RoomId) -> RoomSummary {
        wait::until("the room", async || self.rooms().await.into_iter().find(|row| row.id == room)).await
    }

    pub(crate) async fn create(&self, title: &str, members: Vec<AccountId>, side: Side) -> RoomId {
        match self.ask(Command::RoomCreate { title: title.into(), members, side }).await {
            Answer::RoomId(room) => room,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn send(&self, room: RoomId, text: &str) -> MessageId {
        self.say(Command::Send { room, text: text.into(), mentions: Vec::new(), reply: None }).await
    }

    pub(crate) async fn say(&self, command: Command) -> MessageId {
        match self.ask(command).await {
            Answer::MessageId(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn say_done(&self, command: Command) {
        assert!(matches!(self.ask(command).await, Answer::Done | Answer::Pending));
    }

    pub(crate) async fn timeline(&self, room: RoomId) -> Timeline {
        self.at(room, Place::Newest, 100).await
    }

    pub(crate) async fn at(&self, room: RoomId, place: Place, limit: u32) -> Timeline {
        match self.ask(Command::Timeline { room, place, limit }).await {
            Answer::Timeline(timeline) => timeline,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn texts(&self, room: RoomId) -> Vec<String> {
        self.timeline(room).await.items.iter().filter_map(text).collect()
    }

    pub(crate) async fn hears(&self, room: RoomId, texts: &[&str]) {
        wait::until(&format!("{texts:?}"), async || (self.texts(room).await == texts).then_some(())).await;
    }

    pub(crate) async fn event(&mut self, what: &str, fits: impl Fn(&Event) -> bool) -> Event {
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

pub(crate) fn text(item: &Item) -> Option<String> {
    match &item.kind {
        ItemKind::Message { text, .. } => text.clone(),
        _ => None,
    }
}

pub(crate) fn state(item: &Item) -> Option<MessageState> {
    match &item.kind {
        ItemKind::Message { state, .. } => Some(state.clone()),
        _ => None,
    }
}
