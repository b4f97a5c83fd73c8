//! How the receiver's side answers an end, a new process, and the person.

use super::{Down, DownInput, DownPhase, Taken, Yes};
use crate::offer::{Effect, Happened, QUIET_MS, Say, TransferOptions};
use crate::transfer::{Disk, Wait, space_ms};
use pod_shared::ErrorCode;
use pod_shared::offer::{OfferEnd, OfferStep};

impl Down {
    pub(super) fn over(&mut self, end: Result<Happened, ErrorCode>, out: &mut Vec<Effect>) {
        if self.phase == DownPhase::Verifying && end == Ok(Happened::Done) {
            return;
        }
        self.say = None;
        match end {
            Ok(_) | Err(ErrorCode::Cancelled) => self.leave(DownPhase::Cancelled, out),
            Err(code) => {
                self.leave(DownPhase::Failed { code }, out);
                out.push(Effect::Tell(Happened::Failed, None));
            }
        }
    }

    pub(super) fn woke(&mut self, out: &mut Vec<Effect>) {
        self.tries = 0;
        if matches!(
            self.phase,
            DownPhase::Paused | DownPhase::Asking | DownPhase::Waiting(Wait::Person { .. })
        ) {
            return self.speak(out);
        }
        // The person said yes to what was under way; a process that ended is no cut of the connection's kind.
        self.granted |= self.works();
        self.consider(out);
    }

    pub(super) fn accept(&mut self, out: &mut Vec<Effect>) {
        match self.phase {
            DownPhase::Asking => {
                (self.granted, self.yes) = (true, Yes::Person);
                self.say = None;
                self.consider(out);
            }
            DownPhase::Paused => self.step(0, DownInput::Resume, out),
            DownPhase::Away { .. } if !self.granted => {
                (self.granted, self.yes) = (true, Yes::Person);
                self.consider(out);
            }
            DownPhase::Away { .. }
            | DownPhase::Waiting(_)
            | DownPhase::Moving
            | DownPhase::Verifying
            | DownPhase::Accepting
            | DownPhase::Done
            | DownPhase::Failed { .. }
            | DownPhase::Cancelled => {}
        }
    }

    pub(super) fn retry(&mut self, out: &mut Vec<Effect>) {
        match self.phase {
            DownPhase::Waiting(
                Wait::Person { .. } | Wait::Network { .. } | Wait::Room { .. } | Wait::Space { .. },
            )
            | DownPhase::Away { .. } => {
                self.tries = 0;
                self.consider(out);
            }
            DownPhase::Asking => self.accept(out),
            DownPhase::Waiting(Wait::Turn)
            | DownPhase::Moving
            | DownPhase::Verifying
            | DownPhase::Accepting
            | DownPhase::Paused
            | DownPhase::Done
            | DownPhase::Failed { .. }
            | DownPhase::Cancelled => {}
        }
    }

    pub(super) fn tick(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        match &mut self.phase {
            DownPhase::Moving => {
                self.quiet_ms = Some(now_ms + QUIET_MS);
                out.push(Effect::Look);
            }
            DownPhase::Waiting(Wait::Space { disk: Disk::Here, until_ms, .. }) => {
                *until_ms = now_ms + space_ms(0);
                out.push(Effect::Measure);
            }
            DownPhase::Waiting(_)
            | DownPhase::Away { .. }
            | DownPhase::Verifying
            | DownPhase::Accepting
            | DownPhase::Asking
            | DownPhase::Paused
            | DownPhase::Done
            | DownPhase::Failed { .. }
            | DownPhase::Cancelled => self.consider(out),
        }
    }

    pub(super) fn has_free(&mut self, bytes: u64, out: &mut Vec<Effect>) {
        let left = self.total.saturating_sub(self.done);
        let DownPhase::Waiting(Wait::Space { disk: Disk::Here, missing, .. }) = &mut self.phase else {
            return;
        };
        *missing = left.saturating_sub(bytes);
        if *missing == 0 {
            self.yes = Yes::Resume;
            return self.consider(out);
        }
        out.push(Effect::Progress);
    }

    /// The whole queue stands, or goes on: the sender hears of it as of a pause.
    pub(super) fn stand(&mut self, stands: bool, out: &mut Vec<Effect>) {
        let before = std::mem::replace(&mut self.stands, stands);
        if before == stands || self.is_over() || self.phase == DownPhase::Paused {
            return;
        }
        if self.phase == DownPhase::Asking || self.waits_here() {
            return;
        }
        if stands {
            self.say_paused(out);
        } else if self.step == OfferStep::Paused || matches!(self.say, Some(Say::Pause { .. })) {
            self.yes = Yes::Resume;
            self.consider(out);
        }
    }

    /// Answers that it waits here, where an answer is awaited or bytes are expected.
    pub(super) fn say_paused(&mut self, out: &mut Vec<Effect>) {
        let awaited = matches!(self.step, OfferStep::Asked | OfferStep::Accepted | OfferStep::Interrupted);
        if awaited && self.taken != Taken::Elsewhere && !self.lost {
            self.say = Some(Say::Pause { round: self.round });
            out.push(Effect::Save);
            self.speak(out);
        }
    }

    /// Something on this computer must change first, whatever the messenger says.
    pub(super) fn waits_here(&self) -> bool {
        matches!(self.phase, DownPhase::Waiting(Wait::Person { .. } | Wait::Space { .. }))
    }

    pub(super) fn if_elsewhere(&mut self, out: &mut Vec<Effect>) {
        if self.taken == Taken::Elsewhere && self.step == OfferStep::Accepted {
            self.consider(out);
        }
    }

    pub(super) fn say_yes(&mut self, out: &mut Vec<Effect>) {
        self.say = Some(Say::Accept { round: self.round });
        self.enter(DownPhase::Accepting, out);
        self.speak(out);
    }

    /// The person stops it; the sender hears that it waits here.
    pub(super) fn hold(&mut self, out: &mut Vec<Effect>) {
        self.say = None;
        self.enter(DownPhase::Paused, out);
        out.push(Effect::Stop);
        self.say_paused(out);
        out.push(Effect::Tell(Happened::Held, Some(self.done)));
    }

    pub(super) fn finished(&mut self, out: &mut Vec<Effect>) {
        self.done = self.total;
        self.say = Some(Say::End { how: OfferEnd::Done });
        self.enter(DownPhase::Done, out);
        self.speak(out);
        out.push(Effect::Tell(Happened::Done, None));
    }

    pub(super) fn set_options(&mut self, options: TransferOptions, out: &mut Vec<Effect>) {
        self.options = options;
        self.granted |= self.works();
        out.push(Effect::Save);
        if self.phase == DownPhase::Asking && options.receive {
            self.consider(out);
        }
    }
}
