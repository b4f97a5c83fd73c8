//! The thread behind a database file.

use super::{Db, Durability};
use crate::view::ErrorView;
use pod_shared::ErrorCode;

const TABLES: &[&str] = &["CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;"];

async fn count(db: &Db) -> i64 {
    db.run(|tx| Ok(tx.query_row("SELECT count(*) FROM things", [], |row| row.get(0))?)).await.unwrap()
}

#[tokio::test]
async fn an_error_undoes_the_whole_job() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("a.db"), TABLES, Durability::Crash).unwrap();
    let result: Result<(), ErrorView> = db
        .run(|tx| {
            tx.execute("INSERT INTO things (id) VALUES (1)", [])?;
            Err(ErrorView::offline())
        })
        .await;
    assert_eq!(result.unwrap_err().code, ErrorCode::Offline);
    assert_eq!(count(&db).await, 0);
}

#[tokio::test]
async fn what_was_answered_is_there_for_a_reader_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let db = Db::open(&path, TABLES, Durability::PowerCut).unwrap();
    let reader = Db::open_reader(&path).unwrap();
    db.run(|tx| Ok(tx.execute("INSERT INTO things (id) VALUES (1)", [])?)).await.unwrap();
    assert_eq!(count(&reader).await, 1);
    let refused = reader.run(|tx| Ok(tx.execute("INSERT INTO things (id) VALUES (2)", [])?)).await;
    assert!(refused.is_err(), "a reader writes nothing");
    drop((db, reader));
    let again = Db::open(&path, TABLES, Durability::PowerCut).unwrap();
    assert_eq!(count(&again).await, 1);
}

#[test]
fn a_file_of_a_newer_pod_is_refused_with_a_clear_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let newer = &[TABLES[0], "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;"];
    drop(Db::open(&path, newer, Durability::Crash).unwrap());
    let refused = Db::open(&path, TABLES, Durability::Crash).err().unwrap();
    assert_eq!(refused.code, ErrorCode::NewerData);
}
