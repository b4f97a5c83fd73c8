//! Laws of the transfer machine, and cases of who may move.

use super::{
    Content, Direction, Input, Lane, Output, PAUSE_MS_MAX, Phase, Stamp, Transfer, Trouble, Turn, Wait, Work,
    lane, turns,
};
use pod_shared::{EntryId, ErrorCode, TransferId, UploadId};
use proptest::prelude::*;
use std::collections::BTreeMap;

const SIZE: u64 = 1_000;

/// A uuid out of a number: the machine makes none, and neither do its tests.
fn uuid<T>(number: u128, make: impl Fn(&[u8]) -> Option<T>) -> T {
    make(&number.to_be_bytes()).unwrap()
}

fn transfer_id(number: u128) -> TransferId {
    uuid(number, TransferId::from_slice)
}

fn content(generation: u64) -> Content {
    let stamp = Stamp { size: SIZE, modified_ns: generation as i64, inode: 7 };
    Content { digest: format!("{generation:064x}"), size: SIZE, stamp: Some(stamp) }
}

#[derive(Clone, Debug)]
enum Deed {
    Go,
    Read,
    Move { bytes: u64, told: bool },
    Finish { told: bool },
    Cut,
    RoomUnknown,
    Full,
    SourceChanges,
    Expire,
    NetworkBack,
    Wait,
    Pause,
    Resume,
    Retry,
    Cancel,
    Forgotten,
    Restart,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        6 => Just(Deed::Go),
        5 => Just(Deed::Read),
        8 => (1..600u64, any::<bool>()).prop_map(|(bytes, told)| Deed::Move { bytes, told }),
        3 => any::<bool>().prop_map(|told| Deed::Finish { told }),
        3 => Just(Deed::Cut),
        1 => Just(Deed::RoomUnknown),
        1 => Just(Deed::Full),
        1 => Just(Deed::SourceChanges),
        1 => Just(Deed::Expire),
        3 => Just(Deed::NetworkBack),
        3 => Just(Deed::Wait),
        1 => Just(Deed::Pause),
        2 => Just(Deed::Resume),
        2 => Just(Deed::Retry),
        1 => Just(Deed::Cancel),
        2 => Just(Deed::Forgotten),
        2 => Just(Deed::Restart),
    ];
    prop::collection::vec(deed, 0..80)
}

/// A server, a disk and a person around one upload.
struct World {
    now: u64,
    transfer: Transfer,
    saved: Transfer,
    /// Offset of each open upload at the server.
    open: BTreeMap<UploadId, u64>,
    /// The digests linked, each with the upload it came by.
    linked: BTreeMap<UploadId, String>,
    generation: u64,
    fresh: u128,
    wishes: u32,
}

impl World {
    fn new() -> Self {
        let transfer = Transfer::up(transfer_id(1), SIZE);
        Self {
            now: 0,
            saved: transfer.clone(),
            transfer,
            open: BTreeMap::new(),
            linked: BTreeMap::new(),
            generation: 0,
            fresh: 100,
            wishes: 0,
        }
    }

    fn step(&mut self, input: Input) -> Vec<Output> {
        let (before, restarts) = (self.transfer.done, self.transfer.restarts);
        let retries = matches!(input, Input::Retry);
        let mut out = Vec::new();
        self.transfer.step(self.now, input, &mut out);
        self.transfer.check().unwrap();
        assert!(
            self.transfer.done >= before || self.transfer.restarts > restarts || retries,
            "progress went back and the source did not change"
        );
        if out.contains(&Output::Save) {
            assert_eq!(out.first(), Some(&Output::Save), "nothing is done before it is written");
            self.saved = self.transfer.clone();
        } else {
            let written = |transfer: &Transfer| Transfer { done: 0, ..transfer.clone().reloaded() };
            assert_eq!(written(&self.transfer), written(&self.saved), "a change was not written");
        }
        out
    }

    /// The server hears only of uploads that are in the saved row.
    fn server_upload(&mut self) -> Option<UploadId> {
        let moves = matches!(self.transfer.phase, Phase::Working { work: Work::Move });
        let upload = self.transfer.upload.filter(|_| moves)?;
        assert_eq!(
            self.saved.upload,
            Some(upload),
            "the server heard of an upload before it was written down"
        );
        if !self.linked.contains_key(&upload) {
            self.open.entry(upload).or_insert(0);
        }
        Some(upload)
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.step(Input::Trouble { trouble, jitter: 500 });
    }

