//! How the receiver's side answers an end, a new process, and the person.

use super::{Down, DownInput, DownPhase};
use crate::offer::{Effect, Happened};
use crate::transfer::Wait;
use pod_shared::ErrorCode;

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
                self.granted = true;
                self.say = None;
                self.consider(out);
            }
            DownPhase::Paused => self.step(0, DownInput::Resume, out),
            DownPhase::Away { .. } if !self.granted => {
                self.granted = true;
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
            DownPhase::Waiting(Wait::Person { .. } | Wait::Network { .. } | Wait::Room { .. })
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
}
