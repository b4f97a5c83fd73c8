//! The cache: rows and key move together, a cut sync changes nothing, what repeats changes nothing.

mod activities;
mod log;

use super::{Cache, More, Span, Stretch};
use pod_shared::content::{Activity, ActivityKind, Changes};
use pod_shared::envelope::Envelope;
use pod_shared::socket::{EventKind, RoomEvent, ServerFrame};
use pod_shared::sync::{MemberState, RoomDelta, SyncKey, SyncKind};
use pod_shared::{
    AccountId, ActivityId, ConnectionId, ContentPosition, DeviceId, MessageId, Position, Role, RoomId,
    TimeMs, Txn,
};
use std::path::Path;

mod contacts;
mod cost;
mod people;

pub(crate) fn account(number: u8) -> AccountId {
    AccountId::from_slice(&[number; 16]).unwrap()
}

pub(crate) fn room(number: u8) -> RoomId {
    RoomId::from_slice(&[number; 16]).unwrap()
}

const ME: u8 = 1;
const OTHER: u8 = 2;

fn key(txn: u64) -> SyncKey {
    SyncKey {
        epoch: 5,
        session: ConnectionId::from_slice(&[3; 16]).unwrap(),
        device: DeviceId::from_slice(&[4; 16]).unwrap(),
        txn: Txn(txn),
    }
}

fn event(number: u8, pos: u64, txn: u64, by: u8, kind: EventKind) -> RoomEvent {
    RoomEvent {
        room: room(number),
        pos: Position(pos),
        txn: Txn(txn),
        at: TimeMs(i64::try_from(pos).unwrap() * 10),
        by: account(by),
        kind,
    }
}

fn message(number: u8, pos: u64, txn: u64, by: u8) -> RoomEvent {
    let id = MessageId::from_slice(&[u8::try_from(pos).unwrap(); 16]).unwrap();
    let kind = EventKind::Message { id, body: Envelope::text(format!("{pos}")).seal().unwrap(), about: None };
    event(number, pos, txn, by, kind)
}

fn member(number: u8, role: Role) -> MemberState {
    let name = format!("person{number}");
    MemberState { account: account(number), display_name: name.to_uppercase(), name, role: Some(role) }
}

fn delta(number: u8, txn: u64, events: Vec<RoomEvent>) -> RoomDelta {
    let head = events.last().map_or(Position(0), |event| event.pos);
    RoomDelta {
        room: room(number),
        txn: Txn(txn),
        gone: false,
        title: Some(format!("room {number}")),
        created_by: Some(account(OTHER)),
        created_at: Some(TimeMs(1)),
        folder: Some(true),
        members: vec![member(ME, Role::Editor), member(OTHER, Role::Owner)],
        events,
        gap: false,
        head,
        content_at: ContentPosition(0),
        read: None,
        reads: Vec::new(),
        delivered: Vec::new(),
    }
}

/// A cache of this account with one full sync of these rooms.
async fn synced(folder: &Path, rooms: Vec<RoomDelta>) -> Cache {
    let cache = Cache::open(folder).unwrap();
    cache.belong_to(account(ME)).await.unwrap();
    cache.keep(&ServerFrame::SyncPart { rooms }).await.unwrap();
    cache.apply_sync(account(ME), SyncKind::Full, Some(key(10))).await.unwrap();
    cache
}

async fn positions(cache: &Cache, number: u8) -> Vec<u64> {
    let page = cache.page(room(number), Stretch::Newest, 100).await.unwrap().unwrap();
    page.events.iter().map(|event| event.pos.0).collect()
}

#[tokio::test]
async fn rows_and_their_key_are_there_together_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, vec![message(1, 1, 9, OTHER)])]).await;
    let frames =
        vec![ServerFrame::Event(message(1, 2, 11, OTHER)), ServerFrame::Event(message(1, 3, 12, ME))];
    let touched = cache.apply_live(account(ME), frames.clone()).await.unwrap();
    let span = Span { first: Position(2), last: Position(2) };
    assert_eq!(touched.arrived.get(&room(1)), Some(&span));
    assert_eq!(touched.own_messages, [MessageId::from_slice(&[3; 16]).unwrap()]);
    drop(cache);

    let cache = Cache::open(folder.path()).unwrap();
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), Some(key(12)));
    assert_eq!(positions(&cache, 1).await, [1, 2, 3]);
    cache.apply_live(account(ME), frames).await.unwrap();
    assert_eq!(positions(&cache, 1).await, [1, 2, 3], "what repeats changes nothing");
}

