//! One row of the queue: the state machine and the facts around it, and how a user interface sees them.

use super::rate::Rate;
use crate::view::{
    Direction as Shown, ErrorView, Path as Way, Stuck, TransferOptions, TransferState, TransferView,
};
use pod_machine::transfer::{Direction, Phase, Transfer, Wait, Work};
use pod_shared::{EntryId, ErrorCode, RoomId, TimeMs, UploadId};
use std::path::PathBuf;

/// What is known of a transfer beside where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Place in the order of asking.
    pub(crate) seq: u64,
    /// The room.
    pub(crate) room: RoomId,
    /// Uploads: the folder it goes into; nothing: the top.
    pub(crate) parent: Option<EntryId>,
    /// Name of the file.
    pub(crate) name: String,
    /// The source of an upload, the destination of a download.
    pub(crate) path: PathBuf,
    /// The id that the next upload gets.
    pub(crate) next_upload: UploadId,
    /// When it was asked for.
    pub(crate) created_at: TimeMs,
    /// When the server last took bytes.
    pub(crate) touched_at: TimeMs,
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

/// One transfer in memory.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The facts.
    pub(crate) facts: Facts,
    /// Where it stands.
    pub(crate) machine: Transfer,
    /// English detail of the last trouble, for *More*.
    pub(crate) detail: String,
    /// How fast it moves.
    pub(crate) rate: Rate,
    /// Bytes that the row on the disk knows of.
    pub(crate) kept: u64,
}

impl Row {
    /// A row at rest.
    pub(crate) fn new(facts: Facts, machine: Transfer) -> Self {
        let kept = machine.done;
        Self { facts, machine, detail: String::new(), rate: Rate::default(), kept }
    }

    /// The upload as the chat knows it, from before the server hears of it.
    pub(crate) fn upload(&self) -> Option<UploadId> {
        match self.machine.direction {
            Direction::Up => Some(self.machine.upload.unwrap_or(self.facts.next_upload)),
            Direction::Down => None,
        }
    }

    /// As a user interface sees it.
    pub(crate) fn view(&self, room_title: String) -> TransferView {
        let Self { facts, machine, rate, .. } = self;
        TransferView {
            id: machine.id,
            rank: u32::try_from(facts.seq).unwrap_or(u32::MAX),
            direction: match machine.direction {
                Direction::Up => Shown::Up,
                Direction::Down => Shown::Down,
            },
            room: Some(facts.room),
            room_title,
            peer: None,
            offer: None,
            entry: machine.entry,
            name: facts.name.clone(),
            local_path: facts.path.to_string_lossy().into_owned(),
            path: matches!(machine.phase, Phase::Working { work: Work::Move }).then_some(Way::Server),
            done: machine.done,
            total: machine.total,
            rate: match machine.phase {
                Phase::Working { work: Work::Move } => rate.bytes_a_second(),
                Phase::Working { work: Work::Read | Work::Verify }
                | Phase::Waiting(_)
                | Phase::Paused
                | Phase::Done
                | Phase::Failed { .. }
                | Phase::Cancelled => None,
            },
            eta_s: None,
            resumed_at: None,
            state: self.state(),
            created_at: facts.created_at,
            options: TransferOptions { retransfer: true, receive: true, forward: true },
            story: Vec::new(),
        }
    }

    fn state(&self) -> TransferState {
        match self.machine.phase {
            Phase::Waiting(Wait::Turn) => TransferState::Waiting(Stuck::Turn),
            Phase::Waiting(Wait::Network { .. }) => TransferState::Waiting(Stuck::Network { until: None }),
            Phase::Waiting(Wait::Room { .. }) => TransferState::Waiting(Stuck::Room),
            Phase::Waiting(Wait::Person { code }) => {
                TransferState::Waiting(Stuck::Person { error: self.error(code) })
            }
            Phase::Working { work: Work::Read | Work::Move } => TransferState::Moving,
            Phase::Working { work: Work::Verify } => TransferState::Verifying,
            Phase::Paused => TransferState::Paused,
            Phase::Done => TransferState::Done,
            Phase::Failed { code } => TransferState::Failed { error: self.error(code) },
            Phase::Cancelled => TransferState::Cancelled,
        }
    }

    fn error(&self, code: ErrorCode) -> ErrorView {
        ErrorView::new(code, self.detail.clone())
    }
}
