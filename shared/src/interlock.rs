//! What the messenger and the content service tell each other (N1–N5, N14), in one process or over the network.
//!
//! A change and its relay row are written in one transaction on the side that made it. Rows are delivered in order per
//! room, at least once, with backoff; the receiver applies a row and keeps its id in one transaction, so that a second
//! delivery changes nothing. A room and its sharing group carry one id; nothing is ever bound by name.

use crate::socket::Progress;
use crate::{AccountId, ContentPosition, DeviceId, OfferId, RelayId, Role, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// One row of a relay log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayRow {
    /// Its id; the receiver keeps the ids it applied.
    pub id: RelayId,
    /// The room it concerns; rows of one room are delivered in the order of `seq`.
    pub room: RoomId,
    /// Counts the rows of this sender, from 1.
    pub seq: u64,
    /// What to do.
    pub body: RelayBody,
}

/// A member with the version of that fact. Of two, the higher counter holds; on a tie removal, then the lower role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberVersion {
    /// Who.
    pub account: AccountId,
    /// The role; nothing: removed.
    pub role: Option<Role>,
    /// Raised by one by the side that changes it.
    pub counter: u64,
    /// Who changed it.
    pub by: AccountId,
}

impl MemberVersion {
    /// Whether `self` takes the place of `held` (decision 3).
    #[must_use]
    pub fn supersedes(&self, held: &MemberVersion) -> bool {
        match self.counter.cmp(&held.counter) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => self.role < held.role,
        }
    }
}

/// What a row asks the other side to do. Each is repeatable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayBody {
    /// Make the other half of the pair: messenger to content (N1) or content to messenger (N2).
    Pair {
        /// The title.
        title: String,
        /// Who made it.
        creator: AccountId,
        /// When.
        at: TimeMs,
        /// Members, the creator included.
        members: Vec<MemberVersion>,
    },
    /// A member changed (N4).
    Member {
        /// The new state.
        member: MemberVersion,
    },
    /// The title changed.
    Title {
        /// The title.
        title: String,
        /// Raised by one by the side that changes it; on a tie the greater text holds.
        counter: u64,
    },
    /// Content to messenger: the folder stands at this position, by this person's doing.
    FolderAt {
        /// The position.
        at: ContentPosition,
        /// Who.
        by: AccountId,
        /// When.
        time: TimeMs,
    },
    /// Messenger to content: this person may have a file that they offered go through the content service to that one.
    /// Rows about an offer carry its id as their `room`.
    OfferMay {
        /// The offer.
        offer: OfferId,
        /// Who sends it.
        by: AccountId,
        /// For whom.
        to: AccountId,
    },
    /// Content to messenger: an offered file is whole from here on.
    OfferForwarded {
        /// The offer.
        offer: OfferId,
        /// Who sent it: who made the offer, or the row changes nothing.
        by: AccountId,
        /// For whom: as in the offer.
        to: AccountId,
        /// First byte that lies at the content service.
        from: u64,
        /// Until when.
        until: TimeMs,
    },
    /// Content to messenger: what was forwarded was not fetched in time and is dropped.
    OfferExpired {
        /// The offer.
        offer: OfferId,
        /// Who sent it.
        by: AccountId,
    },
    /// Messenger to content: the offer is done, declined, cancelled, failed or expired; its bytes are no longer needed.
    OfferOver {
        /// The offer.
        offer: OfferId,
    },
}

/// `POST /v1/interlock/rows`: rows for the other side, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// At most `limits::RELAY_BATCH_MAX`.
    pub rows: Vec<RelayRow>,
    /// Rows of earlier requests that are settled at the sender too, at most `limits::RELAY_FORGET_MAX`: they never come
    /// again, so the receiver need not remember their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forget: Vec<RelayId>,
}

/// Its answer: the rows that are applied and committed (now or before).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsApplied {
    /// Their ids.
    pub applied: Vec<RelayId>,
    /// Rows that can never be applied, each with why; the sender sets them aside and `check` names them.
    #[serde(default)]
    pub refused: Vec<(RelayId, String)>,
}

/// `POST /v1/interlock/hello`: content to messenger, at start and with each heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentHello {
    /// Where people reach the content service.
    pub public_url: String,
    /// SHA-256 of its certificate in hex, when it must be pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What it can do.
    pub capabilities: Vec<String>,
    /// Highest revocation it has.
    pub revocations_after: u64,
}

/// Its answer: what content needs of auth and messenger to judge a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessengerHello {
    /// What it can do.
    pub capabilities: Vec<String>,
    /// Public keys that sign tokens, by key id, base64url of 32 bytes (Ed25519).
    pub token_keys: Vec<(String, String)>,
    /// Devices signed out after what content has.
    pub revocations: Vec<Revocation>,
}

/// A device whose tokens no longer count; it ends its sockets, uploads and downloads at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Counts them, from 1.
    pub seq: u64,
    /// The device.
    pub device: DeviceId,
    /// When, in seconds since 1970: tokens issued at or before are void.
    pub at_s: u64,
}

/// `POST /v1/interlock/progress`: content to messenger; not stored, may be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressBatch {
    /// One row per upload.
    pub progress: Vec<Progress>,
}
