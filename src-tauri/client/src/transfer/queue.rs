//! The task that owns the queue: it hears commands, wakes and reports, steps the machines, and hands out turns.
//!
//! Neighbours: `perform` does what a machine says, `asks` what a person asks, `chores` makes folders, drops given-up
//! uploads and looks at the disk, `upload` and `download` move bytes and report back. Nothing here blocks for long.

use super::Wake;
use super::board::Board;
use super::job::{News, Report};
use super::room::chores::{Chores, Side};
use super::room::copies::{Copies, Copy};
use super::room::table;
use super::row::Row;
use crate::command::{Answer, Command};
use crate::state::settings;
use crate::transfer::Ports;
use crate::view::ErrorView;
use pod_machine::transfer::{Input, Phase, Transfer, Trouble, Wait, turns};
use pod_shared::{AccountId, TimeMs, TransferId, UploadId, limits};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// What the queue is told from outside.
pub(super) enum Told {
    /// A command and where its answer goes.
    Ask(Command, oneshot::Sender<Result<Answer, ErrorView>>),
    /// Something that the queue waits for.
    Wake(Wake),
}

/// Whether tokens can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Net {
    Online,
    Offline,
}

/// The queue.
pub(super) struct Queue {
    pub(super) ports: Ports,
    pub(super) board: Board,
    pub(super) copies: Copies,
    pub(super) account: Option<AccountId>,
    pub(super) rows: BTreeMap<u64, Row>,
    pub(super) seqs: HashMap<TransferId, u64>,
    pub(super) running: HashMap<TransferId, Running>,
    pub(super) chores: Chores,
    pub(super) net: Net,
    pub(super) paused: bool,
    pub(super) begun: Instant,
    pub(super) runs: u64,
    pub(super) reports: mpsc::Sender<Report>,
    pub(super) side: mpsc::Sender<Side>,
    pub(super) tasks: JoinSet<()>,
    pub(super) shown: HashMap<TransferId, Instant>,
}

/// A run of work; ends when dropped.
pub(super) struct Running {
    pub(super) run: u64,
    pub(super) task: AbortHandle,
    pub(super) stop: CancellationToken,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}

impl Queue {
    /// Runs until nobody holds a handle any more.
    pub(super) async fn run(
        mut self,
        mut told: mpsc::Receiver<Told>,
        mut reports: mpsc::Receiver<Report>,
        mut side: mpsc::Receiver<Side>,
    ) {
        loop {
            self.hand_out_turns().await;
            self.do_chores();
            let deadline = self.next_deadline();
            tokio::select! {
                heard = told.recv() => match heard {
                    None => return,
                    Some(Told::Wake(wake)) => self.wake(wake).await,
                    Some(Told::Ask(command, answer)) => {
                        let said = self.ask(command).await;
                        // Who asked may have gone; what was asked stands.
                        let _ = answer.send(said);
                    }
                },
                Some(report) = reports.recv() => self.report(report).await,
                Some(news) = side.recv() => self.side(news).await,
                () = until(deadline) => self.tick().await,
                Some(_) = self.tasks.join_next() => {}
            }
        }
    }

    /// Milliseconds since the queue began: the clock of the machines.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A queue of nobody yet.
    pub(super) fn new(
        ports: Ports,
        board: Board,
        copies: Copies,
        reports: mpsc::Sender<Report>,
        side: mpsc::Sender<Side>,
    ) -> Self {
        Self {
            ports,
            board,
            copies,
            account: None,
            rows: BTreeMap::new(),
            seqs: HashMap::new(),
            running: HashMap::new(),
            chores: Chores::default(),
            net: Net::Offline,
            paused: false,
            begun: Instant::now(),
            runs: 0,
            reports,
            side,
            tasks: JoinSet::new(),
            shown: HashMap::new(),
        }
    }

