//! One offer of the queue: a machine, the facts around it, its story, and how a user interface sees it.

use crate::direct::Manifest;
use crate::transfer::rate::Rate;
use crate::view::{
    Direction, ErrorView, Name, Path as Way, StoryLine, StoryWhat, Stuck, TransferOptions, TransferState,
    TransferView,
};
use pod_machine::offer::{Down, DownPhase, Happened, Options, Say, Up, UpPhase};
use pod_machine::transfer::Wait;
use pod_shared::{AccountId, ErrorCode, OfferId, TimeMs, TransferId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// Lines of a story that are kept.
const STORY_LINES_MAX: usize = 12;
/// Offers stand behind the files of rooms where the order of asking is all there is.
pub(super) const RANK: u64 = 1 << 40;

/// Which side of the offer this computer is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    /// The sender.
    Up(Up),
    /// The receiver.
    Down(Down),
}

/// One offer.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Place in the order of asking.
    pub(super) seq: u64,
    /// The other person.
    pub(super) peer: AccountId,
    /// The first offer of those made in one go.
    pub(super) batch: OfferId,
    /// Name of the file.
    pub(super) name: String,
    /// The source, or the destination.
    pub(super) path: PathBuf,
    /// When it was asked for.
    pub(super) created_at: TimeMs,
    /// Where it stands.
    pub(super) side: Side,
    /// What happened.
    pub(super) story: Vec<StoryLine>,
    /// Sender: the digests of the pieces.
    pub(super) manifest: Option<Arc<Manifest>>,
    /// English detail of the last trouble.
    pub(super) detail: String,
    /// How fast it moves.
    pub(super) rate: Rate,
    /// Where the run under way began.
    pub(super) resumed_at: Option<u64>,
    /// Bytes that the row on the disk knows of.
    pub(super) kept: u64,
}

impl Row {
    pub(super) fn id(&self) -> TransferId {
        match &self.side {
            Side::Up(up) => up.id,
            Side::Down(down) => down.id,
        }
    }

    pub(super) fn offer(&self) -> OfferId {
        match &self.side {
            Side::Up(up) => up.offer,
            Side::Down(down) => down.offer,
        }
    }

