//! The messenger's rules for one offer.

use crate::offer::{Heard, Offered, Say};
use pod_shared::offer::{OfferEnd, OfferStep};
use pod_shared::{DeviceId, ErrorCode};

/// The offer as the messenger has it, and its rules.
#[derive(Clone, Debug)]
pub(super) struct Messenger {
    pub(super) round: u32,
    pub(super) step: OfferStep,
    pub(super) device: Option<DeviceId>,
    pub(super) body: Option<Offered>,
}

impl Messenger {
    pub(super) fn new() -> Self {
        Self { round: 0, step: OfferStep::Asked, device: None, body: None }
    }

    pub(super) fn is_over_or_unknown(&self) -> bool {
        self.round == 0 || self.step.is_over()
    }

    pub(super) fn take(
        &mut self,
        say: Say,
        from: Option<DeviceId>,
        body: Option<&Offered>,
    ) -> Result<(), ErrorCode> {
        if let Say::Ask { round } = say
            && self.round == 0
        {
            assert_eq!(round, 1);
            (self.round, self.body) = (1, body.cloned());
            return Ok(());
        }
        if self.round == 0 {
            return Err(ErrorCode::NotFound);
        }
        if self.step.is_over() {
            let same = matches!(say, Say::End { how } if end_of(how) == self.step);
            return if same { Ok(()) } else { Err(ErrorCode::Gone) };
        }
        let forwarded = matches!(self.step, OfferStep::Forwarded { .. });
        match say {
            Say::Ask { round } if round == self.round => {
                assert_eq!(self.body.as_ref(), body, "the same round with another body");
            }
            Say::Ask { round } if round == self.round + 1 && !forwarded => {
                (self.round, self.step, self.body) = (round, OfferStep::Asked, body.cloned());
            }
            Say::Accept { round } if round == self.round => {
                let mine = self.device.is_none() || self.device == from;
                let free = self.step != OfferStep::Paused || mine;
                if matches!(self.step, OfferStep::Asked | OfferStep::Interrupted | OfferStep::Paused) && free
                {
                    (self.step, self.device) = (OfferStep::Accepted, from)
                } else if self.device.is_none() || self.device == from {
                    self.device = from
                } else {
                    return Err(ErrorCode::Conflict);
                }
            }
            Say::Pause { round } if round == self.round && self.may_pause(from) => {
                (self.step, self.device) = (OfferStep::Paused, from);
            }
            Say::Interrupted { round }
                if round == self.round
                    && matches!(self.step, OfferStep::Accepted | OfferStep::Interrupted) =>
            {
                self.step = OfferStep::Interrupted;
            }
            // What came before the rest is lost: nobody holds anything any more.
            Say::Interrupted { round }
                if round == self.round && forwarded && from.is_some() && from == self.device =>
            {
                (self.step, self.device) = (OfferStep::Interrupted, None);
            }
            Say::Forward { from } if (from == 0 || self.device.is_some()) && !forwarded => {
                self.step = OfferStep::Forwarding { from };
            }
            Say::End { how } => {
                assert!(how != OfferEnd::Done || self.device == from, "done is said by who has it");
                self.step = end_of(how);
            }
            Say::Ask { .. }
            | Say::Accept { .. }
            | Say::Interrupted { .. }
            | Say::Pause { .. }
            | Say::Forward { .. } => {
                return Err(ErrorCode::Conflict);
            }
        }
        Ok(())
    }

    fn may_pause(&self, from: Option<DeviceId>) -> bool {
        let open = matches!(
            self.step,
            OfferStep::Asked | OfferStep::Accepted | OfferStep::Interrupted | OfferStep::Paused
        );
        open && (self.device.is_none() || self.device == from)
    }

    pub(super) fn heard(&self) -> Heard {
        Heard { round: self.round, step: self.step, device: self.device, offered: self.body.clone() }
    }
}

fn end_of(how: OfferEnd) -> OfferStep {
    match how {
        OfferEnd::Done => OfferStep::Done,
        OfferEnd::Cancelled => OfferStep::Cancelled,
        OfferEnd::Failed(code) => OfferStep::Failed { code },
    }
}
