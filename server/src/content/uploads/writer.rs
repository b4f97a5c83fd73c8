//! The thread that appends and hashes what comes, and lets the disk begin to store it.
//!
//! Batches go to it through a bounded queue, so that the next one lies ready when one is written: neither side waits for
//! the other to wake up. It ends soon after the last batch, so that a slow upload holds no thread; the next batch starts
//! another one.

use super::work::Work;
use crate::error::Refusal;
use pod_shared::limits;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Bytes written at once.
pub(super) const BATCH_BYTES: usize = 512 * 1024;
/// Batches in memory: one is filled, one is written, the others lie between. What the connection reads into is beside.
const BATCHES: usize = limits::UPLOAD_BUFFER_BYTES_MAX / BATCH_BYTES - 2;
/// Without a batch for this long the thread ends.
const LINGER: Duration = Duration::from_millis(5);

/// What the thread works with.
struct Desk {
    work: Work,
    come: Receiver<Vec<u8>>,
    back: mpsc::Sender<Written>,
    stop: Arc<AtomicBool>,
    /// One such step at a time runs beside the writing.
    syncing: Option<JoinHandle<io::Result<()>>>,
}

/// A batch that is written: its emptied buffer, and where the next byte goes.
struct Written {
    buffer: Vec<u8>,
    offset: u64,
}

/// The way to the thread. Whoever reads holds one buffer more.
pub(super) struct Writer {
    full: SyncSender<Vec<u8>>,
    written: mpsc::Receiver<Written>,
    spare: Vec<Vec<u8>>,
    /// Handed over, and not come back.
    under_way: usize,
    offset: u64,
    stop: Arc<AtomicBool>,
    resting: Option<Desk>,
    thread: Option<JoinHandle<Desk>>,
}

impl Writer {
    /// Nothing is written yet.
    pub(super) fn new(work: Work) -> Self {
        let (full, come) = sync_channel(BATCHES);
        let (back, written) = mpsc::channel(BATCHES);
        let (offset, stop) = (work.offset(), Arc::new(AtomicBool::new(false)));
        let desk = Desk { work, come, back, stop: Arc::clone(&stop), syncing: None };
        let spare = vec![Vec::new(); BATCHES - 1];
        Self { full, written, spare, under_way: 0, offset, stop, resting: Some(desk), thread: None }
    }

    /// Where the next byte goes, as far as it was heard.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// An empty buffer, if one is free.
    pub(super) fn spare(&mut self) -> Option<Vec<u8>> {
        self.spare.pop()
    }

    /// Hands a batch over. There is room for as many as there are buffers.
    pub(super) fn put(&mut self, batch: Vec<u8>) {
        if self.full.try_send(batch).is_ok() {
            self.under_way += 1;
        }
        self.start();
    }

    fn start(&mut self) {
        if let Some(desk) = self.resting.take_if(|desk| desk.work.failed.is_none()) {
            self.thread = Some(tokio::task::spawn_blocking(move || desk.write()));
        }
    }

    /// Waits until a batch is written, or none can be any more: `false`, and nothing more will come.
    pub(super) async fn news(&mut self) -> Result<bool, Refusal> {
        tokio::select! {
            biased;
            Some(written) = self.written.recv() => self.heard(written),
            desk = joined(&mut self.thread) => {
                self.thread = None;
                self.resting = Some(desk?);
                // Handed over while the thread was about to end.
                if self.under_way > 0 {
                    self.start();
                }
            }
        }
        Ok(self.writes())
    }

    /// Hears of the batches that are written by now.
    pub(super) fn gather(&mut self) {
        while let Ok(written) = self.written.try_recv() {
            self.heard(written);
        }
    }

    fn heard(&mut self, Written { mut buffer, offset }: Written) {
        buffer.clear();
        self.spare.push(buffer);
        self.under_way -= 1;
        self.offset = offset;
    }

    /// Nothing has failed, as far as it was heard.
    pub(super) fn writes(&self) -> bool {
        self.resting.as_ref().is_none_or(|desk| desk.work.failed.is_none())
    }

    /// Nothing more is written but what is being written.
    pub(super) fn stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The work, when all that was handed over is written; its failure, and that of the last syncing, is in it.
    pub(super) async fn end(mut self) -> Result<Work, Refusal> {
        while self.under_way > 0 && self.writes() {
            self.news().await?;
        }
        let Self { full, thread, resting, .. } = self;
        drop(full);
        let desk = match thread {
            Some(thread) => thread.await.map_err(|error| Refusal::of_work(&error))?,
            None => resting.ok_or_else(|| Refusal::internal(&"the writing of an upload was lost"))?,
        };
        let Desk { mut work, syncing, .. } = desk;
        if let Some(syncing) = syncing
            && let Err(error) = syncing.await.map_err(|error| Refusal::of_work(&error))?
        {
            work.distrust(error);
        }
        Ok(work)
    }
}

impl Desk {
    /// Writes what comes, until nothing does. Blocks.
    fn write(mut self) -> Self {
        while self.work.failed.is_none()
            && let Ok(batch) = self.come.recv_timeout(LINGER)
        {
            if !self.stop.load(Ordering::Relaxed) {
                self.work.take(&batch);
                self.sync();
            }
            let offset = self.work.offset();
            // Nobody waits for it any more when the upload is over; there is room for every buffer.
            let _ = self.back.try_send(Written { buffer: batch, offset });
        }
        self
    }

    /// Lets the disk begin to store what came, one such step at a time.
    fn sync(&mut self) {
        let runtime = Handle::current();
        if let Some(syncing) = self.syncing.take_if(|syncing| syncing.is_finished()) {
            match runtime.block_on(syncing) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return self.work.distrust(error),
                Err(_) => return self.work.distrust(io::ErrorKind::Interrupted.into()),
            }
        }
        if self.syncing.is_none()
            && let Some(due) = self.work.sync_due()
        {
            self.syncing = Some(runtime.spawn_blocking(due));
        }
    }
}

/// What the thread worked with, when it ended; waits for ever where there is none.
async fn joined(thread: &mut Option<JoinHandle<Desk>>) -> Result<Desk, Refusal> {
    match thread {
        Some(thread) => thread.await.map_err(|error| Refusal::of_work(&error)),
        None => std::future::pending().await,
    }
}
