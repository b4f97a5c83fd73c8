//! What people say of themselves: told to who may see them, found by them alone, and counted like presence when a device
//! was away.

use super::contacts::{DONE, answer, ask, block, friends};
use super::pod::Pod;
use super::world::{Who, World};
use pod_shared::contact::{ContactAnswer, ContactRequest};
use pod_shared::limits::{PROFILE_CHANGES_PER_MINUTE_MAX, PROFILE_LINE_BYTES_MAX};
use pod_shared::profile::{PersonProfile, ProfileFields};
use pod_shared::socket::{Answer, Request, ServerFrame};
use pod_shared::sync::SyncKind;
use pod_shared::{ErrorCode, capability};

fn baker() -> ProfileFields {
    ProfileFields {
        title: "Baker".into(),
        about: "Rye, mostly\nand Ölkuchen".into(),
        ..ProfileFields::default()
    }
}

fn of(who: Who, profile: ProfileFields) -> PersonProfile {
    PersonProfile { account: who.account, profile }
}

async fn says(pod: &mut Pod, profile: &ProfileFields) {
    assert_eq!(pod.ask(Request::Profile(profile.clone())).await, DONE);
}

/// The next that is told of profiles.
async fn told(pod: &mut Pod) -> Vec<PersonProfile> {
    pod.find(|frame| match frame {
        ServerFrame::Profiles { profiles, .. } => Some(profiles.clone()),
        _ => None,
    })
    .await
}

/// Whether anything was told of profiles until now.
async fn heard(pod: &mut Pod) -> bool {
    pod.settle().await;
    pod.inbox.iter().any(|frame| matches!(frame, ServerFrame::Profiles { .. }))
}

async fn finds(pod: &mut Pod, text: &str) -> Vec<String> {
    match pod.ask(Request::People { text: text.into(), limit: 10 }).await {
        Ok(Answer::People { people }) => people.into_iter().map(|person| person.name).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_profile_is_told_to_contacts_and_roommates_and_to_the_own_devices() {
    let world = World::new().await;
    let (alice, bob, mut a, mut b) = friends(&world).await;
    let (carol, dave) = (world.person("carol"), world.person("dave"));
    let (mut c, mut d) = (Pod::fresh(&world, carol).await, Pod::fresh(&world, dave).await);
    a.make_room("r", &[carol]).await;
    let mut second = Pod::fresh(&world, world.device_of(alice.account)).await;
    let wanted = ProfileFields { title: "  Baker ".into(), ..baker() };
    says(&mut a, &wanted).await;
    for pod in [&mut a, &mut second, &mut b, &mut c] {
        assert_eq!(told(pod).await, [of(alice, baker())]);
    }
    says(&mut a, &baker()).await;
    for pod in [&mut b, &mut c, &mut d] {
        assert!(!heard(pod).await, "the same again is no news, and a stranger hears nothing");
    }
    // Who comes to see them later hears of it then, before what makes them see each other.
    assert_eq!(d.contact(ask(alice.account, 1)).await, DONE);
    assert!(!heard(&mut d).await);
    assert_eq!(a.contact(answer(dave.account, 1, ContactAnswer::Accept)).await, DONE);
    assert_eq!(told(&mut d).await, [of(alice, baker())]);
    b.make_room("another", &[carol]).await;
    says(&mut b, &ProfileFields { phone: "110".into(), ..ProfileFields::default() }).await;
    assert_eq!(told(&mut c).await[0].account, bob.account);
    // What is emptied is told, and a snapshot holds what there is.
    says(&mut a, &ProfileFields::default()).await;
    assert_eq!(told(&mut d).await, [of(alice, ProfileFields::default())]);
    let all = Pod::fresh(&world, world.device_of(carol.account)).await;
    assert_eq!(all.profiles.iter().map(|held| held.account).collect::<Vec<_>>(), [bob.account]);
    let old = Pod::without(&world, world.device_of(carol.account), &[capability::PROFILES]).await;
    assert!(old.profiles.is_empty());
    world.check();
}

#[tokio::test]
async fn a_device_that_was_away_learns_the_profiles_that_changed_and_nothing_else() {
    let world = World::new().await;
    let (alice, bob, mut a, b) = friends(&world).await;
    says(&mut a, &baker()).await;
    let key = b.leave().await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(b.profiles, [of(alice, baker())]);
    let key = b.leave().await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!((b.kind, b.profiles.len()), (SyncKind::Null, 0));
    let key = b.leave().await;
    // New to each other while one was away.
    let carol = world.person("carol");
    let mut c = Pod::fresh(&world, carol).await;
    says(&mut c, &ProfileFields { mail: "c@example.org".into(), ..ProfileFields::default() }).await;
    c.make_room("r", &[bob]).await;
    let b = Pod::connect(&world, bob, Some(key)).await;
    assert_eq!(b.profiles.iter().map(|held| held.account).collect::<Vec<_>>(), [carol.account]);
    world.check();
}

#[tokio::test]
async fn people_are_found_by_what_they_say_to_the_one_who_looks() {
    let world = World::new().await;
    let (alice, bob, mut a, mut b) = friends(&world).await;
    let mut c = Pod::fresh(&world, world.person("carol")).await;
    says(&mut a, &baker()).await;
    for text in ["bak", "BAKER", "ölkuchen", "OLKUCHEN"] {
        let expect: &[&str] = if text == "OLKUCHEN" { &[] } else { &["alice"] };
        assert_eq!(finds(&mut b, text).await, expect, "{text}");
        assert!(finds(&mut c, text).await.is_empty(), "a stranger finds nobody by {text}");
    }
    assert_eq!(finds(&mut b, "ali").await, ["alice"], "once, by name and by profile");
    assert!(finds(&mut a, "baker").await.is_empty(), "not oneself");
    // A block hides what is said from now on, and a removal all of it.
    assert_eq!(a.contact(block(bob.account, true)).await, DONE);
    assert!(finds(&mut b, "baker").await.is_empty());
    assert!({
        says(&mut a, &ProfileFields::default()).await;
        !heard(&mut b).await || told(&mut b).await == [of(alice, baker())]
    });
    says(&mut a, &baker()).await;
    assert_eq!(a.contact(block(bob.account, false)).await, DONE);
    assert_eq!(finds(&mut b, "baker").await, ["alice"]);
    assert_eq!(b.contact(ContactRequest::Remove { account: alice.account }).await, DONE);
    assert!(finds(&mut b, "baker").await.is_empty());
    world.check();
}

#[tokio::test]
async fn a_profile_has_its_limits() {
    let world = World::new().await;
    let mut a = Pod::fresh(&world, world.person("alice")).await;
    let with = |phone: String| Request::Profile(ProfileFields { phone, ..ProfileFields::default() });
    let long = "1".repeat(PROFILE_LINE_BYTES_MAX + 1);
    assert_eq!(a.ask(with(long)).await, Err(ErrorCode::TooLarge));
    assert_eq!(a.ask(with("1\n2".into())).await, Err(ErrorCode::BadRequest));
    for n in 2..PROFILE_CHANGES_PER_MINUTE_MAX {
        assert_eq!(a.ask(with(n.to_string())).await, DONE);
    }
    assert_eq!(a.ask(with("too often".into())).await, Err(ErrorCode::RateLimited));
}
