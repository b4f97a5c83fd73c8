//! The steps of the sender's side.

use super::{Up, UpInput, UpPhase};
use crate::offer::{
    CUTS_MAX, Effect, Happened, LET_GO_MS, LOOK_MS, LOOKS_MAX, LOOKS_NO_WAY, QUIET_MS, Say, Task,
    whole_pieces,
};
use crate::transfer::{RESTARTS_MAX, Trouble, Wait};
use pod_shared::ErrorCode;
use pod_shared::offer::OfferEnd;

/// Who wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The person, at this moment.
    Person,
    /// An option.
    Itself,
}

impl By {
    fn tells(self, what: Happened, byte: Option<u64>) -> Effect {
        match self {
            Self::Person => Effect::Tell(what, byte),
            Self::Itself => Effect::TellAuto(what, byte),
        }
    }
}

impl Up {
    /// One step.
    pub fn step(&mut self, now_ms: u64, input: UpInput, out: &mut Vec<Effect>) {
        match input {
            UpInput::Go { fresh } if self.phase == UpPhase::Waiting(Wait::Turn) => {
                self.go(now_ms, fresh, out)
            }
            UpInput::WasRead { offered } if self.phase == UpPhase::Reading => {
                self.total = offered.content.size;
                self.offered = Some(offered);
                let by = if self.round == 0 { By::Person } else { By::Itself };
                self.ask(by, out);
            }
            UpInput::Said(say) if self.say == Some(say) => self.said(now_ms, say, out),
            UpInput::Refused(say, code) if self.say == Some(say) => self.refused(say, code, out),
            UpInput::Heard(heard) if !self.is_over() => self.heard(now_ms, &heard, out),
            UpInput::Served { acked } => self.served(now_ms, acked, out),
            UpInput::Cut if matches!(self.phase, UpPhase::Serving { .. }) => self.cut(out),
            UpInput::LetGo if matches!(self.phase, UpPhase::Serving { .. }) => {
                self.let_go = true;
                self.enter(UpPhase::Serving { until_ms: Some(now_ms + LET_GO_MS) }, out);
            }
            // Nothing comes, and the messenger says that nobody is there any more.
            UpInput::There(false) if self.phase == (UpPhase::Serving { until_ms: None }) => self.cut(out),
            UpInput::There(true) if self.may_go_back() => self.go_back(By::Itself, out),
            UpInput::There(_) if self.may_go_back() => self.look_later(now_ms),
            UpInput::Moved { done } if self.phase == UpPhase::Sending && done > self.stored => {
                self.stored = done.min(self.total);
                self.tries = 0;
                out.push(Effect::Progress);
            }
            UpInput::Kept if self.phase == UpPhase::Sending => self.kept(out),
            UpInput::Trouble { trouble, jitter } => self.trouble(now_ms, trouble, jitter, out),
            UpInput::Woke => self.woke(now_ms, out),
            UpInput::NetworkBack if self.waits_for_network() => {
                self.tries = 0;
                self.enter(UpPhase::Waiting(Wait::Turn), out);
            }
            UpInput::Tick if self.next_deadline().is_some_and(|at| at <= now_ms) => self.tick(now_ms, out),
            UpInput::Pause if !self.is_over() && self.phase != UpPhase::Paused => {
                if matches!(self.say, Some(Say::Ask { .. } | Say::Interrupted { .. })) {
                    self.unask();
                }
                self.stop(UpPhase::Paused, out);
            }
            UpInput::Resume if self.phase == UpPhase::Paused => self.go_on(out),
            UpInput::Cancel if !self.is_over() => {
                self.end(OfferEnd::Cancelled);
                self.stop(UpPhase::Cancelled, out);
                self.speak(out);
            }
            UpInput::Retry => self.retry(out),
            UpInput::Forward if self.may_forward() => self.forward(By::Person, out),
            UpInput::Options(options) if !self.is_over() => self.set_options(now_ms, options, out),
            // What does not fit the phase came late.
            UpInput::Go { .. }
            | UpInput::WasRead { .. }
            | UpInput::Said(_)
            | UpInput::Refused(..)
            | UpInput::Heard(_)
            | UpInput::Cut
            | UpInput::LetGo
            | UpInput::There(_)
            | UpInput::Moved { .. }
            | UpInput::Kept
            | UpInput::NetworkBack
            | UpInput::Tick
            | UpInput::Pause
            | UpInput::Resume
            | UpInput::Cancel
            | UpInput::Forward
            | UpInput::Options(_) => {}
        }
        debug_assert!(self.check().is_ok(), "{:?}: {:?}", self.check(), self);
    }

    fn go(&mut self, now_ms: u64, fresh: pod_shared::UploadId, out: &mut Vec<Effect>) {
        let Some(from) = self.from.filter(|_| self.offered.is_some()) else {
            self.enter(UpPhase::Reading, out);
            out.push(Effect::Start(Task::Read));
            return;
        };
        if self.upload.is_none() {
            (self.upload, self.stored) = (Some(fresh), 0);
        }
        self.look_later(now_ms);
        self.enter(UpPhase::Sending, out);
        out.push(Effect::Start(Task::Send { from }));
    }

