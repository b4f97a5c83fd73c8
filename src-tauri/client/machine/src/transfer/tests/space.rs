//! Full disks: what is missing is said, they are looked at now and then, and it goes on by itself.

use super::uuid;
use crate::transfer::{Content, Disk, Effect, Input, Phase, SPACE_LOOK_MS, Transfer, Trouble, Wait, Work};
use pod_shared::{EntryId, TransferId, UploadId};

/// A download of 1,000 bytes of which 400 are here, when the disk is full.
fn full(disk: Disk, free: u64) -> Transfer {
    let mut transfer = Transfer::down(uuid(1, TransferId::from_slice), uuid(2, EntryId::from_slice), 1_000);
    let content = Content { digest: "d".into(), size: 1_000, stamp: None };
    let inputs = [
        Input::Go,
        Input::WasRead { content, fresh: uuid(3, UploadId::from_slice) },
        Input::Moved { done: 400 },
        Input::Trouble { trouble: Trouble::NoSpace { disk, free }, jitter: 500 },
    ];
    for input in inputs {
        transfer.step(0, input, &mut Vec::new());
    }
    transfer
}

fn step(transfer: &mut Transfer, now_ms: u64, input: Input) -> Vec<Effect> {
    let mut out = Vec::new();
    transfer.step(now_ms, input, &mut out);
    out
}

fn missing(transfer: &Transfer) -> Option<u64> {
    match transfer.phase {
        Phase::Waiting(Wait::Space { missing, .. }) => Some(missing),
        Phase::Waiting(_)
        | Phase::Working { .. }
        | Phase::Asking
        | Phase::Paused
        | Phase::Done
        | Phase::Failed { .. }
        | Phase::Cancelled => None,
    }
}

#[test]
fn a_full_disk_here_is_measured_before_anything_is_tried_again() {
    let mut transfer = full(Disk::Here, 150);
    assert_eq!(missing(&transfer), Some(450));
    assert_eq!(transfer.next_deadline(), Some(SPACE_LOOK_MS));
    assert!(step(&mut transfer, SPACE_LOOK_MS - 1, Input::Tick).is_empty());
    assert_eq!(step(&mut transfer, SPACE_LOOK_MS, Input::Tick), [Effect::Measure]);
    assert_eq!(step(&mut transfer, SPACE_LOOK_MS, Input::Free { bytes: 599 }), [Effect::Progress]);
    assert_eq!((missing(&transfer), transfer.next_deadline()), (Some(1), Some(2 * SPACE_LOOK_MS)));
    assert_eq!(step(&mut transfer, 2 * SPACE_LOOK_MS, Input::Tick), [Effect::Measure]);
    step(&mut transfer, 2 * SPACE_LOOK_MS, Input::Free { bytes: 600 });
    assert_eq!(transfer.phase, Phase::Waiting(Wait::Turn));
    step(&mut transfer, 2 * SPACE_LOOK_MS, Input::Go);
    assert_eq!(
        (transfer.phase, transfer.done),
        (Phase::Working { work: Work::Move }, 400),
        "from where it stopped"
    );
}

#[test]
fn a_full_server_is_asked_again_and_a_person_need_not_wait() {
    let mut transfer = full(Disk::Server, 0);
    step(&mut transfer, SPACE_LOOK_MS, Input::Tick);
    assert_eq!(transfer.phase, Phase::Waiting(Wait::Turn), "only a try shows whether it takes more");
    for disk in [Disk::Here, Disk::Server] {
        let mut transfer = full(disk, 0);
        step(&mut transfer, 1, Input::Retry);
        assert_eq!(transfer.phase, Phase::Waiting(Wait::Turn));
    }
}
