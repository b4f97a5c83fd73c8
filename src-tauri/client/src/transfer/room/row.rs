//! A file of a room in the queue, and the folders that are to be made for such files.

use super::linked::ForLinked;
use crate::transfer::queue::{new_upload, now};
use crate::transfer::row::{Kind, Row};
use crate::transfer::show::Sight;
use crate::transfer::step::Step;
use crate::view::{ErrorView, Stuck, TransferState};
use pod_machine::transfer::{Direction, Effect, Input, Phase, Transfer, Wait, Work};
use pod_shared::{EntryId, RoomId, TimeMs, UploadId, limits};
use std::path::PathBuf;

/// A file of a room's folder, on its way up or down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoomFile {
    /// Where it stands.
    pub(crate) machine: Transfer,
    /// The room.
    pub(crate) room: RoomId,
    /// Uploads: the folder it goes into; nothing: the top.
    pub(crate) parent: Option<EntryId>,
    /// The id that the next upload gets.
    pub(crate) next_upload: UploadId,
    /// When the server last took bytes.
    pub(crate) touched_at: TimeMs,
    /// It moves for a linked folder.
    pub(crate) linked: Option<Box<ForLinked>>,
}

/// A folder that is to be made before files go into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    /// Its id, made here.
    pub(crate) id: EntryId,
    /// The room.
    pub(crate) room: RoomId,
    /// Where.
    pub(crate) parent: Option<EntryId>,
    /// Its name.
    pub(crate) name: String,
}

impl RoomFile {
    /// A row for it, asked for now.
    pub(crate) fn row(
        room: RoomId,
        parent: Option<EntryId>,
        name: String,
        path: PathBuf,
        machine: Transfer,
    ) -> Row {
        let file = Self { machine, room, parent, next_upload: new_upload(), touched_at: now(), linked: None };
        Row::new(name, path, now(), Kind::Room(file))
    }

    /// The upload as the chat knows it, from before the server hears of it.
    pub(crate) fn upload(&self) -> Option<UploadId> {
        match self.machine.direction {
            Direction::Up => Some(self.machine.upload.unwrap_or(self.next_upload)),
            Direction::Down => None,
        }
    }

    /// Whether a restart would make the same of it as of what it was before, though a small file is read again then:
    /// its upload gets the same id, which is on the disk from the beginning.
    pub(crate) fn rests_as(&self, before: &Self) -> bool {
        let small = self.machine.total < limits::INSTANT_BYTES_MIN;
        let at_rest = |file: &Self| {
            let mut machine = file.machine.clone().reloaded();
            machine.done = 0;
            if small && machine.phase == Phase::Waiting(Wait::Turn) {
                (machine.content, machine.upload, machine.total) = (None, None, 0);
            }
            (machine, file.parent)
        };
        at_rest(self) == at_rest(before)
    }

    /// Bytes move.
    pub(crate) fn moves(&self) -> bool {
        matches!(self.machine.phase, Phase::Working { work: Work::Move })
    }

    pub(crate) fn works(&self) -> bool {
        matches!(self.machine.phase, Phase::Working { .. })
    }

    pub(crate) fn waits_for_turn(&self) -> bool {
        self.machine.phase == Phase::Waiting(Wait::Turn)
    }

    pub(crate) fn step(&mut self, now_ms: u64, step: Step, out: &mut Vec<Effect>) {
        let input = match step {
            Step::Any(any) => any.room(),
            Step::Room(input) => Some(input),
            Step::Up(_) | Step::Down(_) => return,
        };
        let Some(input) = input else {
            self.machine = self.machine.clone().reloaded();
            return;
        };
        if matches!(input, Input::Moved { .. }) {
            self.touched_at = now();
        }
        self.machine.step(now_ms, input, out);
        if self.machine.upload == Some(self.next_upload) {
            self.next_upload = new_upload();
        }
    }

    /// As a person is told. `in_folder`: the folder it goes into is not made yet.
    pub(crate) fn state(&self, sight: &Sight, in_folder: bool, detail: &str) -> TransferState {
        let error = |code| ErrorView::new(code, detail.to_owned());
        match self.machine.phase {
            Phase::Waiting(Wait::Turn) if !sight.online => {
                TransferState::Waiting(Stuck::Network { until: None })
            }
            Phase::Waiting(Wait::Turn) if in_folder => TransferState::Waiting(Stuck::Room),
            Phase::Waiting(Wait::Turn) => TransferState::Waiting(Stuck::Turn),
            Phase::Waiting(Wait::Network { until_ms }) => {
                TransferState::Waiting(Stuck::Network { until: sight.until(until_ms) })
            }
            Phase::Waiting(Wait::Room { .. }) => TransferState::Waiting(Stuck::Room),
            Phase::Waiting(Wait::Space { disk, missing, until_ms }) => {
                let until = sight.until(until_ms);
                TransferState::Waiting(Stuck::Space { disk, missing, until })
            }
            Phase::Waiting(Wait::Person { code, .. }) => {
                TransferState::Waiting(Stuck::Person { error: error(code) })
            }
            Phase::Asking => TransferState::Waiting(Stuck::Asking),
            Phase::Working { work: Work::Read | Work::Move } => TransferState::Moving,
            Phase::Working { work: Work::Verify } => TransferState::Verifying,
            Phase::Paused => TransferState::Paused,
            Phase::Done => TransferState::Done,
            Phase::Failed { code } => TransferState::Failed { error: error(code) },
            Phase::Cancelled => TransferState::Cancelled,
        }
    }
}
