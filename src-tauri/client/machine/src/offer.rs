//! Offers from person to person (seed 004): the sender's side and the receiver's side, each a machine.
//!
//! The life of an offer: the sender's file is read through, the receiver is asked (round 1), says yes, and fetches the
//! bytes straight from the sender. When the connection breaks, the three options decide: the sender asks again by itself
//! (*retransfer*), the receiver says yes by itself (*receive*), and where no answer comes within the wait, or no direct
//! way is found, the rest goes through the server (*forward*). With an option off, the people are asked instead. A
//! receiver who stops it for a while has answered: the sender waits.
//!
//! What a side has to tell the messenger is part of its state ([`Say`]): it is saved before it is told, told again until
//! the messenger took it, and taken back when a newer truth came. What the messenger says is [`Heard`]. Refuses to touch
//! a file, a socket or a clock, like its neighbour `transfer`.

mod receiver;
mod sender;

#[cfg(test)]
mod tests;

pub use receiver::{Down, DownInput, DownPhase, Taken, Yes};
pub use sender::{Up, UpInput, UpPhase};

pub use crate::transfer::{Effect, Happened, Task, TransferOptions};

use crate::transfer::Content;
use pod_shared::offer::{OfferEnd, OfferStep};
use pod_shared::{DeviceId, ErrorCode, limits};
use serde::{Deserialize, Serialize};

/// The receiver said yes: a byte must have gone straight within this time, in milliseconds, or the server takes the rest.
pub const DIRECT_WAIT_MS: u64 = 15_000;
/// Cuts in a row without a byte in between, after which there is no direct way any more.
pub const CUTS_MAX: u32 = 3;
/// While the rest goes to the server, the sender looks after this time whether the receiver is back, in milliseconds;
/// doubles with each straight way that was tried again in vain.
pub const LOOK_MS: u64 = 10_000;
/// Straight, and no byte came for so long: the messenger is asked whether the other device is still there, in milliseconds.
pub const QUIET_MS: u64 = 5_000;
/// The receiver let go of it: the messenger says why within this time, or it was a cut, in milliseconds.
const LET_GO_MS: u64 = 3_000;
/// It doubles so often.
const LOOKS_MAX: u32 = 6;
/// Where there was no straight way although both were there, the first look comes as if so many had been in vain.
const LOOKS_NO_WAY: u32 = 3;

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Digest, bytes, and at the sender the stamp of the source.
    pub content: Content,
    /// BLAKE3 over the BLAKE3 digests of all pieces.
    pub manifest: [u8; 32],
}

/// What is to be told to the messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    /// The request of a round.
    Ask {
        /// Which.
        round: u32,
    },
    /// Yes to the request of a round.
    Accept {
        /// Which.
        round: u32,
    },
    /// The connection of a round broke, and this side does not go on by itself.
    Interrupted {
        /// Which.
        round: u32,
    },
    /// The receiver stops a round for a while.
    Pause {
        /// Which.
        round: u32,
    },
    /// The rest goes through the server.
    Forward {
        /// From this byte on.
        from: u64,
    },
    /// It is over.
    End {
        /// How.
        how: OfferEnd,
    },
}

/// The offer as the messenger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The newest request.
    pub round: u32,
    /// Where it stands.
    pub step: OfferStep,
    /// The receiver's device that holds what came so far.
    pub device: Option<DeviceId>,
    /// What is offered in this round; nothing: it cannot be read.
    pub offered: Option<Offered>,
}

/// The last border of two pieces at or before a byte.
#[must_use]
pub fn whole_pieces(bytes: u64) -> u64 {
    bytes / limits::OFFER_PIECE_BYTES * limits::OFFER_PIECE_BYTES
}

/// Why an offer that is over at the messenger is over here; nothing: it was finished.
fn ended(step: OfferStep) -> Option<Result<Happened, ErrorCode>> {
    match step {
        OfferStep::Done => Some(Ok(Happened::Done)),
        OfferStep::Declined => Some(Ok(Happened::Declined)),
        OfferStep::Cancelled => Some(Err(ErrorCode::Cancelled)),
        OfferStep::Failed { code } => Some(Err(code)),
        OfferStep::Expired => Some(Err(ErrorCode::Gone)),
        OfferStep::Asked
        | OfferStep::Accepted
        | OfferStep::Interrupted
        | OfferStep::Paused
        | OfferStep::Forwarding { .. }
        | OfferStep::Forwarded { .. } => None,
    }
}
