//! The steps of the receiver's side.

use super::{Down, DownInput, DownPhase, Taken, Way, Yes};
use crate::offer::{Effect, Happened, Heard, QUIET_MS, Say, Task, ended};
use crate::transfer::{RESTARTS_MAX, Trouble, Wait};
use pod_shared::ErrorCode;
use pod_shared::offer::{OfferEnd, OfferStep};

impl Down {
    /// One step.
    pub fn step(&mut self, now_ms: u64, input: DownInput, out: &mut Vec<Effect>) {
        match input {
            DownInput::Go if self.phase == DownPhase::Waiting(Wait::Turn) => self.go(now_ms, out),
            DownInput::Said(say) if self.say == Some(say) => self.said(say, out),
            DownInput::Refused(say, code) if self.say == Some(say) => self.refused(say, code, out),
            DownInput::Heard(heard) if !self.is_over() => self.heard(&heard, out),
            DownInput::Moved { done } if self.phase == DownPhase::Moving => self.moved(now_ms, done, out),
            DownInput::AllThere if self.phase == DownPhase::Moving => {
                self.done = self.total;
                self.enter(DownPhase::Verifying, out);
            }
            DownInput::Finished if !self.is_over() => self.finished(out),
            DownInput::Cut { jitter } if self.works() => self.cut(now_ms, jitter, out),
            DownInput::Trouble { trouble, jitter } if self.works() => {
                self.trouble(now_ms, trouble, jitter, out)
            }
            // Nothing comes straight, and the messenger says that nobody is there any more.
            DownInput::There(false) if self.phase == DownPhase::Moving && self.from().is_none() => {
                self.cut(now_ms, 0, out);
                out.push(Effect::Stop);
            }
            DownInput::Free { bytes } => self.has_free(bytes, out),
            DownInput::Stands(stands) => self.stand(stands, out),
            DownInput::Woke if !self.is_over() => self.woke(out),
            DownInput::NetworkBack if self.waits_for_a_way() => {
                self.tries = 0;
                self.consider(out);
            }
            DownInput::Tick if self.next_deadline().is_some_and(|at| at <= now_ms) => self.tick(now_ms, out),
            DownInput::Accept => self.accept(out),
            DownInput::Pause if !self.is_over() && self.phase != DownPhase::Paused => self.hold(out),
            DownInput::Resume if self.phase == DownPhase::Paused => {
                (self.tries, self.granted, self.yes) = (0, true, Yes::Resume);
                self.consider(out);
            }
            DownInput::Cancel if !self.is_over() => {
                self.say = Some(Say::End { how: OfferEnd::Cancelled });
                self.leave(DownPhase::Cancelled, out);
                self.speak(out);
            }
            DownInput::Retry => self.retry(out),
            DownInput::Options(options) if !self.is_over() => self.set_options(options, out),
            // What does not fit the phase came late.
            DownInput::Go
            | DownInput::Said(_)
            | DownInput::Refused(..)
            | DownInput::Heard(_)
            | DownInput::Moved { .. }
            | DownInput::AllThere
            | DownInput::Finished
            | DownInput::Cut { .. }
            | DownInput::There(_)
            | DownInput::Trouble { .. }
            | DownInput::Woke
            | DownInput::NetworkBack
            | DownInput::Tick
            | DownInput::Pause
            | DownInput::Resume
            | DownInput::Cancel
            | DownInput::Options(_) => {}
        }
        debug_assert!(self.check().is_ok(), "{:?}: {:?}", self.check(), self);
    }

    fn go(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        self.since = Some(self.done);
        self.quiet_ms = self.from().is_none().then_some(now_ms + QUIET_MS);
        self.enter(DownPhase::Moving, out);
        let task = self.from().map_or(Task::Pull, |from| Task::Fetch { from });
        out.push(Effect::Start(task));
    }

