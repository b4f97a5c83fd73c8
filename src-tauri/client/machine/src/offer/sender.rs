//! The sender's side of an offer: its state, and what may happen to it.

mod step;
mod turns;

use super::{Heard, Offered, Say, TransferOptions};
use crate::transfer::{Trouble, WAIT_MS, Wait};
use pod_shared::{DeviceId, ErrorCode, OfferId, TransferId, UploadId};
use serde::{Deserialize, Serialize};

/// Where the sender's side stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum UpPhase {
    /// Before the source is read, or before the rest goes to the server.
    Waiting(Wait),
    /// The source is read through.
    Reading,
    /// The rest goes up to the server.
    Sending,
    /// The receiver is asked; at this time the answer counts as missing.
    Asked {
        /// Nothing: the messenger does not have the request yet, or the wait is over.
        until_ms: Option<u64>,
    },
    /// The receiver said yes and fetches; at this time there is no direct way.
    Serving {
        /// Nothing: bytes went.
        until_ms: Option<u64>,
    },
    /// The connection broke and the person must say *Retry*; at this time the rest goes through the server.
    Asking {
        /// Nothing: not by itself.
        until_ms: Option<u64>,
    },
    /// The receiver stopped it for a while: it goes on when they say so.
    Held,
    /// The server has the rest; the receiver fetches it there.
    Stored,
    /// Stopped by the person.
    Paused,
    /// The receiver has it whole.
    Done,
    /// Given up.
    Failed {
        /// Why.
        code: ErrorCode,
    },
    /// Taken back, or declined.
    Cancelled,
}

/// The sender's side of one offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Up {
    /// Its place in the queue.
    pub id: TransferId,
    /// The offer.
    pub offer: OfferId,
    /// Where it stands.
    pub phase: UpPhase,
    /// What is offered, once read through.
    pub offered: Option<Offered>,
    /// Bytes of the whole, as far as known.
    pub total: u64,
    /// What happens by itself.
    pub options: TransferOptions,
    /// The wait for an answer, in milliseconds.
    #[serde(default = "usual_wait")]
    pub wait_ms: u64,
    /// The newest request; 0: nobody was asked yet.
    pub round: u32,
    /// The messenger may know of it.
    pub told: bool,
    /// The device that holds what came so far.
    pub device: Option<DeviceId>,
    /// Bytes durably there.
    pub acked: u64,
    /// The rest from this byte on goes, or went, to the server.
    pub from: Option<u64>,
    /// The upload of the rest, from before the server hears of it.
    pub upload: Option<UploadId>,
    /// Bytes of the rest that the server has.
    pub stored: u64,
    /// What the messenger is still to be told.
    pub say: Option<Say>,
    /// Tries in a row that moved no byte.
    pub tries: u32,
    /// Cuts in a row without a byte in between.
    pub cuts: u32,
    /// How often it began anew.
    pub restarts: u32,
    /// While the rest goes to the server: when to look whether there is a straight way again.
    #[serde(skip)]
    pub look_ms: Option<u64>,
    /// Straight ways that were tried again in vain, in a row.
    #[serde(default)]
    pub looks: u32,
    /// While bytes go straight: when to look whether the receiver's device is still there.
    #[serde(skip)]
    pub quiet_ms: Option<u64>,
    /// The receiver let go of it, and the messenger has not said why.
    #[serde(skip)]
    pub let_go: bool,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpInput {
    /// It is its turn.
    Go {
        /// A new id for the upload of the rest.
        fresh: UploadId,
    },
    /// The source was read through.
    WasRead {
        /// What it is.
        offered: Offered,
    },
    /// The messenger took what was said.
    Said(Say),
    /// The messenger refused it for good.
    Refused(Say, ErrorCode),
    /// The offer as the messenger has it.
    Heard(Heard),
    /// This many bytes are durably at the receiver's device.
    Served {
        /// How many.
        acked: u64,
    },
    /// The direct connection broke.
    Cut,
    /// The receiver let go of it; why comes from the messenger.
    LetGo,
    /// Whether the receiver's device can be met.
    There(bool),
    /// The server has this many bytes of the rest.
    Moved {
        /// How many.
        done: u64,
    },
    /// The server has all of the rest.
    Kept,
    /// The work did not succeed. `jitter` spreads the next try: 0..=1000.
    Trouble {
        /// Why.
        trouble: Trouble,
        /// Random.
        jitter: u16,
    },
    /// A former process ended here: nobody is connected, clocks begin anew.
    Woke,
    /// The network is back.
    NetworkBack,
    /// Time went on.
    Tick,
    /// The person stops it.
    Pause,
    /// The person lets it go on.
    Resume,
    /// The person takes it back.
    Cancel,
    /// The person wants the receiver to be asked again.
    Retry,
    /// The person wants the rest to go through the server now.
    Forward,
    /// Other options.
    Options(TransferOptions),
}