    /// The next request. The messenger is told as soon as there is a way: the moment the network is back.
    pub(super) fn ask(&mut self, by: By, out: &mut Vec<Effect>) {
        if self.offered.is_none() {
            self.enter(UpPhase::Waiting(Wait::Turn), out);
            return;
        }
        self.round += 1;
        self.told = true;
        self.say = Some(Say::Ask { round: self.round });
        self.enter(UpPhase::Asked { until_ms: None }, out);
        self.speak(out);
        out.push(by.tells(Happened::Asked, Some(self.acked)));
    }

    /// The rest goes through the server. What the receiver's device has durably stays there.
    pub(super) fn forward(&mut self, by: By, out: &mut Vec<Effect>) {
        let last = whole_pieces(self.total.saturating_sub(1));
        let from = self.from.unwrap_or_else(|| whole_pieces(self.acked).min(last));
        self.unask();
        self.from = Some(from);
        self.say = Some(Say::Forward { from });
        self.tries = 0;
        self.stop(UpPhase::Waiting(Wait::Turn), out);
        self.speak(out);
        out.push(by.tells(Happened::Forwarding, Some(from)));
    }

    /// The rest goes to the server, and the device that has the beginning may be met again.
    pub(super) fn may_go_back(&self) -> bool {
        self.options.retransfer
            && self.device.is_some()
            && self.offered.is_some()
            && self.from.is_some()
            && matches!(self.phase, UpPhase::Sending | UpPhase::Waiting(Wait::Turn))
    }

    /// Looks once more in a while, if that is of any use.
    fn look_later(&mut self, now_ms: u64) {
        let pause = LOOK_MS << self.looks.min(LOOKS_MAX);
        self.look_ms = (self.options.retransfer && self.device.is_some()).then_some(now_ms + pause);
    }

    /// The straight way again, with all that either side and the server have. Without an answer the rest goes on.
    pub(super) fn go_back(&mut self, by: By, out: &mut Vec<Effect>) {
        self.looks = self.looks.saturating_add(1);
        out.push(Effect::Save);
        out.push(Effect::Stop);
        self.ask(by, out);
    }

    fn may_forward(&self) -> bool {
        self.offered.is_some()
            && self.known() > 0
            && matches!(
                self.phase,
                UpPhase::Asked { .. }
                    | UpPhase::Serving { .. }
                    | UpPhase::Asking { .. }
                    | UpPhase::Held
                    | UpPhase::Paused
            )
    }

    fn served(&mut self, now_ms: u64, acked: u64, out: &mut Vec<Effect>) {
        if !self.serves() {
            return;
        }
        (self.quiet_ms, self.let_go) = (Some(now_ms + QUIET_MS), false);
        let (moved, again) = (acked > self.acked, self.acked > 0);
        self.acked = acked.max(self.acked).min(self.total);
        if moved {
            (self.cuts, self.looks) = (0, 0);
        }
        if self.phase == (UpPhase::Serving { until_ms: None }) {
            out.push(Effect::Progress);
            return;
        }
        if matches!(self.phase, UpPhase::Asked { .. }) {
            // The connection came back before the messenger heard of the new request: it is not needed.
            self.unask();
        }
        self.enter(UpPhase::Serving { until_ms: None }, out);
        let happened = if again { Happened::Resumed } else { Happened::Direct };
        out.push(Effect::Tell(happened, Some(self.acked)));
    }

    /// The connection broke (seed 004, steps 104 to 106).
    fn cut(&mut self, out: &mut Vec<Effect>) {
        self.cuts = self.cuts.saturating_add(1);
        out.push(Effect::Save);
        out.push(Effect::Tell(Happened::Cut, Some(self.acked)));
        if self.cuts >= CUTS_MAX {
            self.cuts = 0;
            self.looks = self.looks.max(LOOKS_NO_WAY);
            self.forward(By::Itself, out);
        } else {
            self.broke(out);
        }
    }

    /// Asks again by itself, or the person must.
    pub(super) fn broke(&mut self, out: &mut Vec<Effect>) {
        if self.options.retransfer {
            return self.ask(By::Itself, out);
        }
        self.say = Some(Say::Interrupted { round: self.round });
        self.enter(UpPhase::Asking { until_ms: None }, out);
        self.speak(out);
    }

    pub(super) fn kept(&mut self, out: &mut Vec<Effect>) {
        self.stored = self.total - self.from.unwrap_or(0).min(self.total);
        self.enter(UpPhase::Stored, out);
        out.push(Effect::Tell(Happened::Forwarded, None));
    }

