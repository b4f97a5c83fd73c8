//! The queue as the first release wrote it.

use crate::state;
use crate::transfer::room::table;
use crate::transfer::store;
use pod_machine::transfer::{Direction, Phase, Wait};

#[tokio::test]
async fn the_queue_of_the_first_schema_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    state::tests::first_release(folder.path());
    let db = state::open(folder.path()).unwrap();
    let (rows, copies) = db
        .run(|db| {
            let amy = store::signed_in(db)?.unwrap();
            Ok((store::load(db, amy)?, table::copies(db, amy)?))
        })
        .await
        .unwrap();
    let phases: Vec<_> = rows
        .iter()
        .filter_map(|row| row.room())
        .map(|file| (file.machine.direction, file.machine.phase))
        .collect();
    let turn = Phase::Waiting(Wait::Turn);
    assert_eq!(phases, [(Direction::Up, Phase::Done), (Direction::Down, Phase::Done), (Direction::Up, turn)]);
    assert_eq!(rows[2].name, "wait.txt");
    assert_eq!(copies.len(), 2);
}
