//! Contacts over real sockets: who agrees with whom, who sees whom then, and what a blocked person can tell.

use super::pod::Pod;
use super::presence::{quick, until};
use super::world::{Who, World};
use pod_shared::bytes::ByteString;
use pod_shared::contact::{ContactAnswer, ContactRequest, ContactStanding, ContactState};
use pod_shared::limits::{
    CONTACT_ASKS_PER_MINUTE_MAX, CONTACT_GROUP_NAME_BYTES_MAX, CONTACT_GROUPS_MAX, CONTACT_RANK_MAX,
    CONTACT_TEXT_BYTES_MAX, GROUPS_PER_CONTACT_MAX, NICKNAME_BYTES_MAX,
};
use pod_shared::offer::{OfferRequest, OfferStep};
use pod_shared::presence::{PresenceChoice, PresenceState};
use pod_shared::socket::{Answer, Request, ServerFrame};
use pod_shared::{AccountId, ContactGroupId, ErrorCode, OfferId, capability};
use uuid::Uuid;

pub(super) const DONE: Result<Answer, ErrorCode> = Ok(Answer::Done {});

pub(super) fn group_id() -> ContactGroupId {
    ContactGroupId(Uuid::now_v7())
}

pub(super) fn ask(account: AccountId, round: u32) -> ContactRequest {
    ContactRequest::Ask { account, text: "It is me".into(), round }
}

pub(super) fn answer(account: AccountId, round: u32, how: ContactAnswer) -> ContactRequest {
    ContactRequest::Answer { account, round, how }
}

pub(super) fn block(account: AccountId, blocked: bool) -> ContactRequest {
    ContactRequest::Block { account, blocked }
}

pub(super) fn named(group: ContactGroupId, name: &str) -> ContactRequest {
    ContactRequest::Group { group, name: Some(name.into()), rank: None }
}

async fn watched() -> World {
    let world = World::paced(quick(60_000)).await;
    world.watch();
    world
}

/// Alice and Bob, who share no room, and are contacts.
pub(super) async fn friends(world: &World) -> (Who, Who, Pod, Pod) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(world, alice).await, Pod::fresh(world, bob).await);
    assert_eq!(a.contact(ask(bob.account, 1)).await, DONE);
    b.contact_state(alice.account).await;
    assert_eq!(b.contact(answer(alice.account, 1, ContactAnswer::Accept)).await, DONE);
    for (pod, other) in [(&mut a, bob), (&mut b, alice)] {
        while pod.contact_state(other.account).await.0.standing != ContactStanding::Contact {}
    }
    (alice, bob, a, b)
}

async fn standing(pod: &mut Pod, other: Who) -> ContactStanding {
    pod.contact_state(other.account).await.0.standing
}

/// Whether anything of what a pod heard until now tells of the other person.
async fn heard_of(pod: &mut Pod, other: Who) -> bool {
    pod.settle().await;
    pod.inbox.iter().any(|frame| match frame {
        ServerFrame::Presence { people, .. } => people.iter().any(|person| person.account == other.account),
        ServerFrame::Contacts { contacts, .. } => contacts.iter().any(|held| held.account == other.account),
        ServerFrame::Offer { offer } => offer.from == other.account || offer.to == other.account,
        _ => false,
    })
}

#[tokio::test]
async fn both_agree_before_either_sees_the_other() {
    let world = watched().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    let mut second = Pod::fresh(&world, world.device_of(bob.account)).await;
    assert_eq!(a.contact(ask(bob.account, 1)).await, DONE);
    assert_eq!(a.contact(ask(bob.account, 1)).await, DONE, "asked twice is asked once");
    let (asked, txn) = a.contact_state(bob.account).await;
    assert_eq!((asked.standing, asked.mine, asked.text.as_str()), (ContactStanding::Asked, 1, "It is me"));
    for pod in [&mut b, &mut second] {
        let (asks, heard) = pod.contact_state(alice.account).await;
        let ContactState { standing, theirs, text, name, .. } = asks;
        assert_eq!(
            (standing, theirs, text.as_str(), name.as_str()),
            (ContactStanding::Asks, 1, "It is me", "alice")
        );
        assert_eq!(heard, txn, "one transaction");
    }
    let seen = |pod: &Pod| pod.inbox.iter().any(|frame| matches!(frame, ServerFrame::Presence { .. }));
    a.settle().await;
    b.settle().await;
    assert!(!seen(&a) && !seen(&b), "nobody is seen before both agree");
    assert_eq!(second.contact(answer(alice.account, 1, ContactAnswer::Accept)).await, DONE);
    assert_eq!(b.contact(answer(alice.account, 1, ContactAnswer::Accept)).await, DONE, "by either device");
    until(&mut a, bob, PresenceState::Here).await;
    until(&mut b, alice, PresenceState::Here).await;
    let (held, _) = b.contact_state(alice.account).await;
    assert_eq!((held.standing, held.text.as_str()), (ContactStanding::Contact, ""));
    // Not to be seen is to be gone for contacts too.
    let hidden = pod_shared::presence::MyPresence { state: PresenceChoice::Invisible, ..Default::default() };
    assert_eq!(b.ask(Request::Presence(hidden)).await, DONE);
    until(&mut a, bob, PresenceState::Offline).await;
    world.check();
}

