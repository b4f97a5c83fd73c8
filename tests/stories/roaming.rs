//! A person at two computers (O21): settings follow, computers are listed and signed out from afar.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::window::Engine;
use pod_client::command::{Answer, Command, PeopleCommand, Side};
use pod_client::event::Event;
use pod_client::view::ConnectionView;
use pod_shared::presence::{Presence, PresenceChoice, PresenceState};
use pod_shared::{ErrorCode, RoomId, TimeMs};
use pod_tests::proxy::Weather;
use pod_tests::world::PASSWORD;
use pod_tests::{World, both_ways, wait};
use std::time::{SystemTime, UNIX_EPOCH};

async fn set(engine: &Engine, key: &str, value: Option<&str>) {
    let command = Command::SettingSet { key: key.into(), value: value.map(ToOwned::to_owned) };
    assert!(matches!(engine.ask(command).await, Answer::Done));
}

async fn get(engine: &Engine, key: &str) -> Option<String> {
    match engine.ask(Command::SettingGet { key: key.into() }).await {
        Answer::Text(value) => value,
        other => panic!("{other:?}"),
    }
}

async fn has(engine: &Engine, key: &str, value: Option<&str>) {
    wait::until(&format!("{key} to be {value:?}"), async || {
        (get(engine, key).await.as_deref() == value).then_some(())
    })
    .await;
}

both_ways!(settings_and_skin_follow_a_person_to_another_computer, async |world: &mut World| {
    // Chosen before anybody was signed in: it is theirs from the sign-up on.
    let home = Engine::open(world.folder().join("engine-alice")).await;
    set(&home, "skin", Some("midnight")).await;
    drop(home);
    let mut home = Engine::sign_up(world, "alice").await;
    set(&home, "rooms.open", Some("list")).await;
    set(&home, "transfers.wait_s", Some("33")).await;
    set(&home, "text.size", Some("130")).await;
    set(&home, "language", Some("ko")).await;

    let away = Engine::elsewhere(world, "alice").await;
    has(&away, "skin", Some("midnight")).await;
    has(&away, "rooms.open", Some("list")).await;
    has(&away, "transfers.wait_s", Some("33")).await;
    for key in ["text.size", "language"] {
        assert_eq!(get(&away, key).await, None, "{key} belongs to one computer");
    }

    // A change there is heard here at once; back to the default is a change too.
    set(&away, "skin", Some("persimmon")).await;
    set(&away, "rooms.open", None).await;
    home.event("the other skin", |event| *event == Event::Setting { key: "skin".into() }).await;
    has(&home, "skin", Some("persimmon")).await;
    has(&home, "rooms.open", None).await;

    // Chosen offline, it outlives the program and is told later.
    world.network.set(Weather::Cut);
    home.offline().await;
    set(&home, "skin", Some("bluehour")).await;
    let home = home.again().await;
    assert_eq!(get(&home, "skin").await.as_deref(), Some("bluehour"));
    world.network.set(Weather::Fair);
    for engine in [&home, &away] {
        engine.ask(Command::ConnectNow).await;
        engine.online().await;
    }
    has(&away, "skin", Some("bluehour")).await;

    // Who signs out takes what follows them along; what belongs to the computer stays.
    home.ask(Command::SignOut).await;
    assert_eq!((get(&home, "skin").await, get(&home, "text.size").await.as_deref()), (None, Some("130")));
    home.sign_in(world, "alice").await;
    has(&home, "skin", Some("bluehour")).await;
    drop((home, away));
});

