//! Laws of the transfer machine.

mod space;

use super::{
    Content, Disk, Effect, Happened, Input, PAUSE_MS_MAX, Phase, Stamp, Task, Transfer, TransferOptions,
    Trouble, Wait, Work,
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
    Options { retransfer: bool },
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
        2 => any::<bool>().prop_map(|retransfer| Deed::Options { retransfer }),
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

    fn step(&mut self, input: Input) -> Vec<Effect> {
        let (before, restarts) = (self.transfer.done, self.transfer.restarts);
        let retries = matches!(input, Input::Retry);
        let mut out = Vec::new();
        self.transfer.step(self.now, input, &mut out);
        self.transfer.check().unwrap();
        assert!(
            self.transfer.done >= before || self.transfer.restarts > restarts || retries,
            "progress went back and the source did not change"
        );
        if out.contains(&Effect::Save) {
            assert_eq!(out.first(), Some(&Effect::Save), "nothing is done before it is written");
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
            Deed::Full => self.trouble(Trouble::NoSpace { disk: Disk::Here, free: 0 }),
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
            Deed::Options { retransfer } => {
                let options = TransferOptions { retransfer: *retransfer, ..TransferOptions::default() };
                self.step(Input::Options(options));
            }
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

fn check(start: &[Input], input: Input, phase: Phase, expect: &[Effect]) {
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
    check(&[], Input::Go, Phase::Working { work: Work::Read }, &[Effect::Save, Effect::Start(Task::Read)]);
    check(
        &[Input::Go],
        read.clone(),
        Phase::Working { work: Work::Move },
        &[Effect::Save, Effect::Start(Task::Move)],
    );
    check(&moving, cut.clone(), until, &[Effect::Save]);
    let sent = [Input::Go, read.clone(), Input::Moved { done: 0 }, Input::Moved { done: 10 }];
    check(&sent, cut, until, &[Effect::Save, Effect::Tell(Happened::Cut, Some(10))]);
    check(&moving, Input::Pause, Phase::Paused, &[Effect::Save, Effect::Stop]);
    check(&moving, Input::Cancel, Phase::Cancelled, &[Effect::Save, Effect::Stop, Effect::Forget(upload)]);
    check(&moving, Input::CancelledElsewhere, Phase::Cancelled, &[Effect::Save, Effect::Stop]);
    let resumed = [Effect::Save, Effect::Tell(Happened::Resumed, Some(10)), Effect::Progress];
    check(&moving, Input::Moved { done: 10 }, Phase::Working { work: Work::Move }, &resumed);
    check(&sent, Input::Moved { done: 20 }, Phase::Working { work: Work::Move }, &[Effect::Progress]);
    let changed = Input::Trouble { trouble: Trouble::SourceChanged, jitter: 0 };
    check(
        &moving,
        changed,
        Phase::Waiting(Wait::Turn),
        &[Effect::Save, Effect::Forget(upload), Effect::Tell(Happened::Changed, None)],
    );
    let stays = Input::Trouble { trouble: Trouble::Stays(ErrorCode::FileUnreadable), jitter: 0 };
    let waits = Wait::Person { code: ErrorCode::FileUnreadable, until_ms: Some(250) };
    check(&moving, stays, Phase::Waiting(waits), &[Effect::Save]);
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
    assert_eq!(out, [Effect::Save, Effect::DropPart, Effect::Tell(Happened::Changed, None)]);
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

#[test]
fn with_its_option_off_a_cut_transfer_waits_for_the_person() {
    let off = TransferOptions { retransfer: false, receive: false, forward: false };
    let entry = uuid(9, EntryId::from_slice);
    let cut = Input::Trouble { trouble: Trouble::Network { pause_ms: 0 }, jitter: 0 };
    for (mut transfer, on) in [
        (Transfer::up(transfer_id(1), SIZE), TransferOptions { retransfer: true, ..off }),
        (Transfer::down(transfer_id(1), entry, SIZE), TransferOptions { receive: true, ..off }),
    ] {
        let read = Input::WasRead { content: content(0), fresh: uuid(5, UploadId::from_slice) };
        let begun =
            [Input::Options(off), Input::Go, read, Input::Moved { done: 0 }, Input::Moved { done: 400 }];
        for input in begun {
            transfer.step(0, input, &mut Vec::new());
        }
        let mut out = Vec::new();
        transfer.step(0, cut.clone(), &mut out);
        assert_eq!(transfer.phase, Phase::Asking);
        assert_eq!(out, [Effect::Save, Effect::Tell(Happened::Cut, Some(400))]);
        for input in [Input::NetworkBack, Input::Tick, Input::Go] {
            transfer.step(u64::MAX / 2, input, &mut Vec::new());
        }
        assert_eq!(transfer.clone().reloaded().phase, Phase::Asking, "nothing goes on by itself");
        let mut by_option = transfer.clone();
        transfer.step(0, Input::Retry, &mut Vec::new());
        assert_eq!((transfer.phase, transfer.done), (Phase::Waiting(Wait::Turn), 400), "with all it has");
        by_option.step(0, Input::Options(on), &mut Vec::new());
        assert_eq!(by_option.phase, Phase::Waiting(Wait::Turn), "the option holds from now on");
        by_option.step(0, Input::Go, &mut Vec::new());
        by_option.step(0, cut.clone(), &mut Vec::new());
        assert!(matches!(by_option.phase, Phase::Waiting(Wait::Network { .. })));
    }
}
