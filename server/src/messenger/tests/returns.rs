//! A device that comes back while its server still holds a connection of it, with an older program, or under a clock that
//! jumped; settings that follow their person.

use super::pod::{Pod, goodbye};
use super::world::{Who, World};
use crate::messenger::now;
use crate::store::sqlite::messenger::Greeting;
use pod_shared::limits::{SETTING_KEY_BYTES_MAX, SETTING_VALUE_BYTES_MAX, SETTINGS_PER_ACCOUNT_MAX};
use pod_shared::setting::SettingState;
use pod_shared::socket::{Answer, Request, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::{ConnectionId, ErrorCode, TimeMs, capability};
use uuid::Uuid;

fn setting(key: &str, value: Option<&str>) -> SettingState {
    SettingState { key: key.into(), value: value.map(Into::into) }
}

async fn set(pod: &mut Pod, key: &str, value: Option<&str>) -> Result<Answer, ErrorCode> {
    pod.ask(Request::Setting(setting(key, value))).await
}

/// The next change of a setting that comes live.
async fn told(pod: &mut Pod) -> SettingState {
    pod.find(|frame| match frame {
        ServerFrame::Setting { setting, .. } => Some(setting.clone()),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn the_newest_connection_of_a_device_ends_the_one_before_and_no_other() {
    let world = World::new().await;
    let alice = world.person("alice");
    let second = world.device_of(alice.account);
    let mut other = Pod::connect(&world, second, None).await;
    let mut first = Pod::connect(&world, alice, None).await;
    let mut again = Pod::connect(&world, alice, None).await;
    assert_eq!(goodbye(&mut first.socket).await, ErrorCode::DeviceInUse);
    // What is said to the person reaches both devices that are there, and what the newest applied counts.
    assert_eq!(set(&mut other, "skin", Some("midnight")).await, Ok(Answer::Done {}));
    assert_eq!(told(&mut again).await, setting("skin", Some("midnight")));
    assert_eq!(told(&mut other).await, setting("skin", Some("midnight")));
    let key = again.leave().await;
    assert_eq!(Pod::of_rooms(&world, alice, Some(key)).await.kind, SyncKind::Delta);
    world.check();
}

#[tokio::test]
async fn a_device_that_knows_no_keys_gets_everything_each_time() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::connect(&world, alice, None).await;
    a.make_room("r", &[]).await;
    let key = a.leave().await;
    let old = Pod::keyed(&world, alice, key, &[capability::SYNC_KEY]).await;
    assert_eq!((old.kind, old.rooms.len()), (SyncKind::Full, 1));
}

#[tokio::test]
async fn a_clock_that_jumps_changes_nothing_of_what_a_device_learns() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::of_rooms(&world, alice, None).await, Pod::of_rooms(&world, bob, None).await);
    let room = a.make_room("r", &[bob]).await;
    let delta = b.room(room).await;
    b.applied(delta.txn).await;
    let mut key = b.leave().await;
    let store = &world.messenger.inner.store;
    let Who { account, device } = bob;
    let year = 365 * 86_400_000;
    for jump in [year, -year, 0] {
        let session = ConnectionId(Uuid::now_v7());
        let now = TimeMs(now().0 + jump);
        let greeting = Greeting { account, device, session, key: Some(key), now };
        let greeted = store.greet(greeting).await.unwrap();
        assert_eq!((greeted.kind, greeted.key.epoch), (SyncKind::Null, key.epoch), "{jump}");
        store.leave(account, device, session, now).await.unwrap();
        key = greeted.key;
    }
    a.say(room, "in order all the same").await.unwrap();
    let b = Pod::of_rooms(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.rooms.len()), (SyncKind::Delta, 1));
    world.check();
}

#[tokio::test]
async fn settings_are_told_to_the_own_devices_once_and_to_nobody_else() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let laptop = world.device_of(alice.account);
    let (mut a, mut b) = (Pod::connect(&world, alice, None).await, Pod::connect(&world, bob, None).await);
    a.make_room("r", &[bob]).await;
    for (key, value) in [("skin", Some("midnight")), ("density", Some("roomy")), ("density", None)] {
        assert_eq!(set(&mut a, key, value).await, Ok(Answer::Done {}));
        assert_eq!(told(&mut a).await, setting(key, value));
    }
    let all = Pod::of_rooms(&world, laptop, None).await;
    assert_eq!(all.settings, [setting("skin", Some("midnight"))], "a snapshot holds what there is");
    let key = all.leave().await;
    let same = Pod::of_rooms(&world, laptop, Some(key)).await;
    assert_eq!((same.kind, same.settings.len()), (SyncKind::Null, 0));
    let key = same.leave().await;
    for value in [None, None] {
        assert_eq!(set(&mut a, "skin", value).await, Ok(Answer::Done {}), "again is nothing new");
    }
    let changed = Pod::of_rooms(&world, laptop, Some(key)).await;
    assert_eq!((changed.kind, changed.settings.clone()), (SyncKind::Delta, vec![setting("skin", None)]));
    let old = Pod::without(&world, world.device_of(alice.account), &[capability::SETTINGS]).await;
    assert!(old.settings.is_empty());
    b.settle().await;
    assert!(!b.inbox.iter().any(|frame| matches!(frame, ServerFrame::Setting { .. })));
    world.check();
}

#[tokio::test]
async fn settings_have_their_limits() {
    let world = World::new().await;
    let alice = world.person("alice");
    let mut a = Pod::connect(&world, alice, None).await;
    let long = "k".repeat(SETTING_KEY_BYTES_MAX + 1);
    for key in ["", "a b", "방", &long] {
        assert_eq!(set(&mut a, key, Some("x")).await, Err(ErrorCode::BadRequest), "{key}");
    }
    let large = "x".repeat(SETTING_VALUE_BYTES_MAX + 1);
    assert_eq!(set(&mut a, "k", Some(&large)).await, Err(ErrorCode::TooLarge));
    for n in 0..SETTINGS_PER_ACCOUNT_MAX {
        assert_eq!(set(&mut a, &format!("k{n}"), Some("x")).await, Ok(Answer::Done {}));
    }
    assert_eq!(set(&mut a, "one.more", Some("x")).await, Err(ErrorCode::TooMany));
    let all = Pod::of_rooms(&world, world.device_of(alice.account), None).await;
    assert_eq!(all.settings.len(), SETTINGS_PER_ACCOUNT_MAX, "in several parts");
    assert_eq!(set(&mut a, "k0", None).await, Ok(Answer::Done {}), "what is there can change");
}