    fn moved(&mut self, now_ms: u64, done: u64, out: &mut Vec<Effect>) {
        let grew = done > self.done;
        // A part file may have lost its end in a power cut: what is verified counts.
        self.done = done.min(self.total);
        if grew {
            self.tries = 0;
            self.quiet_ms = self.quiet_ms.map(|_| now_ms + QUIET_MS);
            if let Some(since) = self.since.take() {
                let (way, what) = match self.from() {
                    Some(_) => (Way::Server, Happened::Server),
                    None => (Way::Direct, Happened::Direct),
                };
                let same = self.way.replace(way) == Some(way);
                out.push(Effect::Save);
                out.push(Effect::Tell(if same { Happened::Resumed } else { what }, Some(since)));
            }
        }
        out.push(Effect::Progress);
    }

    fn said(&mut self, say: Say, out: &mut Vec<Effect>) {
        self.say = None;
        match say {
            Say::Accept { round } if round == self.round && self.phase == DownPhase::Accepting => {
                self.taken = Taken::Here;
                if matches!(self.step, OfferStep::Asked | OfferStep::Interrupted | OfferStep::Paused) {
                    self.step = OfferStep::Accepted;
                }
                self.consider(out);
                match std::mem::take(&mut self.yes) {
                    Yes::Person => out.push(Effect::Tell(Happened::Accepted, Some(self.done))),
                    Yes::Itself => out.push(Effect::TellAuto(Happened::Accepted, Some(self.done))),
                    Yes::Resume => {}
                }
            }
            Say::Accept { .. }
            | Say::Pause { .. }
            | Say::Ask { .. }
            | Say::Interrupted { .. }
            | Say::Forward { .. }
            | Say::End { .. } => out.push(Effect::Save),
        }
    }

    fn refused(&mut self, say: Say, code: ErrorCode, out: &mut Vec<Effect>) {
        self.say = None;
        out.push(Effect::Save);
        match (say, code) {
            // Another round, or another device has it: the messenger says which.
            (Say::Accept { .. }, ErrorCode::Conflict | ErrorCode::Gone) => {
                self.enter(DownPhase::Away { until_ms: None }, out);
            }
            // A server of before lets nobody ask anew for what it has.
            (Say::Interrupted { .. }, _) if self.lost => self.give_up(ErrorCode::Gone, out),
            (Say::Accept { .. }, code) => self.give_up(code, out),
            // Another round: the messenger says which, and it is answered too.
            (
                Say::Ask { .. }
                | Say::Interrupted { .. }
                | Say::Pause { .. }
                | Say::Forward { .. }
                | Say::End { .. },
                _,
            ) => {}
        }
    }

    fn heard(&mut self, heard: &Heard, out: &mut Vec<Effect>) {
        let taken = match heard.device {
            None => Taken::Nobody,
            Some(device) if device == self.device => Taken::Here,
            Some(_) => Taken::Elsewhere,
        };
        if let Some(end) = ended(heard.step) {
            return self.over(end, out);
        }
        if heard.round < self.round || (heard.round, heard.step, taken) == (self.round, self.step, self.taken)
        {
            return;
        }
        let asked_anew = heard.round > self.round;
        let whole =
            matches!(heard.step, OfferStep::Forwarding { from: 0 } | OfferStep::Forwarded { from: 0 });
        if self.lost && (asked_anew || whole) {
            // The person said yes to the whole of it.
            (self.lost, self.granted) = (false, true);
        }
        let way_before = (self.step, self.taken);
        (self.round, self.step, self.taken) = (heard.round, heard.step, taken);
        if let Some(offered) = heard.offered.as_ref().filter(|offered| **offered != self.offered) {
            self.offered = offered.clone();
            (self.done, self.total) = (0, offered.content.size);
            self.stop(self.phase, out);
            out.push(Effect::DropPart);
            out.push(Effect::Tell(Happened::Changed, None));
        }
        out.push(Effect::Save);
        if self.phase == DownPhase::Paused || self.waits_here() {
            return self.say_paused(out);
        }
        if self.phase == DownPhase::Verifying {
            return;
        }
        if self.phase == DownPhase::Accepting && !asked_anew && self.say.is_some() {
            // The yes is on its way; it is for this.
            return self.if_elsewhere(out);
        }
        if self.phase == DownPhase::Moving && !asked_anew && way_before.0 == self.step {
            return self.if_elsewhere(out);
        }
        if self.phase == DownPhase::Moving {
            out.push(Effect::Stop);
            // This side saw no cut; the other did. Where no byte came there was nothing to cut.
            if self.since.is_none() {
                self.granted = false;
                out.push(Effect::Tell(Happened::Cut, Some(self.done)));
            }
        }
        match self.step {
            OfferStep::Forwarding { from } => out.push(Effect::Tell(Happened::Forwarding, Some(from))),
            OfferStep::Forwarded { .. } => out.push(Effect::Tell(Happened::Forwarded, None)),
            OfferStep::Asked
            | OfferStep::Accepted
            | OfferStep::Interrupted
            | OfferStep::Paused
            | OfferStep::Done
            | OfferStep::Declined
            | OfferStep::Cancelled
            | OfferStep::Failed { .. }
            | OfferStep::Expired => {}
        }
        self.consider(out);
    }

