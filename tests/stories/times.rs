//! Pods and servers of different times: one that knows no sync by key on either side (P3), one whose tombstones were purged, and
//! people who went and came back meanwhile. Each ends with both sides saying the same.

use crate::same;
use crate::window::Engine;
use pod_client::command::{Command, ContactCommand, PeopleCommand, Side};
use pod_shared::contact::ContactAnswer;
use pod_shared::limits::{CONTACT_GONE_DAYS, SYNC_KEY_DAYS};
use pod_shared::sync::SyncKind;
use pod_shared::{AccountId, RoomId, capability};
use pod_tests::clock::Clock;
use pod_tests::elder::{Elder, Old};
use pod_tests::proxy::Weather;
use pod_tests::world::tell;
use pod_tests::{Arrangement, World, both_ways, wait};

/// What came with the sync key or rests on it.
const KEYS: [&str; 2] = [capability::SYNC_KEY, capability::BRIEF];

async fn kind(engine: &Engine) -> SyncKind {
    engine.status().await.sync.unwrap().kind
}

/// Alice and Bob in a room.
async fn two(world: &World) -> (Engine, Engine, RoomId) {
    let alice = Engine::sign_up(world, "alice").await;
    let bob = Engine::sign_up(world, "bob").await;
    let room = alice.create("room", vec![bob.me().await], Side::Chat).await;
    bob.room(room).await;
    alice.send(room, "before").await;
    bob.hears(room, &["before"]).await;
    (alice, bob, room)
}

/// The pod as it is after another start, and what its sync was.
async fn started_anew(engine: Engine) -> (Engine, SyncKind) {
    let engine = engine.again().await;
    engine.online().await;
    let kind = kind(&engine).await;
    (engine, kind)
}

async fn with_an_elder(world: &mut World, old: Old) {
    let (alice, mut bob, room) = two(world).await;
    let elder = Elder::start(old, &KEYS, world.messenger.address()).await;
    // Bob comes by the old way, and Alice too once she loses her line.
    world.network.lead_to(elder.address());
    for text in ["to one of before", "again"] {
        alice.send(room, text).await;
        let brought;
        (bob, brought) = started_anew(bob).await;
        assert_eq!(brought, SyncKind::Full, "without keys everything comes each time");
        same::as_the_server(world, &bob, "bob").await;
    }
    world.network.lead_to(world.messenger.address());
    alice.send(room, "both are of today").await;
    let (bob, brought) = started_anew(bob).await;
    // A server of before gave no key; one of today keeps what it told the pod of before.
    assert_eq!(brought == SyncKind::Full, old == Old::Server, "{brought:?}");
    bob.hears(room, &["before", "to one of before", "again", "both are of today"]).await;
    let (bob, brought) = started_anew(bob).await;
    assert_ne!(brought, SyncKind::Full);
    same::as_the_server(world, &bob, "bob").await;
    same::as_the_server(world, &alice, "alice").await;
    drop((alice, bob));
}

both_ways!(a_pod_and_a_server_of_before_sync_keys_agree, async |world: &mut World| {
    with_an_elder(world, Old::Server).await;
});

both_ways!(a_server_and_a_pod_of_before_sync_keys_agree, async |world: &mut World| {
    with_an_elder(world, Old::Pod).await;
});

/// A server that is set back to before `brief/1` is greeted at length, and nothing is asked for anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_of_before_short_greetings_costs_one_try_and_no_full_sync() {
    tell(Arrangement::One, "before_brief", async |world| {
        let (alice, bob, room) = two(world).await;
        let (bob, _) = started_anew(bob).await;
        let elder = Elder::start(Old::Server, &[capability::BRIEF], world.messenger.address()).await;
        world.network.lead_to(elder.address());
        alice.send(room, "told at length").await;
        let (bob, brought) = started_anew(bob).await;
        assert_eq!(brought, SyncKind::Delta);
        bob.hears(room, &["before", "told at length"]).await;
        world.network.lead_to(world.messenger.address());
        let (bob, brought) = started_anew(bob).await;
        assert_ne!(brought, SyncKind::Full);
        same::as_the_server(world, &bob, "bob").await;
        drop((alice, bob));
    })
    .await;
}

