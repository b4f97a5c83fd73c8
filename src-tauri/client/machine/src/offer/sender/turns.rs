//! How the sender's side answers the messenger, the person, and a new process.

use super::step::By;
use super::{Up, UpPhase};
use crate::offer::{DIRECT_WAIT_MS, Effect, Happened, Heard, Say, TransferOptions, ended};
use crate::transfer::Wait;
use pod_shared::ErrorCode;
use pod_shared::offer::OfferStep;

impl Up {
    /// The messenger took it. The wait for an answer begins now, not before.
    pub(super) fn said(&mut self, now_ms: u64, say: Say, out: &mut Vec<Effect>) {
        self.say = None;
        match (say, self.phase) {
            (Say::Ask { .. }, UpPhase::Asked { .. }) => {
                self.enter(UpPhase::Asked { until_ms: Some(now_ms + self.wait_ms) }, out);
            }
            (Say::Interrupted { .. }, UpPhase::Asking { .. }) => {
                self.enter(UpPhase::Asking { until_ms: self.by_itself_at(now_ms) }, out);
            }
            (
                Say::Ask { .. }
                | Say::Interrupted { .. }
                | Say::Accept { .. }
                | Say::Pause { .. }
                | Say::Forward { .. }
                | Say::End { .. },
                _,
            ) => out.push(Effect::Save),
        }
    }

    /// The messenger will never take it. A newer truth is on its way, or somebody must change something.
    pub(super) fn refused(&mut self, say: Say, code: ErrorCode, out: &mut Vec<Effect>) {
        self.unask();
        out.push(Effect::Save);
        match (say, code) {
            (Say::End { .. }, _) | (_, ErrorCode::Gone | ErrorCode::Conflict) => {}
            (
                Say::Ask { .. }
                | Say::Forward { .. }
                | Say::Interrupted { .. }
                | Say::Accept { .. }
                | Say::Pause { .. },
                code,
            ) => {
                self.stop(UpPhase::Waiting(Wait::for_person(code)), out);
            }
        }
    }

    pub(super) fn heard(&mut self, now_ms: u64, heard: &Heard, out: &mut Vec<Effect>) {
        if let Some(end) = ended(heard.step) {
            return self.over(end, out);
        }
        if heard.round < self.known() {
            return;
        }
        if heard.round > self.round {
            self.round = heard.round;
            out.push(Effect::Save);
        }
        match heard.step {
            OfferStep::Accepted => self.accepted(now_ms, heard, out),
            OfferStep::Paused => self.held(heard, out),
            OfferStep::Interrupted if matches!(self.phase, UpPhase::Serving { .. }) => {
                self.stop(self.phase, out);
                out.push(Effect::Tell(Happened::Cut, Some(self.acked)));
                self.broke(out);
            }
            OfferStep::Interrupted
                if heard.device.is_none() && self.device.is_some() && self.from.is_some() =>
            {
                self.head_lost(out);
            }
            // The request was one that was taken back once, and to the messenger no new one.
            OfferStep::Forwarding { .. }
                if matches!(self.phase, UpPhase::Asked { .. }) && self.say.is_none() =>
            {
                self.ask(By::Itself, out);
            }
            // The receiver is there and says yes, while the rest goes to the server.
            OfferStep::Forwarding { .. } if self.device.is_none() && heard.device.is_some() => {
                (self.device, self.acked) = (heard.device, 0);
                out.push(Effect::Save);
                if self.may_go_back() {
                    self.go_back(By::Itself, out);
                }
            }
            OfferStep::Forwarded { .. } if self.from.is_some() && self.phase != UpPhase::Stored => {
                self.unask();
                out.push(Effect::Save);
                out.push(Effect::Stop);
                self.kept(out);
            }
            OfferStep::Asked
            | OfferStep::Interrupted
            | OfferStep::Forwarding { .. }
            | OfferStep::Forwarded { .. } => {}
            OfferStep::Done
            | OfferStep::Declined
            | OfferStep::Cancelled
            | OfferStep::Failed { .. }
            | OfferStep::Expired => {}
        }
    }

    /// The receiver stopped it for a while, and that is an answer: nothing is asked and nothing forwarded until they go
    /// on, or this person says so.
    fn held(&mut self, heard: &Heard, out: &mut Vec<Effect>) {
        let waits = match self.phase {
            UpPhase::Asked { .. } | UpPhase::Serving { .. } | UpPhase::Asking { .. } => true,
            UpPhase::Waiting(_)
            | UpPhase::Reading
            | UpPhase::Sending
            | UpPhase::Held
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => false,
        };
        if !waits || self.offered.is_none() {
            return;
        }
        self.is_with(heard);
        self.unask();
        self.round = self.round.max(heard.round);
        self.stop(UpPhase::Held, out);
        out.push(Effect::Tell(Happened::Held, Some(self.acked)));
    }

    /// Another device than the one that holds the head gets the whole.
    fn is_with(&mut self, heard: &Heard) {
        if self.device != heard.device {
            (self.device, self.acked) = (heard.device, 0);
            self.drop_rest();
        }
    }

    /// What came before the rest is not there any more, and the rest alone is of no use: all of it is sent again.
    fn head_lost(&mut self, out: &mut Vec<Effect>) {
        (self.device, self.acked) = (None, 0);
        self.unask();
        self.drop_rest();
        out.push(Effect::Save);
        out.push(Effect::Stop);
        out.push(Effect::Tell(Happened::Lost, None));
        match self.phase {
            UpPhase::Stored
            | UpPhase::Sending
            | UpPhase::Waiting(Wait::Turn | Wait::Network { .. } | Wait::Space { .. }) => {
                self.broke(out);
            }
            UpPhase::Waiting(Wait::Room { .. } | Wait::Person { .. })
            | UpPhase::Reading
            | UpPhase::Asked { .. }
            | UpPhase::Serving { .. }
            | UpPhase::Asking { .. }
            | UpPhase::Held
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => {}
        }
    }

