//! The queue as the version before wrote it: two tables without a common order, transfers without story and options.

use crate::state::{self, MIGRATIONS};
use crate::store::{Db, Durability};
use crate::transfer::store;
use crate::view::Happened;
use pod_machine::transfer::TransferOptions;
use pod_shared::{AccountId, OfferId, RoomId, TransferId, UploadId};
use rusqlite::params;
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const OFF: TransferOptions = TransferOptions { retransfer: false, receive: true, forward: false };

fn upload(number: u128) -> String {
    format!(
        r#"{{"id":"{}","direction":"up","phase":{{"phase":"paused"}},"content":null,"upload":null,"entry":null,
            "done":0,"total":9,"tries":0,"restarts":0,"owed":[]}}"#,
        id(number)
    )
}

fn offer(number: u128) -> String {
    format!(
        r#"{{"up":{{"id":"{}","offer":"{}","phase":{{"phase":"asked","until_ms":null}},"offered":null,"total":9,
            "options":{{"retransfer":false,"receive":true,"forward":false,"wait_ms":3000}},"round":0,"told":false,
            "device":null,"acked":0,"from":null,"upload":null,"stored":0,"say":null,"tries":0,"cuts":0,"restarts":0}}}}"#,
        id(number),
        id(number + 100)
    )
}

#[tokio::test]
async fn no_row_of_the_version_before_is_lost_and_both_kinds_get_one_order() {
    let folder = tempfile::tempdir().unwrap();
    let account = AccountId(id(1));
    let before = Db::open(&folder.path().join("state.db"), &MIGRATIONS[..6], Durability::PowerCut).unwrap();
    let written = before.run(move |db| {
        for (number, at) in [(11, 10), (12, 30), (13, 50)] {
            let (room, next) = (RoomId(id(2)), UploadId(id(number + 200)));
            db.execute(
                "INSERT INTO transfers (id, account, room, name, path, next_upload, created_at, touched_at, machine, over)
                 VALUES (?1, ?2, ?3, 'a', '/a', ?4, ?5, 0, ?6, 0)",
                params![
                    TransferId(id(number)).as_bytes(),
                    account.as_bytes(),
                    room.as_bytes(),
                    next.as_bytes(),
                    at,
                    upload(number)
                ],
            )?;
        }
        for (number, at) in [(21, 20), (22, 40)] {
            db.execute(
                r#"INSERT INTO offers (id, account, peer, batch, name, path, created_at, side, story, over)
                   VALUES (?1, ?2, ?2, ?3, 'b', '/b', ?4, ?5, '[{"at":5,"what":"asked","byte":null}]', 0)"#,
                params![
                    TransferId(id(number)).as_bytes(),
                    account.as_bytes(),
                    OfferId(id(number + 100)).as_bytes(),
                    at,
                    offer(number)
                ],
            )?;
        }
        // A person had put one first.
        db.execute("INSERT INTO transfer_order (id, rank) VALUES (?1, 1)", params![TransferId(id(22)).as_bytes()])?;
        Ok(())
    });
    written.await.unwrap();
    drop(before);

    for _ in 0..2 {
        let db = state::open(folder.path()).unwrap();
        let rows = db.run(move |db| store::load(db, account)).await.unwrap();
        let order: Vec<u128> = rows.iter().map(|row| row.id().0.as_u128()).collect();
        assert_eq!(order, [22, 11, 21, 12, 13], "the place that was chosen, then the order of asking");
        assert_eq!((rows[0].options(), rows[1].options()), (OFF, TransferOptions::default()));
        assert_eq!(rows[0].story.first().map(|line| line.what), Some(Happened::Asked));
        assert!(rows[1].story.is_empty());
    }
}