#[tokio::test]
async fn a_sync_that_was_cut_leaves_the_old_view_and_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, vec![message(1, 1, 9, OTHER)])]).await;
    cache
        .keep(&ServerFrame::SyncPart { rooms: vec![delta(2, 20, vec![message(2, 1, 20, OTHER)])] })
        .await
        .unwrap();
    assert!(cache.room(room(2)).await.unwrap().is_none(), "a part alone shows nothing");
    drop(cache);

    let cache = Cache::open(folder.path()).unwrap();
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), Some(key(10)));
    cache.apply_sync(account(ME), SyncKind::Null, Some(key(10))).await.unwrap();
    assert!(cache.room(room(1)).await.unwrap().is_some());
    assert!(cache.room(room(2)).await.unwrap().is_none(), "the part of the cut sync is gone");
}

#[tokio::test]
async fn a_snapshot_drops_what_is_not_in_it_and_opens_no_windows() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, Vec::new()), delta(2, 9, Vec::new())]).await;
    cache
        .keep(&ServerFrame::SyncPart { rooms: vec![delta(2, 30, Vec::new()), delta(3, 30, Vec::new())] })
        .await
        .unwrap();
    let touched = cache.apply_sync(account(ME), SyncKind::Full, Some(key(30))).await.unwrap();
    assert_eq!(touched.gone.into_iter().collect::<Vec<_>>(), [room(1)]);
    assert!(touched.opened.is_empty());
    cache.keep(&ServerFrame::SyncPart { rooms: vec![delta(4, 31, Vec::new())] }).await.unwrap();
    let touched = cache.apply_sync(account(ME), SyncKind::Delta, Some(key(31))).await.unwrap();
    assert_eq!(touched.opened.into_iter().collect::<Vec<_>>(), [room(4)]);
}

#[tokio::test]
async fn a_gap_keeps_the_newest_unbroken_stretch_and_history_joins_it() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, vec![message(1, 1, 9, OTHER)])]).await;
    let mut late = delta(1, 50, vec![message(1, 40, 49, OTHER), message(1, 41, 50, OTHER)]);
    late.gap = true;
    cache.keep(&ServerFrame::SyncPart { rooms: vec![late] }).await.unwrap();
    cache.apply_sync(account(ME), SyncKind::Delta, Some(key(50))).await.unwrap();
    assert_eq!(positions(&cache, 1).await, [40, 41]);
    let page = vec![message(1, 38, 47, OTHER), message(1, 39, 48, OTHER)];
    cache.apply_history(room(1), Position(7), page.clone(), More::Yes).await.unwrap();
    assert_eq!(positions(&cache, 1).await, [40, 41], "a page that does not join is left out");
    cache.apply_history(room(1), Position(40), page, More::Yes).await.unwrap();
    assert_eq!(positions(&cache, 1).await, [38, 39, 40, 41]);
    assert_eq!(cache.room(room(1)).await.unwrap().unwrap().oldest, Position(38));
}

#[tokio::test]
async fn unread_counts_messages_and_stored_files_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let at = |at| EventKind::Folder { at: ContentPosition(at) };
    let events = vec![message(1, 1, 7, OTHER), message(1, 2, 8, ME), event(1, 3, 9, OTHER, at(2))];
    let cache = synced(folder.path(), vec![delta(1, 9, events)]).await;
    let stored = |position, by| Activity {
        id: ActivityId::from_slice(&[u8::try_from(position).unwrap(); 16]).unwrap(),
        position: ContentPosition(position),
        at: TimeMs(1),
        by: account(by),
        kind: ActivityKind::Uploaded,
        entry: None,
        name: "a".into(),
        size: 1,
        version: 1,
        upload: None,
        comment: None,
    };
    let changes = Changes {
        activities: vec![stored(1, OTHER), stored(2, ME)],
        entries: Vec::new(),
        hidden: Vec::new(),
        shown: Vec::new(),
        uploads: Vec::new(),
        position: ContentPosition(2),
        more: false,
    };
    cache.apply_changes(account(ME), room(1), ContentPosition(0), changes.clone()).await.unwrap();
    assert_eq!(cache.unread(room(1), Position(0)).await.unwrap(), 2);
    assert_eq!(cache.unread(room(1), Position(2)).await.unwrap(), 1);
    assert_eq!(cache.unread(room(1), Position(3)).await.unwrap(), 0);
    let again = cache.apply_changes(account(ME), room(1), ContentPosition(0), changes).await.unwrap();
    assert_eq!(again, super::content::FolderTouched::default(), "a page that does not join is left out");
}

