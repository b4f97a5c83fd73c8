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
async fn each_broken_law_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("content.db");
    let store = ContentStore::open(&file).unwrap();
    let doing = Doing { by: AccountId(Uuid::now_v7()), at: TimeMs(1) };
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
        ("DELETE FROM activities WHERE position = 1", "the folder's log has a gap"),
        ("UPDATE entries SET parent = randomblob(16)", "an entry lies in what is no folder of its room"),
        ("UPDATE entries SET parent = id", "a folder lies in itself"),
        ("UPDATE entries SET kind = 1", "a file's newest version is not the one it shows"),
        (
            "INSERT INTO blobs (object, digest, size, created_at) VALUES ('x', zeroblob(32), 1, 0)",
            "a stored content belongs to no version",
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
