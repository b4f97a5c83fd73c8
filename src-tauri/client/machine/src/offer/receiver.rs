//! The receiver's side of an offer that was accepted here: its state, and what may happen to it.

mod step;
mod turns;

use super::{Offered, Say, TransferOptions};
use crate::transfer::{Trouble, Wait};
use pod_shared::offer::OfferStep;
use pod_shared::{DeviceId, ErrorCode, OfferId, TransferId};
use serde::{Deserialize, Serialize};

/// Where the receiver's side stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum DownPhase {
    /// Bytes can be had; it waits for something of its own.
    Waiting(Wait),
    /// Bytes come, straight or from the server.
    Moving,
    /// The digest is checked.
    Verifying,
    /// The messenger is to hear the yes.
    Accepting,
    /// The sender is not there, or the server does not have the rest yet; tries the straight way again at this time.
    Away {
        /// Nothing: only news end the wait.
        until_ms: Option<u64>,
    },
    /// The connection broke and the person must say *Accept*.
    Asking,
    /// Stopped by the person.
    Paused,
    /// Whole, and under its name.
    Done,
    /// Given up.
    Failed {
        /// Why.
        code: ErrorCode,
    },
    /// Not wanted any more, here or by the sender, or taken by another device.
    Cancelled,
}

/// Who has said yes to the newest request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// Nobody.
    Nobody,
    /// This device.
    Here,
    /// Another device of this person.
    Elsewhere,
}

/// Whose word the next yes is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yes {
    /// An option's, or that of a rule.
    #[default]
    Itself,
    /// The person's, at this moment.
    Person,
    /// The person's who had stopped it.
    Resume,
}

/// How bytes came last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Straight.
    Direct,
    /// From the server.
    Server,
}

/// The receiver's side of one offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Down {
    /// Its place in the queue.
    pub id: TransferId,
    /// The offer.
    pub offer: OfferId,
    /// This device.
    pub device: DeviceId,
    /// Where it stands.
    pub phase: DownPhase,
    /// What is offered.
    pub offered: Offered,
    /// Bytes that are here and verified.
    pub done: u64,
    /// Bytes of the whole.
    pub total: u64,
    /// What happens by itself.
    pub options: TransferOptions,
    /// The newest request.
    pub round: u32,
    /// Where the offer stands, as last heard.
    pub step: OfferStep,
    /// Who has it.
    pub taken: Taken,
    /// The person said yes, and no cut came since.
    pub granted: bool,
    /// What the messenger is still to be told.
    pub say: Option<Say>,
    /// The byte that the run under way went on from, until it moved.
    pub since: Option<u64>,
    /// Tries in a row that moved no byte.
    pub tries: u32,
    /// How often it began anew because the bytes were other ones.
    pub restarts: u32,
    /// What had come is lost: the sender is to ask anew before anything else is said.
    #[serde(default)]
    pub lost: bool,
    /// Whose word the next yes is.
    #[serde(default)]
    pub yes: Yes,
    /// How bytes came last.
    #[serde(default)]
    pub way: Option<Way>,
    /// The whole queue stands: to the sender that is a pause.
    #[serde(skip)]
    pub stands: bool,
    /// While bytes come straight: when to look whether the sender's device is still there.
    #[serde(skip)]
    pub quiet_ms: Option<u64>,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownInput {
    /// It is its turn.
    Go,
    /// The messenger took what was said.
    Said(Say),
    /// The messenger refused it for good.
    Refused(Say, ErrorCode),
    /// The offer as the messenger has it.
    Heard(super::Heard),
    /// This many bytes are here.
    Moved {
        /// How many.
        done: u64,
    },
    /// All bytes are here.
    AllThere,
    /// The file has its name.
    Finished,
    /// The straight way broke, or there is none. `jitter` spreads the next try: 0..=1000.
    Cut {
        /// Random.
        jitter: u16,
    },
    /// Whether the sender's device can be met.
    There(bool),
    /// The disk of this computer has so many bytes free where the file goes.
    Free {
        /// How many.
        bytes: u64,
    },
    /// Whether the whole queue stands.
    Stands(bool),
    /// The work did not succeed for another reason.
    Trouble {
        /// Why.
        trouble: Trouble,
        /// Random.
        jitter: u16,
    },
    /// A former process ended here.
    Woke,
    /// The network is back.
    NetworkBack,
    /// Time went on.
    Tick,
    /// The person says that it goes on.
    Accept,
    /// The person stops it.
    Pause,
    /// The person lets it go on.
    Resume,
    /// The person does not want it any more.
    Cancel,
    /// The person wants another try.
    Retry,
    /// Other options.
    Options(TransferOptions),
}

impl Down {
    /// An offer was taken, by the person or by their rule: this is where it stands at the messenger.
    #[must_use]
    pub fn accepted(
        id: TransferId,
        offer: OfferId,
        device: DeviceId,
        heard: (u32, OfferStep, Offered),
        options: TransferOptions,
        yes: Yes,
    ) -> Self {
        let (round, step, offered) = heard;
        Self {
            id,
            offer,
            device,
            phase: DownPhase::Accepting,
            total: offered.content.size,
            offered,
            done: 0,
            options,
            round,
            step,
            taken: Taken::Nobody,
            granted: true,
            say: Some(Say::Accept { round }),
            since: None,
            tries: 0,
            restarts: 0,
            lost: false,
            yes,
            way: None,
            stands: false,
            quiet_ms: None,
        }
    }

    /// Nothing will happen to it by itself any more. Something may still have to be said.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.phase, DownPhase::Done | DownPhase::Failed { .. } | DownPhase::Cancelled)
    }

    /// The first byte that the server has, once it has all of the rest.
    #[must_use]
    pub fn from(&self) -> Option<u64> {
        match self.step {
            OfferStep::Forwarded { from } => Some(from),
            OfferStep::Asked
            | OfferStep::Accepted
            | OfferStep::Interrupted
            | OfferStep::Paused
            | OfferStep::Forwarding { .. }
            | OfferStep::Done
            | OfferStep::Declined
            | OfferStep::Cancelled
            | OfferStep::Failed { .. }
            | OfferStep::Expired => None,
        }
    }

    /// When [`DownInput::Tick`] would do something.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        match self.phase {
            DownPhase::Waiting(wait) => wait.until_ms(),
            DownPhase::Away { until_ms } => until_ms,
            DownPhase::Moving => self.quiet_ms,
            DownPhase::Verifying
            | DownPhase::Accepting
            | DownPhase::Asking
            | DownPhase::Paused
            | DownPhase::Done
            | DownPhase::Failed { .. }
            | DownPhase::Cancelled => None,
        }
    }

    /// What must hold in every state.
    ///
    /// # Errors
    /// Which rule is broken.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.done > self.total {
            return Err("more bytes are here than there are");
        }
        if self.is_over() && !matches!(self.say, None | Some(Say::End { .. })) {
            return Err("an offer that is over still accepts");
        }
        let moves = matches!(self.phase, DownPhase::Moving);
        if moves && self.taken == Taken::Elsewhere {
            return Err("bytes come that another device takes");
        }
        if moves && !(self.granted || self.options.receive) {
            return Err("bytes come without a yes");
        }
        Ok(())
    }
}
