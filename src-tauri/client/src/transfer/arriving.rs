//! The bytes of an answer on their way into a part file: the same for a room's file and for the rest of an offer.

use super::pace::Pace;
use super::part::Part;
use super::trouble::Failure;
use crate::net::unreachable_error;
use crate::view::ErrorView;
use bytes::Bytes;
use pod_machine::transfer::Trouble;
use pod_shared::{ErrorCode, limits};
use reqwest::Response;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Pieces between the network and the disk.
const PIECES_MAX: usize = 16;
/// Progress is reported this often at most.
const REPORT_EVERY: Duration = Duration::from_millis(100);
/// Nothing came for this long: the connection is dead.
pub(super) const STALL: Duration = Duration::from_millis(limits::HTTP_STALL_MS_MAX);

/// Writes what comes, on a thread that may block. The part is given back also when the network broke off.
///
/// # Errors
/// The disk, or the network: what came until then is on the disk and told.
pub(super) async fn take<F: Future<Output = ()>>(
    pace: &Pace,
    mut answer: Response,
    mut part: Part,
    moved: impl Fn(u64) -> F,
) -> Result<Part, Failure> {
    let (pieces, mut queue) = mpsc::channel::<Bytes>(PIECES_MAX);
    let (written, mut counts) = tokio::sync::watch::channel(part.bytes());
    let writer = tokio::task::spawn_blocking(move || {
        while let Some(piece) = queue.blocking_recv() {
            part.write(&piece)?;
            // Nobody counts any more when the run was stopped.
            let _ = written.send(part.bytes());
        }
        Ok::<Part, Failure>(part)
    });
    let mut told = Instant::now();
    let broken = loop {
        match tokio::time::timeout(STALL, answer.chunk()).await {
            Ok(Ok(Some(piece))) => {
                pace.wait(piece.len() as u64).await;
                if pieces.send(piece).await.is_err() {
                    break None;
                }
            }
            Ok(Ok(None)) => break None,
            Ok(Err(error)) => break Some(unreachable_error(&error)),
            Err(_) => break Some(ErrorView::new(ErrorCode::Offline, "no bytes come")),
        }
        if told.elapsed() >= REPORT_EVERY {
            told = Instant::now();
            let done = *counts.borrow_and_update();
            moved(done).await;
        }
    };
    drop(pieces);
    let stopped = |_| Failure::new(Trouble::Network { pause_ms: 0 }, "the work on the file was stopped");
    let part = writer.await.map_err(stopped)??;
    moved(part.bytes()).await;
    match broken {
        Some(error) => Err(error.into()),
        None => Ok(part),
    }
}