#[tokio::test]
async fn the_cache_of_another_account_and_a_damaged_one_are_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let cache = synced(folder.path(), vec![delta(1, 9, Vec::new())]).await;
    assert_eq!(cache.belong_to(account(OTHER)).await.unwrap(), None);
    assert!(cache.rooms().await.unwrap().is_empty());
    drop(cache);
    // Whoever holds the file open has let go of it once it can be replaced; a fresh folder stands for that.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cache.db"), vec![7_u8; 4_096]).unwrap();
    let cache = Cache::open(folder.path()).unwrap();
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), None);
    assert!(folder.path().join("cache.damaged.db").exists());
}

#[tokio::test]
async fn damage_that_no_first_look_meets_is_found_by_the_check_and_an_empty_file_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let events = (1..=200).map(|pos| message(1, pos, 9, OTHER)).collect();
    let cache = synced(folder.path(), vec![delta(1, 9, events)]).await;
    assert!(!cache.check().await.unwrap(), "a sound one stays");
    assert_eq!(cache.rooms().await.unwrap().len(), 1);
    damage(&folder.path().join("cache.db"));
    assert!(cache.check().await.unwrap(), "the damage is not found");
    assert!(folder.path().join("cache.damaged.db").exists());
    assert!(cache.rooms().await.unwrap().is_empty(), "rows of the damaged file are shown");
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), None, "the next sync is a full one");
    cache
        .keep(&ServerFrame::SyncPart { rooms: vec![delta(1, 9, vec![message(1, 1, 9, OTHER)])] })
        .await
        .unwrap();
    cache.apply_sync(account(ME), SyncKind::Full, Some(key(10))).await.unwrap();
    assert_eq!(positions(&cache, 1).await, [1], "the fresh one is used");
}

#[tokio::test]
async fn a_question_that_meets_damage_is_answered_from_an_empty_file_and_the_check_says_so_once() {
    let folder = tempfile::tempdir().unwrap();
    // So many that the tables themselves lie in the first half.
    let events = |number| (1..=200).map(|pos| message(number, pos, 9, OTHER)).collect();
    drop(synced(folder.path(), (1..=6).map(|number| delta(number, 9, events(number))).collect()).await);
    damage(&folder.path().join("cache.db"));
    let cache = Cache::open(folder.path()).unwrap();
    let page = cache.page(room(1), Stretch::Newest, 100).await.unwrap();
    assert!(page.is_none(), "rows of the damaged file are shown");
    assert!(folder.path().join("cache.damaged.db").exists());
    assert!(cache.check().await.unwrap(), "whoever shows what was read is told");
    assert!(!cache.check().await.unwrap(), "once");
    assert_eq!(cache.belong_to(account(ME)).await.unwrap(), None);
}

/// Writes nonsense over the second half of a database, as a bad disk might.
fn damage(path: &Path) {
    use std::io::{Seek, SeekFrom, Write};
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let bytes = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(bytes / 2)).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(bytes - bytes / 2).unwrap()]).unwrap();
}

/// What came later (presence, sums of folders) was never told under the old key: the rows are shown at once, and the
/// key is let go, so that the next sync brings everything.
#[tokio::test]
async fn a_file_of_the_first_schema_opens_with_its_rooms_and_asks_for_everything() {
    let folder = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("cache.db")).unwrap();
    connection.execute_batch(include_str!("first_schema.sql")).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let id: Vec<u8> = connection.query_row("SELECT account FROM owner", [], |row| row.get(0)).unwrap();
    drop(connection);
    let cache = Cache::open(folder.path()).unwrap();
    let amy = AccountId::from_slice(&id).unwrap();
    assert_eq!(cache.belong_to(amy).await.unwrap(), None, "the old key stands for less than is kept now");
    assert!(!folder.path().join("cache.damaged.db").exists(), "nothing is set aside");
    let rooms = cache.rooms().await.unwrap();
    assert_eq!(rooms.iter().map(|room| room.title.as_str()).collect::<Vec<_>>(), ["Attic"]);
    assert!(rooms[0].head.0 > 0, "the log of the room is here");
}
