//! What the queue knows of offers beside its rows: how they stand at the messenger, what it is being told, who is trusted,
//! and where devices were met.

use super::book::Ledger;
use super::job::Work;
use super::row::{Offer, Side};
use crate::direct::Direct;
use crate::transfer::queue::Queue;
use crate::transfer::step::Step;
use crate::view::OfferView;
use pod_machine::offer::{Down, DownInput, Heard, Offered, Say, UpInput};
use pod_machine::transfer::Content;
use pod_shared::offer::{OfferBody, OfferState, OfferStep};
use pod_shared::{AccountId, OfferId, TransferId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The books of offers.
pub(in crate::transfer) struct Offers {
    by_offer: HashMap<OfferId, TransferId>,
    /// Offers as the messenger has them.
    pub(super) states: BTreeMap<OfferId, OfferState>,
    pub(super) always: BTreeSet<AccountId>,
    /// Offers that are not wanted, until the messenger heard it.
    pub(super) declined: BTreeSet<OfferId>,
    /// Of which it is being told.
    pub(super) declining: BTreeSet<OfferId>,
    /// When what it did not hear is told again.
    pub(super) decline_at: Option<u64>,
    /// What the messenger is being told, and when what it could not take is told again.
    pub(super) speaking: HashMap<TransferId, Say>,
    pub(super) speak_at: HashMap<TransferId, u64>,
    /// Where devices were last met.
    pub(in crate::transfer) endpoints: HashMap<OfferId, Vec<u8>>,
    pub(super) ledger: Ledger,
    pub(in crate::transfer) direct: Direct,
    pub(super) told: Vec<OfferView>,
}

impl Offers {
    /// Of nobody yet.
    pub(in crate::transfer) fn new(ledger: Ledger, direct: Direct) -> Self {
        Self {
            by_offer: HashMap::new(),
            states: BTreeMap::new(),
            always: BTreeSet::new(),
            declined: BTreeSet::new(),
            declining: BTreeSet::new(),
            decline_at: None,
            speaking: HashMap::new(),
            speak_at: HashMap::new(),
            endpoints: HashMap::new(),
            ledger,
            direct,
            told: Vec::new(),
        }
    }

    /// What was known when the last process ended.
    pub(in crate::transfer) fn know(
        &mut self,
        always: Vec<AccountId>,
        declined: Vec<OfferId>,
        states: Vec<OfferState>,
    ) {
        self.always = always.into_iter().collect();
        self.declined = declined.into_iter().collect();
        self.states = states.into_iter().map(|state| (state.offer, state)).collect();
    }

    /// Nobody is signed in.
    pub(in crate::transfer) fn forget(&mut self) {
        for offer in self.by_offer.keys() {
            self.direct.stop(*offer);
        }
        self.ledger.clear();
        *self = Self::new(self.ledger.clone(), self.direct.clone());
    }

    /// A row of the queue is this offer.
    pub(in crate::transfer) fn is_in_queue(&mut self, offer: OfferId, transfer: TransferId) {
        self.by_offer.insert(offer, transfer);
    }

    /// The row that is this offer.
    pub(in crate::transfer) fn transfer(&self, offer: OfferId) -> Option<TransferId> {
        self.by_offer.get(&offer).copied()
    }

    /// What could not be told is told now.
    pub(in crate::transfer) fn network_back(&mut self) {
        self.speak_at.clear();
        self.decline_at = None;
    }

    /// Nobody hears any more.
    pub(in crate::transfer) fn hung_up(&mut self) {
        self.speaking.clear();
        self.declining.clear();
    }

    /// What is due is told again.
    pub(in crate::transfer) fn speak_again(&mut self, now_ms: u64) {
        self.speak_at.retain(|_, at| *at > now_ms);
        self.decline_at = self.decline_at.filter(|at| *at > now_ms);
    }

    /// When something is told again.
    pub(in crate::transfer) fn next_deadline(&self) -> Option<u64> {
        self.speak_at.values().copied().chain(self.decline_at).min()
    }

    /// What a run of work on an offer has at hand.
    pub(in crate::transfer) fn work(&self, offer: &Offer) -> Work {
        let (offered, upload) = match &offer.side {
            Side::Up(up) => (up.offered.clone(), up.upload),
            Side::Down(Down { offered, .. }) => (Some(offered.clone()), None),
        };
        Work {
            offer: offer.id(),
            peer: offer.peer,
            offered,
            manifest: offer.manifest.clone(),
            upload,
            direct: self.direct.clone(),
            met: self.endpoints.get(&offer.id()).cloned(),
        }
    }
}

impl Queue {
    /// Offers changed at the messenger; these it has forgotten.
    pub(in crate::transfer) async fn offers_changed(
        &mut self,
        changed: Vec<OfferState>,
        gone: BTreeSet<OfferId>,
    ) {
        for offer in gone {
            if let Some(mut state) = self.offers.states.remove(&offer) {
                state.step = OfferStep::Expired;
                self.heard(&state).await;
            }
        }
        for state in changed {
            self.offers.states.insert(state.offer, state.clone());
            self.heard(&state).await;
            self.take_always(&state).await;
        }
        self.tell_offers().await;
    }

    /// What the messenger last said of the offer of a row.
    pub(in crate::transfer) async fn hear_again(&mut self, id: TransferId) {
        let offer = self.rows.get(&id).and_then(|row| row.offer()).map(Offer::id);
        if let Some(state) = offer.and_then(|offer| self.offers.states.get(&offer)).cloned() {
            self.heard(&state).await;
        }
    }

    /// The messenger says how an offer of the queue stands.
    async fn heard(&mut self, state: &OfferState) {
        let Some(id) = self.offers.transfer(state.offer) else { return };
        let heard = Heard {
            round: state.round,
            step: state.step,
            device: state.to_device,
            offered: offered(state).map(|(offered, _)| offered),
        };
        let up = self.rows.get(&id).and_then(|row| row.offer()).is_some_and(Offer::is_up);
        let step: Step = if up { UpInput::Heard(heard).into() } else { DownInput::Heard(heard).into() };
        self.step(id, step).await;
    }
}

/// What an offer says of its file; nothing: written by a newer Pod.
pub(super) fn offered(state: &OfferState) -> Option<(Offered, OfferBody)> {
    let body = OfferBody::open(&state.body)?;
    let content = Content { digest: body.sha256.clone(), size: body.size, stamp: None };
    Some((Offered { content, manifest: body.manifest }, body))
}