#[tokio::test]
async fn a_request_is_declined_ignored_or_taken_back() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    assert_eq!(a.contact(ask(bob.account, 1)).await, DONE);
    assert_eq!(b.contact(answer(alice.account, 1, ContactAnswer::Decline)).await, DONE);
    assert_eq!(standing(&mut a, bob).await, ContactStanding::Asked);
    assert_eq!(standing(&mut a, bob).await, ContactStanding::Declined);
    assert_eq!(a.contact(ask(bob.account, 1)).await, DONE, "the old request changes nothing");
    assert_eq!(a.contact(ask(bob.account, 2)).await, DONE);
    assert_eq!(b.contact(answer(alice.account, 1, ContactAnswer::Accept)).await, Err(ErrorCode::Conflict));
    assert_eq!(b.contact(answer(alice.account, 2, ContactAnswer::Ignore)).await, DONE);
    assert_eq!(standing(&mut a, bob).await, ContactStanding::Asked);
    assert!(!heard_of(&mut a, bob).await, "who is ignored hears nothing");
    assert_eq!(a.contact(ContactRequest::Remove { account: bob.account }).await, DONE);
    assert_eq!(b.contact(answer(alice.account, 2, ContactAnswer::Accept)).await, Err(ErrorCode::Gone));
    assert_eq!(a.contact(ask(alice.account, 1)).await, Err(ErrorCode::BadRequest));
    assert_eq!(a.contact(ask(AccountId(Uuid::now_v7()), 1)).await, Err(ErrorCode::NotFound));
    world.check();
}

#[tokio::test]
async fn who_is_removed_is_no_contact_on_either_side_and_sees_nothing() {
    let world = watched().await;
    let (alice, bob, mut a, mut b) = friends(&world).await;
    until(&mut a, bob, PresenceState::Here).await;
    assert_eq!(b.contact(ContactRequest::Remove { account: alice.account }).await, DONE);
    assert!(a.contact_state(bob.account).await.0.is_gone());
    assert!(b.contact_state(alice.account).await.0.is_gone());
    a.settle().await;
    a.inbox.clear();
    let busy = pod_shared::presence::MyPresence { state: PresenceChoice::Busy, ..Default::default() };
    assert_eq!(b.ask(Request::Presence(busy)).await, DONE);
    // What is due is shown before this one, which comes later, is.
    let carol = world.person("carol");
    a.make_room("r", &[carol]).await;
    let _c = Pod::fresh(&world, carol).await;
    until(&mut a, carol, PresenceState::Here).await;
    assert!(!heard_of(&mut a, bob).await);
    world.check();
}