    /// Yes.
    fn accepted(&mut self, now_ms: u64, heard: &Heard, out: &mut Vec<Effect>) {
        let expects = match self.phase {
            UpPhase::Asked { .. } | UpPhase::Asking { .. } | UpPhase::Held => true,
            // The answer came before the messenger heard that the rest goes through the server.
            UpPhase::Waiting(_) | UpPhase::Sending => matches!(self.say, Some(Say::Forward { .. })),
            UpPhase::Serving { .. } => self.device != heard.device,
            UpPhase::Reading
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => false,
        };
        let unsaid = matches!(self.say, Some(Say::Ask { .. }));
        if !expects || self.offered.is_none() || unsaid {
            return;
        }
        let was_held = self.phase == UpPhase::Held;
        self.is_with(heard);
        self.say = None;
        self.stop(UpPhase::Serving { until_ms: Some(now_ms + DIRECT_WAIT_MS) }, out);
        out.extend((!was_held).then_some(Effect::Tell(Happened::Accepted, Some(self.acked))));
    }

    fn over(&mut self, end: Result<Happened, ErrorCode>, out: &mut Vec<Effect>) {
        self.say = None;
        let phase = match end {
            Ok(Happened::Done) => {
                self.acked = self.total;
                UpPhase::Done
            }
            Ok(_) | Err(ErrorCode::Cancelled) => UpPhase::Cancelled,
            Err(code) => UpPhase::Failed { code },
        };
        self.stop(phase, out);
        match end {
            Ok(happened) => out.push(Effect::Tell(happened, None)),
            Err(ErrorCode::Cancelled) => {}
            Err(_) => out.push(Effect::Tell(Happened::Failed, None)),
        }
    }

    /// Nobody is connected any more: what was under way is a cut, what was to be told is told again.
    pub(super) fn woke(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        self.tries = 0;
        match self.phase {
            UpPhase::Reading
            | UpPhase::Sending
            | UpPhase::Waiting(Wait::Network { .. } | Wait::Room { .. } | Wait::Space { .. }) => {
                self.enter(UpPhase::Waiting(Wait::Turn), out);
            }
            UpPhase::Serving { .. } => {
                out.push(Effect::Save);
                out.push(Effect::Tell(Happened::Cut, Some(self.acked)));
                self.broke(out);
            }
            UpPhase::Asked { .. } => {
                // Told again, so that the wait for an answer begins anew.
                self.say = Some(Say::Ask { round: self.round });
                self.enter(UpPhase::Asked { until_ms: None }, out);
            }
            UpPhase::Asking { .. } => {
                let until_ms = self.by_itself_at(now_ms).filter(|_| self.say.is_none());
                self.enter(UpPhase::Asking { until_ms }, out);
            }
            UpPhase::Waiting(Wait::Turn | Wait::Person { .. })
            | UpPhase::Held
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => {}
        }
        self.speak(out);
    }

    pub(super) fn retry(&mut self, out: &mut Vec<Effect>) {
        match self.phase {
            UpPhase::Asking { .. } => self.ask(By::Person, out),
            // The straight way again, with all that either side has.
            UpPhase::Sending | UpPhase::Waiting(Wait::Turn) if self.from.is_some() => {
                self.go_back(By::Person, out)
            }
            UpPhase::Waiting(
                Wait::Person { .. } | Wait::Network { .. } | Wait::Room { .. } | Wait::Space { .. },
            ) => self.go_on(out),
            UpPhase::Waiting(Wait::Turn)
            | UpPhase::Sending
            | UpPhase::Reading
            | UpPhase::Asked { .. }
            | UpPhase::Serving { .. }
            | UpPhase::Held
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => {}
        }
    }

    /// Where it was before the person stopped it, or had to change something.
    pub(super) fn go_on(&mut self, out: &mut Vec<Effect>) {
        self.tries = 0;
        if self.offered.is_none() {
            return self.enter(UpPhase::Waiting(Wait::Turn), out);
        }
        let Some(from) = self.from else { return self.ask(By::Person, out) };
        self.say = Some(Say::Forward { from });
        self.enter(UpPhase::Waiting(Wait::Turn), out);
        self.speak(out);
    }

    pub(super) fn set_options(&mut self, now_ms: u64, options: TransferOptions, out: &mut Vec<Effect>) {
        self.options = options;
        out.push(Effect::Save);
        match self.phase {
            UpPhase::Asking { .. } if options.retransfer => self.ask(By::Itself, out),
            UpPhase::Asking { .. } if self.say.is_none() => {
                self.enter(UpPhase::Asking { until_ms: self.by_itself_at(now_ms) }, out);
            }
            UpPhase::Asked { .. } if self.say.is_none() && options.forward => {
                self.enter(UpPhase::Asked { until_ms: Some(now_ms + self.wait_ms) }, out);
            }
            UpPhase::Waiting(_)
            | UpPhase::Reading
            | UpPhase::Sending
            | UpPhase::Asked { .. }
            | UpPhase::Serving { .. }
            | UpPhase::Asking { .. }
            | UpPhase::Held
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => {}
        }
    }

    /// When the rest goes through the server although nobody said *Retry*.
    fn by_itself_at(&self, now_ms: u64) -> Option<u64> {
        self.options.forward.then_some(now_ms + self.wait_ms)
    }
}
