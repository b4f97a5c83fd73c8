//! Lines that die without a word, computers that sleep, and what an idle connection costs (O19).

use crate::same;
use crate::window::Engine;
use pod_client::command::{Command, Side};
use pod_client::view::ConnectionView;
use pod_shared::limits::{HEARTBEAT_MS, SILENCE_MS_MAX};
use pod_shared::presence::PresenceState;
use pod_tests::proxy::{Blow, Direction, Weather};
use pod_tests::world::tell;
use pod_tests::{Arrangement, Proxy, wait};
use serde_json::Value;
use std::time::Duration;

/// Heartbeats that the test command watches; ten minutes are 30 (`scripts/idle.sh`).
const HEARTBEATS: u64 = 2;
/// Bytes of a ping, and of the pong that a client answers, which is masked.
const PING_BYTES: u64 = 2;
const PONG_BYTES: u64 = 6;
/// What a busy machine may add to a deadline of the product.
const BUSY: Duration = Duration::from_secs(10);

/// Both sides find a line that died without a reset within the silence they allow: the server that of a computer asleep,
/// the client that of one awake. The sleeper is back the moment it wakes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_line_is_found_by_both_sides_and_a_sleeper_is_back_at_once() {
    let silence = Duration::from_millis(SILENCE_MS_MAX);
    tell(Arrangement::One, "dead_lines", async |world| {
        let alice = Engine::sign_up(world, "alice").await;
        // Bob and Carol come by a way that dies behind the proxy: theirs hang, new ones go through.
        let dying = Proxy::start().await;
        dying.lead_to(world.messenger.address());
        let mut bob = world.person("bob").await;
        world.network.lead_to(dying.address());
        bob.open().await;
        let carol = Engine::sign_up(world, "carol").await;
        let bob_id = bob.status().await.unwrap()["id"].as_str().unwrap().parse().unwrap();
        let room = alice.create("room", vec![bob_id, carol.me().await], Side::Chat).await;
        carol.room(room).await;
        wait::until("bob to have the room", async || {
            let rooms = bob.run(&["rooms", "list"]).await;
            rooms.iter().any(|room| room["title"] == "room").then_some(())
        })
        .await;
        let seen = async |state: PresenceState| {
            alice
                .room(room)
                .await
                .others
                .iter()
                .any(|one| one.account == bob_id && one.presence.state == state)
        };
        wait::until("bob here", async || seen(PresenceState::Here).await.then_some(())).await;

        dying.set(Weather::Stalled);
        world.network.lead_to(world.messenger.address());
        bob.signal("STOP").await;
        alice.send(room, "while one slept").await;
        wait::until_within(
            silence + BUSY,
            "carol to find her line dead and to come by another",
            async || (carol.texts(room).await == ["while one slept"]).then_some(()),
        )
        .await;
        wait::until_within(silence + BUSY, "the server to miss bob", async || {
            seen(PresenceState::Offline).await.then_some(())
        })
        .await;

        bob.signal("CONT").await;
        wait::until_within(BUSY * 2, "bob back", async || seen(PresenceState::Here).await.then_some(()))
            .await;
        let told = |item: &Value| item["text"] == "while one slept";
        wait::until("bob to have what was said", async || {
            bob.run(&["log", "room"]).await.iter().any(told).then_some(())
        })
        .await;
        same::as_the_server(world, &carol, "carol").await;
        bob.close().await;
        drop((alice, carol));
    })
    .await;
}

/// An answer that ends anywhere in the middle is asked for again, and brings each message once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_cut_anywhere_is_asked_for_again() {
    tell(Arrangement::One, "cut_answers", async |world| {
        let alice = Engine::sign_up(world, "alice").await;
        let mut bob = Engine::sign_up(world, "bob").await;
        let room = alice.create("room", vec![bob.me().await], Side::Chat).await;
        bob.room(room).await;
        let profile = alice.profile.clone();
        drop(alice);
        let (mut said, mut cut) = (Vec::new(), 0);
        for bytes in [1, 150, 400, 700, 900, 1_100, 1_300, 1_500, 1_800] {
            said.push(format!("before the answer of {bytes} bytes"));
            bob.send(room, said.last().unwrap()).await;
            wait::until("sent", async || (bob.status().await.messages_waiting == 0).then_some(())).await;
            let bobs = bob.profile.clone();
            drop(bob);

            let until = world.network.bytes_down() + bytes;
            world.network.set(Weather::Until(Direction::Down, until, Blow::Cut));
            let alice = Engine::open(profile.clone()).await;
            wait::until("the cut, or an answer that was shorter", async || {
                let ended = world.network.bytes_down() >= until;
                let whole = alice.status().await.connection == ConnectionView::Online;
                cut += usize::from(ended);
                (ended || whole).then_some(())
            })
            .await;
            world.network.set(Weather::Fair);
            alice.ask(Command::ConnectNow).await;
            alice.online().await;
            alice.hears(room, &said.iter().map(String::as_str).collect::<Vec<_>>()).await;
            drop(alice);
            bob = Engine::open(bobs).await;
            bob.online().await;
        }
        assert!(cut >= 5, "only {cut} answers were cut: the lengths no longer fit");
        let alice = Engine::open(profile).await;
        alice.online().await;
        same::as_the_server(world, &alice, "alice").await;
        drop((alice, bob));
    })
    .await;
}

/// While nothing happens nothing moves but a ping and its pong in each heartbeat: nobody polls.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_is_a_ping_and_a_pong_and_nothing_else() {
    let heartbeats =
        std::env::var("POD_IDLE_HEARTBEATS").ok().and_then(|n| n.parse().ok()).unwrap_or(HEARTBEATS);
    let limit = Duration::from_millis(HEARTBEAT_MS * (heartbeats + 1)) + BUSY;
    tell(Arrangement::One, "idle", async |world| {
        let alice = Engine::sign_up(world, "alice").await;
        let room = alice.create("room", Vec::new(), Side::Files).await;
        alice.room(room).await;
        let moved = || (world.network.bytes_down(), world.network.bytes_up());
        let (mut before, mut quiet) = (moved(), 0);
        wait::until("what a new room brings to be over", async || {
            quiet = if moved() == before { quiet + 1 } else { 0 };
            before = moved();
            (quiet > 100).then_some(())
        })
        .await;
        let (down, up) = before;
        wait::until_within(limit, "the heartbeats", async || {
            (moved().1 >= up + heartbeats * PONG_BYTES).then_some(())
        })
        .await;
        let (now_down, now_up) = moved();
        assert_eq!((now_down - down, now_up - up), (heartbeats * PING_BYTES, heartbeats * PONG_BYTES));
        drop(alice);
    })
    .await;
}
