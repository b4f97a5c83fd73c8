//! What the content service says of offered files that go through it. It knows who sent which offer and nothing of the
//! messenger's offers: what does not fit the offer as it is held changes nothing, and its bytes are let go.

use super::{Parties, held, tell_over, write};
use crate::error::Refusal;
use crate::store::sqlite::messenger::Applied;
use crate::store::sqlite::messenger::work::Work;
use pod_shared::offer::{OfferState, OfferStep};
use pod_shared::{AccountId, OfferId, TimeMs};

/// The content service has the file from this byte on, and keeps it until then.
pub(in crate::store::sqlite::messenger) fn forwarded(
    work: &Work<'_>,
    offer: OfferId,
    parties: Parties,
    (from, until): (u64, TimeMs),
    now: TimeMs,
) -> Result<Applied, Refusal> {
    let fits = |held: &OfferState| {
        (held.from, held.to) == (parties.from, parties.to)
            && !held.step.is_over()
            && (from == 0 || held.to_device.is_some())
    };
    match held(work.connection, offer)?.filter(fits) {
        Some(held) => {
            let step = OfferStep::Forwarded { from };
            if held.step != step {
                write(work, OfferState { step, until: Some(until), ..held }, now)?;
            }
        }
        None => tell_over(work, offer)?,
    }
    Ok(Applied::Applied)
}

/// What the content service had of it was not fetched in time. An offer that went back to the direct way goes on.
pub(in crate::store::sqlite::messenger) fn expired(
    work: &Work<'_>,
    offer: OfferId,
    by: AccountId,
    now: TimeMs,
) -> Result<Applied, Refusal> {
    let waited = |held: &OfferState| {
        held.from == by && matches!(held.step, OfferStep::Forwarding { .. } | OfferStep::Forwarded { .. })
    };
    if let Some(held) = held(work.connection, offer)?.filter(waited) {
        write(work, OfferState { step: OfferStep::Expired, until: None, ..held }, now)?;
    }
    Ok(Applied::Applied)
}
