//! The database handle: groups, refusals, order, and schemas.

use super::Db;
use crate::store::StoreError;
use std::sync::{Arc, Mutex};

const SCHEMA: &str = "CREATE TABLE t (n INTEGER NOT NULL) STRICT;";

fn db() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("t.db"), &[SCHEMA]).unwrap();
    (dir, db)
}

async fn insert(db: &Db, n: i64) -> Result<(), StoreError> {
    db.write(move |c| {
        c.execute("INSERT INTO t (n) VALUES (?1)", [n])?;
        if n < 0 { Err(StoreError::Closed) } else { Ok(()) }
    })
    .await
}

async fn all(db: &Db) -> Vec<i64> {
    db.read(|c| {
        let mut rows = c.prepare("SELECT n FROM t ORDER BY rowid")?;
        let rows = rows.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        Ok::<_, StoreError>(rows)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_refused_change_leaves_the_others_of_its_group() {
    let (_dir, db) = db();
    let (a, b, c) = tokio::join!(insert(&db, 1), insert(&db, -1), insert(&db, 2));
    assert!(a.is_ok() && b.is_err() && c.is_ok());
    assert_eq!(all(&db).await, [1, 2]);
}

#[tokio::test]
async fn a_panicking_change_is_refused_and_the_writer_lives() {
    let (_dir, db) = db();
    let refused = db.write::<(), StoreError, _>(|_| panic!("on purpose")).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
    insert(&db, 7).await.unwrap();
    assert_eq!(all(&db).await, [7]);
}

#[tokio::test]
async fn after_commit_callbacks_run_in_commit_order() {
    let (_dir, db) = db();
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut waiting = Vec::new();
    for n in 0..200 {
        let (db, order) = (db.clone(), Arc::clone(&order));
        waiting.push(tokio::spawn(async move {
            db.write_then(
                move |c| {
                    c.execute("INSERT INTO t (n) VALUES (?1)", [n])?;
                    Ok::<i64, StoreError>(c.last_insert_rowid())
                },
                move |row| order.lock().unwrap().push(*row),
            )
            .await
        }));
    }
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    let order = order.lock().unwrap();
    assert_eq!(order.len(), 200);
    assert!(order.is_sorted());
}

#[test]
fn a_newer_schema_is_refused_and_an_older_one_migrated() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.db");
    drop(Db::open(&path, &[SCHEMA, "ALTER TABLE t ADD COLUMN m INTEGER NOT NULL DEFAULT 0;"]).unwrap());
    assert!(matches!(Db::open(&path, &[SCHEMA]), Err(StoreError::Newer { found: 2, known: 1 })));
    drop(
        Db::open(&path, &[SCHEMA, "ALTER TABLE t ADD COLUMN m INTEGER NOT NULL DEFAULT 0;", "DROP TABLE t;"])
            .unwrap(),
    );
}

#[tokio::test]
async fn of_a_group_that_the_database_gives_up_only_what_is_stored_is_told_as_done() {
    let (_dir, db) = db();
    let (open, gate) = std::sync::mpsc::sync_channel::<()>(1);
    let mut held = Box::pin(db.write(move |_| gate.recv().map_err(|_| StoreError::Closed)));
    let mut before = Box::pin(insert(&db, 1));
    // As after a full disk, where SQLite takes back all of the transaction.
    let mut given_up = Box::pin(db.write(|c| {
        c.execute_batch("ROLLBACK")?;
        Err::<(), _>(StoreError::Closed)
    }));
    let mut after = Box::pin(insert(&db, 2));
    let queued = (
        futures_util::poll!(&mut held).is_pending(),
        futures_util::poll!(&mut before).is_pending(),
        futures_util::poll!(&mut given_up).is_pending(),
        futures_util::poll!(&mut after).is_pending(),
    );
    assert_eq!(queued, (true, true, true, true));
    open.send(()).unwrap();
    assert!(held.await.is_err() && before.await.is_err() && given_up.await.is_err());
    let told: &[i64] = if after.await.is_ok() { &[2] } else { &[] };
    assert_eq!(all(&db).await, told);
}
