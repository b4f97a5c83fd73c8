//! The steps of one transfer.

use super::{
    Content, Direction, Disk, Effect, Happened, Input, PAUSE_MS_MAX, Phase, RESTARTS_MAX, ROOM_TRIES_MAX,
    Task, Transfer, TransferOptions, Trouble, Wait, Work, pause_ms, space_ms,
};
use pod_shared::content::Basis;
use pod_shared::{EntryId, ErrorCode, TransferId, UploadId};
use std::collections::BTreeSet;

impl Transfer {
    /// A new upload of a file of this size, as far as its size is known.
    #[must_use]
    pub fn up(id: TransferId, size: u64) -> Self {
        Self {
            id,
            direction: Direction::Up,
            phase: Phase::Waiting(Wait::Turn),
            content: None,
            upload: None,
            entry: None,
            done: 0,
            total: size,
            tries: 0,
            restarts: 0,
            owed: BTreeSet::new(),
            options: TransferOptions::default(),
            from: None,
            basis: Basis::default(),
            version: None,
        }
    }

    /// A new download of a file of this size, as far as its size is known.
    #[must_use]
    pub fn down(id: TransferId, entry: EntryId, size: u64) -> Self {
        Self { direction: Direction::Down, entry: Some(entry), ..Self::up(id, size) }
    }

    /// As it goes on after a restart: nobody works on it, and clocks begin anew.
    #[must_use]
    pub fn reloaded(mut self) -> Self {
        (self.tries, self.from) = (0, None);
        self.phase = match self.phase {
            Phase::Working { .. }
            | Phase::Waiting(
                Wait::Turn
                | Wait::Network { .. }
                | Wait::Room { .. }
                | Wait::Space { .. }
                | Wait::Person { until_ms: Some(_), .. },
            ) => Phase::Waiting(Wait::Turn),
            kept @ (Phase::Waiting(Wait::Person { until_ms: None, .. })
            | Phase::Asking
            | Phase::Paused
            | Phase::Done
            | Phase::Failed { .. }
            | Phase::Cancelled) => kept,
        };
        self
    }

