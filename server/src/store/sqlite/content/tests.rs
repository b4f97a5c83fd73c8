//! The database by itself: its first schema stays what it is, and its laws find what breaks them.

use super::{ContentStore, Doing, check};
use pod_shared::content::{FolderNew, GroupNew};
use pod_shared::{AccountId, EntryId, RoomId, TimeMs};
use rusqlite::Connection;
use uuid::Uuid;

#[tokio::test]
async fn the_first_schema_opens_with_what_was_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content.db");
    let first = Connection::open(&file).unwrap();
    first.execute_batch(include_str!("tests/first_release.sql")).unwrap();
    drop(first);
    let store = ContentStore::open(&file).unwrap();
    let account = AccountId("0193a1b2-0000-7000-8000-000000000001".parse().unwrap());
    let groups = store.groups_of(account).await.unwrap();
    assert_eq!((groups[0].title.as_str(), groups[0].position.0), ("first", 1));
    assert_eq!(check(&Connection::open(&file).unwrap()).unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_first_schema_marked_in_a_deleted_folder_comes_back_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content.db");
    let first = Connection::open(&file).unwrap();
    first.execute_batch(include_str!("tests/first_release.sql")).unwrap();
    let room = "x'0193a1b2000070008000000000000002'";
    let by = "x'0193a1b2000070008000000000000001'";
    let entry = |id: u8, parent: &str, name: &str, position: u8, deleted_at: &str| {
        format!(
            "INSERT INTO entries (id, room, parent, name, name_key, kind, version, size, digest, created_at,
                 created_by, modified_at, modified_by, position, deleted_at)
             VALUES (x'{id:032x}', {room}, {parent}, '{name}', '{name}', 2, 0, 0, NULL, 1, {by}, 1, {by}, {position},
                 {deleted_at});"
        )
    };
    let parent = |id: u8| format!("x'{id:032x}'");
    // A folder with two in it: one was deleted before, one with it; and a folder that lives.
    let rows = [
        entry(1, "NULL", "gone", 6, "6"),
        entry(2, &parent(1), "before", 5, "5"),
        entry(3, &parent(1), "with", 3, "6"),
        entry(4, &parent(3), "deeper", 4, "6"),
        entry(5, "NULL", "lives", 1, "NULL"),
        entry(6, &parent(5), "inside", 1, "NULL"),
    ];
    first.execute_batch(&rows.concat()).unwrap();
    for position in 2..=6 {
        let line = format!(
            "INSERT INTO activities (room, position, id, at, by, kind, name, size, version)
             VALUES ({room}, {position}, randomblob(16), 5, {by}, 7, '', 0, 0)"
        );
        first.execute(&line, []).unwrap();
    }
    first.execute_batch("UPDATE groups SET head = 6, live = 2").unwrap();
    drop(first);

    let store = ContentStore::open(&file).unwrap();
    let looking = Connection::open(&file).unwrap();
    assert_eq!(check(&looking).unwrap(), Vec::<String>::new());
    let id = |number: u8| EntryId(Uuid::from_u128(number.into()));
    let doing = Doing {
        by: AccountId("0193a1b2-0000-7000-8000-000000000001".parse().unwrap()),
        at: TimeMs(9),
        device: None,
    };
    assert!(store.entry(doing.by, id(4)).await.is_err());
    store.restore_entry(doing, id(1)).await.unwrap();
    assert_eq!(store.entry(doing.by, id(4)).await.unwrap().name, "deeper");
    assert!(store.entry(doing.by, id(2)).await.is_err(), "what was deleted before stays deleted");
    assert_eq!(check(&looking).unwrap(), Vec::<String>::new());
}

