//! What people offer to this person, and how a transfer behaves after a disconnection.

use super::Name;
use pod_shared::content::PreviewKind;
use pod_shared::{OfferId, TimeMs};
use serde::{Deserialize, Serialize};

/// One file that is offered and waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct OfferView {
    /// The offer.
    pub offer: OfferId,
    /// The same for all files that were offered in one go.
    pub batch: OfferId,
    /// Who offers.
    pub from: Name,
    /// Name of the file.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What a look into it would show, by its name.
    pub kind_of: Option<PreviewKind>,
    /// When it was offered.
    pub at: TimeMs,
    /// What is to be answered.
    pub step: OfferAsks,
    /// The folder that it would go into, as a person reads it.
    pub folder: String,
    /// Whether the other computer can be reached without the server; nothing: not known yet.
    pub direct: Option<bool>,
}

/// What an offer wants of this person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum OfferAsks {
    /// A first answer.
    Asked,
    /// To go on: the connection broke.
    Interrupted,
    /// A first answer; the file waits at the server.
    Forwarded,
}

/// What happens by itself after a disconnection (seed 004).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TransferOptions {
    /// Sender: ask again.
    pub retransfer: bool,
    /// Receiver: say yes to the renewed request.
    pub receive: bool,
    /// Sender: send the rest through the server when no answer comes.
    pub forward: bool,
}

/// One thing that happened to a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct StoryLine {
    /// When.
    pub at: TimeMs,
    /// What.
    pub what: StoryWhat,
    /// At which byte, where that says something.
    #[ts(type = "number | null")]
    pub byte: Option<u64>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum StoryWhat {
    /// The other person was asked, or asked.
    Asked,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// The bytes go from computer to computer.
    Direct,
    /// The bytes go through the server.
    Server,
    /// The connection broke.
    Cut,
    /// It goes on.
    Resumed,
    /// The rest goes to the server.
    Forwarding,
    /// The server has the rest.
    Forwarded,
    /// No answer came.
    ReceiverAway,
    /// The sender is not there.
    SenderAway,
    /// The file is another one now; it begins anew.
    Changed,
    /// Finished.
    Done,
    /// Given up.
    Failed,
}
