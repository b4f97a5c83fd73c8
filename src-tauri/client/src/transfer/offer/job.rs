//! What a run of work on an offer has at hand.

use crate::direct::{Direct, Manifest};
use pod_machine::offer::Offered;
use pod_shared::{AccountId, OfferId, UploadId};
use std::sync::Arc;

/// An offer, and what it needs to move.
pub(in crate::transfer) struct Work {
    pub(in crate::transfer) offer: OfferId,
    pub(in crate::transfer) peer: AccountId,
    pub(in crate::transfer) offered: Option<Offered>,
    pub(in crate::transfer) manifest: Option<Arc<Manifest>>,
    pub(in crate::transfer) upload: Option<UploadId>,
    pub(in crate::transfer) direct: Direct,
    /// Where the sender's device was last met.
    pub(in crate::transfer) met: Option<Vec<u8>>,
}

/// One run of work on it.
pub(in crate::transfer) type Job = crate::transfer::job::Job<Work>;