    fn tick(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        match self.phase {
            UpPhase::Asked { .. } if !self.options.forward => {
                self.enter(UpPhase::Asked { until_ms: None }, out);
                out.push(Effect::Tell(Happened::ReceiverAway, None));
            }
            UpPhase::Asked { .. } => {
                out.push(Effect::Save);
                out.push(Effect::Tell(Happened::ReceiverAway, None));
                self.forward(By::Itself, out);
            }
            UpPhase::Serving { until_ms: None } => {
                self.quiet_ms = Some(now_ms + QUIET_MS);
                out.push(Effect::Look);
            }
            UpPhase::Serving { .. } if self.let_go => self.cut(out),
            UpPhase::Serving { .. } => {
                self.looks = self.looks.max(LOOKS_NO_WAY);
                self.forward(By::Itself, out);
            }
            UpPhase::Asking { .. } => self.forward(By::Itself, out),
            UpPhase::Waiting(_) => self.enter(UpPhase::Waiting(Wait::Turn), out),
            UpPhase::Sending => {
                self.look_ms = None;
                out.push(Effect::Look);
            }
            UpPhase::Reading
            | UpPhase::Held
            | UpPhase::Stored
            | UpPhase::Paused
            | UpPhase::Done
            | UpPhase::Failed { .. }
            | UpPhase::Cancelled => {}
        }
    }

    fn trouble(&mut self, now_ms: u64, trouble: Trouble, jitter: u16, out: &mut Vec<Effect>) {
        let works = matches!(self.phase, UpPhase::Reading | UpPhase::Sending);
        let serves = matches!(self.phase, UpPhase::Serving { .. });
        match trouble {
            Trouble::SourceChanged if works || serves => self.begin_anew(ErrorCode::FileChanged, out),
            Trouble::BytesWrong if works || serves => self.begin_anew(ErrorCode::DigestMismatch, out),
            Trouble::Person(code) | Trouble::Stays(code) if works || serves => {
                self.stop(UpPhase::Waiting(Wait::for_person(code)), out);
            }
            Trouble::NoSpace { disk, free } if works => {
                let wait = Wait::for_space(disk, self.total - self.done(), free, now_ms, self.tries);
                self.tries = self.tries.saturating_add(1);
                self.enter(UpPhase::Waiting(wait), out);
                out.push(Effect::Tell(Happened::Full, Some(self.done())));
            }
            Trouble::Network { pause_ms } if works => {
                let until_ms = now_ms + self.pause(jitter).max(pause_ms);
                self.enter(UpPhase::Waiting(Wait::Network { until_ms }), out);
            }
            Trouble::RoomUnknown if works => {
                let until_ms = now_ms + self.pause(jitter);
                self.enter(UpPhase::Waiting(Wait::Network { until_ms }), out);
            }
            Trouble::UploadExpired if works => {
                (self.upload, self.stored) = (None, 0);
                self.enter(UpPhase::Waiting(Wait::Turn), out);
            }
            Trouble::Final(code) if works || serves => {
                self.give_up(code, out);
            }
            Trouble::SourceChanged
            | Trouble::BytesWrong
            | Trouble::Person(_)
            | Trouble::Stays(_)
            | Trouble::NoSpace { .. }
            | Trouble::Network { .. }
            | Trouble::RoomUnknown
            | Trouble::UploadExpired
            | Trouble::PartLost
            | Trouble::Final(_) => {}
        }
    }

    /// The file is another one now: it is read through again, and offered anew.
    fn begin_anew(&mut self, code: ErrorCode, out: &mut Vec<Effect>) {
        self.restarts = self.restarts.saturating_add(1);
        if self.restarts > RESTARTS_MAX {
            return self.give_up(code, out);
        }
        self.unask();
        self.offered = None;
        (self.acked, self.cuts) = (0, 0);
        self.drop_rest();
        self.stop(UpPhase::Waiting(Wait::Turn), out);
        out.push(Effect::Tell(Happened::Changed, None));
    }

    /// Parts from the rest at the server: it is of no use any more.
    pub(super) fn drop_rest(&mut self) {
        (self.from, self.upload, self.stored) = (None, None, 0);
    }

    pub(super) fn give_up(&mut self, code: ErrorCode, out: &mut Vec<Effect>) {
        self.end(OfferEnd::Failed(code));
        self.stop(UpPhase::Failed { code }, out);
        self.speak(out);
        out.push(Effect::Tell(Happened::Failed, None));
    }

    /// The messenger is told of the end if it knows of the beginning.
    fn end(&mut self, how: OfferEnd) {
        self.say = self.told.then_some(Say::End { how });
    }

    pub(super) fn stop(&mut self, phase: UpPhase, out: &mut Vec<Effect>) {
        self.enter(phase, out);
        out.push(Effect::Stop);
    }

    pub(super) fn enter(&mut self, phase: UpPhase, out: &mut Vec<Effect>) {
        self.phase = phase;
        self.let_go &= matches!(phase, UpPhase::Serving { .. });
        out.push(Effect::Save);
    }

    pub(super) fn speak(&self, out: &mut Vec<Effect>) {
        out.extend(self.say.map(|_| Effect::Speak));
    }

    fn waits_for_network(&self) -> bool {
        matches!(self.phase, UpPhase::Waiting(Wait::Network { .. } | Wait::Room { .. }))
    }

    fn pause(&mut self, jitter: u16) -> u64 {
        let pause = crate::transfer::pause_ms(self.tries, jitter);
        self.tries = self.tries.saturating_add(1);
        pause
    }
}
