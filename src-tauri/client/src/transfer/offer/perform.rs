//! What the desk does when a machine has taken a step: write the row first, then stop, start, tell, show.

use super::book::Entry;
use super::desk::Desk;
use super::job::Job;
use super::row::{Row, Side};
use super::{fetch, pull, send, table};
use crate::transfer::part;
use crate::transfer::queue::Running;
use pod_machine::offer::{Down, DownInput, DownPhase, Effect, Task, Up, UpInput, UpPhase};
use pod_machine::transfer::Wait;
use pod_shared::{ErrorCode, TransferId};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// While only its bytes change, a transfer is shown this often at most.
const SHOW_EVERY: Duration = Duration::from_millis(250);
/// After this many bytes the row is told how far it is.
const KEEP_BYTES: u64 = 32 * 1024 * 1024;

impl Desk {
    /// One step of the sender's side, written before anything is done.
    pub(super) async fn up(&mut self, id: TransferId, input: UpInput) {
        let now_ms = self.now_ms();
        let Some(row) = self.row(id) else { return };
        let before = row.side.clone();
        let Side::Up(up) = &mut row.side else { return };
        let mut out = Vec::new();
        up.step(now_ms, input, &mut out);
        let works = matches!(up.phase, UpPhase::Reading | UpPhase::Sending);
        self.perform(id, before, works, out).await;
    }

    /// One step of the receiver's side.
    pub(super) async fn down(&mut self, id: TransferId, input: DownInput) {
        let now_ms = self.now_ms();
        let Some(row) = self.row(id) else { return };
        let before = row.side.clone();
        let Side::Down(down) = &mut row.side else { return };
        let mut out = Vec::new();
        down.step(now_ms, input, &mut out);
        let works = matches!(down.phase, DownPhase::Moving | DownPhase::Verifying);
        self.perform(id, before, works, out).await;
    }

    async fn perform(&mut self, id: TransferId, before: Side, works: bool, out: Vec<Effect>) {
        if !works {
            self.running.remove(&id);
        }
        if out.is_empty() {
            return;
        }
        let only_bytes = out.iter().all(|effect| *effect == Effect::Progress);
        let Some(row) = self.row(id) else { return };
        let asked = needs_person(&before);
        for effect in &out {
            if let Effect::Tell(what, byte) = effect {
                row.tell(*what, *byte);
            }
        }
        row.rate.at(Instant::now(), row.done());
        for effect in out {
            match effect {
                Effect::Save => {
                    if let Err(code) = self.save(id).await {
                        return self.stuck_on_disk(id, before, code).await;
                    }
                }
                Effect::Stop => self.stop(id),
                Effect::Start(task) => self.start(id, task),
                Effect::Speak | Effect::Tell(..) => {}
                Effect::DropPart => self.drop_part(id).await,
                Effect::Progress => self.keep_progress(id).await,
            }
        }
        self.serve(id);
        let recent = self.shown.get(&id).is_some_and(|at| at.elapsed() < SHOW_EVERY);
        if !(only_bytes && recent) {
            self.show(id).await;
        }
        if self.row(id).is_some_and(|row| needs_person(&row.side) != asked) {
            self.tell_offers().await;
        }
    }

    /// Puts the file on the list of what may be fetched straight, or takes it off.
    pub(super) fn serve(&mut self, id: TransferId) {
        let paused = self.settings.paused;
        let Some(row) = self.row(id) else { return };
        let offer = row.offer();
        let Side::Up(up) = &row.side else { return };
        let stamp = up.offered.as_ref().and_then(|offered| offered.content.stamp);
        let entry = match (up.serves() && !paused, stamp, row.manifest.clone()) {
            (true, Some(stamp), Some(manifest)) => {
                Some(Entry { path: row.path.clone(), stamp, manifest, device: up.device })
            }
            _ => None,
        };
        self.ledger.set(offer, entry);
    }

    /// How far it is, now and then: a restart shows it before anybody is asked. The truth is at the destination.
    async fn keep_progress(&mut self, id: TransferId) {
        let behind = |row: &Row| row.done().saturating_sub(row.kept) >= KEEP_BYTES;
        if self.row(id).is_some_and(|row| behind(row))
            && let Err(code) = self.save(id).await
        {
            tracing::warn!(%code, transfer = %id, "the progress of an offer could not be written");
        }
    }

    pub(super) async fn save(&mut self, id: TransferId) -> Result<(), ErrorCode> {
        let Some(row) = self.row(id) else { return Ok(()) };
        row.kept = row.done();
        let row = row.clone();
        // The digests are new exactly when the source was just read through and nobody was asked about it yet.
        let fresh = matches!(&row.side, Side::Up(Up { phase: UpPhase::Asked { until_ms: None }, .. }));
        let manifest = row.manifest.as_ref().filter(|_| fresh).map(|manifest| manifest.to_bytes());
        self.ports.state.run(move |db| table::save(db, &row, manifest)).await.map_err(|error| error.code)
    }

    /// The row could not be written, so the step was not taken: the person is told, and may retry.
    async fn stuck_on_disk(&mut self, id: TransferId, before: Side, code: ErrorCode) {
        tracing::error!(%code, transfer = %id, "a step of an offer could not be written");
        self.stop(id);
        if let Some(row) = self.row(id) {
            row.side = before;
            match &mut row.side {
                Side::Up(up) if !up.is_over() => up.phase = UpPhase::Waiting(Wait::Person { code }),
                Side::Down(down) if !down.is_over() => down.phase = DownPhase::Waiting(Wait::Person { code }),
                Side::Up(_) | Side::Down(_) => {}
            }
            "the local data could not be written".clone_into(&mut row.detail);
        }
        self.serve(id);
        self.show(id).await;
    }

    fn stop(&mut self, id: TransferId) {
        self.running.remove(&id);
        if let Some(offer) = self.row(id).map(|row| row.offer()) {
            self.direct.stop(offer);
        }
    }

    fn start(&mut self, id: TransferId, task: Task) {
        self.runs += 1;
        let (run, stop) = (self.runs, CancellationToken::new());
        let Some(row) = self.row(id) else { return };
        row.rate.stop();
        row.resumed_at = Some(row.done()).filter(|done| *done > 0);
        let row = row.clone();
        let (offered, upload) = match &row.side {
            Side::Up(up) => (up.offered.clone(), up.upload),
            Side::Down(Down { offered, .. }) => (Some(offered.clone()), None),
        };
        let job = Job {
            transfer: id,
            offer: row.offer(),
            peer: row.peer,
            offered,
            manifest: row.manifest,
            upload,
            path: row.path,
            ports: self.ports.clone(),
            direct: self.direct.clone(),
            run,
            reports: self.reports.clone(),
            stop: stop.clone(),
        };
        let known = self.endpoints.get(&job.offer).cloned();
        let task = self.tasks.spawn(async move {
            match task {
                Task::Read => send::read(job).await,
                Task::Send { from } => send::run(job, from).await,
                Task::Pull => pull::run(job, known).await,
                Task::Fetch { from } => fetch::run(job, from).await,
            }
        });
        self.running.insert(id, Running { run, task, stop });
    }

    async fn drop_part(&mut self, id: TransferId) {
        let Some(path) = self.row(id).map(|row| part::part_path(&row.path, id)) else { return };
        if tokio::task::spawn_blocking(move || part::drop_part(&path)).await.is_err() {
            tracing::warn!(transfer = %id, "a part file could not be deleted");
        }
    }
}

/// Whether the receiver must say that it goes on.
pub(super) fn needs_person(side: &Side) -> bool {
    matches!(side, Side::Down(Down { phase: DownPhase::Asking, .. }))
}
