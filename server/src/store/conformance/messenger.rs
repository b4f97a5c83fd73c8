//! What a store of the messenger must do, whatever keeps it.

use crate::error::Refusal;
use crate::store::sqlite::messenger::{
    Announce, Announcement, Greeted, Greeting, MIGRATIONS, MessengerStore, NewMessage, NewRoom, PostFacts,
    check,
};
use pod_shared::bytes::ByteString;
use pod_shared::socket::Person;
use pod_shared::sync::{SyncKey, SyncKind};
use pod_shared::{AccountId, ConnectionId, DeviceId, ErrorCode, MessageId, RoomId, TimeMs, Txn};
use std::path::Path;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

#[derive(Default)]
pub(super) struct Heard(Mutex<Vec<Txn>>);

impl Announce for Heard {
    fn announce(&self, announcement: &Announcement) {
        self.0.lock().unwrap().push(announcement.txn);
    }
}

pub(super) fn open(dir: &Path) -> (MessengerStore, Arc<Heard>) {
    let heard = Arc::new(Heard::default());
    (MessengerStore::open(dir, heard.clone()).unwrap(), heard)
}

pub(super) fn anybody() -> AccountId {
    AccountId(Uuid::now_v7())
}

pub(super) async fn make(store: &MessengerStore, members: &[AccountId]) -> RoomId {
    let room = RoomId(Uuid::now_v7());
    let people = members
        .iter()
        .map(|account| Person { account: *account, name: "n".into(), display_name: "N".into() })
        .collect();
    let new = NewRoom {
        room,
        title: "t".into(),
        creator: members[0],
        at: TimeMs(1),
        people,
        folder: false,
        digest: [0; 32],
    };
    store.create_room(new).await.unwrap();
    room
}

async fn post(store: &MessengerStore, room: RoomId, by: AccountId) -> Result<u64, ErrorCode> {
    let message = NewMessage {
        id: MessageId(Uuid::now_v7()),
        room,
        by,
        at: TimeMs(2),
        body: ByteString(b"x".to_vec()),
        about: None,
        digest: [1; 32],
    };
    let anybody_may: fn(&PostFacts) -> Result<(), Refusal> = |_| Ok(());
    store
        .post(store.turn().await.unwrap(), message, anybody_may)
        .await
        .map(|posted| posted.pos.0)
        .map_err(|refusal| refusal.code())
}

pub(super) async fn come(
    store: &MessengerStore,
    account: AccountId,
    device: DeviceId,
    key: Option<SyncKey>,
) -> Greeted {
    let session = ConnectionId(Uuid::now_v7());
    store.greet(Greeting { account, device, session, key, now: TimeMs(3) }).await.unwrap()
}

pub(super) async fn go(store: &MessengerStore, account: AccountId, greeted: &Greeted) -> SyncKey {
    let key = greeted.key;
    store.applied(account, key.device, key.session, key.txn).await.unwrap();
    store.leave(account, key.device, key.session, TimeMs(4)).await.unwrap();
    key
}

