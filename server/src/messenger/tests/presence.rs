//! Presence over real sockets: who hears of whom, when, and who does not.

use super::pod::Pod;
use super::world::{Stop, Who, World};
use crate::messenger::Pace;
use pod_shared::limits::PRESENCE_TEXT_BYTES_MAX;
use pod_shared::presence::{MyPresence, PersonPresence, Presence, PresenceChoice, PresenceState};
use pod_shared::socket::{Answer, ClientFrame, Request, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::{ErrorCode, Role, TimeMs, capability};
use std::time::Duration;

/// Quick enough for a test; the heartbeat as the test wants it.
pub(super) fn quick(heartbeat_ms: u64) -> Pace {
    Pace {
        heartbeat: Duration::from_millis(heartbeat_ms),
        silence: Duration::from_secs(30),
        presence: Duration::from_millis(20),
        linger: Duration::from_millis(20),
        ..Pace::default()
    }
}

async fn watched() -> World {
    let world = World::paced(quick(60_000)).await;
    world.watch();
    world
}

fn choice(state: PresenceChoice, text: &str) -> MyPresence {
    MyPresence { state, text: text.into(), until: None }
}

pub(super) async fn until(pod: &mut Pod, who: Who, state: PresenceState) -> Presence {
    loop {
        let presence = pod.presence_of(who.account).await;
        if presence.state == state {
            return presence;
        }
    }
}

#[tokio::test]
async fn who_shares_a_room_hears_who_comes_and_goes_and_nobody_else_does() {
    let world = watched().await;
    let (alice, bob, eve) = (world.person("alice"), world.person("bob"), world.person("eve"));
    let (mut a, mut e) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, eve).await);
    a.make_room("r", &[bob]).await;
    let b = Pod::fresh(&world, bob).await;
    until(&mut a, bob, PresenceState::Here).await;
    let before = super::super::now();
    b.leave().await;
    let gone = until(&mut a, bob, PresenceState::Offline).await;
    assert!(gone.seen_at.is_some_and(|at| at >= TimeMs(before.0 - 1_000)), "{gone:?}");
    // Eve hears of none of it: her next frame is the answer to her own question.
    e.settle().await;
    let heard = e.inbox.iter().any(|frame| matches!(frame, ServerFrame::Presence { .. }));
    assert!(!heard, "{:?}", e.inbox);
    world.check();
}

#[tokio::test]
async fn the_devices_of_a_person_are_one_person() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let other = world.device_of(bob.account);
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob]).await;
    let (mut first, mut second) = (Pod::fresh(&world, bob).await, Pod::fresh(&world, other).await);
    until(&mut a, bob, PresenceState::Here).await;
    first.put(ClientFrame::Idle { idle: true }).await;
    first.settle().await;
    second.put(ClientFrame::Idle { idle: true }).await;
    until(&mut a, bob, PresenceState::Away).await;
    second.put(ClientFrame::Idle { idle: false }).await;
    until(&mut a, bob, PresenceState::Here).await;
    second.leave().await;
    until(&mut a, bob, PresenceState::Away).await;
    first.leave().await;
    until(&mut a, bob, PresenceState::Offline).await;
}

#[tokio::test]
async fn a_choice_is_told_to_ones_own_devices_and_shown_to_others() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let other = world.device_of(bob.account);
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob]).await;
    let (mut first, mut second) = (Pod::fresh(&world, bob).await, Pod::fresh(&world, other).await);
    until(&mut a, bob, PresenceState::Here).await;
    let busy = choice(PresenceChoice::Busy, "in a meeting");
    assert_eq!(first.ask(Request::Presence(busy.clone())).await, Ok(Answer::Done {}));
    let told = second
        .find(|frame| match frame {
            ServerFrame::MyPresence { mine, .. } => Some(mine.clone()),
            _ => None,
        })
        .await;
    assert_eq!(told, busy);
    assert_eq!(until(&mut a, bob, PresenceState::Busy).await.text, "in a meeting");
    // Busy stays busy, however idle the devices are; and not to be seen is to be gone, without a new text.
    let hidden = choice(PresenceChoice::Invisible, "nobody reads this");
    assert_eq!(first.ask(Request::Presence(hidden.clone())).await, Ok(Answer::Done {}));
    assert_eq!(until(&mut a, bob, PresenceState::Offline).await.text, "in a meeting");
    drop(second);
    let again = Pod::fresh(&world, other).await;
    assert_eq!(again.mine, Some(hidden));
    world.check();
}

