//! Contacts in the cache: they come with the key, a cut sync changes none, and what is gone still counts requests.

use super::{ME, OTHER, account, delta, key, synced};
use crate::cache::Cache;
use crate::view::{Presence, PresenceState};
use pod_machine::contact::nobody;
use pod_shared::contact::{ContactGroupState, ContactPlace, ContactStanding, ContactState};
use pod_shared::presence::PersonPresence;
use pod_shared::socket::ServerFrame;
use pod_shared::sync::SyncKind;
use pod_shared::{ContactGroupId, Txn};
use uuid::Uuid;

const FAR: u8 = 9;

fn group() -> ContactGroupId {
    ContactGroupId(Uuid::from_u128(7))
}

fn is(number: u8, standing: ContactStanding) -> ContactState {
    ContactState { standing, name: "n".into(), ..nobody(account(number)) }
}

fn told(txn: u64, contacts: Vec<ContactState>, groups: Vec<ContactGroupState>) -> ServerFrame {
    ServerFrame::Contacts { txn: Txn(txn), contacts, groups }
}

fn part(contacts: Vec<ContactState>, groups: Vec<ContactGroupState>, all: bool) -> ServerFrame {
    ServerFrame::SyncContacts { contacts, groups, all }
}

fn band(gone: bool) -> ContactGroupState {
    ContactGroupState { group: group(), name: "Band".into(), rank: 3, gone }
}

#[tokio::test]
async fn contacts_move_with_the_key_and_their_presence_counts_without_a_room() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), Vec::new()).await;
    let here = Presence { state: PresenceState::Here, ..Presence::default() };
    let person = PersonPresence { account: account(FAR), presence: here.clone() };
    let frames = vec![
        told(11, vec![is(FAR, ContactStanding::Asks)], Vec::new()),
        ServerFrame::Presence { txn: Txn(12), people: vec![person] },
    ];
    let touched = cache.apply_live(account(ME), frames).await.unwrap();
    assert_eq!(touched.asking, [account(FAR)]);
    assert_eq!(cache.presence(account(FAR)).await.unwrap(), None, "no contact yet");
    let place = ContactPlace { group: group(), rank: 1 };
    let contact = ContactState { places: vec![place], ..is(FAR, ContactStanding::Contact) };
    let touched =
        cache.apply_live(account(ME), vec![told(13, vec![contact], vec![band(false)])]).await.unwrap();
    assert!(touched.asking.is_empty() && touched.contact_groups && touched.contacts.len() == 1);
    drop(cache);
    let cache = Cache::open(folder.path()).unwrap();
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), Some(key(13)));
    assert_eq!(cache.presence(account(FAR)).await.unwrap(), Some(here));
    assert_eq!(cache.kept_contacts().await.unwrap().members(group()), [(account(FAR), 1)]);
    // A group that goes takes its places along.
    cache.apply_live(account(ME), vec![told(14, Vec::new(), vec![band(true)])]).await.unwrap();
    let kept = cache.kept_contacts().await.unwrap();
    assert!(kept.groups.is_empty() && kept.people[&account(FAR)].places.is_empty());
}

#[tokio::test]
async fn a_delta_changes_who_is_in_it_all_is_all_and_a_cut_sync_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 10, Vec::new())]).await;
    let ids = async || cache.kept_contacts().await.unwrap().people.keys().copied().collect::<Vec<_>>();
    cache.keep(&part(vec![is(FAR, ContactStanding::Contact)], vec![band(false)], false)).await.unwrap();
    cache.belong_to(account(ME)).await.unwrap();
    cache.apply_sync(account(ME), SyncKind::Null, Some(key(11))).await.unwrap();
    assert!(ids().await.is_empty(), "cut before its end");
    for number in [OTHER, FAR] {
        cache.keep(&part(vec![is(number, ContactStanding::Contact)], Vec::new(), false)).await.unwrap();
        cache.apply_sync(account(ME), SyncKind::Delta, Some(key(12))).await.unwrap();
    }
    assert_eq!(ids().await, [account(OTHER), account(FAR)]);
    let asks = ContactState { mine: 3, ..is(FAR, ContactStanding::None) };
    cache.keep(&part(vec![asks], Vec::new(), true)).await.unwrap();
    let touched = cache.apply_sync(account(ME), SyncKind::Delta, Some(key(13))).await.unwrap();
    assert_eq!((ids().await, touched.contacts.len()), (vec![account(FAR)], 2));
    assert_eq!(cache.kept_contact(account(FAR)).await.unwrap().unwrap().mine, 3);
    cache.keep(&part(vec![is(OTHER, ContactStanding::Asks)], Vec::new(), true)).await.unwrap();
    let touched = cache.apply_sync(account(ME), SyncKind::Full, Some(key(14))).await.unwrap();
    assert_eq!(ids().await, [account(OTHER)]);
    assert!(touched.asking.is_empty(), "how things are is no news");
}