both_ways!(a_computer_is_signed_out_from_another_one_and_stops_at_once, async |world: &mut World| {
    let mut alice = world.alice().await;
    let away = Engine::elsewhere(world, "alice").await;
    let device = away.status().await.account.unwrap().device.to_string();
    let sessions = alice.run(&["sessions"]).await;
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let of = |here: bool| sessions.iter().find(|row| row["current"] == here).unwrap()["id"].as_str().unwrap();
    assert_eq!(of(false), device);
    alice.ask(&["sessions", "sign-out", of(true)]).await.refused("bad_request");
    alice.run(&["sessions", "sign-out", &device]).await;
    wait::until("the other to be out", async || match away.status().await.connection {
        ConnectionView::NeedsPerson { reason } => (reason.code == ErrorCode::SignedOut).then_some(()),
        _ => None,
    })
    .await;
    assert_eq!(alice.run(&["sessions", "list"]).await.len(), 1);
    alice.ask(&["sessions", "sign-out", &device]).await.refused("not_found");
    alice.is_online().await;
    // The person may come back there.
    away.sign_in(world, "alice").await;
    assert_eq!(alice.run(&["sessions"]).await.len(), 2);
    let said = alice.ask_with(&format!("{PASSWORD}\n"), &["status"]).await.one();
    assert_eq!(said["connection"], "online");
    alice.close().await;
    drop(away);
});

/// How the other person of a room of two looks.
async fn other(engine: &Engine, room: RoomId) -> Presence {
    engine.room(room).await.others[0].presence.clone()
}

async fn seen(engine: &Engine, room: RoomId, state: PresenceState, text: &str) -> Presence {
    wait::until(&format!("{state:?} {text}"), async || {
        let presence = other(engine, room).await;
        (presence.state == state && presence.text == text).then_some(presence)
    })
    .await
}

async fn people(engine: &Engine, command: PeopleCommand) {
    assert!(matches!(engine.ask(Command::AboutPeople(command)).await, Answer::Done));
}

/// So many seconds from now, by this computer's clock.
fn in_seconds(seconds: i64) -> TimeMs {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    TimeMs(i64::try_from(now).unwrap() + seconds * 1_000)
}

both_ways!(several_computers_are_one_person_and_what_they_say_runs_out, async |world: &mut World| {
    let alice = Engine::sign_up(world, "alice").await;
    let home = Engine::sign_up(world, "bob").await;
    let room = alice.create("room", vec![home.me().await], Side::Chat).await;
    home.room(room).await;
    let away = Engine::elsewhere(world, "bob").await;
    away.room(room).await;
    seen(&alice, room, PresenceState::Here, "").await;

    // Chosen on one, it holds on both, and is over by itself.
    let (state, until) = (PresenceChoice::Busy, Some(in_seconds(4)));
    people(&home, PeopleCommand::PresenceSet { state, text: "in a meeting".into(), until }).await;
    assert_eq!(seen(&alice, room, PresenceState::Busy, "in a meeting").await.until, until);
    let chosen = async |engine: &Engine, state| {
        wait::until("the choice on the other", async || {
            (engine.status().await.presence.state == state).then_some(())
        })
        .await;
    };
    chosen(&away, PresenceChoice::Busy).await;
    seen(&alice, room, PresenceState::Here, "").await;
    chosen(&away, PresenceChoice::Here).await;
    chosen(&home, PresenceChoice::Here).await;

    // Away when nobody is at any of them; here as soon as somebody is at one.
    people(&home, PeopleCommand::Idle { idle: true }).await;
    people(&away, PeopleCommand::Idle { idle: true }).await;
    seen(&alice, room, PresenceState::Away, "").await;
    people(&away, PeopleCommand::Idle { idle: false }).await;
    seen(&alice, room, PresenceState::Here, "").await;
    people(&away, PeopleCommand::Idle { idle: true }).await;
    seen(&alice, room, PresenceState::Away, "").await;
    // The last one that goes is when they were last seen.
    drop(home);
    let invisible =
        PeopleCommand::PresenceSet { state: PresenceChoice::Invisible, text: String::new(), until: None };
    people(&away, invisible).await;
    let hidden = seen(&alice, room, PresenceState::Offline, "").await;
    assert!(hidden.seen_at.is_some(), "who is invisible looks like who is gone");
    let here = PeopleCommand::PresenceSet { state: PresenceChoice::Here, text: String::new(), until: None };
    people(&away, here).await;
    seen(&alice, room, PresenceState::Away, "").await;
    drop(away);
    let gone = seen(&alice, room, PresenceState::Offline, "").await;
    assert!(gone.seen_at > hidden.seen_at, "{gone:?} {hidden:?}");
    drop(alice);
});
