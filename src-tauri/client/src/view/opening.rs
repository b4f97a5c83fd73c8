//! What a first screen shows.

use super::{OfferView, RoomSummary, StatusView, TransferView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All of it, from the databases of this computer. Where nobody is signed in the lists are empty.
#[derive(Clone, Debug, Serialize, Deserialize, ts_rs::TS)]
pub struct OpeningView {
    /// Who is signed in, and how the connection is.
    pub status: StatusView,
    /// The settings that are set.
    pub settings: BTreeMap<String, String>,
    /// The rooms, newest activity first.
    pub rooms: Vec<RoomSummary>,
    /// The transfer queue.
    pub transfers: Vec<TransferView>,
    /// What people offer to this person.
    pub offers: Vec<OfferView>,
}
