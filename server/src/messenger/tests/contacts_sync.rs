//! Contacts as synchronised state: nothing, what changed, or everything; and whom one sees after having been away.

use super::contacts::{DONE, answer, ask, block, friends, group_id, named};
use super::pod::Pod;
use super::presence::{quick, until};
use super::world::{Stop, World};
use pod_shared::contact::{ContactAnswer, ContactRequest, ContactStanding};
use pod_shared::limits::{CONTACT_GONE_DAYS, SYNC_CONTACTS_PER_PART_MAX};
use pod_shared::presence::PresenceState;
use pod_shared::sync::SyncKind;

/// Keeps what the sync told and leaves.
async fn kept(mut pod: Pod) -> pod_shared::sync::SyncKey {
    let txn = pod.key.txn;
    pod.applied(txn).await;
    pod.leave().await
}

#[tokio::test]
async fn a_device_that_was_away_learns_what_changed_once_and_then_nothing() {
    let world = World::new().await;
    let (alice, bob, mut a, b) = friends(&world).await;
    drop(b);
    let (bobs, group) = (world.device_of(bob.account), group_id());
    let key = kept(Pod::of_rooms(&world, bobs, None).await).await;
    let b = Pod::of_rooms(&world, bobs, Some(key)).await;
    assert_eq!((b.kind, b.contacts.len(), b.all_contacts), (SyncKind::Null, 0, false));
    let key = kept(b).await;
    // Removed and back again, between two visits: one row says how it stands.
    assert_eq!(a.contact(ContactRequest::Remove { account: bob.account }).await, DONE);
    assert_eq!(a.contact(ask(bob.account, 2)).await, DONE);
    let mut other = Pod::of_rooms(&world, world.device_of(bob.account), None).await;
    assert_eq!(other.contact(answer(alice.account, 2, ContactAnswer::Accept)).await, DONE);
    assert_eq!(other.contact(named(group, "Band")).await, DONE);
    let place = ContactRequest::Place { account: alice.account, group, rank: Some(3) };
    assert_eq!(other.contact(place).await, DONE);
    let b = Pod::of_rooms(&world, bobs, Some(key)).await;
    assert_eq!((b.kind, b.contacts.len(), b.groups.len(), b.all_contacts), (SyncKind::Delta, 1, 1, false));
    assert_eq!((b.contacts[0].standing, b.contacts[0].places.len()), (ContactStanding::Contact, 1));
    let key = kept(b).await;
    assert_eq!(Pod::of_rooms(&world, bobs, Some(key)).await.kind, SyncKind::Null);
    world.check();
}

#[tokio::test]
async fn who_became_visible_or_was_hidden_meanwhile_is_told_at_the_return() {
    let world = World::paced(quick(60_000)).await;
    world.watch();
    let (alice, bob, mut a, mut b) = friends(&world).await;
    until(&mut a, bob, PresenceState::Here).await;
    let key = {
        a.settle().await;
        let alices = Pod::connect(&world, alice, None).await;
        kept(alices).await
    };
    drop(a);
    assert_eq!(b.contact(block(alice.account, true)).await, DONE);
    let mut a = Pod::connect(&world, alice, Some(key)).await;
    let told = a.people.iter().find(|person| person.account == bob.account);
    assert_eq!(told.map(|person| person.presence.state), Some(PresenceState::Offline));
    let txn = a.key.txn;
    a.applied(txn).await;
    let key = a.leave().await;
    assert_eq!(b.contact(block(alice.account, false)).await, DONE);
    let a = Pod::connect(&world, alice, Some(key)).await;
    let told = a.people.iter().find(|person| person.account == bob.account);
    assert_eq!(told.map(|person| person.presence.state), Some(PresenceState::Here));
    world.check();
}

#[tokio::test]
async fn more_contacts_than_one_part_carries_come_in_several() {
    let world = World::new().await;
    let (alice, _, mut a, _b) = friends(&world).await;
    let group = group_id();
    assert_eq!(a.contact(named(group, "Band")).await, DONE);
    let most = SYNC_CONTACTS_PER_PART_MAX + 3;
    {
        let connection = rusqlite::Connection::open(world.dir.path().join("messenger.db")).unwrap();
        let sql = "INSERT INTO contacts (owner, other, standing, blocked, favourite, muted, nickname, text, asks, since_txn,
             veil_txn, veiled_at, gone_at, txn) VALUES (?1, ?2, 4, 0, 0, 0, '', '', 0, 1, 0, 0, NULL, 1)";
        let mut contact = connection.prepare(sql).unwrap();
        for _ in 1..most {
            let other = uuid::Uuid::now_v7();
            contact.execute([alice.account.as_bytes(), other.as_bytes()]).unwrap();
            contact.execute([other.as_bytes(), alice.account.as_bytes()]).unwrap();
        }
    }
    let new = Pod::fresh(&world, world.device_of(alice.account)).await;
    assert_eq!((new.contacts.len(), new.groups.len(), new.all_contacts), (most, 1, true));
    let mut ids: Vec<_> = new.contacts.iter().map(|held| held.account).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), most);
    world.check();
}

#[tokio::test]
async fn contacts_outlive_a_crash_of_the_server() {
    let mut world = World::new().await;
    let (alice, bob, mut a, _b) = friends(&world).await;
    let group = group_id();
    assert_eq!(a.contact(named(group, "Band")).await, DONE);
    let place = ContactRequest::Place { account: bob.account, group, rank: Some(3) };
    assert_eq!(a.contact(place.clone()).await, DONE);
    let key = a.key;
    world.restart(Stop::Killed).await;
    let mut a = Pod::connect(&world, alice, Some(key)).await;
    assert_eq!((a.contacts.len(), a.contacts[0].places.len(), a.groups.len()), (1, 1, 1));
    assert_eq!(a.contact(place).await, DONE);
    world.check();
}

#[tokio::test]
async fn a_device_that_was_away_for_too_long_is_told_what_is_left() {
    let world = World::new().await;
    let (_, bob, mut a, b) = friends(&world).await;
    drop(b);
    let bobs = world.device_of(bob.account);
    let key = kept(Pod::of_rooms(&world, bobs, None).await).await;
    assert_eq!(a.contact(ContactRequest::Remove { account: bob.account }).await, DONE);
    let later = super::super::now().0 + i64::try_from(CONTACT_GONE_DAYS + 1).unwrap() * 86_400_000;
    world.messenger.inner.store.forget_contacts(pod_shared::TimeMs(later)).await.unwrap();
    let b = Pod::of_rooms(&world, bobs, Some(key)).await;
    assert_eq!((b.kind, b.contacts.len(), b.all_contacts), (SyncKind::Delta, 0, true));
    world.check();
}
