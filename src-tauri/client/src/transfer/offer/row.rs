//! A file for a person or from one in the queue: which side this computer is, and where it stands.

use crate::direct::Manifest;
use crate::transfer::show::Sight;
use crate::transfer::step::Step;
use crate::view::{ErrorView, Path as Way, Stuck, TransferState};
use pod_machine::offer::{Down, DownPhase, Effect, Say, Up, UpPhase};
use pod_machine::transfer::{TransferOptions, Wait};
use pod_shared::{AccountId, OfferId, TransferId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which side of the offer this computer is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// The sender.
    Up(Up),
    /// The receiver.
    Down(Down),
}

/// One offer.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The other person.
    pub(crate) peer: AccountId,
    /// The first offer of those made in one go.
    pub(crate) batch: OfferId,
    /// Where it stands.
    pub(crate) side: Side,
    /// Sender: the digests of the pieces.
    pub(crate) manifest: Option<Arc<Manifest>>,
}

impl Side {
    pub(crate) fn step(&mut self, now_ms: u64, step: Step, out: &mut Vec<Effect>) {
        match (self, step) {
            (Self::Up(up), Step::Any(any)) => {
                if let Some(input) = any.up() {
                    up.step(now_ms, input, out);
                }
            }
            (Self::Up(up), Step::Up(input)) => up.step(now_ms, input, out),
            (Self::Down(down), Step::Any(any)) => down.step(now_ms, any.down(), out),
            (Self::Down(down), Step::Down(input)) => down.step(now_ms, input, out),
            (Self::Up(_) | Self::Down(_), Step::Room(_) | Step::Up(_) | Step::Down(_)) => {}
        }
    }
}

impl Side {
    /// The transfer.
    pub(crate) fn transfer(&self) -> TransferId {
        match self {
            Self::Up(up) => up.id,
            Self::Down(down) => down.id,
        }
    }

    /// Nothing will happen to it by itself any more.
    pub(crate) fn is_over(&self) -> bool {
        match self {
            Self::Up(up) => up.is_over(),
            Self::Down(down) => down.is_over(),
        }
    }

    /// When a tick would do something.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        match self {
            Self::Up(up) => up.next_deadline(),
            Self::Down(down) => down.next_deadline(),
        }
    }

    /// Bytes durably at the destination.
    pub(crate) fn done(&self) -> u64 {
        match self {
            Self::Up(up) => up.done(),
            Self::Down(down) => down.done,
        }
    }

    /// Bytes of the whole.
    pub(crate) fn total(&self) -> u64 {
        match self {
            Self::Up(up) => up.total,
            Self::Down(down) => down.total,
        }
    }

    /// What happens by itself after a disconnection.
    pub(crate) fn options(&self) -> TransferOptions {
        match self {
            Self::Up(up) => up.options,
            Self::Down(down) => down.options,
        }
    }
}

impl Offer {
    /// The offer's id.
    pub(crate) fn id(&self) -> OfferId {
        match &self.side {
            Side::Up(up) => up.offer,
            Side::Down(down) => down.offer,
        }
    }

    /// What the messenger is still to be told.
    pub(crate) fn say(&self) -> Option<Say> {
        match &self.side {
            Side::Up(up) => up.say,
            Side::Down(down) => down.say,
        }
    }