#[tokio::test]
async fn who_is_blocked_sees_somebody_who_went_away_and_reaches_nobody() {
    let world = watched().await;
    let (alice, bob, mut a, mut b) = friends(&world).await;
    a.make_room("r", &[bob]).await;
    until(&mut a, bob, PresenceState::Here).await;
    assert_eq!(b.contact(block(alice.account, true)).await, DONE);
    assert_eq!(b.contact(block(alice.account, true)).await, DONE);
    let gone = until(&mut a, bob, PresenceState::Offline).await;
    assert!(gone.seen_at.is_some() && gone.text.is_empty(), "{gone:?}");
    a.settle().await;
    assert!(!a.inbox.iter().any(|frame| matches!(frame, ServerFrame::Contacts { .. })), "{:?}", a.inbox);
    // What Bob does is not shown to her, on this device or on a new one; he still sees her.
    let busy = pod_shared::presence::MyPresence { state: PresenceChoice::Busy, ..Default::default() };
    assert_eq!(b.ask(Request::Presence(busy)).await, DONE);
    until(&mut b, alice, PresenceState::Here).await;
    let second = Pod::fresh(&world, world.device_of(alice.account)).await;
    assert!(!second.people.iter().any(|person| person.account == bob.account), "{:?}", second.people);
    assert_eq!(second.contacts[0].standing, ContactStanding::Contact, "as far as she can tell");
    assert!(!heard_of(&mut a, bob).await);
    // Her offer stands as if he never looked; he never hears of it.
    let offer = OfferId(Uuid::now_v7());
    b.inbox.clear();
    let body = ByteString(b"x".to_vec());
    assert_eq!(a.offer(OfferRequest::Ask { offer, to: bob.account, body, round: 1 }).await, DONE);
    assert_eq!(a.offer_state(offer).await.step, OfferStep::Asked);
    let peer = a.offer(OfferRequest::Peer { offer }).await;
    assert!(matches!(peer, Ok(Answer::Peer { device: None, online: false, endpoint: None })), "{peer:?}");
    b.settle().await;
    assert!(!b.inbox.iter().any(|frame| matches!(frame, ServerFrame::Offer { .. })), "{:?}", b.inbox);
    assert!(Pod::fresh(&world, world.device_of(bob.account)).await.offers.is_empty());
    // Somebody new in a room of both is shown to her, and he is not.
    let carol = world.person("carol");
    let _c = Pod::fresh(&world, carol).await;
    let hall = a.make_room("hall", &[carol]).await;
    assert_eq!(a.set(hall, bob.account, Some(pod_shared::Role::Editor)).await, DONE);
    until(&mut a, carol, PresenceState::Here).await;
    assert!(!heard_of(&mut a, bob).await);
    // No longer blocked, he is there again.
    assert_eq!(b.contact(block(alice.account, false)).await, DONE);
    until(&mut a, bob, PresenceState::Busy).await;
    world.check();
}

#[tokio::test]
async fn a_stranger_who_is_blocked_asks_and_is_not_heard() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let (mut a, mut b) = (Pod::fresh(&world, alice).await, Pod::fresh(&world, bob).await);
    assert_eq!(b.contact(block(alice.account, true)).await, DONE);
    assert!(!heard_of(&mut a, bob).await, "nothing tells her");
    assert_eq!(a.contact(ask(bob.account, 1)).await, DONE);
    assert_eq!(standing(&mut a, bob).await, ContactStanding::Asked);
    b.contact_state(alice.account).await;
    let (held, _) = b.contact_state(alice.account).await;
    assert_eq!((held.standing, held.blocked), (ContactStanding::Ignored, true), "no request that waits");
    assert_eq!(b.contact(ask(alice.account, 1)).await, Err(ErrorCode::Conflict));
    let second = Pod::fresh(&world, world.device_of(alice.account)).await;
    assert!(second.people.is_empty() && second.contacts.len() == 1);
    world.check();
}

#[tokio::test]
async fn contacts_are_marked_and_sorted_into_groups_on_all_devices_of_their_person_only() {
    let world = World::new().await;
    let (alice, bob, mut a, mut b) = friends(&world).await;
    let mut second = Pod::fresh(&world, world.device_of(alice.account)).await;
    b.settle().await;
    b.inbox.clear();
    let (account, group, other) = (bob.account, group_id(), group_id());
    assert_eq!(a.contact(named(group, " Band ")).await, DONE);
    assert_eq!(a.contact(named(group, "Band")).await, DONE);
    assert_eq!(a.contact(named(other, "Work")).await, DONE);
    for (to, rank) in [(group, 5), (other, 7), (group, 6)] {
        assert_eq!(a.contact(ContactRequest::Place { account, group: to, rank: Some(rank) }).await, DONE);
    }
    let (nickname, favourite, muted) = (Some("Bobby".to_owned()), Some(true), Some(true));
    assert_eq!(a.contact(ContactRequest::Mark { account, nickname, favourite, muted }).await, DONE);
    let held = loop {
        let (held, _) = second.contact_state(account).await;
        if held.muted {
            break held;
        }
    };
    assert!(held.favourite && held.nickname == "Bobby");
    let mut places: Vec<_> = held.places.iter().map(|place| (place.group, place.rank)).collect();
    places.sort_unstable();
    assert_eq!(places, [(group, 6), (other, 7)]);
    assert!(!heard_of(&mut b, alice).await, "what she makes of him is hers");
    assert_eq!(a.contact(ContactRequest::GroupDelete { group }).await, DONE);
    assert_eq!(a.contact(ContactRequest::GroupDelete { group }).await, DONE);
    assert_eq!(a.contact(named(group, "Band")).await, Err(ErrorCode::Gone));
    let place = ContactRequest::Place { account, group, rank: Some(1) };
    assert_eq!(a.contact(place).await, Err(ErrorCode::NotFound));
    let new = Pod::fresh(&world, world.device_of(alice.account)).await;
    let there: Vec<_> = new.groups.iter().filter(|held| !held.gone).map(|held| held.name.as_str()).collect();
    assert_eq!((there, new.contacts[0].places.len()), (vec!["Work"], 1));
    world.check();
}