#[tokio::test]
async fn a_reconnect_with_nothing_new_costs_the_same_however_many_rooms_there_are() {
    let mut costs = Vec::new();
    for rooms in [1, 100, 1_000] {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        let (me, device) = (anybody(), DeviceId(Uuid::now_v7()));
        for _ in 0..rooms {
            make(&store, &[me]).await;
        }
        let greeted = come(&store, me, device, None).await;
        assert_eq!((greeted.kind, greeted.rooms.len()), (SyncKind::Full, rooms));
        let key = go(&store, me, &greeted).await;
        let greeted = come(&store, me, device, Some(key)).await;
        assert_eq!((greeted.kind, greeted.rooms.len()), (SyncKind::Null, 0));
        costs.push(greeted.steps);
    }
    assert!(costs[0] > 0 && costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
}

#[tokio::test]
async fn a_reconnect_reads_only_the_rooms_that_changed() {
    let mut costs = Vec::new();
    for rooms in [10, 300] {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        let (me, other, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
        let busy = make(&store, &[other, me]).await;
        for _ in 0..rooms {
            make(&store, &[me]).await;
        }
        let key = go(&store, me, &come(&store, me, device, None).await).await;
        for _ in 0..20 {
            post(&store, busy, other).await.unwrap();
        }
        let greeted = come(&store, me, device, Some(key)).await;
        assert_eq!((greeted.kind, greeted.rooms), (SyncKind::Delta, vec![busy]));
        costs.push(greeted.steps);
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn a_device_that_was_here_at_the_crash_finds_what_only_memory_knew() {
    let dir = tempfile::tempdir().unwrap();
    let (me, other, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
    let (busy, key) = {
        let (store, _) = open(dir.path());
        let busy = make(&store, &[other, me]).await;
        make(&store, &[other, me]).await;
        let greeted = come(&store, me, device, None).await;
        store.applied(me, device, greeted.key.session, greeted.key.txn).await.unwrap();
        post(&store, busy, other).await.unwrap();
        (busy, greeted.key)
    };
    let (store, _) = open(dir.path());
    let greeted = come(&store, me, device, Some(key)).await;
    assert_eq!((greeted.kind, greeted.rooms), (SyncKind::Delta, vec![busy]));
}

#[tokio::test]
async fn a_key_older_than_what_was_applied_is_made_up_by_a_scan() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, other, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
    let busy = make(&store, &[other, me]).await;
    let old = come(&store, me, device, None).await.key;
    post(&store, busy, other).await.unwrap();
    let later = Txn(old.txn.0 + 1);
    store.applied(me, device, old.session, later).await.unwrap();
    store.leave(me, device, old.session, TimeMs(4)).await.unwrap();
    let greeted = come(&store, me, device, Some(old)).await;
    assert_eq!((greeted.kind, greeted.rooms), (SyncKind::Delta, vec![busy]));
}

#[tokio::test]
async fn a_device_of_two_accounts_has_the_key_of_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, other, device) = (anybody(), anybody(), DeviceId(Uuid::now_v7()));
    let key = go(&store, me, &come(&store, me, device, None).await).await;
    let greeted = come(&store, other, device, Some(key)).await;
    assert_eq!(greeted.kind, SyncKind::Full);
    go(&store, other, &greeted).await;
    assert_eq!(come(&store, me, device, Some(key)).await.kind, SyncKind::Full);
}

#[tokio::test]
async fn a_silent_device_loses_its_key() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let (me, device) = (anybody(), DeviceId(Uuid::now_v7()));
    let key = go(&store, me, &come(&store, me, device, None).await).await;
    let day = 24 * 3600 * 1_000;
    assert_eq!(store.forget_silent_devices(TimeMs(80 * day)).await.unwrap(), 0);
    assert_eq!(store.forget_silent_devices(TimeMs(91 * day)).await.unwrap(), 1);
    assert_eq!(come(&store, me, device, Some(key)).await.kind, SyncKind::Full);
}

#[tokio::test]
async fn announcements_come_in_the_order_of_the_transactions() {
    let dir = tempfile::tempdir().unwrap();
    let (store, heard) = open(dir.path());
    let me = anybody();
    let room = make(&store, &[me]).await;
    let mut posts = Vec::new();
    for _ in 0..200 {
        let store = store.clone();
        posts.push(tokio::spawn(async move { post(&store, room, me).await }));
    }
    for post in posts {
        post.await.unwrap().unwrap();
    }
    let heard = heard.0.lock().unwrap();
    assert_eq!(heard.len(), 201);
    assert!(heard.windows(2).all(|pair| pair[0] < pair[1]));
}

#[tokio::test]
async fn a_refused_change_leaves_no_trace_in_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    let (store, heard) = open(dir.path());
    let room = make(&store, &[anybody()]).await;
    assert_eq!(post(&store, room, anybody()).await, Err(ErrorCode::NotFound));
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    let count = |table: &str| -> i64 {
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    assert_eq!((count("events"), count("sent"), heard.0.lock().unwrap().len()), (1, 0, 1));
    assert!(check(&connection).unwrap().is_empty());
}

#[tokio::test]
async fn the_first_schema_opens_with_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    connection.execute_batch(include_str!("messenger_1.sql")).unwrap();
    drop(connection);
    let (store, _) = open(dir.path());
    let account = AccountId(Uuid::from_u128(0xa));
    let room = RoomId(Uuid::from_u128(0xb));
    let greeted = come(&store, account, DeviceId(Uuid::from_u128(0xd)), None).await;
    assert_eq!((greeted.key.epoch, greeted.rooms), (77, vec![room]));
    assert_eq!(post(&store, room, account).await, Ok(3));
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, MIGRATIONS.len() as i64);
}

#[tokio::test]
async fn a_broken_invariant_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let me = anybody();
    let room = make(&store, &[me]).await;
    post(&store, room, me).await.unwrap();
    let connection = rusqlite::Connection::open(dir.path().join("messenger.db")).unwrap();
    for (damage, repair) in [
        ("UPDATE events SET pos = 9 WHERE pos = 2", "UPDATE events SET pos = 2 WHERE pos = 9"),
        ("UPDATE rooms SET members = 5", "UPDATE rooms SET members = 1"),
        ("UPDATE people SET rooms = 5", "UPDATE people SET rooms = 1"),
        ("UPDATE meta SET txn = txn - 1", "UPDATE meta SET txn = txn + 1"),
        ("UPDATE members SET read_pos = 99", "UPDATE members SET read_pos = 0"),
        ("UPDATE sent SET txn = txn + 1", "UPDATE sent SET txn = txn - 1"),
        ("UPDATE members SET delivered_pos = 99", "UPDATE members SET delivered_pos = 0"),
        ("UPDATE members SET delivered_txn = 99", "UPDATE members SET delivered_txn = 0"),
        ("INSERT INTO abouts (txn, target, how) VALUES (2, 9, 1)", "DELETE FROM abouts"),
        ("INSERT INTO abouts (txn, target, how) VALUES (9, 2, 3)", "DELETE FROM abouts"),
    ] {
        connection.execute_batch(damage).unwrap();
        assert!(!check(&connection).unwrap().is_empty(), "{damage}");
        connection.execute_batch(repair).unwrap();
        assert_eq!(check(&connection).unwrap(), Vec::<String>::new(), "{repair}");
    }
}

#[tokio::test]
async fn a_committed_change_gives_its_place_back_also_when_nobody_takes_its_answer() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let alice = anybody();
    let room = make(&store, &[alice]).await;
    let anybody_may: fn(&PostFacts) -> Result<(), Refusal> = |_| Ok(());
    let mut unread = Vec::new();
    // More than there are places: connections that wait for one do not take the answers of those they have.
    for _ in 0..4_000 {
        let turn = tokio::time::timeout(std::time::Duration::from_secs(20), store.turn());
        let turn = turn.await.expect("a place becomes free").unwrap();
        let message = NewMessage {
            id: MessageId(Uuid::now_v7()),
            room,
            by: alice,
            at: TimeMs(2),
            body: ByteString(b"x".to_vec()),
            about: None,
            digest: [1; 32],
        };
        let mut posting = Box::pin(store.post(turn, message, anybody_may));
        let _ = futures_util::poll!(&mut posting);
        unread.push(posting);
    }
}