    /// Takes up the rows of whoever is signed in.
    pub(super) async fn load(&mut self) -> Result<(), ErrorView> {
        let loaded = self
            .ports
            .state
            .run(|db| {
                let Some(account) = table::signed_in(db)? else { return Ok(None) };
                let rows = table::load(db, account)?;
                Ok(Some((account, rows, table::folders(db, account)?, table::copies(db, account)?)))
            })
            .await;
        let Some((account, rows, folders, copies)) = loaded? else { return Ok(()) };
        self.account = Some(account);
        self.copies.replace(copies);
        self.chores.folders = folders;
        for mut row in rows {
            row.machine = row.machine.reloaded();
            self.chores.owe(row.machine.id, &row.machine.owed);
            self.seqs.insert(row.machine.id, row.facts.seq);
            self.rows.insert(row.facts.seq, row);
        }
        self.read_settings().await;
        self.show_all().await;
        self.chores.scan_soon(self.now_ms());
        Ok(())
    }

    /// Nobody is signed in: everything stops, the rows stay on the disk.
    fn unload(&mut self) {
        self.account = None;
        self.running.clear();
        self.tasks.abort_all();
        self.rows.clear();
        self.seqs.clear();
        self.shown.clear();
        self.board.clear();
        self.copies.replace(Vec::new());
        self.chores = Chores::default();
        self.net = Net::Offline;
    }