    /// Nothing will happen to it by itself any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Done | Phase::Failed { .. } | Phase::Cancelled)
    }

    /// When [`Input::Tick`] would do something.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        match self.phase {
            Phase::Waiting(wait) => wait.until_ms(),
            Phase::Working { .. }
            | Phase::Asking
            | Phase::Paused
            | Phase::Done
            | Phase::Failed { .. }
            | Phase::Cancelled => None,
        }
    }

    /// One step.
    pub fn step(&mut self, now_ms: u64, input: Input, out: &mut Vec<Effect>) {
        match input {
            Input::Go if self.phase == Phase::Waiting(Wait::Turn) => self.go(out),
            Input::WasRead { content, fresh } if self.works_at(Work::Read) => {
                self.was_read(content, fresh, out)
            }
            Input::Moved { done } if self.works_at(Work::Move) => self.moved(done, out),
            Input::AllThere if self.works_at(Work::Move) => {
                self.done = self.total;
                self.enter(Phase::Working { work: Work::Verify }, out);
            }
            Input::Finished { entry } if !self.is_over() => self.finished(entry, out),
            Input::Trouble { trouble, jitter }
                if self.works() || self.phase == Phase::Waiting(Wait::Turn) =>
            {
                self.trouble(now_ms, trouble, jitter, out)
            }
            Input::NetworkBack
                if matches!(self.phase, Phase::Waiting(Wait::Network { .. } | Wait::Room { .. })) =>
            {
                self.tries = 0;
                self.enter(Phase::Waiting(Wait::Turn), out);
            }
            Input::RoomThere if matches!(self.phase, Phase::Waiting(Wait::Room { .. })) => {
                self.tries = 0;
                self.enter(Phase::Waiting(Wait::Turn), out);
            }
            Input::Tick if self.next_deadline().is_some_and(|at| at <= now_ms) => self.tick(now_ms, out),
            Input::Free { bytes } => self.has_free(bytes, out),
            Input::Pause if !self.is_over() && self.phase != Phase::Paused => {
                self.leave_work(Phase::Paused, out);
            }
            Input::Resume if self.phase == Phase::Paused => {
                self.tries = 0;
                self.enter(Phase::Waiting(Wait::Turn), out);
            }
            Input::Cancel => self.cancel(out),
            Input::CancelledElsewhere if !self.is_over() => {
                self.upload = None;
                self.leave_work(Phase::Cancelled, out);
            }
            Input::Retry => self.retry(out),
            Input::Options(options) if !self.is_over() => self.set_options(options, out),
            Input::Forgotten { upload } if self.owed.remove(&upload) => out.push(Effect::Save),
            // What does not fit the phase came late.
            Input::Go
            | Input::WasRead { .. }
            | Input::Moved { .. }
            | Input::AllThere
            | Input::Finished { .. }
            | Input::Trouble { .. }
            | Input::NetworkBack
            | Input::RoomThere
            | Input::Tick
            | Input::Pause
            | Input::Resume
            | Input::CancelledElsewhere
            | Input::Options(_)
            | Input::Forgotten { .. } => {}
        }
        debug_assert!(self.check().is_ok(), "{:?}", self.check());
    }

    /// What must hold in every state.
    ///
    /// # Errors
    /// Which rule is broken.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.done > self.total {
            return Err("more bytes are there than there are");
        }
        if self.upload.is_some_and(|upload| self.owed.contains(&upload)) {
            return Err("an upload is used and given up at once");
        }
        if self.direction == Direction::Up && self.upload.is_some() && self.content.is_none() {
            return Err("an upload has an id before its source was read");
        }
        if self.direction == Direction::Down && (self.upload.is_some() || !self.owed.is_empty()) {
            return Err("a download has an upload");
        }
        if self.works_at(Work::Move) && self.content.is_none() {
            return Err("bytes move and nobody knows which");
        }
        Ok(())
    }

    fn tick(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        // Looked at before anything is read or asked for again.
        if let Phase::Waiting(Wait::Space { disk: Disk::Here, until_ms, .. }) = &mut self.phase {
            *until_ms = now_ms + space_ms(0);
            return out.push(Effect::Measure);
        }
        self.enter(Phase::Waiting(Wait::Turn), out);
    }

    fn has_free(&mut self, bytes: u64, out: &mut Vec<Effect>) {
        let left = self.total.saturating_sub(self.done);
        let Phase::Waiting(Wait::Space { disk: Disk::Here, missing, .. }) = &mut self.phase else { return };
        *missing = left.saturating_sub(bytes);
        if *missing == 0 {
            return self.enter(Phase::Waiting(Wait::Turn), out);
        }
        out.push(Effect::Progress);
    }

    fn go(&mut self, out: &mut Vec<Effect>) {
        let ready = match self.direction {
            Direction::Up => self.content.is_some() && self.upload.is_some(),
            Direction::Down => self.content.is_some(),
        };
        let (work, task) = if ready { (Work::Move, Task::Move) } else { (Work::Read, Task::Read) };
        self.enter(Phase::Working { work }, out);
        out.push(Effect::Start(task));
    }

    fn was_read(&mut self, content: Content, fresh: UploadId, out: &mut Vec<Effect>) {
        self.total = content.size;
        self.content = Some(content);
        self.upload = match self.direction {
            Direction::Up => Some(fresh),
            Direction::Down => None,
        };
        self.done = 0;
        self.enter(Phase::Working { work: Work::Move }, out);
        out.push(Effect::Start(Task::Move));
    }

    /// The first report of a run says where it goes on.
    fn moved(&mut self, done: u64, out: &mut Vec<Effect>) {
        if self.from.is_none() {
            self.from = Some(done);
            if done > 0 {
                out.push(Effect::Save);
                out.push(Effect::Tell(Happened::Resumed, Some(done)));
            } else {
                // Written with the next step: not worth one of its own.
                out.push(Effect::Tell(Happened::Server, Some(0)));
            }
        }
        if done > self.done {
            self.done = done.min(self.total);
            self.tries = 0;
            out.push(Effect::Progress);
        }
    }

    fn finished(&mut self, entry: Option<EntryId>, out: &mut Vec<Effect>) {
        self.entry = entry.or(self.entry);
        self.done = self.total;
        self.enter(Phase::Done, out);
        out.push(Effect::Tell(Happened::Done, None));
    }

    fn trouble(&mut self, now_ms: u64, trouble: Trouble, jitter: u16, out: &mut Vec<Effect>) {
        match trouble {
            Trouble::Network { .. } if self.works_at(Work::Move) && !self.goes_on_by_itself() => {
                self.enter(Phase::Asking, out);
                out.push(Effect::Tell(Happened::Cut, Some(self.done)));
            }
            Trouble::Network { pause_ms } => {
                let broke = self.from.filter(|_| self.works_at(Work::Move)).map(|_| self.done);
                let until_ms = now_ms + self.pause(jitter).max(pause_ms.min(PAUSE_MS_MAX * 4));
                self.enter(Phase::Waiting(Wait::Network { until_ms }), out);
                out.extend(broke.map(|done| Effect::Tell(Happened::Cut, Some(done))));
            }
            Trouble::RoomUnknown if self.tries >= ROOM_TRIES_MAX => {
                self.give_up(ErrorCode::NotFound, out);
            }
            Trouble::RoomUnknown => {
                let until_ms = now_ms + self.pause(jitter);
                self.enter(Phase::Waiting(Wait::Room { until_ms }), out);
            }
            Trouble::NoSpace { disk, free } => {
                let wait = Wait::for_space(disk, self.total - self.done, free, now_ms, self.tries);
                self.tries = self.tries.saturating_add(1);
                self.enter(Phase::Waiting(wait), out);
                out.push(Effect::Tell(Happened::Full, Some(self.done)));
            }
            Trouble::Person(code) => self.enter(Phase::Waiting(Wait::for_person(code)), out),
            Trouble::Stays(code) => {
                let until_ms = Some(now_ms + self.pause(jitter));
                self.enter(Phase::Waiting(Wait::Person { code, until_ms }), out);
            }
            // This device does not know of the newer version yet. Looking again at once would find the same; news of
            // the folder end the wait.
            Trouble::SourceChanged if self.direction == Direction::Down => {
                self.restarts = self.restarts.saturating_add(1);
                (self.done, self.content) = (0, None);
                let until_ms = now_ms + self.pause(jitter);
                self.enter(Phase::Waiting(Wait::Network { until_ms }), out);
                out.push(Effect::DropPart);
                out.push(Effect::Tell(Happened::Changed, None));
            }
            Trouble::SourceChanged => {
                self.begin_anew(true, out);
                out.push(Effect::Tell(Happened::Changed, None));
            }
            Trouble::UploadExpired => self.begin_anew(false, out),
            Trouble::BytesWrong | Trouble::PartLost if self.restarts >= RESTARTS_MAX => {
                self.give_up(ErrorCode::DigestMismatch, out)
            }
            Trouble::BytesWrong | Trouble::PartLost => self.begin_anew(true, out),
            Trouble::Final(code) => self.give_up(code, out),
        }
    }

    /// The pause before the next try; counts the try.
    fn pause(&mut self, jitter: u16) -> u64 {
        let pause = pause_ms(self.tries, jitter);
        self.tries = self.tries.saturating_add(1);
        pause
    }

    fn begin_anew(&mut self, server_has_it: bool, out: &mut Vec<Effect>) {
        self.restarts = self.restarts.saturating_add(1);
        self.done = 0;
        let owed = self.drop_upload(server_has_it);
        self.enter(Phase::Waiting(Wait::Turn), out);
        self.clear_away(owed, out);
    }

    fn give_up(&mut self, code: ErrorCode, out: &mut Vec<Effect>) {
        let owed = self.drop_upload(true);
        self.enter(Phase::Failed { code }, out);
        self.clear_away(owed, out);
        out.push(Effect::Tell(Happened::Failed, None));
    }

    fn cancel(&mut self, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Done | Phase::Cancelled) {
            return;
        }
        let owed = self.drop_upload(true);
        self.leave_work(Phase::Cancelled, out);
        self.clear_away(owed, out);
    }

    fn retry(&mut self, out: &mut Vec<Effect>) {
        match self.phase {
            Phase::Asking
            | Phase::Waiting(
                Wait::Person { .. } | Wait::Network { .. } | Wait::Room { .. } | Wait::Space { .. },
            ) => {}
            Phase::Failed { .. } | Phase::Cancelled => {
                self.restarts = 0;
                self.done = 0;
                self.content = None;
            }
            Phase::Waiting(Wait::Turn) | Phase::Working { .. } | Phase::Paused | Phase::Done => return,
        }
        self.tries = 0;
        self.enter(Phase::Waiting(Wait::Turn), out);
    }

    fn set_options(&mut self, options: TransferOptions, out: &mut Vec<Effect>) {
        self.options = options;
        out.push(Effect::Save);
        if self.phase == Phase::Asking && self.goes_on_by_itself() {
            self.tries = 0;
            self.enter(Phase::Waiting(Wait::Turn), out);
        }
    }

    /// The option of the direction: asking again of who sends, receiving of who fetches (seed 004; the server is the
    /// other side, and always behaves so).
    fn goes_on_by_itself(&self) -> bool {
        match self.direction {
            Direction::Up => self.options.retransfer,
            Direction::Down => self.options.receive,
        }
    }

    /// Parts from the upload; the server is to forget it if it may have it.
    fn drop_upload(&mut self, server_has_it: bool) -> Option<UploadId> {
        self.content = None;
        let owed = self.upload.take().filter(|_| server_has_it);
        self.owed.extend(owed);
        owed
    }

    fn clear_away(&self, owed: Option<UploadId>, out: &mut Vec<Effect>) {
        match self.direction {
            Direction::Up => out.extend(owed.map(Effect::Forget)),
            Direction::Down => out.push(Effect::DropPart),
        }
    }

    fn leave_work(&mut self, phase: Phase, out: &mut Vec<Effect>) {
        let worked = self.works();
        self.enter(phase, out);
        if worked {
            out.push(Effect::Stop);
        }
    }

    fn enter(&mut self, phase: Phase, out: &mut Vec<Effect>) {
        self.phase = phase;
        if !self.works_at(Work::Move) && !self.works_at(Work::Verify) {
            self.from = None;
        }
        out.push(Effect::Save);
    }

    fn works(&self) -> bool {
        matches!(self.phase, Phase::Working { .. })
    }

    fn works_at(&self, at: Work) -> bool {
        matches!(self.phase, Phase::Working { work } if work == at)
    }
}