/// Rows of before the wait stood by itself.
fn usual_wait() -> u64 {
    WAIT_MS
}

impl Up {
    /// A new offer of a file of this size, as far as its size is known.
    #[must_use]
    pub fn new(id: TransferId, offer: OfferId, size: u64, options: TransferOptions, wait_ms: u64) -> Self {
        Self {
            id,
            offer,
            phase: UpPhase::Waiting(Wait::Turn),
            offered: None,
            total: size,
            options,
            wait_ms,
            round: 0,
            told: false,
            device: None,
            acked: 0,
            from: None,
            upload: None,
            stored: 0,
            say: None,
            tries: 0,
            cuts: 0,
            restarts: 0,
            look_ms: None,
            looks: 0,
            quiet_ms: None,
            let_go: false,
        }
    }

    /// Nothing will happen to it by itself any more. Something may still have to be said.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.phase, UpPhase::Done | UpPhase::Failed { .. } | UpPhase::Cancelled)
    }

    /// When [`UpInput::Tick`] would do something.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        match self.phase {
            UpPhase::Waiting(wait) => wait.until_ms(),
            UpPhase::Serving { until_ms: None } => self.quiet_ms,
            UpPhase::Asked { until_ms } | UpPhase::Serving { until_ms } | UpPhase::Asking { until_ms } => {
                until_ms
            }
            UpPhase::Sending => self.look_ms,
            UpPhase::Reading
            | UpPhase::Held
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => None,
        }
    }

    /// Whether this device may fetch now: it was accepted, and what it fetches is what was read through.
    #[must_use]
    pub fn serves(&self) -> bool {
        let renewed = matches!(self.say, Some(Say::Ask { round }) if round > 1);
        self.offered.is_some()
            && match self.phase {
                UpPhase::Serving { .. } => true,
                // The messenger has not heard of the new request: the yes to the former one holds.
                UpPhase::Asked { until_ms: None } => renewed && self.device.is_some(),
                UpPhase::Waiting(_)
                | UpPhase::Reading
                | UpPhase::Sending
                | UpPhase::Asked { .. }
                | UpPhase::Asking { .. }
                | UpPhase::Held
                | UpPhase::Stored
                | UpPhase::Paused
                | UpPhase::Done
                | UpPhase::Failed { .. }
                | UpPhase::Cancelled => false,
            }
    }

    /// The newest request that the messenger has for sure.
    pub(super) fn known(&self) -> u32 {
        if matches!(self.say, Some(Say::Ask { .. })) { self.round.saturating_sub(1) } else { self.round }
    }

    /// Takes a request back that the messenger may not have. If it has, the next one is the same again.
    pub(super) fn unask(&mut self) {
        self.round = self.known();
        self.say = self.say.filter(|say| matches!(say, Say::End { .. }));
    }

    /// Bytes that need not be sent again: durably at the receiver, or behind them at the server.
    #[must_use]
    pub fn done(&self) -> u64 {
        match (self.phase, self.from) {
            (UpPhase::Done, _) => self.total,
            (_, Some(from)) => (from.max(self.acked) + self.stored).min(self.total),
            (_, None) => self.acked.min(self.total),
        }
    }

    /// What must hold in every state.
    ///
    /// # Errors
    /// Which rule is broken.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.acked > self.total || self.stored > self.total {
            return Err("more bytes are there than there are");
        }
        if self.round > 0 && self.offered.is_none() && matches!(self.say, Some(Say::Ask { .. })) {
            return Err("somebody is asked and nobody knows about what");
        }
        if self.from.is_some_and(|from| from > 0 && from > self.acked) {
            return Err("bytes before the rest are nowhere");
        }
        if self.phase == UpPhase::Sending && (self.from.is_none() || self.upload.is_none()) {
            return Err("a rest is sent that begins nowhere");
        }
        if matches!(self.phase, UpPhase::Serving { .. }) && self.offered.is_none() {
            return Err("bytes go and nobody knows which");
        }
        if self.is_over() && !matches!(self.say, None | Some(Say::End { .. })) {
            return Err("an offer that is over still asks");
        }
        Ok(())
    }
}