#[tokio::test]
async fn a_choice_runs_out_by_itself() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob]).await;
    let mut b = Pod::fresh(&world, bob).await;
    let until_at = TimeMs(super::super::now().0 + 400);
    let lunch = MyPresence { until: Some(until_at), ..choice(PresenceChoice::Away, "lunch") };
    assert_eq!(b.ask(Request::Presence(lunch)).await, Ok(Answer::Done {}));
    let away = until(&mut a, bob, PresenceState::Away).await;
    assert_eq!((away.text.as_str(), away.until), ("lunch", Some(until_at)));
    let back = until(&mut a, bob, PresenceState::Here).await;
    assert_eq!((back.text.as_str(), back.until), ("", None));
    let mine = b
        .find(|frame| match frame {
            ServerFrame::MyPresence { mine, .. } if mine.state == PresenceChoice::Here => Some(mine.clone()),
            _ => None,
        })
        .await;
    assert_eq!(mine, MyPresence::default());
}

#[tokio::test]
async fn a_choice_that_cannot_be_is_refused() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let past = MyPresence { until: Some(TimeMs(1)), ..MyPresence::default() };
    for (chosen, code) in [
        (choice(PresenceChoice::Busy, &"x".repeat(PRESENCE_TEXT_BYTES_MAX + 1)), ErrorCode::TooLarge),
        (choice(PresenceChoice::Busy, "a\nb"), ErrorCode::BadRequest),
        (past, ErrorCode::BadRequest),
    ] {
        assert_eq!(a.ask(Request::Presence(chosen)).await, Err(code));
    }
    let longest = choice(PresenceChoice::Busy, &"x".repeat(PRESENCE_TEXT_BYTES_MAX));
    assert_eq!(a.ask(Request::Presence(longest)).await, Ok(Answer::Done {}));
}

#[tokio::test]
async fn a_return_tells_what_changed_and_nothing_when_nothing_did() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob]).await;
    let mut b = Pod::fresh(&world, bob).await;
    until(&mut a, bob, PresenceState::Here).await;
    // All that was told so far is kept; then nothing happens.
    let mut a = Pod::fresh(&world, alice).await;
    assert_eq!(a.people.len(), 1, "a snapshot holds everybody: {:?}", a.people);
    let key = a.key;
    a.applied(key.txn).await;
    let key = a.leave().await;
    let a = Pod::connect(&world, alice, Some(key)).await;
    assert_eq!((a.kind, a.people.len(), a.rooms.len()), (SyncKind::Null, 0, 0));
    let key = a.leave().await;
    b.ask(Request::Presence(choice(PresenceChoice::Busy, "x"))).await.unwrap();
    let told = loop {
        let a = Pod::connect(&world, alice, Some(key)).await;
        if a.kind == SyncKind::Delta {
            break a.people.clone();
        }
        // It is told in batches; what a sync leaves out comes live.
        a.leave().await;
    };
    let presence = Presence { state: PresenceState::Busy, text: "x".into(), until: None, seen_at: None };
    assert_eq!(told, [PersonPresence { account: bob.account, presence }]);
}

#[tokio::test]
async fn who_is_new_in_a_room_hears_of_those_in_it_and_they_of_them() {
    let world = watched().await;
    let (alice, bob, carol) = (world.person("alice"), world.person("bob"), world.person("carol"));
    let mut a = Pod::fresh(&world, alice).await;
    let mut c = Pod::fresh(&world, carol).await;
    let room = a.make_room("r", &[bob]).await;
    let mut b = Pod::fresh(&world, bob).await;
    until(&mut a, bob, PresenceState::Here).await;
    for pod in [&mut b, &mut c] {
        pod.ask(Request::Presence(choice(PresenceChoice::Busy, "y"))).await.unwrap();
    }
    until(&mut a, bob, PresenceState::Busy).await;
    a.set(room, carol.account, Some(Role::Viewer)).await.unwrap();
    until(&mut c, bob, PresenceState::Busy).await;
    until(&mut a, carol, PresenceState::Busy).await;
    // A device that was away is told with the room.
    let away = c.leave().await;
    let room = a.make_room("two", &[]).await;
    let dave = world.person("dave");
    let _d = Pod::fresh(&world, dave).await;
    a.set(room, dave.account, Some(Role::Editor)).await.unwrap();
    until(&mut a, dave, PresenceState::Here).await;
    a.set(room, carol.account, Some(Role::Editor)).await.unwrap();
    let c = Pod::connect(&world, carol, Some(away)).await;
    let daves = c.people.iter().find(|person| person.account == dave.account);
    assert_eq!(daves.map(|person| person.presence.state), Some(PresenceState::Here));
    world.check();
}

