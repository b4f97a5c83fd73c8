//! Offers: one file from person to person. Who may take which step is judged in [`rules`]; here requests are taken, kept
//! within their rate, and devices are told where the other one is.
//!
//! Refuses to look into a body, to carry a byte of a file, and to say where a device is before its person agreed.

use super::{Inner, now};
use crate::access::Caller;
use crate::error::Refusal;
use crate::store::sqlite::messenger::{OfferPeer, Parties};
use pod_shared::limits::OFFER_BODY_BYTES_MAX;
use pod_shared::offer::{OfferRequest, OfferStep};
use pod_shared::socket::Answer;
use pod_shared::{ErrorCode, OfferId};
use rules::{Asked, By};
use tokio::time::Instant;

mod endpoints;
pub(super) mod rules;
#[cfg(test)]
mod tests;

pub(super) use endpoints::Endpoints;

impl Inner {
    pub(super) async fn offer(&self, caller: Caller, ask: OfferRequest) -> Result<Answer, Refusal> {
        let by = By { account: caller.account, device: caller.device, at: now() };
        match ask {
            OfferRequest::Ask { offer, to, body, round } => {
                self.rates.offers.count(by.account, Instant::now())?;
                if body.0.len() > OFFER_BODY_BYTES_MAX {
                    return Err(Refusal::new(ErrorCode::TooLarge, "the body of the offer is too large"));
                }
                let asked = Asked { offer, to, body, round };
                let parties = Parties { from: by.account, to };
                self.store
                    .ask_offer(offer, parties, by.at, move |facts| rules::ask(by, asked, facts))
                    .await?;
            }
            OfferRequest::Accept { offer, round } => {
                self.store.change_offer(offer, by.at, move |held| rules::accept(by, held, round)).await?;
            }
            OfferRequest::Decline { offer } => {
                self.store.change_offer(offer, by.at, move |held| rules::decline(by, held)).await?;
            }
            OfferRequest::Interrupted { offer, round } => {
                self.store
                    .change_offer(offer, by.at, move |held| rules::interrupted(by, held, round))
                    .await?;
            }
            OfferRequest::Pause { offer, round } => {
                self.store.change_offer(offer, by.at, move |held| rules::pause(by, held, round)).await?;
            }
            OfferRequest::Forward { offer, from } => {
                let judge = move |held, related: bool| match rules::forward(by, held, from)? {
                    Some(_) if !related => Err(rules::no_such_person()),
                    state => Ok(state),
                };
                self.store.forward_offer(offer, by.at, judge).await?;
            }
            OfferRequest::End { offer, how } => {
                self.store.change_offer(offer, by.at, move |held| rules::end(by, held, how)).await?;
            }
            OfferRequest::Peer { offer } => return self.peer(by, offer).await,
        }
        Ok(Answer::Done {})
    }

    /// The other side of an offer: its device once there is one, whether it is there, and, while both agree to meet,
    /// where.
    async fn peer(&self, by: By, offer: OfferId) -> Result<Answer, Refusal> {
        let OfferPeer { held, there } = self.store.offer_peer(offer, by.account).await?;
        if held.step.is_over() {
            return Err(rules::gone());
        }
        let device = if held.from == by.account { held.to_device } else { Some(held.from_device) };
        let here = device.and_then(|device| self.endpoints.of(device));
        Ok(match (held.step, device) {
            (OfferStep::Accepted, Some(_)) => {
                Answer::Peer { device, online: here.is_some(), endpoint: here.flatten() }
            }
            // Not agreed on now: no more than their presence says anyway.
            (_, Some(_)) => Answer::Peer { device, online: there && here.is_some(), endpoint: None },
            (_, None) => Answer::Peer { device, online: there, endpoint: None },
        })
    }

    /// Ends what nobody acted on in time, and forgets what ended long ago.
    pub(super) async fn tidy_offers(&self) {
        if let Err(error) = self.store.tidy_offers(now()).await {
            tracing::warn!(%error, "offers that ran out could not be looked for");
        }
    }
}
