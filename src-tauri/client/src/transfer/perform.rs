//! What the queue does when a machine has taken a step: write the row first, then stop, start, clear away, tell, show.

use super::offer::{self, Side};
use super::part;
use super::queue::{Queue, Running};
use super::reports::Report;
use super::room::{self, copies::Copy};
use super::row::{Kind, Row};
use super::space;
use super::step::Step;
use super::{Landed, room::table, store};
use crate::state::linked;
use crate::transfer::job::Job;
use pod_machine::offer::{DownPhase, UpPhase};
use pod_machine::transfer::{Effect, Phase, Task, Wait};
use pod_shared::{ErrorCode, TransferId};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// While only its bytes change, a transfer is shown this often at most.
const SHOW_EVERY: Duration = Duration::from_millis(250);
/// After this many bytes the row is told how far a transfer is.
const KEEP_BYTES: u64 = 16 * 1024 * 1024;

/// A step that was taken in memory.
struct Taken {
    /// What it was before.
    before: Kind,
    /// What is to be done.
    out: Vec<Effect>,
}

/// What is written together with a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Along {
    /// A copy of the file that is here since.
    pub(super) copy: Option<Copy>,
    /// What its linked folder is to know.
    pub(super) landed: Option<Landed>,
}

impl Along {
    fn is_empty(&self) -> bool {
        self.copy.is_none() && self.landed.is_none()
    }
}

/// How a row gets to the disk.
enum Save {
    /// When the step says so, with this.
    Each(Box<Along>),
    /// It is there.
    Done,
}

impl Queue {
    /// One step of one transfer, written before anything is done.
    pub(super) async fn step(&mut self, id: TransferId, step: impl Into<Step>) {
        self.step_with(id, step.into(), Along::default()).await;
    }

    /// As [`Queue::step`]; `along` is written with it.
    pub(super) async fn step_with(&mut self, id: TransferId, step: Step, along: Along) {
        if let Some(taken) = self.take_step(id, step) {
            self.perform(id, taken, Save::Each(Box::new(along))).await;
        }
    }

    /// Several steps of different transfers, written at once before anything is done: one wait for the disk.
    pub(super) async fn steps_with(&mut self, steps: Vec<(TransferId, Step, Along)>) {
        let (mut taken, mut rows) = (Vec::new(), Vec::new());
        for (id, step, along) in steps {
            if let Some(step) = self.take_step(id, step) {
                rows.extend(self.rows.get(&id).map(|row| (row.clone(), along)));
                taken.push((id, step));
            }
        }
        let written = self.write(rows).await;
        for (id, step) in taken {
            match written {
                Ok(()) => self.perform(id, step, Save::Done).await,
                Err(code) => self.stuck_on_disk(id, step.before, code).await,
            }
        }
    }

    /// The step in memory; nothing: it changed nothing that anybody has to act on.
    fn take_step(&mut self, id: TransferId, step: Step) -> Option<Taken> {
        let now_ms = self.now_ms();
        let row = self.rows.get_mut(&id)?;
        let before = row.kind.clone();
        let mut out = Vec::new();
        row.step(now_ms, step, &mut out);
        if !row.works() {
            self.running.remove(&id);
        }
        self.note(id);
        (!out.is_empty()).then_some(Taken { before, out })
    }

    /// Does what a step asks for.
    async fn perform(&mut self, id: TransferId, Taken { before, out }: Taken, mut save: Save) {
        let only_bytes = out.iter().all(|effect| *effect == Effect::Progress);
        let told = out.iter().any(|effect| matches!(effect, Effect::Tell(..) | Effect::TellAuto(..)));
        let asked = before.asks_receiver();
        let asks = self.rows.get(&id).is_some_and(Row::asks_receiver);
        for effect in out {
            match effect {
                Effect::Save => {
                    let Save::Each(along) = &mut save else { continue };
                    let along = std::mem::take(&mut **along);
                    // What a restart would make of the row on the disk is this very row.
                    let rests = || self.rows.get(&id).is_some_and(|row| row.rests_as(&before));
                    if along.is_empty() && !told && rests() {
                        continue;
                    }
                    if let Err(code) = self.save(id, along).await {
                        return self.stuck_on_disk(id, before, code).await;
                    }
                }
                Effect::Stop => self.stop(id),
                Effect::Start(task) => self.start(id, task),
                Effect::DropPart => self.drop_part(id).await,
                Effect::Forget(_) => {
                    if let Some(file) = self.rows.get(&id).and_then(Row::room) {
                        self.chores.owe(id, &file.machine.owed);
                    }
                }
                Effect::Look => self.look(id),
                Effect::Measure => self.measure(id),
                Effect::Speak | Effect::Tell(..) | Effect::TellAuto(..) => {}
                Effect::Progress => self.keep_progress(id).await,
            }
        }
        self.serve(id);
        let recent = self.shown.get(&id).is_some_and(|at| at.elapsed() < SHOW_EVERY);
        if !(only_bytes && recent) {
            self.show(id).await;
        }
        if asks != asked {
            self.tell_offers().await;
        }
    }

    /// How far it is, now and then: a restart shows it before anybody is asked. The truth is at the destination.
    async fn keep_progress(&mut self, id: TransferId) {
        let behind = |row: &Row| row.done().saturating_sub(row.kept) >= KEEP_BYTES;
        if self.rows.get(&id).is_some_and(behind)
            && let Err(code) = self.save(id, Along::default()).await
        {
            tracing::warn!(%code, transfer = %id, "the progress of a transfer could not be written");
        }
    }

