//! A file of the first release is brought to the newest schema with all that is in it.

use super::{Announce, Announcement, MIGRATIONS, MessengerStore, check};
use pod_shared::bytes::ByteString;
use pod_shared::socket::EventKind;
use pod_shared::{AccountId, MessageId, Position, RoomId, Txn, wire};
use rusqlite::{Connection, params};
use std::sync::Arc;
use uuid::Uuid;

struct Nobody;

impl Announce for Nobody {
    fn announce(&self, _: &Announcement) {}
}

fn event(connection: &Connection, txn: i64, room: RoomId, by: AccountId, kind: &EventKind) {
    let code = if matches!(kind, EventKind::Message { .. }) { 2 } else { 1 };
    connection
        .execute(
            "INSERT INTO events (txn, room, pos, at, by, kind, data) VALUES (?1, ?2, ?1, 5, ?3, ?4, ?5)",
            params![txn, room.as_bytes(), by.as_bytes(), code, wire::encode(kind).unwrap()],
        )
        .unwrap();
}

#[tokio::test]
async fn the_first_schema_is_migrated() {
    let dir = tempfile::tempdir().unwrap();
    let (room, by, id) = (RoomId(Uuid::now_v7()), AccountId(Uuid::now_v7()), MessageId(Uuid::now_v7()));
    {
        let first = Connection::open(dir.path().join(super::FILE)).unwrap();
        first.execute_batch(&MIGRATIONS[0]).unwrap();
        first.pragma_update(None, "user_version", 1).unwrap();
        first.execute("UPDATE meta SET txn = 2, epoch = 9", []).unwrap();
        first
            .execute(
                "INSERT INTO people (account, name, display_name, rooms) VALUES (?1, 'ann', 'Ann', 1)",
                [by.as_bytes()],
            )
            .unwrap();
        first
            .execute(
                "INSERT INTO rooms (room, title, title_counter, title_txn, created_by, created_at, made_digest,
                     folder, folder_txn, content_at, head, members, last_txn)
                 VALUES (?1, 't', 1, 1, ?2, 5, x'00', 0, 1, 0, 2, 1, 2)",
                [room.as_bytes(), by.as_bytes()],
            )
            .unwrap();
        first
            .execute(
                "INSERT INTO members (room, account, role, counter, changed_by, txn, since_txn, read_pos, read_txn)
                 VALUES (?1, ?2, 4, 1, ?2, 1, 1, 1, 1)",
                [room.as_bytes(), by.as_bytes()],
            )
            .unwrap();
        event(&first, 1, room, by, &EventKind::Created { title: "t".into() });
        let body = ByteString(b"from the first release".to_vec());
        event(&first, 2, room, by, &EventKind::Message { id, body, about: None });
        first
            .execute(
                "INSERT INTO sent (account, id, txn, digest) VALUES (?1, ?2, 2, x'01')",
                [by.as_bytes(), id.as_bytes()],
            )
            .unwrap();
    }
    let store = MessengerStore::open(dir.path(), Arc::new(Nobody)).unwrap();
    let page = store.history(room, by, Position(0), 10).await.unwrap();
    assert_eq!(page.events.len(), 2);
    assert!(matches!(&page.events[1].kind, EventKind::Message { id: held, .. } if *held == id));
    let part = store.sync_part(by, vec![room], Txn(0)).await.unwrap();
    assert!(part.rooms[0].delivered.is_empty());
    assert!(store.offers_after(by, Txn(0)).await.unwrap().offers.is_empty());
    let connection = Connection::open(dir.path().join(super::FILE)).unwrap();
    assert_eq!(check(&connection).unwrap(), Vec::<String>::new());
}
