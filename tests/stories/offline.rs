//! The whole program without a network: what is here is read and searched, what is done is kept through a kill, and all of it
//! goes out in its order, once, when the network is back.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::same;
use crate::window::{Engine, text};
use pod_client::command::{Answer, Command, ContactCommand, PeopleCommand, Side};
use pod_client::view::{EntryView, ItemKind, PresenceChoice};
use pod_shared::contact::ContactStanding;
use pod_shared::presence::PresenceState;
use pod_shared::{MessageId, RoomId};
use pod_tests::proxy::Weather;
use pod_tests::{World, both_ways, wait};

async fn found(engine: &Engine, room: RoomId, wanted: &str) -> Vec<String> {
    let command = Command::Search { room, text: wanted.into(), before: None, limit: 20 };
    match engine.ask(command).await {
        Answer::Found(found) => found.items.iter().filter_map(text).collect(),
        other => panic!("{other:?}"),
    }
}

async fn folder(engine: &Engine, room: RoomId) -> Vec<EntryView> {
    let command = Command::Folder { room, parent: None, sort: None, offset: 0, limit: 50 };
    match engine.ask(command).await {
        Answer::Folder(view) => view.entries,
        other => panic!("{other:?}"),
    }
}

/// How often somebody gave an emoji to this message.
async fn thumbs(engine: &Engine, room: RoomId, id: MessageId) -> Vec<(String, u32)> {
    let items = engine.timeline(room).await.items;
    let item = items.into_iter().find(|item| item.key == id.to_string());
    match item.map(|item| item.kind) {
        Some(ItemKind::Message { reactions, .. }) => {
            reactions.into_iter().map(|one| (one.emoji, one.count)).collect()
        }
        _ => Vec::new(),
    }
}

fn weather(world: &World, weather: Weather) {
    world.network.set(weather);
    if let Some(network) = &world.content_network {
        network.set(weather);
    }
}

/// What a person says without a network.
async fn work(alice: &Engine, room: RoomId, about: MessageId) {
    alice.send(room, "first").await;
    alice.say_done(Command::MessageReact { room, id: about, emoji: "👍".into(), on: true }).await;
    let second = alice.send(room, "secnd").await;
    alice
        .say_done(Command::MessageEdit { room, id: second, text: "second".into(), mentions: Vec::new() })
        .await;
    let taken_back = alice.send(room, "taken back").await;
    alice.say_done(Command::MessageDelete { room, id: taken_back }).await;
    alice.send(room, "third").await;
    let pos = alice.timeline(room).await.head;
    alice.ask(Command::Read { room, pos }).await;
    let (state, text) = (PresenceChoice::Busy, "on the train".to_owned());
    alice.say_done(Command::AboutPeople(PeopleCommand::PresenceSet { state, text, until: None })).await;
}

both_ways!(what_is_done_without_a_network_goes_out_in_its_order_once, async |world: &mut World| {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let (me, them) = (alice.me().await, bob.me().await);
    let room = alice.create("room", vec![them], Side::Files).await;
    bob.room(room).await;
    alice.send(room, "the needle lies here").await;
    let about = bob.send(room, "a question").await;
    alice.hears(room, &["the needle lies here", "a question"]).await;
    wait::until("unread", async || (alice.room(room).await.unread == 1).then_some(())).await;
    weather(world, Weather::Cut);
    alice.offline().await;

    work(&alice, room, about).await;
    let mut said = vec!["the needle lies here", "a question", "first", "second", "third"];
    let alice = alice.again().await;
    assert_eq!(alice.texts(room).await, said, "known before any answer");
    assert_eq!(thumbs(&alice, room, about).await, [("👍".to_owned(), 1)]);
    assert_eq!(found(&alice, room, "needle").await, ["the needle lies here"]);
    assert_eq!(alice.room(room).await.unread, 0);
    let file = world.folder().join("notes.txt");
    std::fs::write(&file, "written on the train").unwrap();
    alice.ask(Command::Put { room, parent: None, paths: vec![file] }).await;
    let ask = ContactCommand::ContactAsk { account: them, text: "hello".into() };
    alice.say_done(Command::AboutContacts(ask)).await;
    wait::until("the messages and the file to wait", async || {
        let status = alice.status().await;
        (status.messages_waiting > 0 && status.transfers_waiting == 1).then_some(())
    })
    .await;

    weather(world, Weather::Fair);
    alice.ask(Command::ConnectNow).await;
    bob.ask(Command::ConnectNow).await;
    alice.online().await;
    bob.online().await;
    bob.hears(room, &said).await;
    wait::until("the emoji", async || {
        (thumbs(&bob, room, about).await == [("👍".to_owned(), 1)]).then_some(())
    })
    .await;
    let files = wait::until("the file, once", async || {
        let files = folder(&bob, room).await;
        (!files.is_empty()).then_some(files)
    })
    .await;
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["notes.txt"]);
    wait::until("bob to see her, and to be asked", async || {
        let Answer::Person(person) =
            bob.run(Command::AboutPeople(PeopleCommand::Person { account: me })).await.ok()?
        else {
            return None;
        };
        let busy = person.presence.state == PresenceState::Busy && person.presence.text == "on the train";
        (busy && person.contact?.standing == ContactStanding::Asks).then_some(())
    })
    .await;
    wait::until("nothing waits", async || {
        let status = alice.status().await;
        (status.messages_waiting == 0 && status.transfers_waiting == 0).then_some(())
    })
    .await;
    alice.send(room, "back").await;
    said.push("back");
    bob.hears(room, &said).await;
    same::as_the_server(world, &alice, "alice").await;
    same::as_the_server(world, &bob, "bob").await;
    drop((alice, bob));
});