    fn act(&mut self, deed: &Deed) {
        match deed {
            Deed::Go => drop(self.step(Input::Go)),
            Deed::Read => {
                self.fresh += 1;
                let fresh = uuid(self.fresh, UploadId::from_slice);
                self.step(Input::WasRead { content: content(self.generation), fresh });
            }
            Deed::Move { bytes, told } => {
                let Some(upload) = self.server_upload() else { return };
                let done = self.open.get_mut(&upload).map(|offset| {
                    *offset = (*offset + bytes).min(SIZE);
                    *offset
                });
                if let (Some(done), true) = (done, told) {
                    self.step(Input::Moved { done });
                }
            }
            Deed::Finish { told } => self.finish(*told),
            Deed::Cut => self.trouble(Trouble::Network { pause_ms: 0 }),
            Deed::RoomUnknown => self.trouble(Trouble::RoomUnknown),
            Deed::Full => self.trouble(Trouble::Person(ErrorCode::DiskFull)),
            Deed::SourceChanges => {
                self.generation += 1;
                self.trouble(Trouble::SourceChanged);
            }
            Deed::Expire => {
                if let Some(upload) = self.server_upload()
                    && self.open.remove(&upload).is_some()
                {
                    self.trouble(Trouble::UploadExpired);
                }
            }
            Deed::NetworkBack => drop(self.step(Input::NetworkBack)),
            Deed::Wait => {
                self.now += PAUSE_MS_MAX;
                self.step(Input::Tick);
            }
            Deed::Pause => drop(self.step(Input::Pause)),
            Deed::Resume => drop(self.step(Input::Resume)),
            Deed::Retry => {
                if self.transfer.is_over() {
                    self.wishes += 1;
                }
                self.step(Input::Retry);
            }
            Deed::Cancel => drop(self.step(Input::Cancel)),
            Deed::Forgotten => self.forget_one(),
            Deed::Restart => self.transfer = self.saved.clone().reloaded(),
        }
    }

    fn finish(&mut self, told: bool) {
        let Some(upload) = self.server_upload() else { return };
        if self.open.get(&upload) == Some(&SIZE) {
            self.open.remove(&upload);
            let digest = self.transfer.content.as_ref().unwrap().digest.clone();
            assert!(self.linked.insert(upload, digest).is_none(), "one upload was linked twice");
        }
        if told && self.linked.contains_key(&upload) {
            self.step(Input::AllThere);
            self.step(Input::Finished { entry: Some(uuid(9, EntryId::from_slice)) });
        }
    }

    fn forget_one(&mut self) {
        if let Some(upload) = self.saved.owed.first().copied() {
            self.open.remove(&upload);
            self.step(Input::Forgotten { upload });
        }
    }

    /// Everything that can be in the way goes away.
    fn heal(&mut self) {
        for _ in 0..100 {
            if matches!(self.transfer.phase, Phase::Done | Phase::Cancelled) {
                break;
            }
            for deed in [
                Deed::Resume,
                Deed::Retry,
                Deed::NetworkBack,
                Deed::Go,
                Deed::Read,
                Deed::Move { bytes: 400, told: true },
                Deed::Finish { told: true },
            ] {
                self.act(&deed);
            }
        }
        while !self.transfer.owed.is_empty() {
            self.forget_one();
        }
    }
}

proptest! {
    #[test]
    fn no_transfer_is_lost_and_none_is_linked_twice(plan in deeds()) {
        let mut world = World::new();
        let mut cancelled = false;
        for deed in &plan {
            world.act(deed);
            cancelled |= matches!(deed, Deed::Cancel);
            if cancelled {
                break;
            }
        }
        world.heal();
        if cancelled {
            prop_assert!(world.transfer.is_over());
        } else {
            prop_assert_eq!(world.transfer.phase, Phase::Done);
            prop_assert!(world.transfer.upload.is_some_and(|upload| world.linked.contains_key(&upload)));
        }
        prop_assert!(world.open.is_empty(), "an upload stays open at the server and nobody wants it");
        let most = world.generation + 1 + u64::from(world.wishes);
        prop_assert!(world.linked.len() as u64 <= most, "the same content was linked twice");
    }

    #[test]
    fn a_restart_at_any_step_changes_nothing_that_was_written(plan in deeds()) {
        let mut world = World::new();
        for deed in &plan {
            world.act(deed);
            let again = world.saved.clone().reloaded();
            prop_assert_eq!(again.upload, world.saved.upload);
            prop_assert_eq!(&again.owed, &world.saved.owed);
            prop_assert_eq!(again.is_over(), world.saved.is_over());
            let working = matches!(again.phase, Phase::Working { .. });
            prop_assert!(!working);
        }
    }
}

fn check(start: &[Input], input: Input, phase: Phase, expect: &[Output]) {
    let mut transfer = Transfer::up(transfer_id(1), SIZE);
    for before in start {
        transfer.step(0, before.clone(), &mut Vec::new());
    }
    let mut out = Vec::new();
    transfer.step(0, input, &mut out);
    assert_eq!((transfer.phase, out.as_slice()), (phase, expect));
}

