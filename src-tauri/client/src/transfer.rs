//! The transfer queue: files up to a room's folder and down to this computer.
//!
//! One task owns the rows (`queue`); every decision is `pod_machine::transfer`, every step is in `state.db` before it is
//! done. Bytes move over HTTP on connections of their own (S1): `upload` over tus 1.0, `download` with ranges. `copies`
//! knows what of the rooms' files lies on this computer, `board` keeps what others want to see. Refuses to open a file,
//! and to overwrite one that is not its own.

mod arriving;
mod board;
mod instant;
mod job;
mod offer;
mod order;
mod pace;
mod part;
mod perform;
mod queue;
mod rate;
mod room;
mod row;
mod source;
mod stretch;
mod trouble;
mod tus;
mod watch;

#[cfg(test)]
mod tests;

pub(crate) use offer::TABLES as OFFER_TABLES;
pub(crate) use order::TABLES as ORDER_TABLES;
pub(crate) use room::TABLES;

use crate::command::{Answer, Command, TransferCommand};
use crate::direct::{DeviceKey, Direct};
use crate::engine::{Asker, Sink};
use crate::net::Net;
use crate::store::Db;
use crate::view::{ErrorView, FileState, TransferView};
use board::Board;
use pace::Pace;
use pod_shared::content::Entry;
use pod_shared::offer::OfferState;
use pod_shared::{DeviceId, EntryId, ErrorCode, OfferId, RoomId, TransferId, UploadId, limits};
use queue::{Queue, Told};
use room::copies::Copies;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Commands and wakes that may wait for the queue.
const TOLD_MAX: usize = 256;
/// Reports that may wait for the queue.
const REPORTS_MAX: usize = 256;

/// What the driver works with.
#[derive(Clone)]
pub(crate) struct Ports {
    /// `state.db`.
    pub(crate) state: Db,
    /// Requests to the content service, with its tokens.
    pub(crate) net: Net,
    /// The cache: `entry(id)` and `room_title(room)`.
    pub(crate) cache: crate::cache::Cache,
    /// Where events go.
    pub(crate) sink: Sink,
    /// The pod's own place for fetched files.
    pub(crate) files: PathBuf,
    /// Transfers that may be open at once.
    pub(crate) transfers_max: usize,
    /// How fast bytes may go up, all together.
    pub(crate) up: Arc<Pace>,
    /// How fast they may come down.
    pub(crate) down: Arc<Pace>,
    /// This device.
    pub(crate) device: DeviceId,
    /// By which other devices know it.
    pub(crate) key: Option<DeviceKey>,
    /// Questions to the messenger.
    pub(crate) asker: Asker,
}

impl Ports {
    /// With the usual limit, and without a messenger.
    pub(crate) fn new(state: Db, net: Net, cache: crate::cache::Cache, sink: Sink, files: PathBuf) -> Self {
        Self {
            state,
            net,
            cache,
            sink,
            files,
            transfers_max: limits::TRANSFERS_MAX,
            up: Arc::default(),
            down: Arc::default(),
            device: DeviceId(uuid::Uuid::nil()),
            key: None,
            asker: Asker::nowhere(),
        }
    }
}

/// What the run loop tells the driver.
#[derive(Clone, Debug)]
pub(crate) enum Wake {
    /// Connected and signed in: tokens can be had.
    Online,
    /// The connection is gone.
    Offline,
    /// The person signed out: stop everything, keep the rows.
    SignedOut,
    /// A room made on this device is at the server now: its uploads may start.
    RoomAtServer(RoomId),
    /// The server says that an upload ended (stored, or cancelled by whoever).
    UploadEnded(UploadId),
    /// Offers changed at the messenger; these it has forgotten.
    Offers(Vec<OfferState>, BTreeSet<OfferId>),
    /// The order of the queue changed.
    Ordered,
    /// A setting of the queue changed.
    Settings,
    /// Entries of a room changed: fetched copies may be older now.
    EntriesChanged(Vec<EntryId>),
}

/// One upload of this device into a room, for the chat.
#[derive(Clone, Debug)]
pub(crate) struct LocalUpload {
    /// The upload, its id made here.
    pub(crate) upload: UploadId,
    /// Its transfer.
    pub(crate) transfer: TransferView,
}

/// A handle to the running queue; cheap to clone. The queue stops when the last one is dropped.
#[derive(Clone)]
pub(crate) struct Driver {
    told: mpsc::Sender<Told>,
    offers: mpsc::Sender<Told>,
    direct: Direct,
    state: Db,
    sink: Sink,
    board: Board,
    copies: Copies,
    net: Net,
    cache: crate::cache::Cache,
    _watcher: Arc<Option<notify::RecommendedWatcher>>,
}

impl Driver {
    /// Reads the queue and starts its task.
    pub(crate) async fn start(ports: Ports) -> Result<Self, ErrorView> {
        let (told, hears) = mpsc::channel(TOLD_MAX);
        let (reports, reported) = mpsc::channel(REPORTS_MAX);
        let (side, aside) = mpsc::channel(REPORTS_MAX);
        let (files, hints) = (ports.files.clone(), side.clone());
        let watcher =
            tokio::task::spawn_blocking(move || watch::watch(&files, hints)).await.unwrap_or_default();
        let (board, copies) = (Board::default(), Copies::default());
        let (net, cache) = (ports.net.clone(), ports.cache.clone());
        let ports_of_offers = ports.clone();
        let (state, sink) = (ports.state.clone(), ports.sink.clone());
        board.ranks().set(&state.run(|db| order::load(db)).await?);
        let mut queue = Queue::new(ports, board.clone(), copies.clone(), reports, side);
        queue.load().await?;
        let (offers, direct) = Self::start_offers(ports_of_offers, board.clone()).await?;
        tokio::spawn(queue.run(hears, reported, aside));
        Ok(Self { told, offers, direct, state, sink, board, copies, net, cache, _watcher: Arc::new(watcher) })
    }

