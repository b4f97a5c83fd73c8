//! Which step of an offer follows which, and whose word it takes. Each function gets the offer as it is held and answers
//! how it stands then; nothing: it stands as it did, since this was said before.
//!
//! Pure: no clock, no store. Whoever is no party of an offer hears what they would hear if there were none.

use crate::error::Refusal;
use crate::store::sqlite::messenger::AskFacts;
use pod_shared::bytes::ByteString;
use pod_shared::limits::{FILE_BYTES_MAX, OFFER_DAYS, OFFER_PIECE_BYTES, OFFERS_OPEN_PER_PAIR_MAX};
use pod_shared::offer::{OfferEnd, OfferState, OfferStep};
use pod_shared::{AccountId, DeviceId, ErrorCode, OfferId, TimeMs, Txn};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// Who says something, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::messenger) struct By {
    pub(in crate::messenger) account: AccountId,
    pub(in crate::messenger) device: DeviceId,
    pub(in crate::messenger) at: TimeMs,
}

/// A request as the sender makes it.
#[derive(Clone, Debug)]
pub(in crate::messenger) struct Asked {
    pub(in crate::messenger) offer: OfferId,
    pub(in crate::messenger) to: AccountId,
    pub(in crate::messenger) body: ByteString,
    pub(in crate::messenger) round: u32,
}

/// How the offer stands after it was said; nothing: as before.
pub(in crate::messenger) type Verdict = Result<Option<OfferState>, Refusal>;

#[derive(PartialEq, Eq)]
enum Side {
    Sender,
    Receiver,
}

/// What anybody hears of an offer that is not there, or not theirs.
pub(in crate::messenger) fn no_such_offer() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "no such offer")
}

/// What the two people hear of an offer that is over.
pub(in crate::messenger) fn gone() -> Refusal {
    Refusal::new(ErrorCode::Gone, "the offer is over")
}

/// What is said of somebody who is neither a contact nor in a room with them.
pub(in crate::messenger) fn no_such_person() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "no such person")
}

fn conflict(why: &str) -> Refusal {
    Refusal::new(ErrorCode::Conflict, why)
}

fn wrong_side(why: &str) -> Refusal {
    Refusal::new(ErrorCode::RoleTooLow, why)
}

/// When an offer of which nothing more is heard is over.
fn lasts(at: TimeMs) -> Option<TimeMs> {
    let days = i64::try_from(OFFER_DAYS).unwrap_or(i64::MAX / DAY_MS);
    Some(TimeMs(at.0.saturating_add(days * DAY_MS)))
}

fn side(by: By, held: &OfferState) -> Result<Side, Refusal> {
    match by.account {
        account if account == held.from => Ok(Side::Sender),
        account if account == held.to => Ok(Side::Receiver),
        _ => Err(no_such_offer()),
    }
}

/// The side of who speaks of an offer that is not over.
fn live_side(by: By, held: &OfferState) -> Result<Side, Refusal> {
    let side = side(by, held)?;
    if held.step.is_over() { Err(gone()) } else { Ok(side) }
}

fn is_forwarded(step: OfferStep) -> bool {
    matches!(step, OfferStep::Forwarded { .. })
}

/// The sender offers, or asks again.
pub(in crate::messenger) fn ask(by: By, asked: Asked, facts: AskFacts) -> Verdict {
    let Asked { offer, to, body, round } = asked;
    if to == by.account {
        return Err(Refusal::new(ErrorCode::BadRequest, "an offer is for somebody else"));
    }
    let Some(held) = facts.held else {
        if !facts.related {
            return Err(no_such_person());
        }
        if round != 1 {
            return Err(no_such_offer());
        }
        if facts.open >= OFFERS_OPEN_PER_PAIR_MAX as u64 {
            return Err(Refusal::new(ErrorCode::TooMany, "so many offers to one person wait already"));
        }
        return Ok(Some(OfferState {
            offer,
            from: by.account,
            from_device: by.device,
            to,
            to_device: None,
            body,
            round,
            step: OfferStep::Asked,
            at: by.at,
            until: lasts(by.at),
            txn: Txn(0),
        }));
    };
    if (held.from, held.to) != (by.account, to) {
        return Err(Refusal::new(ErrorCode::IdReused, "the id is that of another offer"));
    }
    if held.step.is_over() {
        return Err(gone());
    }
    if round == held.round {
        return match held.body == body {
            true => Ok(None),
            false => Err(Refusal::new(ErrorCode::IdReused, "the round was asked with another body")),
        };
    }
    if !facts.related {
        return Err(no_such_person());
    }
    if held.round.checked_add(1) != Some(round) {
        return Err(conflict("the offer is at another round"));
    }
    if is_forwarded(held.step) {
        return Err(conflict("the server has the file already"));
    }
    Ok(Some(OfferState {
        from_device: by.device,
        body,
        round,
        step: OfferStep::Asked,
        until: lasts(by.at),
        ..held
    }))
}