    /// What is to be done as the offer stands.
    pub(super) fn consider(&mut self, out: &mut Vec<Effect>) {
        self.say = self.say.filter(|say| matches!(say, Say::Interrupted { .. }));
        let yes = self.options.receive || self.granted;
        let open = matches!(
            self.step,
            OfferStep::Asked | OfferStep::Accepted | OfferStep::Interrupted | OfferStep::Paused
        );
        if self.stands && yes && open && !self.lost && self.taken != Taken::Elsewhere {
            self.enter(DownPhase::Waiting(Wait::Turn), out);
            return self.say_paused(out);
        }
        match self.step {
            OfferStep::Interrupted | OfferStep::Forwarded { .. } if self.lost => {
                self.say = Some(Say::Interrupted { round: self.round });
                self.enter(DownPhase::Away { until_ms: None }, out);
                self.speak(out);
            }
            // Nobody took it, or the one that holds the head may take it again, or another takes the whole.
            OfferStep::Asked if yes => self.say_yes(out),
            OfferStep::Accepted | OfferStep::Paused | OfferStep::Forwarded { .. }
                if self.taken == Taken::Elsewhere =>
            {
                self.leave(DownPhase::Cancelled, out);
                self.say = None;
            }
            OfferStep::Accepted if yes => self.enter(DownPhase::Waiting(Wait::Turn), out),
            // It was stopped here, and goes on.
            OfferStep::Paused if yes => self.say_yes(out),
            OfferStep::Forwarded { .. } if yes && self.taken == Taken::Here => {
                self.enter(DownPhase::Waiting(Wait::Turn), out);
            }
            OfferStep::Forwarded { .. } if yes => self.say_yes(out),
            OfferStep::Interrupted if self.granted => self.say_yes(out),
            OfferStep::Interrupted | OfferStep::Forwarding { .. } if yes => {
                self.enter(DownPhase::Away { until_ms: None }, out);
                out.push(Effect::Tell(Happened::SenderAway, None));
            }
            OfferStep::Asked
            | OfferStep::Accepted
            | OfferStep::Interrupted
            | OfferStep::Paused
            | OfferStep::Forwarding { .. }
            | OfferStep::Forwarded { .. } => self.enter(DownPhase::Asking, out),
            OfferStep::Done
            | OfferStep::Declined
            | OfferStep::Cancelled
            | OfferStep::Failed { .. }
            | OfferStep::Expired => {}
        }
    }

    /// The straight way broke (seed 004, steps 204 to 206), or there is none: the sender notices too and asks again, or
    /// the server gets the rest.
    fn cut(&mut self, now_ms: u64, jitter: u16, out: &mut Vec<Effect>) {
        let moved = self.since.take().is_none();
        let until_ms = Some(now_ms + self.pause(jitter));
        if moved {
            self.granted = false;
        }
        if self.options.receive || self.granted {
            self.enter(DownPhase::Away { until_ms }, out);
        } else {
            self.say = Some(Say::Interrupted { round: self.round });
            self.enter(DownPhase::Asking, out);
            self.speak(out);
        }
        if moved {
            out.push(Effect::Tell(Happened::Cut, Some(self.done)));
        }
    }