    async fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Online => {
                if self.account.is_none()
                    && let Err(error) = self.load().await
                {
                    tracing::error!(code = %error.code, "the transfer queue could not be read");
                }
                self.net = Net::Online;
                self.chores.network_back();
                self.step_all(&Input::NetworkBack, |_| true).await;
                self.show_waiting().await;
            }
            Wake::Offline => {
                self.net = Net::Offline;
                self.show_waiting().await;
            }
            Wake::SignedOut => self.unload(),
            Wake::RoomAtServer(room) => {
                self.chores.network_back();
                self.step_all(&Input::RoomThere, |row| row.facts.room == room).await;
            }
            Wake::UploadEnded(upload) => {
                self.step_all(&Input::NetworkBack, |row| row.machine.upload == Some(upload)).await;
            }
            Wake::Settings => self.read_settings().await,
            Wake::Offers(..) | Wake::Ordered => {}
            // Who waits for an older version looks again; a run under way finds out by its `If-Range`.
            Wake::EntriesChanged(entries) => {
                let changed = |row: &Row| row.machine.entry.is_some_and(|entry| entries.contains(&entry));
                self.step_all(&Input::NetworkBack, changed).await;
            }
        }
    }

    /// The whole queue may stand: what moves waits for its turn again, with all that it has.
    pub(super) async fn read_settings(&mut self) {
        match settings::get(&self.ports.state, settings::PAUSED).await {
            Ok(value) => self.paused = value.as_deref() == Some("on"),
            Err(error) => tracing::warn!(code = %error.code, "the settings of the queue could not be read"),
        }
        if self.paused {
            self.running.clear();
            for row in self.rows.values_mut() {
                row.machine = row.machine.clone().reloaded();
                row.rate.stop();
            }
        }
        self.show_waiting().await;
    }

    async fn step_all(&mut self, input: &Input, of: impl Fn(&Row) -> bool) {
        let waits = |row: &Row| matches!(row.machine.phase, Phase::Waiting(_));
        let ids: Vec<TransferId> =
            self.rows.values().filter(|row| waits(row) && of(row)).map(|row| row.machine.id).collect();
        for id in ids {
            self.step(id, input.clone(), None).await;
        }
    }

    async fn tick(&mut self) {
        let now = self.now_ms();
        let due = |row: &&Row| row.machine.next_deadline().is_some_and(|at| at <= now);
        let ids: Vec<TransferId> = self.rows.values().filter(due).map(|row| row.machine.id).collect();
        for id in ids {
            self.step(id, Input::Tick, None).await;
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let of_rows = match self.net {
            Net::Online => self.rows.values().filter_map(|row| row.machine.next_deadline()).min(),
            Net::Offline => None,
        };
        let next = [of_rows, self.chores.next_deadline(self.net)].into_iter().flatten().min();
        next.map(|at_ms| self.begun + Duration::from_millis(at_ms))
    }

    /// Lets those move whose turn it is.
    async fn hand_out_turns(&mut self) {
        if self.net == Net::Offline || self.paused {
            return;
        }
        let ready =
            |row: &&Row| row.machine.phase != Phase::Waiting(Wait::Turn) || !self.waits_for_folder(row);
        let open = self.rows.values().filter(|row| !row.machine.is_over()).filter(ready);
        let mut open: Vec<&Transfer> = open.map(|row| &row.machine).collect();
        open.sort_by_cached_key(|machine| self.board.ranks().of(machine.id));
        let chosen = turns(open.into_iter());
        for turn in chosen {
            self.step(turn.id, Input::Go, None).await;
        }
    }

    /// Whether the folder that an upload goes into is still to be made.
    pub(super) fn waits_for_folder(&self, row: &Row) -> bool {
        row.facts.parent.is_some_and(|parent| self.chores.folders.iter().any(|folder| folder.id == parent))
    }

    async fn report(&mut self, report: Report) {
        let Report { transfer, run, news } = report;
        if self.running.get(&transfer).is_none_or(|running| running.run != run) {
            return;
        }
        match news {
            News::Step(input) => {
                let copy = self.copy_of_source(transfer, &input);
                self.moved(transfer, &input);
                self.step(transfer, input, copy).await;
            }
            News::Failed(failure) => {
                if let Some(row) = self.row(transfer) {
                    row.detail = failure.detail;
                }
                let jitter = rand::random_range(0..=1_000);
                self.step(transfer, Input::Trouble { trouble: failure.trouble, jitter }, None).await;
            }
            News::UploadGone => {
                let expired = self.row(transfer).is_some_and(|row| {
                    let idle_ms = now().0.saturating_sub(row.facts.touched_at.0);
                    u64::try_from(idle_ms).unwrap_or_default() > limits::UPLOAD_IDLE_S_MAX * 1_000
                });
                let input = if expired {
                    Input::Trouble { trouble: Trouble::UploadExpired, jitter: 0 }
                } else {
                    Input::CancelledElsewhere
                };
                self.step(transfer, input, None).await;
            }
            News::Placed(path) => self.placed(transfer, path).await,
        }
    }

    /// Bytes went on: how fast, and when last.
    fn moved(&mut self, transfer: TransferId, input: &Input) {
        if let (Input::Moved { done }, Some(row)) = (input, self.row(transfer)) {
            row.rate.at(Instant::now(), *done);
            row.facts.touched_at = now();
        }
    }

    /// What was sent is here too, where it was sent from.
    fn copy_of_source(&mut self, transfer: TransferId, input: &Input) -> Option<Copy> {
        let Input::Finished { entry: Some(entry) } = input else { return None };
        let row = self.row(transfer)?;
        let content = row.machine.content.as_ref()?;
        let stamp = content.stamp?;
        Some(Copy {
            entry: *entry,
            room: row.facts.room,
            path: row.facts.path.clone(),
            digest: content.digest.clone(),
            size: stamp.size,
            modified_ns: stamp.modified_ns,
            ours: false,
        })
    }

    pub(super) fn row(&mut self, transfer: TransferId) -> Option<&mut Row> {
        self.seqs.get(&transfer).and_then(|seq| self.rows.get_mut(seq))
    }
}

/// The time, for showing and for what lasts days.
pub(super) fn now() -> TimeMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    TimeMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A new id for an upload.
pub(super) fn new_upload() -> UploadId {
    UploadId(uuid::Uuid::now_v7())
}

/// Completes at this time; without one never.
pub(super) async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