/// A device of the receiver takes it.
pub(in crate::messenger) fn accept(by: By, held: OfferState, round: u32) -> Verdict {
    if live_side(by, &held)? == Side::Sender {
        return Err(wrong_side("the receiver accepts"));
    }
    if round != held.round {
        return Err(conflict("the offer is at another round"));
    }
    let (mine, free) = (held.to_device == Some(by.device), held.to_device.is_none());
    let to_device = Some(by.device);
    let taken = || Err(conflict("another device took it"));
    match held.step {
        OfferStep::Interrupted | OfferStep::Paused if !mine && !free => taken(),
        OfferStep::Asked | OfferStep::Interrupted | OfferStep::Paused => {
            Ok(Some(OfferState { to_device, step: OfferStep::Accepted, until: lasts(by.at), ..held }))
        }
        OfferStep::Accepted | OfferStep::Forwarding { .. } | OfferStep::Forwarded { .. } if mine => Ok(None),
        OfferStep::Forwarding { .. } | OfferStep::Forwarded { .. } if free => {
            Ok(Some(OfferState { to_device, ..held }))
        }
        OfferStep::Accepted | OfferStep::Forwarding { .. } | OfferStep::Forwarded { .. } => taken(),
        OfferStep::Done
        | OfferStep::Declined
        | OfferStep::Cancelled
        | OfferStep::Failed { .. }
        | OfferStep::Expired => Err(gone()),
    }
}

/// The receiver does not want it.
pub(in crate::messenger) fn decline(by: By, held: OfferState) -> Verdict {
    if side(by, &held)? == Side::Sender {
        return Err(wrong_side("the receiver declines"));
    }
    over(held, OfferStep::Declined)
}

/// The way broke, and one side waits for a person.
pub(in crate::messenger) fn interrupted(by: By, held: OfferState, round: u32) -> Verdict {
    live_side(by, &held)?;
    if round != held.round {
        return Err(conflict("the offer is at another round"));
    }
    if held.step == OfferStep::Interrupted {
        return Ok(None);
    }
    // What came before the rest is not on the device any more: nobody holds anything, and all of it is asked for anew.
    if is_forwarded(held.step) && held.to_device == Some(by.device) {
        let until = lasts(by.at);
        return Ok(Some(OfferState { step: OfferStep::Interrupted, to_device: None, until, ..held }));
    }
    if !matches!(held.step, OfferStep::Accepted | OfferStep::Forwarding { .. }) {
        return Err(conflict("nothing moves that could break"));
    }
    Ok(Some(OfferState { step: OfferStep::Interrupted, until: lasts(by.at), ..held }))
}

/// The receiver's device stops it for a while: until it accepts, nothing of it is awaited.
pub(in crate::messenger) fn pause(by: By, held: OfferState, round: u32) -> Verdict {
    if live_side(by, &held)? == Side::Sender {
        return Err(wrong_side("the receiver pauses"));
    }
    if round != held.round {
        return Err(conflict("the offer is at another round"));
    }
    if held.to_device.is_some_and(|device| device != by.device) {
        return Err(conflict("another device took it"));
    }
    match held.step {
        OfferStep::Paused => Ok(None),
        OfferStep::Asked | OfferStep::Accepted | OfferStep::Interrupted => {
            let (to_device, until) = (Some(by.device), lasts(by.at));
            Ok(Some(OfferState { to_device, step: OfferStep::Paused, until, ..held }))
        }
        OfferStep::Forwarding { .. } | OfferStep::Forwarded { .. } => {
            Err(conflict("the rest goes through the server"))
        }
        OfferStep::Done
        | OfferStep::Declined
        | OfferStep::Cancelled
        | OfferStep::Failed { .. }
        | OfferStep::Expired => Err(gone()),
    }
}

/// The sender has the rest go through the server.
pub(in crate::messenger) fn forward(by: By, held: OfferState, from: u64) -> Verdict {
    if live_side(by, &held)? == Side::Receiver {
        return Err(wrong_side("the sender forwards"));
    }
    if !from.is_multiple_of(OFFER_PIECE_BYTES) || from > FILE_BYTES_MAX {
        return Err(Refusal::new(ErrorCode::BadRequest, "the rest begins at a piece"));
    }
    let step = OfferStep::Forwarding { from };
    if held.step == step || held.step == (OfferStep::Forwarded { from }) {
        return Ok(None);
    }
    if is_forwarded(held.step) {
        return Err(conflict("the server has the file already"));
    }
    if from > 0 && held.to_device.is_none() {
        return Err(conflict("no device has the beginning"));
    }
    Ok(Some(OfferState { step, until: lasts(by.at), ..held }))
}

/// One side says that it is over.
pub(in crate::messenger) fn end(by: By, held: OfferState, how: OfferEnd) -> Verdict {
    let side = side(by, &held)?;
    match how {
        OfferEnd::Done if side == Side::Sender => Err(wrong_side("the receiver has it or not")),
        OfferEnd::Done if !held.step.is_over() && held.to_device != Some(by.device) => {
            Err(conflict("another device takes it, or none"))
        }
        OfferEnd::Done => over(held, OfferStep::Done),
        OfferEnd::Cancelled => over(held, OfferStep::Cancelled),
        OfferEnd::Failed(code) => over(held, OfferStep::Failed { code }),
    }
}

/// It ends so; when it had ended so before, nothing changes.
fn over(held: OfferState, step: OfferStep) -> Verdict {
    if !held.step.is_over() {
        return Ok(Some(OfferState { step, until: None, ..held }));
    }
    match std::mem::discriminant(&held.step) == std::mem::discriminant(&step) {
        true => Ok(None),
        false => Err(gone()),
    }
}