    async fn start_offers(ports: Ports, board: Board) -> Result<(mpsc::Sender<Told>, Direct), ErrorView> {
        let (told, hears) = mpsc::channel(TOLD_MAX);
        let (reports, reported) = mpsc::channel(REPORTS_MAX);
        let ledger = offer::Ledger::new(ports.asker.clone(), ports.up.clone(), reports.clone());
        let direct = match &ports.key {
            Some(key) => Direct::start(key, Arc::new(ledger.clone())),
            None => Direct::nowhere(),
        };
        let mut desk = offer::Desk::new(ports, board, reports, ledger, direct.clone());
        desk.load().await?;
        tokio::spawn(desk.run(hears, reported));
        Ok((told, direct))
    }

    /// Gives a transfer another place in the order, kept before it holds.
    async fn order(&self, id: TransferId, before: Option<TransferId>) -> Result<Answer, ErrorView> {
        let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such transfer that is open");
        let changed = self.board.reorder(id, before).ok_or_else(missing)?;
        let places = self.board.ranks().all();
        self.state.run(move |db| order::save(db, &places)).await?;
        self.wake(Wake::Ordered);
        for transfer in changed {
            self.sink.emit(crate::event::Event::Transfer { transfer });
        }
        Ok(Answer::Done)
    }

    /// The way past the server.
    pub(crate) fn direct(&self) -> &Direct {
        &self.direct
    }

    /// Put, Get, LocalPath, Transfers, Transfer*, UploadCancel.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all the rest is for the queue's task")]
    pub(crate) async fn handle(&self, command: Command) -> Result<Answer, ErrorView> {
        match command {
            Command::LocalPath { entry } => self.local_path(entry).await,
            Command::AboutTransfers(TransferCommand::TransferOrder { id, before }) => {
                self.order(id, before).await
            }
            Command::UploadCancel { upload, .. } if self.board.of_upload(upload).is_none() => {
                tus::delete(&self.net, upload).await.map(|()| Answer::Done)
            }
            other => {
                let (answer, answered) = oneshot::channel();
                let paused = matches!(other, Command::AboutTransfers(TransferCommand::TransfersPause { .. }));
                let task = if self.is_about_offers(&other) { &self.offers } else { &self.told };
                task.send(Told::Ask(other, answer)).await.map_err(|_| ErrorView::stopped())?;
                let said = answered.await.unwrap_or_else(|_| Err(ErrorView::stopped()));
                if paused {
                    Self::wake_task(&self.offers, Wake::Settings);
                }
                said
            }
        }
    }

    /// Whether a command is for the task of the offers.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all the rest is for the queue of the rooms")]
    fn is_about_offers(&self, command: &Command) -> bool {
        let of_offer = |id| self.board.find(id).is_some_and(|view| view.offer.is_some());
        match command {
            Command::TransferPause { id }
            | Command::TransferResume { id }
            | Command::TransferCancel { id }
            | Command::TransferRetry { id }
            | Command::AboutTransfers(TransferCommand::TransferOptions { id, .. }) => of_offer(*id),
            Command::AboutTransfers(TransferCommand::TransfersPause { .. }) => false,
            Command::AboutTransfers(_) => true,
            _ => false,
        }
    }

    /// Something happened that the queue waits for. Never blocks.
    pub(crate) fn wake(&self, wake: Wake) {
        Self::wake_task(&self.offers, wake.clone());
        Self::wake_task(&self.told, wake);
    }

    fn wake_task(task: &mpsc::Sender<Told>, wake: Wake) {
        match task.try_send(Told::Wake(wake)) {
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(told)) => {
                let queue = task.clone();
                tokio::spawn(async move {
                    // The queue may be stopping.
                    let _ = queue.send(told).await;
                });
            }
        }
    }

    /// Uploads of this device into a room that are not finished, oldest first.
    pub(crate) fn local_uploads(&self, room: RoomId) -> Vec<LocalUpload> {
        self.board.uploads(room)
    }

    /// Where this device has the newest version of these files, in the same order.
    pub(crate) async fn file_states(&self, entries: Vec<Entry>) -> Vec<FileState> {
        std::future::ready(entries.iter().map(|entry| self.file_state(entry)).collect()).await
    }

    fn file_state(&self, entry: &Entry) -> FileState {
        match (self.copies.state(entry), self.board.download(entry.id)) {
            (FileState::Server | FileState::Older, Some((transfer, done))) => {
                FileState::Downloading { transfer, done }
            }
            (state, _) => state,
        }
    }

    /// Transfers that wait or move.
    pub(crate) fn waiting(&self) -> u32 {
        self.board.waiting()
    }

    async fn local_path(&self, id: EntryId) -> Result<Answer, ErrorView> {
        let missing = || ErrorView::new(ErrorCode::NotFound, "there is no such file");
        let entry = self.cache.entry(id).await?.ok_or_else(missing)?;
        let copies = self.copies.clone();
        let path = tokio::task::spawn_blocking(move || copies.path(&entry)).await;
        path.map(Answer::Path).map_err(|_| ErrorView::stopped())
    }
}
