//! What the queue does when a machine has taken a step: write the row first, then stop, start, clear away, show.

use super::job::Job;
use super::part;
use super::queue::{Net, Queue, Running, new_upload};
use super::room::copies::Copy;
use super::room::{download, table, upload};
use super::row::Row;
use crate::event::Event;
use crate::view::{Stuck, TransferState, TransferView};
use pod_machine::transfer::{Direction, Input, Output, Phase, Wait, Work};
use pod_shared::{ErrorCode, RoomId, TransferId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// While only its bytes change, a transfer is shown this often at most.
const SHOW_EVERY: Duration = Duration::from_millis(250);
/// After this many bytes the row is told how far a transfer is.
const KEEP_BYTES: u64 = 16 * 1024 * 1024;
/// Transfers told one by one when all of them change at once; who shows more asks for the list.
const TOLD_AT_ONCE_MAX: usize = 64;

impl Queue {
    /// One step of one transfer, written before anything is done. `copy` is written with it.
    pub(super) async fn step(&mut self, id: TransferId, input: Input, copy: Option<Copy>) {
        let now_ms = self.now_ms();
        let Some(row) = self.row(id) else { return };
        let before = row.machine.clone();
        let mut out = Vec::new();
        row.machine.step(now_ms, input, &mut out);
        if row.machine.upload == Some(row.facts.next_upload) {
            row.facts.next_upload = new_upload();
        }
        if !matches!(row.machine.phase, Phase::Working { work: Work::Move }) {
            row.rate.stop();
        }
        let works = matches!(row.machine.phase, Phase::Working { .. });
        if !works {
            self.running.remove(&id);
        }
        if out.is_empty() {
            return;
        }
        let only_bytes = out.iter().all(|output| *output == Output::Progress);
        for output in out {
            match output {
                Output::Save => {
                    if let Err(code) = self.save(id, copy.clone()).await {
                        self.stuck_on_disk(id, before, code).await;
                        return;
                    }
                }
                Output::Stop => drop(self.running.remove(&id)),
                Output::Start(work) => self.start(id, work),
                Output::DropPart => self.drop_part(id).await,
                Output::Forget(_) => {
                    if let Some(owed) = self.row(id).map(|row| row.machine.owed.clone()) {
                        self.chores.owe(id, &owed);
                    }
                }
                Output::Progress => self.keep_progress(id).await,
            }
        }
        let recent = self.shown.get(&id).is_some_and(|at| at.elapsed() < SHOW_EVERY);
        if !(only_bytes && recent) {
            self.show(id).await;
        }
    }

    /// How far it is, now and then: a restart shows it before the server is asked. The truth is at the destination.
    async fn keep_progress(&mut self, id: TransferId) {
        let behind = |row: &Row| row.machine.done.saturating_sub(row.kept) >= KEEP_BYTES;
        if self.row(id).is_some_and(|row| behind(row))
            && let Err(code) = self.save(id, None).await
        {
            tracing::warn!(%code, transfer = %id, "the progress of a transfer could not be written");
        }
    }

    async fn save(&mut self, id: TransferId, copy: Option<Copy>) -> Result<(), ErrorCode> {
        let (Some(row), account) = (self.row(id).cloned(), self.account) else { return Ok(()) };
        let kept = copy.clone();
        let saved = self.ports.state.run(move |db| {
            if let (Some(copy), Some(account)) = (&copy, account) {
                table::put_copy(db, account, copy)?;
            }
            table::save(db, &row)
        });
        saved.await.map_err(|error| error.code)?;
        if let Some(row) = self.row(id) {
            row.kept = row.machine.done;
        }
        if let Some(copy) = kept {
            self.copies.put(copy);
        }
        Ok(())
    }

    /// The row could not be written, so the step was not taken: the person is told, and may retry.
    async fn stuck_on_disk(
        &mut self,
        id: TransferId,
        before: pod_machine::transfer::Transfer,
        code: ErrorCode,
    ) {
        tracing::error!(%code, transfer = %id, "a step of a transfer could not be written");
        self.running.remove(&id);
        if let Some(row) = self.row(id) {
            row.machine = before;
            if !row.machine.is_over() {
                row.machine.phase = Phase::Waiting(Wait::Person { code });
            }
            "the local data could not be written".clone_into(&mut row.detail);
        }
        self.show(id).await;
    }

    fn start(&mut self, id: TransferId, work: Work) {
        self.runs += 1;
        let (run, stop) = (self.runs, CancellationToken::new());
        let Some(row) = self.row(id).map(|row| row.clone()) else { return };
        let job = Job {
            replaces: self.replaceable(&row),
            at_hand: self.at_hand(&row),
            transfer: row.machine,
            facts: row.facts,
            ports: self.ports.clone(),
            run,
            reports: self.reports.clone(),
            stop: stop.clone(),
        };
        let direction = job.transfer.direction;
        let task = self.tasks.spawn(async move {
            match (direction, work) {
                (Direction::Up, Work::Read) => upload::read(job).await,
                (Direction::Down, Work::Read) => download::read(job).await,
                (Direction::Up, Work::Move | Work::Verify) => upload::run(job).await,
                (Direction::Down, Work::Move | Work::Verify) => download::run(job).await,
            }
        });
        self.running.insert(id, Running { run, task, stop });
    }

    /// An older version in the pod's own place that nobody touched: the new one takes its name.
    fn replaceable(&self, row: &Row) -> Option<PathBuf> {
        let copies = self.copies.of(row.machine.entry?);
        let old = copies.into_iter().find(|copy| copy.ours && copy.path == row.facts.path)?;
        old.is_intact().then_some(old.path)
    }

    /// A file on this computer with the very bytes that a download wants (O9).
    fn at_hand(&self, row: &Row) -> Option<PathBuf> {
        let content = row.machine.content.as_ref().filter(|_| row.machine.restarts == 0)?;
        let copies = self.copies.with_digest(&content.digest);
        let fits = |copy: &Copy| copy.path != row.facts.path && copy.is_intact();
        copies.into_iter().find(fits).map(|copy| copy.path)
    }

    async fn drop_part(&mut self, id: TransferId) {
        let Some(path) = self.row(id).map(|row| part::part_path(&row.facts.path, id)) else { return };
        if tokio::task::spawn_blocking(move || part::drop_part(&path)).await.is_err() {
            tracing::warn!(transfer = %id, "a part file could not be deleted");
        }
    }

    /// A download has its name: the copy is written together with the end of the transfer.
    pub(super) async fn placed(&mut self, id: TransferId, path: PathBuf) {
        let files = self.ports.files.clone();
        let Some(row) = self.row(id) else { return };
        row.facts.path.clone_from(&path);
        let (room, entry, content) = (row.facts.room, row.machine.entry, row.machine.content.clone());
        let copy = match (entry, content) {
            (Some(entry), Some(content)) => {
                let of = move || {
                    let ours = path.starts_with(&files);
                    Copy::of(entry, room, &path, &content.digest, ours)
                };
                tokio::task::spawn_blocking(of).await.ok().and_then(Result::ok)
            }
            (Some(_) | None, Some(_) | None) => None,
        };
        self.step(id, Input::Finished { entry }, copy).await;
        self.ports.sink.emit(Event::Folder { room });
    }

    /// Shows one transfer as it is now.
    pub(super) async fn show(&mut self, id: TransferId) {
        let Some(room) = self.row(id).map(|row| row.facts.room) else { return };
        let title = self.ports.cache.room_title(room).await.unwrap_or_default();
        let Some(transfer) = self.put_on_board(id, title) else { return };
        self.shown.insert(id, Instant::now());
        if self.rows.get(self.seqs.get(&id).unwrap_or(&0)).is_some_and(|row| row.machine.is_over()) {
            self.shown.remove(&id);
        }
        self.ports.sink.emit(Event::Transfer { transfer });
    }

    fn put_on_board(&mut self, id: TransferId, title: String) -> Option<TransferView> {
        let seq = *self.seqs.get(&id)?;
        let row = self.rows.get(&seq)?;
        let mut view = row.view(title);
        if row.machine.phase == Phase::Waiting(Wait::Turn) {
            if self.paused {
                view.state = TransferState::Waiting(Stuck::PausedAll);
            } else if self.net == Net::Offline {
                view.state = TransferState::Waiting(Stuck::Network { until: None });
            } else if self.waits_for_folder(row) {
                view.state = TransferState::Waiting(Stuck::Room);
            }
        }
        Some(self.board.put(seq, view, row.upload()))
    }

    /// Puts every transfer on the board, and tells of none.
    pub(super) async fn show_all(&mut self) {
        let mut titles: HashMap<RoomId, String> = HashMap::new();
        let all: Vec<_> = self.rows.values().map(|row| (row.machine.id, row.facts.room)).collect();
        for (id, room) in all {
            let title = match titles.entry(room) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(free) => {
                    free.insert(self.ports.cache.room_title(room).await.unwrap_or_default()).clone()
                }
            };
            self.put_on_board(id, title);
        }
    }

    /// What waits looks different now.
    pub(super) async fn show_waiting(&mut self) {
        self.show_all().await;
        let waits = |row: &&Row| row.machine.phase == Phase::Waiting(Wait::Turn);
        let some = self.rows.values().filter(waits).take(TOLD_AT_ONCE_MAX).map(|row| row.machine.id);
        for transfer in some.collect::<Vec<_>>().into_iter().filter_map(|id| self.board.find(id)) {
            self.ports.sink.emit(Event::Transfer { transfer });
        }
    }
}
