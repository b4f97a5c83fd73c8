//! The tables of offers, also in a file that the first release wrote.

use crate::state::{open, tests::first_release};
use crate::transfer::OFFER_TABLES;
use pod_shared::limits;

#[tokio::test]
async fn the_first_schema_gets_the_tables_of_offers() {
    let folder = tempfile::tempdir().unwrap();
    first_release(folder.path());
    let state = open(folder.path()).unwrap();
    let counts = state
        .run(|db| {
            let offers: i64 = db.query_row("SELECT count(*) FROM offers", [], |row| row.get(0))?;
            let always: i64 = db.query_row("SELECT count(*) FROM always", [], |row| row.get(0))?;
            let queued: i64 = db.query_row("SELECT count(*) FROM transfers", [], |row| row.get(0))?;
            Ok((offers, always, queued))
        })
        .await
        .unwrap();
    assert_eq!(counts, (0, 0, 3), "the queue of before is kept");
    assert!(OFFER_TABLES.contains("STRICT"));
    const { assert!(limits::ALWAYS_ACCEPTED_MAX > limits::OFFERS_OPEN_PER_PAIR_MAX) };
}