async fn contact(engine: &Engine, command: ContactCommand) {
    engine.say_done(Command::AboutContacts(command)).await;
}

async fn befriend(one: &Engine, other: &Engine, (me, them): (AccountId, AccountId)) {
    contact(one, ContactCommand::ContactAsk { account: them, text: String::new() }).await;
    wait::until("the request", async || {
        let command = ContactCommand::ContactAnswer { account: me, how: ContactAnswer::Accept };
        other.run(Command::AboutContacts(command)).await.ok()
    })
    .await;
}

both_ways!(
    a_contact_who_went_and_came_back_and_was_hidden_meanwhile_is_one_change,
    async |world: &mut World| {
        let alice = Engine::sign_up(world, "alice").await;
        let bob = Engine::sign_up(world, "bob").await;
        let who = (alice.me().await, bob.me().await);
        befriend(&alice, &bob, who).await;
        let laptop = Engine::elsewhere(world, "bob").await;
        let profile = laptop.profile.clone();
        drop(laptop);
        contact(&alice, ContactCommand::ContactRemove { account: who.1 }).await;
        befriend(&alice, &bob, who).await;
        for state in [pod_client::view::PresenceChoice::Invisible, pod_client::view::PresenceChoice::Busy] {
            let (text, until) = (String::new(), None);
            alice.say_done(Command::AboutPeople(PeopleCommand::PresenceSet { state, text, until })).await;
        }
        let laptop = Engine::open(profile).await;
        laptop.online().await;
        assert_eq!(kind(&laptop).await, SyncKind::Delta);
        same::as_the_server(world, &laptop, "bob").await;
        same::as_the_server(world, &bob, "bob").await;
        same::as_the_server(world, &alice, "alice").await;
        drop((alice, bob, laptop));
    }
);

/// The server's clock goes on for longer than it remembers what is gone: whoever comes later gets everything, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_after_the_tombstones_were_purged_has_nothing_that_is_gone() {
    tell(Arrangement::One, "purged", async |world| {
        let clock = Clock::new(world.folder(), "server");
        let environment = clock.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.kill().await;
        world.start_again_with(&environment, &environment).await;
        let (alice, bob, room) = two(world).await;
        let who = (alice.me().await, bob.me().await);
        befriend(&alice, &bob, who).await;
        let gone = alice.create("gone meanwhile", vec![who.1], Side::Chat).await;
        bob.room(gone).await;
        world.network.set(Weather::Cut);
        let profile = bob.profile.clone();
        drop(bob);
        world.network.set(Weather::Fair);
        alice.ask(Command::ConnectNow).await;
        alice.online().await;
        contact(&alice, ContactCommand::ContactRemove { account: who.1 }).await;
        alice.say_done(Command::MemberSet { room: gone, account: who.1, role: None }).await;
        alice.send(room, "after so long").await;
        wait::until("all is told", async || (alice.status().await.messages_waiting == 0).then_some(())).await;

        world.kill().await;
        clock.set(&format!("+{}d", SYNC_KEY_DAYS.max(CONTACT_GONE_DAYS) + 2));
        world.start_again_with(&environment, &environment).await;
        // What happens once a day happens at the start.
        alice.ask(Command::ConnectNow).await;
        alice.online().await;
        let bob = Engine::open(profile).await;
        bob.online().await;
        assert_eq!(kind(&bob).await, SyncKind::Full);
        assert_eq!(bob.rooms().await.len(), 1);
        same::as_the_server(world, &bob, "bob").await;
        let (bob, brought) = started_anew(bob).await;
        assert_ne!(brought, SyncKind::Full, "once");
        drop((alice, bob));
    })
    .await;
}