#[test]
fn each_step_does_what_the_table_says() {
    let upload = uuid(5, UploadId::from_slice);
    let read = Input::WasRead { content: content(0), fresh: upload };
    let moving = [Input::Go, read.clone()];
    let cut = Input::Trouble { trouble: Trouble::Network { pause_ms: 0 }, jitter: 1_000 };
    let until = Phase::Waiting(Wait::Network { until_ms: 500 });
    check(&[], Input::Go, Phase::Working { work: Work::Read }, &[Output::Save, Output::Start(Work::Read)]);
    check(
        &[Input::Go],
        read,
        Phase::Working { work: Work::Move },
        &[Output::Save, Output::Start(Work::Move)],
    );
    check(&moving, cut, until, &[Output::Save]);
    check(&moving, Input::Pause, Phase::Paused, &[Output::Save, Output::Stop]);
    check(&moving, Input::Cancel, Phase::Cancelled, &[Output::Save, Output::Stop, Output::Forget(upload)]);
    check(&moving, Input::CancelledElsewhere, Phase::Cancelled, &[Output::Save, Output::Stop]);
    check(&moving, Input::Moved { done: 10 }, Phase::Working { work: Work::Move }, &[Output::Progress]);
    let changed = Input::Trouble { trouble: Trouble::SourceChanged, jitter: 0 };
    check(&moving, changed, Phase::Waiting(Wait::Turn), &[Output::Save, Output::Forget(upload)]);
    check(&[Input::Cancel], Input::Moved { done: 10 }, Phase::Cancelled, &[]);
}

#[test]
fn a_download_of_a_version_that_is_no_longer_the_newest_waits_before_it_looks_again() {
    let mut transfer = Transfer::down(transfer_id(1), uuid(9, EntryId::from_slice), SIZE);
    let known = Content { stamp: None, ..content(0) };
    let mut out = Vec::new();
    transfer.step(0, Input::Go, &mut out);
    transfer.step(0, Input::WasRead { content: known, fresh: uuid(5, UploadId::from_slice) }, &mut out);
    out.clear();
    transfer.step(0, Input::Trouble { trouble: Trouble::SourceChanged, jitter: 1_000 }, &mut out);
    assert_eq!(out, [Output::Save, Output::DropPart]);
    assert_eq!(transfer.phase, Phase::Waiting(Wait::Network { until_ms: 500 }), "not again at once");
    assert_eq!(transfer.content, None);
    transfer.step(0, Input::NetworkBack, &mut out);
    assert_eq!(transfer.phase, Phase::Waiting(Wait::Turn), "news of the folder end the wait");
}

#[test]
fn a_room_that_never_comes_ends_the_transfer_with_a_reason() {
    let mut transfer = Transfer::up(transfer_id(1), SIZE);
    for _ in 0..50 {
        transfer.step(u64::MAX / 2, Input::Tick, &mut Vec::new());
        transfer.step(0, Input::Go, &mut Vec::new());
        let trouble = Trouble::RoomUnknown;
        transfer.step(0, Input::Trouble { trouble, jitter: 0 }, &mut Vec::new());
    }
    assert_eq!(transfer.phase, Phase::Failed { code: ErrorCode::NotFound });
}

fn waiting(number: u128, size: u64) -> Transfer {
    Transfer::up(transfer_id(number), size)
}

fn working(number: u128, size: u64) -> Transfer {
    Transfer { phase: Phase::Working { work: Work::Read }, ..waiting(number, size) }
}

fn chosen(queue: &[Transfer]) -> Vec<u128> {
    turns(queue.iter()).iter().map(|Turn { id }| id.0.as_u128()).collect()
}

#[test]
fn a_small_file_does_not_wait_behind_large_ones() {
    let large = 1 << 30;
    assert_eq!(chosen(&[working(1, large), working(2, large), waiting(3, large), waiting(4, 10)]), [4]);
    assert_eq!(chosen(&[waiting(1, large), waiting(2, large), waiting(3, large)]), [1, 2]);
    assert_eq!(chosen(&[waiting(1, 1), waiting(2, 2), waiting(3, 3), waiting(4, 4)]), [1, 2, 3]);
    assert_eq!((lane(10), lane(large)), (Lane::Small, Lane::Bulk));
}

#[test]
fn a_large_file_gets_its_turn_among_many_small_ones() {
    let small: Vec<Transfer> = (10..40).map(|number| waiting(number, 5)).collect();
    let queue: Vec<Transfer> = small.into_iter().chain([waiting(1, 1 << 30)]).collect();
    assert!(chosen(&queue).contains(&1));
}

#[test]
fn up_and_down_have_turns_of_their_own() {
    let large = 1 << 30;
    let down = Transfer { direction: Direction::Down, content: Some(content(0)), ..waiting(3, large) };
    assert_eq!(chosen(&[working(1, large), working(2, large), down]), [3]);
}