    pub(super) async fn save(&mut self, id: TransferId, along: Along) -> Result<(), ErrorCode> {
        let Some(row) = self.rows.get(&id).cloned() else { return Ok(()) };
        self.write(vec![(row, along)]).await
    }

    /// Writes rows, each with what goes along.
    async fn write(&mut self, rows: Vec<(Row, Along)>) -> Result<(), ErrorCode> {
        if rows.is_empty() {
            return Ok(());
        }
        let account = self.account;
        let saved = self.ports.state.run(move |db| {
            for (row, along) in &rows {
                if let (Some(copy), Some(account)) = (&along.copy, account) {
                    table::put_copy(db, account, copy)?;
                }
                if let Some(Landed { linked: id, base: Some(base), .. }) = &along.landed {
                    linked::landed(db, *id, base)?;
                }
                store::save(db, row)?;
            }
            Ok(rows)
        });
        for (row, Along { copy, landed }) in saved.await.map_err(|error| error.code)? {
            if let Some(kept) = self.rows.get_mut(&row.id()) {
                kept.kept = row.done();
            }
            if let Some(copy) = copy {
                self.copies.put(copy);
            }
            // Before anybody sees that it has moved.
            if let Some(landed) = landed {
                self.board.landed(landed);
            }
        }
        Ok(())
    }

    /// The row could not be written, so the step was not taken: the person is told, and may retry.
    async fn stuck_on_disk(&mut self, id: TransferId, before: Kind, code: ErrorCode) {
        tracing::error!(%code, transfer = %id, "a step of a transfer could not be written");
        self.stop(id);
        if let Some(row) = self.rows.get_mut(&id) {
            row.kind = before;
            if !row.is_over() {
                row.kind.wait_for_person(code);
            }
            "the local data could not be written".clone_into(&mut row.detail);
        }
        self.note(id);
        self.serve(id);
        self.show(id).await;
    }

    /// Nobody works on it, and nobody fetches it straight.
    pub(super) fn stop(&mut self, id: TransferId) {
        self.running.remove(&id);
        if let Some(offer) = self.rows.get(&id).and_then(Row::offer).map(offer::Offer::id) {
            self.offers.direct.stop(offer);
        }
    }

    fn start(&mut self, id: TransferId, task: Task) {
        self.runs += 1;
        let (run, stop) = (self.runs, CancellationToken::new());
        let Some(row) = self.rows.get_mut(&id) else { return };
        row.rate.stop();
        row.resumed_at = Some(row.done()).filter(|done| *done > 0);
        let row = row.clone();
        let job = Job {
            id,
            name: row.name.clone(),
            path: row.path.clone(),
            of: (),
            ports: self.ports.clone(),
            run,
            reports: self.reports.clone(),
            stop: stop.clone(),
        };
        let task = match &row.kind {
            Kind::Room(file) => {
                let job = job.with(self.work_on_file(&row, file));
                self.tasks.spawn(room::run(job, task))
            }
            Kind::Offer(offer) => {
                let job = job.with(self.offers.work(offer));
                self.tasks.spawn(offer::run(job, task))
            }
        };
        self.running.insert(id, Running { run, task, stop });
    }

    /// Finds out how much room there is where the file goes.
    fn measure(&mut self, id: TransferId) {
        let Some(path) = self.rows.get(&id).map(|row| row.path.clone()) else { return };
        let reports = self.reports.clone();
        self.tasks.spawn(async move {
            // A disk that is gone, or does not say, is looked at again.
            if let Some(bytes) = space::free(path).await {
                // The queue may be stopping; the next process tries at once.
                let _ = reports.send(Report::Free { transfer: id, bytes }).await;
            }
        });
    }

    async fn drop_part(&mut self, id: TransferId) {
        let Some(path) = self.rows.get(&id).map(|row| part::part_path(&row.path, id)) else { return };
        if tokio::task::spawn_blocking(move || part::drop_part(&path)).await.is_err() {
            tracing::warn!(transfer = %id, "a part file could not be deleted");
        }
    }
}

impl Kind {
    fn asks_receiver(&self) -> bool {
        match self {
            Self::Room(_) => false,
            Self::Offer(offer) => offer.asks_receiver(),
        }
    }

    fn wait_for_person(&mut self, code: ErrorCode) {
        let wait = Wait::for_person(code);
        match self {
            Self::Room(file) => file.machine.phase = Phase::Waiting(wait),
            Self::Offer(offer) => match &mut offer.side {
                Side::Up(up) => up.phase = UpPhase::Waiting(wait),
                Side::Down(down) => down.phase = DownPhase::Waiting(wait),
            },
        }
    }
}

impl Row {
    fn asks_receiver(&self) -> bool {
        self.kind.asks_receiver()
    }

    /// Whether a restart would make the same of it as of what it was before.
    fn rests_as(&self, before: &Kind) -> bool {
        match (&self.kind, before) {
            (Kind::Room(now), Kind::Room(before)) => now.rests_as(before),
            (Kind::Room(_) | Kind::Offer(_), Kind::Room(_) | Kind::Offer(_)) => false,
        }
    }
}