/// A folder that holds so many files, which say they are empty folders: the tree is what counts here.
fn plant(database: &Connection, room: RoomId, doing: Doing, below: EntryId, count: u32) {
    database
        .execute(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?5)
             INSERT INTO entries (id, room, parent, name, name_key, kind, version, size, digest, created_at,
                 created_by, modified_at, modified_by, position, deleted_at)
             SELECT randomblob(16), ?1, ?2, 'f' || i, 'f' || i, 2, 0, 0, NULL, ?3, ?4, ?3, ?4, 1, NULL FROM n",
            rusqlite::params![room.as_bytes(), below.as_bytes(), doing.at.0, doing.by.as_bytes(), count],
        )
        .unwrap();
    database.execute("UPDATE entries SET below = ?2 WHERE id = ?1", (below.as_bytes(), count)).unwrap();
    database.execute("UPDATE groups SET live = live + ?2 WHERE room = ?1", (room.as_bytes(), count)).unwrap();
}

#[tokio::test]
async fn deleting_and_restoring_a_hundred_thousand_entries_writes_a_few_rows() {
    const MANY: u32 = 100_000;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content.db");
    let store = ContentStore::open(&file).unwrap();
    let doing = Doing { by: AccountId(Uuid::now_v7()), at: TimeMs(1), device: None };
    let room = RoomId(Uuid::now_v7());
    store.create_group(doing, GroupNew { id: room, title: "x".into(), members: Vec::new() }).await.unwrap();
    let folder = EntryId(Uuid::now_v7());
    let new = FolderNew { id: folder, parent: None, name: "a".into() };
    store.create_folder(doing, room, new).await.unwrap();
    let mut database = Connection::open(&file).unwrap();
    plant(&database, room, doing, folder, MANY);
    let live = |conn: &Connection| super::table::groups::get(conn, room).unwrap().unwrap().live;
    for (deleting, left) in [(true, 0), (false, u64::from(MANY) + 1)] {
        let before = database.total_changes();
        let change = database.transaction().unwrap();
        if deleting {
            super::tree::delete(&change, doing, folder).unwrap();
        } else {
            super::tree::restore(&change, doing, folder).unwrap();
        }
        change.commit().unwrap();
        let written = database.total_changes() - before;
        assert!(written < 12, "{written} rows");
        assert_eq!(live(&database), left);
    }
    assert_eq!(check(&database).unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn each_broken_law_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content.db");
    let store = ContentStore::open(&file).unwrap();
    let doing = Doing { by: AccountId(Uuid::now_v7()), at: TimeMs(1), device: None };
    let room = RoomId(Uuid::now_v7());
    store.create_group(doing, GroupNew { id: room, title: "x".into(), members: Vec::new() }).await.unwrap();
    let new = FolderNew { id: EntryId(Uuid::now_v7()), parent: None, name: "a".into() };
    store.create_folder(doing, room, new).await.unwrap();
    let database = Connection::open(&file).unwrap();
    assert_eq!(check(&database).unwrap(), Vec::<String>::new());
    database.pragma_update(None, "foreign_keys", "OFF").unwrap();
    let breaks = [
        ("UPDATE groups SET head = 9", "the folder's position is not that of its last activity"),
        ("UPDATE groups SET live = 9", "the folder's count of entries is wrong"),
        ("UPDATE entries SET below = 9", "a folder's count of what hangs from it is wrong"),
        ("DELETE FROM activities WHERE position = 1", "the folder's log has a gap"),
        ("UPDATE entries SET parent = randomblob(16)", "an entry lies in what is no folder of its room"),
        ("UPDATE entries SET parent = id", "a folder lies in itself"),
        ("UPDATE entries SET kind = 1", "a file's newest version is not the one it shows"),
        (
            "INSERT INTO blobs (object, digest, size, created_at) VALUES ('x', zeroblob(32), 1, 0)",
            "a stored content belongs to nothing",
        ),
        (
            "INSERT INTO uploads (id, room, name, by, length, created_at, state)
             SELECT randomblob(16), room, 'x', randomblob(16), 1, 0, 1 FROM groups",
            "an upload is open for somebody who may not send",
        ),
    ];
    for (sql, law) in breaks {
        database.execute_batch("BEGIN").unwrap();
        database.execute(sql, []).unwrap();
        let found = check(&database).unwrap();
        assert!(found.iter().any(|line| line.starts_with(law)), "{law}: {found:?}");
        database.execute_batch("ROLLBACK").unwrap();
    }
}
