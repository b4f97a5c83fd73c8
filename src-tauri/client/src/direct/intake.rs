//! The receiver's disk: one thread that checks each piece, writes it, and syncs at times, while the next one comes.

use super::part::{Part, Put};
use super::running::Turn;
use pod_shared::ErrorCode;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// Pieces in memory between the network and the disk.
const PIECES: usize = 3;

/// Why the disk gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// `disk_full` or `file_unreadable`.
    Disk(ErrorCode),
    /// A piece is not what the manifest says.
    Wrong,
    /// The thread is gone.
    Stopped,
}

/// The way to the disk.
pub(super) struct Intake {
    full: mpsc::Sender<(u32, Vec<u8>)>,
    empty: mpsc::Receiver<Vec<u8>>,
    bytes: watch::Receiver<u64>,
    thread: JoinHandle<(Part, Result<(), Fault>)>,
}

impl Intake {
    /// Starts the thread; beside it, what is durable. The thread holds its turn until it has left the file.
    pub(super) fn start(part: Part, turn: Arc<Turn>) -> (Self, watch::Receiver<u64>) {
        let (full, come) = mpsc::channel(PIECES);
        let (back, empty) = mpsc::channel(PIECES);
        for _ in 0..PIECES {
            // As many as there is room for.
            let _ = back.try_send(Vec::new());
        }
        let (bytes_told, bytes) = watch::channel(part.bytes());
        let (durable_told, durable) = watch::channel(part.durable());
        let thread = tokio::task::spawn_blocking(move || {
            let _guard = Arc::clone(&turn.file).blocking_lock_owned();
            write(part, come, &back, &bytes_told, &durable_told)
        });
        (Self { full, empty, bytes, thread }, durable)
    }

    /// Memory for the next piece. Nothing: the disk gave up.
    pub(super) async fn room(&mut self) -> Option<Vec<u8>> {
        self.empty.recv().await
    }

    /// Hands a piece over. `false`: the disk gave up.
    pub(super) async fn put(&self, index: u32, piece: Vec<u8>) -> bool {
        self.full.send((index, piece)).await.is_ok()
    }

    /// Bytes written so far, with those of earlier runs.
    pub(super) fn bytes(&self) -> u64 {
        *self.bytes.borrow()
    }

    /// Waits until everything handed over is written and synced.
    pub(super) async fn end(self) -> (Option<Part>, Result<(), Fault>) {
        let Self { full, empty, bytes: _, thread } = self;
        drop((full, empty));
        match thread.await {
            Ok((part, wrote)) => (Some(part), wrote),
            Err(_) => (None, Err(Fault::Stopped)),
        }
    }
}

fn write(
    mut part: Part,
    mut come: mpsc::Receiver<(u32, Vec<u8>)>,
    back: &mpsc::Sender<Vec<u8>>,
    bytes: &watch::Sender<u64>,
    durable: &watch::Sender<u64>,
) -> (Part, Result<(), Fault>) {
    let mut synced_at = Instant::now();
    let mut at_times = |part: &mut Part| {
        let synced = part.sync_at_times(synced_at.elapsed())?;
        if synced {
            synced_at = Instant::now();
        }
        Ok(())
    };
    let mut wrote = sync(&mut part, durable, &mut at_times);
    while wrote.is_ok() {
        let Some((index, piece)) = come.blocking_recv() else { break };
        wrote = match part.put(index, &piece) {
            Ok(Put::Written) => sync(&mut part, durable, &mut at_times),
            Ok(Put::Wrong) => Err(Fault::Wrong),
            Err(error) => Err(Fault::Disk(error.code)),
        };
        bytes.send_replace(part.bytes());
        // Nobody may wait for it any more.
        let _ = back.try_send(piece);
    }
    let synced = sync(&mut part, durable, Part::sync);
    (part, wrote.and(synced))
}

fn sync(
    part: &mut Part,
    durable: &watch::Sender<u64>,
    how: impl FnOnce(&mut Part) -> Result<(), crate::view::ErrorView>,
) -> Result<(), Fault> {
    how(part).map_err(|error| Fault::Disk(error.code))?;
    durable.send_if_modified(|old| {
        let new = *old != part.durable();
        *old = part.durable();
        new
    });
    Ok(())
}
