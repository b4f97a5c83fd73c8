//! The first screen: in one answer, from this computer alone, also where the cache is damaged.
#![expect(clippy::wildcard_enum_match_arm, reason = "a story picks the one answer it waits for")]

use crate::window::{Engine, text};
use pod_client::command::{Answer, Command, Side};
use pod_client::event::Event;
use pod_client::view::{ConnectionView, OpeningView, Place, Timeline};
use pod_shared::RoomId;
use pod_shared::sync::SyncKind;
use pod_tests::proxy::Weather;
use pod_tests::world::tell;
use pod_tests::{Arrangement, World, wait};
use std::fs::File;
use std::path::Path;

async fn opening(engine: &Engine) -> OpeningView {
    match engine.ask(Command::Opening).await {
        Answer::Opening(opening) => *opening,
        other => panic!("{other:?}"),
    }
}

/// What is said, many times in each message.
const SAID: &str = "of the things up there ";

/// A room with so many messages that its rows fill pages of their own.
async fn long_room(engine: &Engine) -> RoomId {
    let room = engine.create("Attic", Vec::new(), Side::Chat).await;
    for n in 0..80 {
        engine.send(room, &format!("{n} {}", SAID.repeat(20))).await;
    }
    wait::until("all is at the server", async || (engine.status().await.messages_waiting == 0).then_some(()))
        .await;
    room
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_screen_needs_nobody_but_this_computer() {
    tell(Arrangement::One, "first_screen", async |world: &mut World| {
        let empty = Engine::open(world.folder().join("nobody")).await;
        let shown = opening(&empty).await;
        assert_eq!((shown.status.account, shown.rooms.len()), (None, 0), "nobody is signed in");
        assert_eq!(shown.status.connection, ConnectionView::SignedOut);

        let alice = Engine::sign_up(world, "alice").await;
        alice.ask(Command::SettingSet { key: "skin".into(), value: Some("midnight".into()) }).await;
        let room = alice.create("Attic", Vec::new(), Side::Chat).await;
        alice.room(room).await;
        // A question that waits for an answer would keep the profile until its time is over.
        let rests = async || (alice.timeline(room).await.items.len() >= 2).then_some(());
        wait::until("the room's making and that of its folder to be read", rests).await;
        world.network.set(Weather::Stalled);
        let alice = alice.again().await;
        let shown = opening(&alice).await;
        assert_eq!(shown.status.account.unwrap().name, "alice");
        assert_eq!(shown.status.connection, ConnectionView::Connecting, "signed in, as far as is known");
        assert_eq!(shown.rooms.iter().map(|row| row.id).collect::<Vec<_>>(), [room]);
        assert_eq!(shown.settings.get("skin").map(String::as_str), Some("midnight"));
        assert!(shown.transfers.is_empty() && shown.offers.is_empty());
        world.network.set(Weather::Fair);
        alice.online().await;
        drop((alice, empty));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cache_damaged_deep_inside_is_set_aside_while_the_pod_runs_and_fetched_anew() {
    tell(Arrangement::One, "damaged_inside", async |world: &mut World| {
        let alice = Engine::sign_up(world, "alice").await;
        let room = long_room(&alice).await;
        let said = texts(&alice.timeline(room).await);
        let profile = alice.profile.clone();
        drop(alice);
        wait::until("the engine to end", async || {
            File::options().write(true).open(profile.join("engine.lock")).ok()?.try_lock().ok()
        })
        .await;
        damage(&profile.join("cache.db"));

        let mut alice = Engine::open(profile.clone()).await;
        // Whatever it shows of the damaged rows, it is an answer and no error.
        opening(&alice).await;
        alice.event("the word to ask for everything anew", |event| *event == Event::Lagged).await;
        alice.online().await;
        assert!(profile.join("cache.damaged.db").exists());
        assert_eq!(alice.status().await.sync.unwrap().kind, SyncKind::Full);
        assert_eq!(texts(&alice.timeline(room).await), said);
        drop(alice);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_head_of_every_page_counts_what_shows_no_line_of_its_own() {
    tell(Arrangement::One, "head", async |world: &mut World| {
        let alice = Engine::sign_up(world, "alice").await;
        let bob = Engine::sign_up(world, "bob").await;
        let room = alice.create("Attic", vec![bob.me().await], Side::Chat).await;
        bob.room(room).await;
        let id = alice.send(room, "one").await;
        bob.hears(room, &["one"]).await;
        let place = bob.timeline(room).await.items.iter().rev().find_map(|item| item.pos).unwrap();
        alice.say_done(Command::MessageReact { room, id, emoji: "👍".into(), on: true }).await;
        let page = wait::until("the reaction to be counted", async || {
            let page = bob.timeline(room).await;
            (page.head > place).then_some(page)
        })
        .await;
        assert_eq!(texts(&page), ["one"], "a reaction is no line");
        for asked in [Place::Before { pos: place }, Place::Around { pos: place }, Place::After { pos: place }]
        {
            assert_eq!(bob.at(room, asked, 10).await.head, page.head);
        }
        // Whoever sees the newest line has seen the reaction too.
        bob.say_done(Command::Read { room, pos: page.head }).await;
        wait::until("nothing unread", async || (bob.room(room).await.unread == 0).then_some(())).await;
        drop((alice, bob));
    })
    .await;
}

fn texts(page: &Timeline) -> Vec<String> {
    page.items.iter().filter_map(text).collect()
}

/// Writes nonsense over the pages of a database that hold messages, as a bad disk might. What the start needs is whole.
fn damage(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let page: u32 = connection.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
    drop(connection);
    let mut bytes = std::fs::read(path).unwrap();
    let mut damaged = 0;
    for page in bytes.chunks_mut(page as usize) {
        if page.windows(SAID.len()).any(|part| part == SAID.as_bytes()) {
            page.fill(0xa5);
            damaged += 1;
        }
    }
    assert!(damaged > 3, "the messages fill pages of their own: {damaged}");
    std::fs::write(path, bytes).unwrap();
}
