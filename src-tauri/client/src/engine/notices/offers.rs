//! Which offers are new: each is told once, and one that broke off once more.

use crate::view::{OfferAsks, OfferView};
use pod_machine::notice::Place;
use pod_shared::{AccountId, OfferId};
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// The offers that are no news, as far as they still wait.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeSet<(OfferId, bool)>);

impl Known {
    /// What waits already at the start is on screen.
    pub(super) fn begin(&mut self, offers: &[OfferView]) {
        self.0 = offers.iter().map(key).collect();
    }

    /// Takes the list as it is now. Gives what is new in it, and from whom.
    pub(super) fn fresh(&mut self, offers: &[OfferView]) -> Vec<(AccountId, Place)> {
        let before = std::mem::replace(&mut self.0, offers.iter().map(key).collect());
        let new = offers.iter().filter(|offer| !before.contains(&key(offer)));
        new.map(|offer| (offer.from.account, place(offer))).collect()
    }
}

/// Where it stands on the board.
pub(super) fn place(offer: &OfferView) -> Place {
    Place::Offer { offer: offer.offer, batch: offer.batch }
}

/// It is an offer that waits no more.
pub(super) fn is_over(held: Place, offers: &[OfferView]) -> bool {
    match held {
        Place::Offer { .. } => offers.iter().all(|offer| place(offer) != held),
        Place::Room { .. } | Place::Person(_) => false,
    }
}

/// It was accepted once and broke off.
pub(super) fn is_rest(offer: &OfferView) -> bool {
    match offer.step {
        OfferAsks::Interrupted => true,
        OfferAsks::Asked | OfferAsks::Forwarded => false,
    }
}

fn key(offer: &OfferView) -> (OfferId, bool) {
    (offer.offer, is_rest(offer))
}