    /// It was made here.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.side, Side::Up(_))
    }

    /// The receiver must say that it goes on.
    pub(crate) fn asks_receiver(&self) -> bool {
        matches!(self.side, Side::Down(Down { phase: DownPhase::Asking, .. }))
    }

    pub(crate) fn works(&self) -> bool {
        match &self.side {
            Side::Up(up) => matches!(up.phase, UpPhase::Reading | UpPhase::Sending),
            Side::Down(down) => matches!(down.phase, DownPhase::Moving | DownPhase::Verifying),
        }
    }

    pub(crate) fn waits_for_turn(&self) -> bool {
        match &self.side {
            Side::Up(up) => up.phase == UpPhase::Waiting(Wait::Turn),
            Side::Down(down) => down.phase == DownPhase::Waiting(Wait::Turn),
        }
    }

    /// Reading needs no server, and neither does coming straight from where the sender was last met.
    pub(crate) fn needs_nobody(&self) -> bool {
        match &self.side {
            Side::Up(up) => up.offered.is_none(),
            Side::Down(down) => down.from().is_none(),
        }
    }

    /// The server has the rest, and keeps it for the receiver.
    pub(crate) fn is_stored(&self) -> bool {
        matches!(&self.side, Side::Up(up) if up.phase == UpPhase::Stored)
    }

    /// The way in use.
    pub(crate) fn way(&self) -> Option<Way> {
        match &self.side {
            Side::Up(up) => match up.phase {
                UpPhase::Serving { until_ms: None } => Some(Way::Direct),
                UpPhase::Sending => Some(Way::Server),
                UpPhase::Waiting(_)
                | UpPhase::Reading
                | UpPhase::Serving { .. }
                | UpPhase::Asked { .. }
                | UpPhase::Asking { .. }
                | UpPhase::Held
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

    /// As a person is told.
    pub(crate) fn state(&self, sight: &Sight, detail: &str) -> TransferState {
        let error = |code| ErrorView::new(code, detail.to_owned());
        let network = || TransferState::Waiting(Stuck::Network { until: None });
        let again = |until_ms| TransferState::Waiting(Stuck::Network { until: sight.until(until_ms) });
        let person = |code| TransferState::Waiting(Stuck::Person { error: error(code) });
        let space = |disk, missing, until_ms| {
            TransferState::Waiting(Stuck::Space { disk, missing, until: sight.until(until_ms) })
        };
        match &self.side {
            Side::Up(up) => match up.phase {
                UpPhase::Waiting(Wait::Turn) if sight.online || up.offered.is_none() => {
                    TransferState::Waiting(Stuck::Turn)
                }
                UpPhase::Waiting(Wait::Turn) => network(),
                UpPhase::Waiting(Wait::Network { until_ms } | Wait::Room { until_ms }) => again(until_ms),
                UpPhase::Waiting(Wait::Space { disk, missing, until_ms }) => space(disk, missing, until_ms),
                UpPhase::Waiting(Wait::Person { code, .. }) => person(code),
                UpPhase::Reading | UpPhase::Sending | UpPhase::Serving { .. } => TransferState::Moving,
                UpPhase::Asked { until_ms: None } if !sight.online && up.say.is_some() => network(),
                UpPhase::Asked { .. } | UpPhase::Stored => TransferState::Waiting(Stuck::Receiver),
                UpPhase::Asking { .. } => TransferState::Waiting(Stuck::Asking),
                UpPhase::Held => TransferState::Waiting(Stuck::Held),
                UpPhase::Paused => TransferState::Paused,
                UpPhase::Done => TransferState::Done,
                UpPhase::Failed { code } => TransferState::Failed { error: error(code) },
                UpPhase::Cancelled => TransferState::Cancelled,
            },
            Side::Down(down) => match down.phase {
                DownPhase::Waiting(Wait::Turn) if sight.online => TransferState::Waiting(Stuck::Turn),
                DownPhase::Waiting(Wait::Turn) => network(),
                DownPhase::Waiting(Wait::Network { until_ms } | Wait::Room { until_ms }) => again(until_ms),
                DownPhase::Waiting(Wait::Space { disk, missing, until_ms }) => space(disk, missing, until_ms),
                DownPhase::Waiting(Wait::Person { code, .. }) => person(code),
                DownPhase::Moving => TransferState::Moving,
                DownPhase::Verifying => TransferState::Verifying,
                DownPhase::Accepting if !sight.online => network(),
                DownPhase::Accepting | DownPhase::Away { .. } => TransferState::Waiting(Stuck::Sender),
                DownPhase::Asking => TransferState::Waiting(Stuck::Asking),
                DownPhase::Paused => TransferState::Paused,
                DownPhase::Done => TransferState::Done,
                DownPhase::Failed { code } => TransferState::Failed { error: error(code) },
                DownPhase::Cancelled => TransferState::Cancelled,
            },
        }
    }
}
