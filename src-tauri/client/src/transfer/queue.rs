//! The task that owns the queue: it hears commands, wakes and reports, steps the machines, and hands out turns.
//!
//! One set of books for everything that moves: files of rooms (`room`) and offers (`offer`). Neighbours: `perform` does
//! what a machine says, `asks` what a person asks, `reports` hears from runs, `show` is what others see. Nothing here
//! blocks for long.

use super::Wake;
use super::board::Board;
use super::index::Index;
use super::line::Line;
use super::offer::{self, Offers};
use super::reports::Report;
use super::room::Fetch;
use super::room::chores::{Chores, Side};
use super::room::copies::Copies;
use super::room::table;
use super::row::Row;
use super::rows::{NewRows, Rows};
use super::settings::Settings;
use super::show::Known;
use super::step::Any;
use super::store;
use crate::command::{Answer, Command, FileCommand};
use crate::transfer::Ports;
use crate::view::ErrorView;
use pod_machine::offer::DownInput;
use pod_machine::transfer::{Input, Phase, turns};
use pod_shared::{AccountId, TimeMs, TransferId, UploadId};
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// Fetches that are asked for together, at most.
const FETCHES_AT_ONCE: usize = 256;

/// What the queue is told from outside.
pub(super) enum Told {
    /// A command and where its answer goes.
    Ask(Command, oneshot::Sender<Result<Answer, ErrorView>>),
    /// Files of a linked folder.
    Linked(Vec<super::LinkedMove>, oneshot::Sender<Result<(), ErrorView>>),
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
    pub(super) rows: Rows,
    pub(super) line: Line,
    pub(super) index: Index,
    pub(super) running: HashMap<TransferId, Running>,
    pub(super) chores: Chores,
    pub(super) offers: Offers,
    pub(super) settings: Settings,
    pub(super) net: Net,
    begun: Instant,
    pub(super) runs: u64,
    pub(super) reports: mpsc::Sender<Report>,
    pub(super) side: mpsc::Sender<Side>,
    pub(super) tasks: JoinSet<()>,
    pub(super) shown: HashMap<TransferId, Instant>,
    /// What the last shows looked up.
    pub(super) known: Known,
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
            self.speak_all();
            self.decline_all();
            let deadline = self.next_deadline();
            tokio::select! {
                heard = told.recv() => match heard {
                    None => return,
                    Some(heard) => self.hear(heard, &mut told).await,
                },
                Some(report) = reports.recv() => self.report_all(report, &mut reports).await,
                Some(news) = side.recv() => self.side(news).await,
                () = until(deadline) => self.tick().await,
                Some(_) = self.tasks.join_next() => {}
            }
        }
    }

    /// What came. Fetches that are asked for together are written together.
    async fn hear(&mut self, first: Told, more: &mut mpsc::Receiver<Told>) {
        let (mut next, mut fetches) = (Some(first), Vec::new());
        while let Some(told) = next.take() {
            let (entry, version, dest, answer) = match told {
                Told::Ask(Command::Get { entry, dest }, answer) => (entry, None, dest, answer),
                Told::Ask(Command::AboutFiles(FileCommand::VersionGet { entry, version, dest }), answer) => {
                    (entry, Some(version), dest, answer)
                }
                other @ (Told::Ask(..) | Told::Wake(_) | Told::Linked(..)) => {
                    // In the order of asking.
                    self.fetch_all(std::mem::take(&mut fetches)).await;
                    match other {
                        Told::Wake(wake) => self.wake(wake).await,
                        Told::Linked(moves, answer) => {
                            let said = self.move_linked(moves).await;
                            // Who asked may have gone; what was asked stands.
                            let _ = answer.send(said);
                        }
                        Told::Ask(command, answer) => {
                            let said = self.ask(command).await;
                            // Who asked may have gone; what was asked stands.
                            let _ = answer.send(said);
                        }
                    }
                    continue;
                }
            };
            fetches.push(Fetch { entry, version, dest, answer });
            if fetches.len() < FETCHES_AT_ONCE {
                next = more.try_recv().ok();
            }
        }
        self.fetch_all(fetches).await;
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
        offers: Offers,
        reports: mpsc::Sender<Report>,
        side: mpsc::Sender<Side>,
    ) -> Self {
        Self {
            ports,
            board,
            copies,
            account: None,
            rows: Rows::default(),
            line: Line::default(),
            index: Index::default(),
            running: HashMap::new(),
            chores: Chores::default(),
            offers,
            settings: Settings::default(),
            net: Net::Offline,
            begun: Instant::now(),
            runs: 0,
            reports,
            side,
            tasks: JoinSet::new(),
            shown: HashMap::new(),
            known: Known::default(),
        }
    }

    /// Takes up the rows of whoever is signed in.
    pub(super) async fn load(&mut self) -> Result<(), ErrorView> {
        let loaded = self.ports.state.run(|db| {
            let settings = Settings::read(db)?;
            let Some(account) = store::signed_in(db)? else { return Ok((settings, None)) };
            let rows = store::load(db, account)?;
            let (folders, copies) = (table::folders(db, account)?, table::copies(db, account)?);
            let people = (offer::table::always(db, account)?, offer::table::declined(db, account)?);
            Ok((settings, Some((account, rows, folders, copies, people))))
        });
        let (settings, found) = loaded.await?;
        self.set(settings);
        let Some((account, rows, folders, copies, (always, declined))) = found else { return Ok(()) };
        self.account = Some(account);
        self.copies.replace(copies);
        self.chores.folders = folders;
        self.board.ranks().set(&rows.iter().map(Row::id).collect::<Vec<_>>());
        let known = self.ports.cache.surely(|cache| async move { cache.offers().await }).await?;
        self.offers.know(always, declined, known);
        for row in rows {
            if let Some(file) = row.room() {
                self.chores.owe(row.id(), &file.machine.owed);
            }
            self.keep(Box::new(row));
        }
        for id in self.open() {
            self.step(id, DownInput::Stands(self.settings.paused)).await;
            self.step(id, Any::Woke).await;
            self.hear_again(id).await;
        }
        self.show_all().await;
        self.take_all_always().await;
        self.tell_offers().await;
        self.chores.scan_soon(self.now_ms());
        Ok(())
    }

    /// A row that is on the disk.
    pub(super) fn keep(&mut self, row: Box<Row>) {
        if let Some(offer) = row.offer() {
            self.offers.is_in_queue(offer.id(), row.id());
        }
        let id = row.id();
        self.rows.insert(row);
        self.note(id);
    }

    /// How a row stands, for the turns and the times, and where it is found.
    pub(super) fn note(&mut self, id: TransferId) {
        let (place, at) = self.rows.get(&id).map_or((None, None), |row| (row.place(), row.next_deadline()));
        self.line.note(id, place, at, self.board.ranks());
        self.index.note(id, self.rows.get(&id));
    }

    /// Writes new rows, then takes them into the queue; each goes last.
    pub(super) async fn add(
        &mut self,
        account: AccountId,
        folders: Vec<super::room::Folder>,
        rows: NewRows,
    ) -> Result<Vec<crate::view::TransferView>, ErrorView> {
        let ranks = self.board.ranks().clone();
        let written = self.ports.state.run(move |db| {
            folders.iter().try_for_each(|folder| table::insert_folder(db, account, folder))?;
            rows.iter().try_for_each(|row| store::insert(db, account, row, ranks.of(row.id())))?;
            Ok((folders, rows))
        });
        let (folders, rows) = written.await?;
        self.chores.folders.extend(folders);
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id();
            self.keep(row);
            views.extend(self.show(id).await);
        }
        Ok(views)
    }

    /// Nobody is signed in: everything stops, the rows stay on the disk.
    fn unload(&mut self) {
        self.account = None;
        self.running.clear();
        self.tasks.abort_all();
        self.rows.clear();
        self.line = Line::default();
        self.index = Index::default();
        self.shown.clear();
        self.board.clear();
        self.copies.replace(Vec::new());
        self.chores = Chores::default();
        self.offers.forget();
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
                self.offers.network_back();
                for id in self.open() {
                    self.step(id, Any::NetworkBack).await;
                }
                self.show_all().await;
            }
            Wake::Offline => {
                self.net = Net::Offline;
                self.offers.hung_up();
                self.show_all().await;
            }
            Wake::SignedOut => self.unload(),
            Wake::RoomAtServer(room) => {
                self.chores.network_back();
                let of_room = |row: &&Row| row.room().is_some_and(|file| file.room == room);
                let of_room = self.rows.values().filter(of_room).map(Row::id).collect();
                self.step_waiting(&Input::RoomThere, of_room).await;
            }
            Wake::UploadEnded(upload) => {
                let of_upload = self.index.of_upload(upload).into_iter().collect();
                self.step_waiting(&Input::NetworkBack, of_upload).await;
            }
            Wake::Settings => self.read_settings().await,
            Wake::Offers(changed, gone) => self.offers_changed(changed, gone).await,
            // Who waits for an older version looks again; a run under way finds out by its `If-Range`.
            Wake::EntriesChanged(entries) => {
                let of_entries = entries.into_iter().flat_map(|entry| self.index.of_entry(entry)).collect();
                self.step_waiting(&Input::NetworkBack, of_entries).await;
            }
        }
    }

    /// Steps those of these files of rooms that wait.
    async fn step_waiting(&mut self, input: &Input, ids: Vec<TransferId>) {
        for id in ids {
            let file = self.rows.get(&id).and_then(Row::room);
            if file.is_some_and(|file| matches!(file.machine.phase, Phase::Waiting(_))) {
                self.step(id, input.clone()).await;
            }
        }
    }

    async fn tick(&mut self) {
        let now = self.now_ms();
        for id in self.line.due(now) {
            self.step(id, Any::Tick).await;
        }
        self.offers.speak_again(now);
    }

    fn next_deadline(&self) -> Option<Instant> {
        // Offline a room's file waits for the network, not for a time.
        let waits =
            |id| self.net == Net::Online || self.rows.get(&id).is_some_and(|row| row.room().is_none());
        let of_rows = self.line.next_time(waits);
        let chores = self.chores.next_deadline(self.net);
        let next = [of_rows, chores, self.offers.next_deadline()].into_iter().flatten().min();
        next.map(|at_ms| self.begun + Duration::from_millis(at_ms))
    }

    /// Lets those move whose turn it is: one order over everything.
    async fn hand_out_turns(&mut self) {
        if self.settings.paused {
            return;
        }
        let ready =
            |row: &Row| (self.net == Net::Online || row.needs_nobody()) && !self.waits_for_folder(row);
        let places = self.line.next(self.board.ranks(), |id| self.rows.get(&id).is_some_and(ready));
        for id in turns(&places) {
            self.step(id, Any::Go).await;
        }
    }

    /// Whether the folder that an upload goes into is still to be made.
    pub(super) fn waits_for_folder(&self, row: &Row) -> bool {
        let parent = row.room().and_then(|file| file.parent);
        parent.is_some_and(|parent| self.chores.folders.iter().any(|folder| folder.id == parent))
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
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