#[tokio::test]
async fn a_changed_name_is_told_to_who_keeps_it() {
    let world = World::new().await;
    let (_, bob, mut a, mut b) = friends(&world).await;
    world.rename(bob, "Bob the Builder");
    assert_eq!(b.ask(Request::NameChanged {}).await, DONE);
    let (held, _) = a.contact_state(bob.account).await;
    assert_eq!(held.display_name, "Bob the Builder");
}

#[tokio::test]
async fn every_name_text_place_and_number_has_its_limit() {
    let world = World::new().await;
    let (_, bob, mut a, _) = friends(&world).await;
    let account = bob.account;
    let long = |bytes: usize| "x".repeat(bytes + 1);
    let text = |text: String| ContactRequest::Ask { account, text, round: 9 };
    assert_eq!(a.contact(text(long(CONTACT_TEXT_BYTES_MAX))).await, Err(ErrorCode::TooLarge));
    assert_eq!(a.contact(text("a\nb".into())).await, Err(ErrorCode::BadRequest));
    for name in [String::new(), "  ".into(), "a\tb".into(), long(CONTACT_GROUP_NAME_BYTES_MAX)] {
        assert_eq!(a.contact(named(group_id(), &name)).await, Err(ErrorCode::InvalidName), "{name:?}");
    }
    let nickname = Some(long(NICKNAME_BYTES_MAX));
    let mark = ContactRequest::Mark { account, nickname, favourite: None, muted: None };
    assert_eq!(a.contact(mark).await, Err(ErrorCode::InvalidName));
    let nobody = AccountId(Uuid::now_v7());
    let mark = ContactRequest::Mark { account: nobody, nickname: None, favourite: Some(true), muted: None };
    assert_eq!(a.contact(mark).await, Err(ErrorCode::NotFound));
    let unnamed = ContactRequest::Group { group: group_id(), name: None, rank: Some(1) };
    assert_eq!(a.contact(unnamed).await, Err(ErrorCode::BadRequest));
    for at in 0..CONTACT_GROUPS_MAX {
        let group = group_id();
        assert_eq!(a.contact(named(group, "g")).await, DONE);
        let place = ContactRequest::Place { account, group, rank: Some(CONTACT_RANK_MAX) };
        let full = at >= GROUPS_PER_CONTACT_MAX;
        assert_eq!(a.contact(place).await, if full { Err(ErrorCode::TooMany) } else { DONE });
        let place = ContactRequest::Place { account, group, rank: Some(CONTACT_RANK_MAX + 1) };
        assert_eq!(a.contact(place).await, Err(ErrorCode::BadRequest));
    }
    assert_eq!(a.contact(named(group_id(), "one more")).await, Err(ErrorCode::TooMany));
}

#[tokio::test]
async fn who_asks_in_a_circle_is_slowed_down() {
    let world = World::new().await;
    let (_, bob, mut a, _) = friends(&world).await;
    let mut last = DONE;
    for _ in 0..CONTACT_ASKS_PER_MINUTE_MAX {
        last = a.contact(ask(bob.account, 1)).await;
    }
    assert_eq!(last, Err(ErrorCode::RateLimited));
    assert_eq!(a.contact(named(group_id(), "g")).await, DONE, "other changes go on");
}

#[tokio::test]
async fn an_older_device_hears_of_no_contacts_and_works_on() {
    let world = World::new().await;
    let (alice, bob, mut a, _) = friends(&world).await;
    let old = world.device_of(bob.account);
    let mut old = Pod::without(&world, old, &[capability::CONTACTS]).await;
    assert!(old.contacts.is_empty() && old.groups.is_empty());
    assert_eq!(a.contact(ContactRequest::Remove { account: bob.account }).await, DONE);
    old.settle().await;
    assert!(!old.inbox.iter().any(|frame| matches!(frame, ServerFrame::Contacts { .. })), "{:?}", old.inbox);
    old.make_room("r", &[alice]).await;
}
