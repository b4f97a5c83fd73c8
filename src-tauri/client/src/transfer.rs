//! The transfer queue: everything that moves, files of rooms and files from person to person.
//!
//! One task owns the rows (`queue`): one order, one set of books, a machine of `pod_machine` in each row, and every step in
//! `state.db` before it is done. What only files of rooms have is in `room`, what only offers have in `offer`; `store` is
//! one interface over their tables, `show` turns every row into a view, `board` keeps the views. Bytes move over HTTP on
//! connections of their own (S1), or straight. Refuses to open a file, and to overwrite one that is not its own.

mod arriving;
mod asks;
mod board;
mod index;
mod instant;
mod job;
mod line;
mod offer;
mod order;
mod pace;
mod part;
mod perform;
mod queue;
mod rate;
mod reports;
mod room;
mod row;
mod rows;
mod settings;
mod show;
mod source;
mod space;
mod step;
mod store;
mod stretch;
mod trouble;
mod tus;
mod watch;

#[cfg(test)]
mod tests;

pub(crate) use offer::{DECLINED, TABLES as OFFER_TABLES};
pub(crate) use order::TABLES as ORDER_TABLES;
pub(crate) use room::{ForLinked, Landed, Lies, LinkedMove, OpenMove, STORY, TABLES};

use crate::command::{Answer, Command};
use crate::direct::{DeviceKey, Direct, LateKey};
use crate::engine::{Asker, Sink};
use crate::net::Net;
use crate::state::account::ThisDevice;
use crate::store::Db;
use crate::view::{ErrorView, FileState, TransferView};
use board::Board;
use pace::Pace;
use pod_shared::content::Entry;
use pod_shared::offer::OfferState;
use pod_shared::{DeviceId, EntryId, ErrorCode, LinkedId, OfferId, RoomId, UploadId, limits};
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
    pub(crate) device: ThisDevice,
    /// By which other devices know it.
    pub(crate) key: LateKey,
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
            device: ThisDevice::new(DeviceId(uuid::Uuid::nil())),
            key: DeviceKey::never(),
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
    direct: Direct,
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
        let ledger = offer::Ledger::new(ports.asker.clone(), ports.up.clone(), reports.clone());
        let direct = Direct::start_with(ports.key.clone(), Arc::new(ledger.clone()));
        let offers = offer::Offers::new(ledger, direct.clone());
        let mut queue = Queue::new(ports, board.clone(), copies.clone(), offers, reports, side);
        queue.load().await?;
        tokio::spawn(queue.run(hears, reported, aside));
        Ok(Self { told, direct, board, copies, net, cache, _watcher: Arc::new(watcher) })
    }

    /// The way past the server.
    pub(crate) fn direct(&self) -> &Direct {
        &self.direct
    }

    /// Put, Get, LocalPath, Transfers, Transfer*, UploadCancel, AboutTransfers.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all the rest is for the queue's task")]
    pub(crate) async fn handle(&self, command: Command) -> Result<Answer, ErrorView> {
        match command {
            Command::LocalPath { entry } => self.local_path(entry).await,
            Command::UploadCancel { upload, .. } if self.board.of_upload(upload).is_none() => {
                tus::delete(&self.net, upload).await.map(|()| Answer::Done)
            }
            other => {
                let (answer, answered) = oneshot::channel();
                self.told.send(Told::Ask(other, answer)).await.map_err(|_| ErrorView::stopped())?;
                answered.await.unwrap_or_else(|_| Err(ErrorView::stopped()))
            }
        }
    }

    /// Files that move for a linked folder: they wait in the one order like all others.
    pub(crate) async fn move_linked(&self, moves: Vec<LinkedMove>) -> Result<(), ErrorView> {
        let (answer, answered) = oneshot::channel();
        self.told.send(Told::Linked(moves, answer)).await.map_err(|_| ErrorView::stopped())?;
        answered.await.unwrap_or_else(|_| Err(ErrorView::stopped()))
    }

    /// What a linked folder has not heard yet of files that moved for it, oldest first.
    pub(crate) fn landed_for(&self, linked: LinkedId) -> Vec<Landed> {
        self.board.landed_for(linked)
    }

    /// What is open for a linked folder.
    pub(crate) fn open_for(&self, linked: LinkedId) -> Vec<OpenMove> {
        self.board.open_for(linked)
    }

    /// Something happened that the queue waits for. Never blocks.
    pub(crate) fn wake(&self, wake: Wake) {
        match self.told.try_send(Told::Wake(wake)) {
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(told)) => {
                let queue = self.told.clone();
                tokio::spawn(async move {
                    // The queue may be stopping.
                    let _ = queue.send(told).await;
                });
            }
        }
    }

    /// Uploads of this device into a room that are not finished, oldest first; of very many the first ones.
    pub(crate) fn local_uploads(&self, room: RoomId) -> Vec<LocalUpload> {
        self.board.uploads(room, limits::UPLOADS_SHOWN_MAX)
    }

    /// The newest of them.
    pub(crate) fn newest_upload(&self, room: RoomId) -> Option<LocalUpload> {
        self.board.newest_upload(room)
    }

    /// Those of these uploads that are of this device and not finished.
    pub(crate) fn uploads_of(&self, uploads: impl Iterator<Item = UploadId>) -> Vec<LocalUpload> {
        self.board.uploads_of(uploads)
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
