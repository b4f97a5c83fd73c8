//! Presence in the cache: it comes with the key, counts only while a room is shared, and is learnt anew by older files.

use super::{ME, OTHER, account, delta, key, member, room, synced};
use crate::cache::{Cache, tables};
use crate::store::{Db, Durability};
use crate::view::{MyPresence, Presence, PresenceChoice, PresenceState};
use pod_shared::presence::PersonPresence;
use pod_shared::socket::{EventKind, ServerFrame};
use pod_shared::sync::{RoomDelta, SyncKind};
use pod_shared::{Role, Txn};

fn is(state: PresenceState) -> Presence {
    Presence { state, ..Presence::default() }
}

fn of(number: u8, state: PresenceState) -> PersonPresence {
    PersonPresence { account: account(number), presence: is(state) }
}

fn told(txn: u64, people: Vec<PersonPresence>) -> ServerFrame {
    ServerFrame::Presence { txn: Txn(txn), people }
}

#[tokio::test]
async fn presence_moves_with_the_key_and_is_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 10, Vec::new())]).await;
    let busy = MyPresence { state: PresenceChoice::Busy, text: "x".into(), until: None };
    let frames = vec![
        told(11, vec![of(OTHER, PresenceState::Here)]),
        ServerFrame::MyPresence { txn: Txn(12), mine: busy.clone() },
    ];
    let touched = cache.apply_live(account(ME), frames).await.unwrap();
    assert_eq!(touched.people.get(&account(OTHER)), Some(&is(PresenceState::Here)));
    assert_eq!(touched.mine, Some(busy.clone()));
    drop(cache);
    let cache = Cache::open(folder.path()).unwrap();
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), Some(key(12)));
    assert_eq!(cache.presence(account(OTHER)).await.unwrap(), Some(is(PresenceState::Here)));
    assert_eq!(cache.presences(room(1)).await.unwrap().len(), 1);
    assert_eq!(cache.chosen().await.unwrap(), Some(busy));
}

#[tokio::test]
async fn a_snapshot_replaces_all_people_and_a_cut_sync_none() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 10, Vec::new())]).await;
    cache.apply_live(account(ME), vec![told(11, vec![of(OTHER, PresenceState::Here)])]).await.unwrap();
    // Cut before its end: nothing of it counts.
    cache
        .keep(&ServerFrame::SyncPeople { people: vec![of(OTHER, PresenceState::Away)], mine: None })
        .await
        .unwrap();
    cache.belong_to(account(ME)).await.unwrap();
    cache.apply_sync(account(ME), SyncKind::Null, Some(key(11))).await.unwrap();
    assert_eq!(cache.presence(account(OTHER)).await.unwrap(), Some(is(PresenceState::Here)));
    // A delta changes who is in it; a snapshot is all there is.
    cache
        .keep(&ServerFrame::SyncPeople { people: vec![of(3, PresenceState::Busy)], mine: None })
        .await
        .unwrap();
    cache.apply_sync(account(ME), SyncKind::Delta, Some(key(12))).await.unwrap();
    assert_eq!(cache.presence(account(OTHER)).await.unwrap(), Some(is(PresenceState::Here)));
    cache.keep(&ServerFrame::SyncPart { rooms: vec![delta(1, 13, Vec::new())] }).await.unwrap();
    cache
        .keep(&ServerFrame::SyncPeople { people: Vec::new(), mine: Some(MyPresence::default()) })
        .await
        .unwrap();
    let touched = cache.apply_sync(account(ME), SyncKind::Full, Some(key(13))).await.unwrap();
    assert_eq!(cache.presence(account(OTHER)).await.unwrap(), None);
    assert_eq!(
        (touched.mine, cache.chosen().await.unwrap()),
        (Some(MyPresence::default()), Some(MyPresence::default()))
    );
}

#[tokio::test]
async fn presence_counts_only_while_a_room_is_shared() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 10, Vec::new())]).await;
    cache.apply_live(account(ME), vec![told(11, vec![of(OTHER, PresenceState::Here)])]).await.unwrap();
    let gone =
        EventKind::Member { account: account(OTHER), name: "n".into(), display_name: "N".into(), role: None };
    let event = super::event(1, 1, 12, OTHER, gone);
    cache.apply_live(account(ME), vec![ServerFrame::Event(event)]).await.unwrap();
    assert_eq!(cache.presence(account(OTHER)).await.unwrap(), None);
    assert!(cache.presences(room(1)).await.unwrap().is_empty());
    assert!(cache.roommates(account(ME)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_conversation_of_two_is_found_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let untitled = |number, txn| RoomDelta { title: Some(String::new()), ..delta(number, txn, Vec::new()) };
    let crowd = RoomDelta {
        members: vec![member(ME, Role::Editor), member(OTHER, Role::Owner), member(3, Role::Editor)],
        ..untitled(3, 10)
    };
    let cache = synced(folder.path(), vec![delta(1, 10, Vec::new()), untitled(2, 10), crowd]).await;
    let (me, other) = (account(ME), account(OTHER));
    assert_eq!(cache.talk_with(me, other).await.unwrap(), Some(room(2)));
    assert_eq!(cache.talk_with(me, account(3)).await.unwrap(), None);
    assert_eq!(cache.shared_rooms(me, other).await.unwrap(), [(room(1), "room 1".to_owned())]);
    let names: Vec<String> =
        cache.roommates(me).await.unwrap().into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["person2", "person3"]);
}

#[tokio::test]
async fn a_cache_of_the_first_release_is_kept_and_asks_for_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.db");
    let old = Db::open(&path, &tables::MIGRATIONS[..1], Durability::Crash).unwrap();
    let fill = |tx: &rusqlite::Transaction<'_>| {
        tx.execute(
            "INSERT INTO owner (one, account, sync_key) VALUES (1, ?1, x'00')",
            [account(ME).as_bytes()],
        )?;
        tx.execute("INSERT INTO rooms (id, title) VALUES (?1, 'kept')", [room(1).as_bytes()])?;
        Ok(())
    };
    old.run(fill).await.unwrap();
    drop(old);
    let cache = Cache::open(folder.path()).unwrap();
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), None, "the old key knows nothing of people");
    assert_eq!(cache.room(room(1)).await.unwrap().unwrap().title, "kept");
}
