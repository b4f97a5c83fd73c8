//! What is found by a key is what a look at everything would find.

use super::{Board, is_over, needs_person};
use crate::view::{Direction, Stuck, TransferState, TransferView};
use pod_shared::{EntryId, RoomId, TimeMs, TransferId, UploadId};
use uuid::Uuid;

fn view(
    id: TransferId,
    room: RoomId,
    entry: EntryId,
    direction: Direction,
    state: TransferState,
) -> TransferView {
    TransferView {
        id,
        rank: 0,
        direction,
        room: Some(room),
        room_title: String::new(),
        peer: None,
        offer: None,
        entry: Some(entry),
        name: String::new(),
        local_path: String::new(),
        path: None,
        done: 7,
        total: 9,
        rate: None,
        eta_s: None,
        resumed_at: None,
        state,
        created_at: TimeMs(i64::from(id.as_bytes()[15] % 5)),
        options: pod_machine::transfer::TransferOptions::default(),
        story: Vec::new(),
    }
}

#[test]
fn what_is_found_by_a_key_is_what_a_look_at_everything_finds() {
    let board = Board::default();
    let ids: Vec<Uuid> = (0..40).map(|_| Uuid::now_v7()).collect();
    let (rooms, entries) =
        ([RoomId(ids[0]), RoomId(ids[1])], [EntryId(ids[2]), EntryId(ids[3]), EntryId(ids[4])]);
    let states = [
        TransferState::Waiting(Stuck::Turn),
        TransferState::Moving,
        TransferState::Paused,
        TransferState::Done,
        TransferState::Cancelled,
    ];
    let mut all: std::collections::BTreeMap<TransferId, (TransferView, Option<UploadId>)> =
        Default::default();
    for step in 0..2_000 {
        let dice: [usize; 5] = std::array::from_fn(|_| rand::random_range(0..60));
        let id = TransferId(ids[dice[0] % ids.len()]);
        let direction = if dice[1].is_multiple_of(2) { Direction::Up } else { Direction::Down };
        let state = states[dice[2] % states.len()].clone();
        let one = view(id, rooms[dice[3] % 2], entries[dice[4] % 3], direction, state);
        // As in the queue: an upload has one row, and a row at most one upload at a time.
        let upload =
            (direction == Direction::Up).then(|| UploadId(Uuid::from_u128(id.0.as_u128() ^ dice[1] as u128)));
        let (shown, _) = board.put(one, upload, None);
        all.insert(id, (shown, upload));

        let open = |view: &&TransferView| !is_over(view);
        let views = || all.values().map(|(view, _)| view);
        assert_eq!(board.waiting() as usize, views().filter(open).count(), "step {step}");
        for entry in entries {
            let comes = |view: &&TransferView| {
                view.entry == Some(entry)
                    && view.direction == Direction::Down
                    && !is_over(view)
                    && !needs_person(view)
            };
            assert_eq!(board.download(entry), views().find(comes).map(|view| (view.id, 7)), "step {step}");
        }
        for room in rooms {
            let goes = |view: &&TransferView| {
                let wanted = !matches!(view.state, TransferState::Done | TransferState::Cancelled);
                view.room == Some(room) && view.direction == Direction::Up && wanted
            };
            let mut mine: Vec<_> = views().filter(goes).map(|view| (view.created_at, view.id)).collect();
            mine.sort();
            let found: Vec<_> = board
                .uploads(room, 1_000)
                .iter()
                .map(|one| (one.transfer.created_at, one.transfer.id))
                .collect();
            assert_eq!(found, mine, "step {step}");
            let newest = board.newest_upload(room).map(|one| (one.transfer.created_at, one.transfer.id));
            assert_eq!((newest, board.uploads(room, 3).len()), (mine.last().copied(), mine.len().min(3)));
        }
        for (id, (_, upload)) in &all {
            if let Some(upload) = upload {
                assert_eq!(board.of_upload(*upload), Some(*id), "step {step}");
            }
        }
    }
    board.clear();
    assert_eq!((board.waiting(), board.list().len(), board.uploads(rooms[0], 9).len()), (0, 0, 0));
}