    pub(super) fn say(&self) -> Option<Say> {
        match &self.side {
            Side::Up(up) => up.say,
            Side::Down(down) => down.say,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        match &self.side {
            Side::Up(up) => up.is_over(),
            Side::Down(down) => down.is_over(),
        }
    }

    pub(super) fn waits_for_turn(&self) -> bool {
        match &self.side {
            Side::Up(up) => up.phase == UpPhase::Waiting(Wait::Turn),
            Side::Down(down) => down.phase == DownPhase::Waiting(Wait::Turn),
        }
    }

    pub(super) fn next_deadline(&self) -> Option<u64> {
        match &self.side {
            Side::Up(up) => up.next_deadline(),
            Side::Down(down) => down.next_deadline(),
        }
    }

    pub(super) fn done(&self) -> u64 {
        match &self.side {
            Side::Up(up) => up.done(),
            Side::Down(down) => down.done,
        }
    }

    pub(super) fn total(&self) -> u64 {
        match &self.side {
            Side::Up(up) => up.total,
            Side::Down(down) => down.total,
        }
    }

    pub(super) fn options(&self) -> Options {
        match &self.side {
            Side::Up(up) => up.options,
            Side::Down(down) => down.options,
        }
    }

    /// A line more, the oldest goes.
    pub(super) fn tell(&mut self, what: Happened, byte: Option<u64>) {
        let line = StoryLine { at: crate::transfer::queue::now(), what: shown(what), byte };
        self.story.push(line);
        let over = self.story.len().saturating_sub(STORY_LINES_MAX);
        self.story.drain(..over);
    }

    /// As a user interface sees it.
    pub(super) fn view(&self, peer: Name, online: bool) -> TransferView {
        let (done, total) = (self.done(), self.total());
        let way = self.way();
        let rate = way.and_then(|_| self.rate.bytes_a_second());
        let options = self.options();
        TransferView {
            id: self.id(),
            rank: u32::try_from(self.seq).unwrap_or(u32::MAX),
            direction: match self.side {
                Side::Up(_) => Direction::Up,
                Side::Down(_) => Direction::Down,
            },
            room: None,
            room_title: String::new(),
            peer: Some(peer),
            offer: Some(self.offer()),
            entry: None,
            name: self.name.clone(),
            local_path: self.path.to_string_lossy().into_owned(),
            path: way,
            done,
            total,
            rate,
            eta_s: rate.filter(|rate| *rate > 0).map(|rate| (total - done.min(total)) / rate),
            resumed_at: way.and(self.resumed_at),
            state: self.state(online),
            created_at: self.created_at,
            options: TransferOptions {
                retransfer: options.retransfer,
                receive: options.receive,
                forward: options.forward,
            },
            story: self.story.clone(),
        }
    }

    /// The way in use.
    fn way(&self) -> Option<Way> {
        match &self.side {
            Side::Up(up) => match up.phase {
                UpPhase::Serving { until_ms: None } => Some(Way::Direct),
                UpPhase::Sending => Some(Way::Server),
                UpPhase::Waiting(_)
                | UpPhase::Reading
                | UpPhase::Serving { .. }
                | UpPhase::Asked { .. }
                | UpPhase::Asking { .. }
                | UpPhase::Stored
                | UpPhase::Paused
                | UpPhase::Done
                | UpPhase::Failed { .. }
                | UpPhase::Cancelled => None,
            },
            Side::Down(down) if down.phase == DownPhase::Moving => {
                Some(if down.from().is_some() { Way::Server } else { Way::Direct })
            }
            Side::Down(_) => None,
        }
    }

    fn state(&self, online: bool) -> TransferState {
        let network = || TransferState::Waiting(Stuck::Network { until: None });
        let person = |code| TransferState::Waiting(Stuck::Person { error: self.error(code) });
        match &self.side {
            Side::Up(up) => match up.phase {
                UpPhase::Waiting(Wait::Turn) if online || up.offered.is_none() => {
                    TransferState::Waiting(Stuck::Turn)
                }
                UpPhase::Waiting(Wait::Turn | Wait::Network { .. } | Wait::Room { .. }) => network(),
                UpPhase::Waiting(Wait::Person { code }) => person(code),
                UpPhase::Reading | UpPhase::Sending | UpPhase::Serving { .. } => TransferState::Moving,
                UpPhase::Asked { until_ms: None } if !online && up.say.is_some() => network(),
                UpPhase::Asked { .. } | UpPhase::Stored => TransferState::Waiting(Stuck::Receiver),
                UpPhase::Asking { .. } => TransferState::Waiting(Stuck::Asking),
                UpPhase::Paused => TransferState::Paused,
                UpPhase::Done => TransferState::Done,
                UpPhase::Failed { code } => TransferState::Failed { error: self.error(code) },
                UpPhase::Cancelled => TransferState::Cancelled,
            },
            Side::Down(down) => match down.phase {
                DownPhase::Waiting(Wait::Turn) if online => TransferState::Waiting(Stuck::Turn),
                DownPhase::Waiting(Wait::Turn | Wait::Network { .. } | Wait::Room { .. }) => network(),
                DownPhase::Waiting(Wait::Person { code }) => person(code),
                DownPhase::Moving => TransferState::Moving,
                DownPhase::Verifying => TransferState::Verifying,
                DownPhase::Accepting if !online => network(),
                DownPhase::Accepting | DownPhase::Away { .. } => TransferState::Waiting(Stuck::Sender),
                DownPhase::Asking => TransferState::Waiting(Stuck::Asking),
                DownPhase::Paused => TransferState::Paused,
                DownPhase::Done => TransferState::Done,
                DownPhase::Failed { code } => TransferState::Failed { error: self.error(code) },
                DownPhase::Cancelled => TransferState::Cancelled,
            },
        }
    }

    fn error(&self, code: ErrorCode) -> ErrorView {
        ErrorView::new(code, self.detail.clone())
    }
}

fn shown(what: Happened) -> StoryWhat {
    match what {
        Happened::Asked => StoryWhat::Asked,
        Happened::Accepted => StoryWhat::Accepted,
        Happened::Declined => StoryWhat::Declined,
        Happened::Direct => StoryWhat::Direct,
        Happened::Server => StoryWhat::Server,
        Happened::Cut => StoryWhat::Cut,
        Happened::Resumed => StoryWhat::Resumed,
        Happened::Forwarding => StoryWhat::Forwarding,
        Happened::Forwarded => StoryWhat::Forwarded,
        Happened::ReceiverAway => StoryWhat::ReceiverAway,
        Happened::SenderAway => StoryWhat::SenderAway,
        Happened::Changed => StoryWhat::Changed,
        Happened::Done => StoryWhat::Done,
        Happened::Failed => StoryWhat::Failed,
    }
}
