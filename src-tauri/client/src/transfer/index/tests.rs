//! What is found by a key is what a look at every open row would find.

use super::Index;
use crate::transfer::room::RoomFile;
use crate::transfer::row::Row;
use pod_machine::transfer::{Direction, Phase, Transfer};
use pod_shared::{EntryId, RoomId, TransferId, UploadId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use uuid::Uuid;

#[test]
fn rows_are_found_by_upload_file_and_place_as_long_as_they_are_open() {
    let (mut index, mut all) = (Index::default(), BTreeMap::<TransferId, Row>::new());
    let ids: Vec<Uuid> = (0..30).map(|_| Uuid::now_v7()).collect();
    let paths: Vec<PathBuf> = (0..4).map(|number| PathBuf::from(format!("/tmp/{number}"))).collect();
    for step in 0..2_000 {
        let dice: [usize; 4] = std::array::from_fn(|_| rand::random_range(0..60));
        let (id, entry) = (TransferId(ids[dice[0] % ids.len()]), EntryId(ids[dice[1] % 5]));
        let mut machine = match dice[2] % 2 {
            0 => Transfer::down(id, entry, 5),
            _ => Transfer::up(id, 5),
        };
        if machine.direction == Direction::Up {
            machine.upload = Some(UploadId(Uuid::from_u128(id.0.as_u128() ^ dice[1] as u128)));
        }
        if dice[3].is_multiple_of(3) {
            machine.phase = Phase::Done;
        }
        let path = paths[dice[3] % 4].clone();
        let row = RoomFile::row(RoomId(ids[0]), None, "a".to_owned(), path, machine);
        if dice[3].is_multiple_of(7) {
            index.note(id, None);
            all.remove(&id);
        } else {
            index.note(id, Some(&row));
            all.insert(id, row);
        }

        let open = || all.values().filter(|row| !row.is_over());
        assert_eq!(index.open(), open().count(), "step {step}");
        let machine = |row: &Row| row.room().expect("a file of a room").machine.clone();
        for id in &ids[..5] {
            let entry = EntryId(*id);
            let same: BTreeSet<_> =
                open().filter(|row| machine(row).entry == Some(entry)).map(Row::id).collect();
            assert_eq!(index.of_entry(entry).collect::<BTreeSet<_>>(), same, "step {step}");
        }
        for path in &paths {
            let comes = |row: &&Row| row.direction() == Direction::Down && row.path == *path;
            let same: BTreeSet<_> = open().filter(comes).map(Row::id).collect();
            assert_eq!(index.at_place(path).collect::<BTreeSet<_>>(), same, "step {step}");
        }
        for row in all.values() {
            if let Some(upload) = machine(row).upload {
                assert_eq!(index.of_upload(upload), (!row.is_over()).then_some(row.id()), "step {step}");
            }
        }
    }
}