#[tokio::test]
async fn an_older_device_hears_nothing_of_presence() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob]).await;
    let old_device = world.device_of(alice.account);
    let mut old = Pod::without(&world, old_device, &[capability::PRESENCE]).await;
    assert!(old.people.is_empty() && old.mine.is_none());
    let mut b = Pod::fresh(&world, bob).await;
    b.ask(Request::Presence(choice(PresenceChoice::Busy, "z"))).await.unwrap();
    until(&mut a, bob, PresenceState::Busy).await;
    a.ask(Request::Presence(choice(PresenceChoice::Away, ""))).await.unwrap();
    old.settle().await;
    let heard = old
        .inbox
        .iter()
        .any(|frame| matches!(frame, ServerFrame::Presence { .. } | ServerFrame::MyPresence { .. }));
    assert!(!heard, "{:?}", old.inbox);
}

#[tokio::test]
async fn after_a_restart_people_keep_their_state_for_one_heartbeat() {
    let mut world = World::paced(quick(1_500)).await;
    let watch = world.watch();
    let (alice, bob, carol) = (world.person("alice"), world.person("bob"), world.person("carol"));
    let mut a = Pod::fresh(&world, alice).await;
    a.make_room("r", &[bob, carol]).await;
    let mut others = [Pod::fresh(&world, bob).await, Pod::fresh(&world, carol).await];
    until(&mut a, bob, PresenceState::Here).await;
    until(&mut a, carol, PresenceState::Here).await;
    for pod in &mut others {
        pod.settle().await;
    }
    world.restart(Stop::Properly).await;
    watch.await.unwrap();
    world.watch();
    let mut a = Pod::fresh(&world, alice).await;
    let states: Vec<_> = a.people.iter().map(|person| person.presence.state).collect();
    assert_eq!(states, [PresenceState::Here; 2], "they keep what they had");
    let mut b = Pod::fresh(&world, bob).await;
    // Carol does not return; of bob, who did, there is no news.
    until(&mut a, carol, PresenceState::Offline).await;
    let of_bob = a.inbox.iter().any(|frame| {
        matches!(frame,
        ServerFrame::Presence { people, .. } if people.iter().any(|person| person.account == bob.account))
    });
    assert!(!of_bob, "{:?}", a.inbox);
    b.settle().await;
    drop(others);
    world.check();
}

#[tokio::test]
async fn another_display_name_is_told_to_the_rooms_as_a_changed_member() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let mut a = Pod::fresh(&world, alice).await;
    let room = a.make_room("r", &[bob]).await;
    let mut b = Pod::fresh(&world, bob).await;
    let key = Pod::fresh(&world, alice).await.leave().await;
    world.rename(bob, "Robert");
    for _ in 0..2 {
        assert_eq!(b.ask(Request::NameChanged {}).await, Ok(Answer::Done {}));
    }
    let delta = b.room(room).await;
    assert_eq!(delta.members[0].display_name, "Robert");
    let a = Pod::connect(&world, alice, Some(key)).await;
    let names: Vec<_> = a.rooms[0].members.iter().map(|member| member.display_name.as_str()).collect();
    assert_eq!((a.kind, names), (SyncKind::Delta, vec!["Robert"]));
    // Whoever comes is looked up: a change that nobody told of is found.
    world.rename(bob, "Bobby");
    b.leave().await;
    let mut b = Pod::fresh(&world, bob).await;
    let named = loop {
        let delta = b.room(room).await;
        if let Some(member) = delta.members.first() {
            break member.display_name.clone();
        }
    };
    assert_eq!(named, "Bobby");
    world.check();
}