    fn trouble(&mut self, now_ms: u64, trouble: Trouble, jitter: u16, out: &mut Vec<Effect>) {
        match trouble {
            Trouble::Network { pause_ms } => {
                let until_ms = now_ms + self.pause(jitter).max(pause_ms);
                self.enter(DownPhase::Waiting(Wait::Network { until_ms }), out);
            }
            Trouble::NoSpace { disk, free } => {
                let wait = Wait::for_space(disk, self.total - self.done, free, now_ms, self.tries);
                self.tries = self.tries.saturating_add(1);
                self.enter(DownPhase::Waiting(wait), out);
                out.push(Effect::Tell(Happened::Full, Some(self.done)));
                self.say_paused(out);
            }
            Trouble::Person(code) | Trouble::Stays(code) => {
                self.enter(DownPhase::Waiting(Wait::for_person(code)), out);
                self.say_paused(out);
            }
            Trouble::BytesWrong if self.restarts >= RESTARTS_MAX => {
                self.give_up(ErrorCode::DigestMismatch, out)
            }
            Trouble::BytesWrong => {
                self.restarts += 1;
                self.done = 0;
                self.enter(DownPhase::Waiting(Wait::Turn), out);
                out.push(Effect::DropPart);
            }
            // The sender notices and asks anew; the messenger says what became of it.
            Trouble::SourceChanged | Trouble::UploadExpired | Trouble::RoomUnknown => {
                let until_ms = Some(now_ms + self.pause(jitter));
                self.enter(DownPhase::Away { until_ms }, out);
            }
            Trouble::PartLost => {
                (self.done, self.lost) = (0, true);
                self.say = Some(Say::Interrupted { round: self.round });
                self.enter(DownPhase::Away { until_ms: None }, out);
                self.speak(out);
                out.push(Effect::DropPart);
                out.push(Effect::Tell(Happened::Lost, None));
            }
            Trouble::Final(code) => self.give_up(code, out),
        }
    }

    pub(super) fn give_up(&mut self, code: ErrorCode, out: &mut Vec<Effect>) {
        self.say = Some(Say::End { how: OfferEnd::Failed(code) });
        self.leave(DownPhase::Failed { code }, out);
        self.speak(out);
        out.push(Effect::Tell(Happened::Failed, None));
    }

    pub(super) fn leave(&mut self, phase: DownPhase, out: &mut Vec<Effect>) {
        self.stop(phase, out);
        out.push(Effect::DropPart);
    }

    fn stop(&mut self, phase: DownPhase, out: &mut Vec<Effect>) {
        self.enter(phase, out);
        out.push(Effect::Stop);
    }

    pub(super) fn enter(&mut self, phase: DownPhase, out: &mut Vec<Effect>) {
        self.phase = phase;
        if phase != DownPhase::Moving {
            (self.since, self.quiet_ms) = (None, None);
        }
        out.push(Effect::Save);
    }

    pub(super) fn speak(&self, out: &mut Vec<Effect>) {
        out.extend(self.say.map(|_| Effect::Speak));
    }

    pub(super) fn works(&self) -> bool {
        matches!(self.phase, DownPhase::Moving | DownPhase::Verifying)
    }

    fn waits_for_a_way(&self) -> bool {
        matches!(
            self.phase,
            DownPhase::Waiting(Wait::Network { .. } | Wait::Room { .. })
                | DownPhase::Away { until_ms: Some(_) }
        )
    }

    fn pause(&mut self, jitter: u16) -> u64 {
        let pause = crate::transfer::pause_ms(self.tries, jitter);
        self.tries = self.tries.saturating_add(1);
        pause
    }
}
