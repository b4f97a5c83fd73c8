//! What people offer to this person, and how a transfer behaves after a disconnection.

use super::Name;
use pod_machine::transfer::Happened;
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

/// One thing that happened to a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct StoryLine {
    /// When.
    pub at: TimeMs,
    /// What.
    pub what: Happened,
    /// At which byte, where that says something.
    #[ts(type = "number | null")]
    pub byte: Option<u64>,
    /// Nobody asked for it at this moment: an option or a rule did.
    #[serde(default)]
    pub auto: bool,
}
