//! What is asked about offers to people, and about the queue as a whole.
//!
//! In JSON these are commands like all others: the outer enum adds nothing around them.

use crate::view::TransferOptions;
use pod_shared::{AccountId, OfferId, TransferId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum TransferCommand {
    /// Offer files to a person; folders are offered file by file. Works offline: they are asked when both are there.
    Offer {
        /// Whom.
        to: AccountId,
        /// Which files.
        paths: Vec<PathBuf>,
    },
    /// What people offer to this person and what waits for an answer.
    Offers,
    /// Take what is offered, or let what was cut off go on.
    OfferAccept {
        /// Which.
        offers: Vec<OfferId>,
        /// What the same people offer from now on is taken without a question.
        always: bool,
        /// An existing folder; nothing: the usual one.
        folder: Option<PathBuf>,
    },
    /// Do not take what is offered.
    OfferDecline {
        /// Which.
        offers: Vec<OfferId>,
    },
    /// The people whose offers are taken without a question.
    AlwaysAccepted,
    /// Whether what a person offers is taken without a question.
    AlwaysAccept {
        /// Who.
        account: AccountId,
        /// It is.
        on: bool,
    },
    /// How some transfers stand, however long ago they ended; unknown ones are left out.
    TransfersLook {
        /// Which, at most `TRANSFERS_LOOK_MAX`.
        ids: Vec<TransferId>,
    },
    /// Stop the whole queue, or let it go on; what a person paused by itself stays so.
    TransfersPause {
        /// Stop it.
        paused: bool,
    },
    /// Give a transfer another place in the order.
    TransferOrder {
        /// Which.
        id: TransferId,
        /// Before this one; nothing: last.
        before: Option<TransferId>,
    },
    /// How one transfer behaves after a disconnection.
    TransferOptions {
        /// Which.
        id: TransferId,
        /// How.
        options: TransferOptions,
    },
    /// Send the rest of an offer through the server now.
    TransferForward {
        /// Which.
        id: TransferId,
    },
}
