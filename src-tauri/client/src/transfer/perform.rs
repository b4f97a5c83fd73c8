//! What the queue does when a machine has taken a step: write the row first, then stop, start, clear away, tell, show.

use super::offer::{self, Side};
use super::part;
use super::queue::{Queue, Running};
use super::room::{self, copies::Copy};
use super::row::{Kind, Row};
use super::step::Step;
use super::{room::table, store};
use crate::transfer::job::Job;
use pod_machine::offer::{DownPhase, UpPhase};
use pod_machine::transfer::{Effect, Happened, Phase, Task, Wait};
use pod_shared::{ErrorCode, TransferId};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// While only its bytes change, a transfer is shown this often at most.
const SHOW_EVERY: Duration = Duration::from_millis(250);
/// After this many bytes the row is told how far a transfer is.
const KEEP_BYTES: u64 = 16 * 1024 * 1024;

impl Queue {
    /// One step of one transfer, written before anything is done.
    pub(super) async fn step(&mut self, id: TransferId, step: impl Into<Step>) {
        self.step_with(id, step.into(), None).await;
    }

    /// As [`Queue::step`]; `copy` is written with it.
    pub(super) async fn step_with(&mut self, id: TransferId, step: Step, copy: Option<Copy>) {
        let now_ms = self.now_ms();
        let Some(row) = self.rows.get_mut(&id) else { return };
        let before = row.kind.clone();
        let mut out = Vec::new();
        row.step(now_ms, step, &mut out);
        let asks = row.asks_receiver();
        if !row.works() {
            self.running.remove(&id);
        }
        if out.is_empty() {
            return;
        }
        let only_bytes = out.iter().all(|effect| *effect == Effect::Progress);
        let asked = before.asks_receiver();
        for effect in out {
            match effect {
                Effect::Save => {
                    if let Err(code) = self.save(id, copy.clone()).await {
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
                Effect::Tell(Happened::Direct, _) => self.way_of(id, true),
                Effect::Speak | Effect::Tell(..) => {}
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
            && let Err(code) = self.save(id, None).await
        {
            tracing::warn!(%code, transfer = %id, "the progress of a transfer could not be written");
        }
    }

    pub(super) async fn save(&mut self, id: TransferId, copy: Option<Copy>) -> Result<(), ErrorCode> {
        let (Some(row), account) = (self.rows.get(&id).cloned(), self.account) else { return Ok(()) };
        let kept = copy.clone();
        let saved = self.ports.state.run(move |db| {
            if let (Some(copy), Some(account)) = (&copy, account) {
                table::put_copy(db, account, copy)?;
            }
            store::save(db, &row)
        });
        saved.await.map_err(|error| error.code)?;
        if let Some(row) = self.rows.get_mut(&id) {
            row.kept = row.done();
        }
        if let Some(copy) = kept {
            self.copies.put(copy);
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
        let wait = Wait::Person { code };
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
}
