//! Offers: one file that one person proposes to another, and what became of it. The messenger keeps who, to whom and the
//! step; what is offered is in the body, which only the two people's pods read.
//!
//! The life of an offer: `asked` by a device of the sender (round 1), `accepted` by one device of the receiver, which then
//! fetches the bytes from the sender's device, and `done`. When the way between them breaks, the sender asks again (the
//! next round), or one of them says `interrupted` and waits for a person. A receiver who stops it for a while says
//! `paused`, and accepts when it goes on. When the receiver does not answer, the sender
//! has the rest forwarded: `forwarding` while the server gets it, `forwarded` when it has all of it, and the receiver
//! accepts and fetches it there. Until it is over it can be declined, cancelled, fail, or expire.

use crate::bytes::ByteString;
use crate::{AccountId, DeviceId, ErrorCode, OfferId, TimeMs, Txn, wire};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// An offer as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferState {
    /// Which.
    pub offer: OfferId,
    /// Who offers.
    pub from: AccountId,
    /// Their device: the one that asked last.
    pub from_device: DeviceId,
    /// To whom.
    pub to: AccountId,
    /// Their device: the one that accepted last; it keeps what it has when the sender asks again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_device: Option<DeviceId>,
    /// A sealed [`OfferBody`]; the server does not look into it.
    pub body: ByteString,
    /// Counts the requests: 1 is the first, each renewed one the next.
    pub round: u32,
    /// Where it stands.
    pub step: OfferStep,
    /// When it was first asked.
    pub at: TimeMs,
    /// Then it expires, if nothing happens; absent when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<TimeMs>,
    /// The transaction that changed it last.
    pub txn: Txn,
}

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum OfferStep {
    /// The sender asks; nobody answered this round yet.
    Asked,
    /// A device of the receiver takes it.
    Accepted,
    /// The way between the two broke, and a person has to say that it goes on.
    Interrupted,
    /// The receiver stopped it for a while, and accepts when it goes on; the sender waits.
    Paused,
    /// The sender hands the rest to the server.
    Forwarding {
        /// First byte that goes through the server; those before it are on the accepting device.
        from: u64,
    },
    /// The server has the rest and keeps it until fetched.
    Forwarded {
        /// As in `Forwarding`.
        from: u64,
    },
    /// The receiver has it whole. Over.
    Done,
    /// The receiver does not want it. Over.
    Declined,
    /// One side took it back. Over.
    Cancelled,
    /// It cannot be done. Over.
    Failed {
        /// Why.
        code: ErrorCode,
    },
    /// Nobody acted in time. Over.
    Expired,
}

impl OfferStep {
    /// Nothing can happen to it any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        match self {
            Self::Asked
            | Self::Accepted
            | Self::Interrupted
            | Self::Paused
            | Self::Forwarding { .. }
            | Self::Forwarded { .. } => false,
            Self::Done | Self::Declined | Self::Cancelled | Self::Failed { .. } | Self::Expired => true,
        }
    }
}

/// What a device may ask about offers. Each is repeatable. Of an offer that is over: `gone`, unless it ended just so; of
/// somebody else's: `not_found`, as if there were none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferRequest {
    /// Offer a file to a contact or to somebody one shares a room with (else `not_found`), or ask again.
    Ask {
        /// Made by the client.
        offer: OfferId,
        /// To whom.
        to: AccountId,
        /// At most `limits::OFFER_BODY_BYTES_MAX`; the same in one round (`id_reused`). The next round may bring another:
        /// the file changed, and starts again.
        body: ByteString,
        /// 1, or the next one. The current one again changes nothing; any other: `conflict`.
        round: u32,
    },
    /// The receiver's device takes it. When another one has taken this round, or it is another round: `conflict`. What is
    /// forwarded stays so.
    Accept {
        /// The offer.
        offer: OfferId,
        /// The round as seen.
        round: u32,
    },
    /// The receiver does not want it.
    Decline {
        /// The offer.
        offer: OfferId,
    },
    /// The way broke, and this side does not go on by itself. When it is another round, or was not accepted: `conflict`.
    /// Of what is forwarded, by the device that accepted: it lost what came before the rest, so no device holds anything
    /// any more, and the sender asks anew.
    Interrupted {
        /// The offer.
        offer: OfferId,
        /// The round as seen.
        round: u32,
    },
    /// The receiver's device stops it for a while: an answer, so nothing is forwarded. When it is another round, another
    /// device has it, or the server gets or has the rest: `conflict`.
    Pause {
        /// The offer.
        offer: OfferId,
        /// The round as seen.
        round: u32,
    },
    /// The sender has the rest go through the server.
    Forward {
        /// The offer.
        offer: OfferId,
        /// First byte of the rest, a multiple of `limits::OFFER_PIECE_BYTES`.
        from: u64,
    },
    /// It is over.
    End {
        /// The offer.
        offer: OfferId,
        /// How.
        how: OfferEnd,
    },
    /// Where the other side's device is now; only while the offer is not over.
    Peer {
        /// The offer.
        offer: OfferId,
    },
}

/// How a device ends an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// The file is whole and under its name; said by the device that accepted.
    Done,
    /// Taken back, by either side.
    Cancelled,
    /// It cannot be done, on either side.
    Failed(ErrorCode),
}

/// The relay of a server: devices meet over it, and then move files past it. Debug output hides the token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayInfo {
    /// `https://HOST:PORT` or `http://HOST:PORT`.
    pub url: String,
    /// Lets this device in while it is connected. A secret; good for as long as the server runs.
    pub token: String,
    /// SHA-256 of its certificate in hex, when it must be pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

impl std::fmt::Debug for RelayInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RelayInfo({})", self.url)
    }
}

/// What is offered: the body of an offer, opaque to the server. Debug output hides the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferBody {
    /// Name of the file.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of the whole, in hex.
    pub sha256: String,
    /// BLAKE3 of the BLAKE3 digests of all its pieces, one after another, see `limits::OFFER_PIECE_BYTES`.
    #[serde(with = "crate::bytes::digest")]
    pub manifest: [u8; 32],
    /// Offers made in one go carry the id of the first of them.
    pub batch: OfferId,
    /// Made by a rule, not by a person at this moment.
    #[serde(default)]
    pub auto: bool,
}

impl std::fmt::Debug for OfferBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OfferBody({} bytes, batch {})", self.size, self.batch)
    }
}

/// The body with the version of its envelope: 1.
#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    v: u32,
    offer: T,
}

impl OfferBody {
    /// As bytes.
    ///
    /// # Errors
    /// Not for values of this type; the encoder's signature has one.
    pub fn seal(&self) -> Result<ByteString, wire::EncodeError> {
        wire::encode(&Sealed { v: 1, offer: self }).map(ByteString)
    }

    /// From bytes. Nothing: written by a newer Pod.
    #[must_use]
    pub fn open(body: &ByteString) -> Option<Self> {
        wire::decode(&body.0).ok().filter(|sealed: &Sealed<Self>| sealed.v == 1).map(|sealed| sealed.offer)
    }
}
