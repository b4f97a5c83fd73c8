//! A stretch of a file on its way into an upload: the same for a room's file and for the rest of an offer.

use super::pace::Pace;
use super::source::{self, PIECE_BYTES};
use super::tus::{self, Standing};
use crate::net::Authorized;
use crate::view::ErrorView;
use bytes::Bytes;
use futures_util::stream;
use pod_shared::{ErrorCode, UploadId, limits};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// The first stretch, in bytes.
pub(super) const STRETCH_BYTES_MIN: u64 = 4 * 1024 * 1024;
/// The longest stretch, in bytes.
const STRETCH_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// A stretch that takes less than this is followed by a longer one.
const STRETCH_QUICK: Duration = Duration::from_millis(500);
/// A stretch that takes more than this is followed by a shorter one.
const STRETCH_SLOW: Duration = Duration::from_secs(2);
/// Pieces that are read ahead.
const AHEAD: usize = 3;
/// Nothing taken by the network for this long: the connection is dead.
const STALL: Duration = Duration::from_millis(limits::HTTP_STALL_MS_MAX);

/// A stretch of a file on its way into an upload.
pub(super) struct Stretch<'a> {
    /// The file.
    pub(super) source: &'a Path,
    /// Its bytes before the stretch.
    pub(super) skip: u64,
    /// Into which upload.
    pub(super) upload: UploadId,
    /// Where the stretch begins there.
    pub(super) at: u64,
    /// How long it is.
    pub(super) bytes: u64,
    /// How fast it may go.
    pub(super) pace: Arc<Pace>,
}

/// Sends a stretch; gives where the upload stands then.
pub(super) async fn send_stretch(way: &Authorized, stretch: Stretch<'_>) -> Result<Standing, ErrorView> {
    let Stretch { source: path, skip, upload, at, bytes, pace } = stretch;
    let pieces = read_ahead(path.to_owned(), skip, bytes).await?;
    let taken = Arc::new(AtomicU64::new(0));
    let taking = (pieces, Bytes::new(), pace, Arc::clone(&taken));
    let pieces = stream::unfold(taking, async |(mut pieces, mut rest, pace, taken)| {
        if rest.is_empty() {
            rest = match pieces.recv().await? {
                Ok(piece) => piece,
                Err(error) => return Some((Err(error), (pieces, rest, pace, taken))),
            };
        }
        let now = rest.split_to(rest.len().min(pace.at_once()));
        taken.fetch_add(now.len() as u64, Ordering::Relaxed);
        pace.wait(now.len() as u64).await;
        Some((Ok(now), (pieces, rest, pace, taken)))
    });
    let request = tus::patch(way, upload, at, bytes, reqwest::Body::wrap_stream(pieces));
    tokio::pin!(request);
    let mut before = 0;
    loop {
        match tokio::time::timeout(STALL, &mut request).await {
            Ok(answer) => return answer,
            Err(_) => {
                let now = taken.load(Ordering::Relaxed);
                if now == before {
                    return Err(ErrorView::new(ErrorCode::Offline, "the server takes no bytes"));
                }
                before = now;
            }
        }
    }
}

/// The bytes of a stretch, read by a thread that is a little ahead of the network: neither waits for the other to wake up.
async fn read_ahead(
    path: PathBuf,
    skip: u64,
    bytes: u64,
) -> Result<mpsc::Receiver<io::Result<Bytes>>, ErrorView> {
    let open = move || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(skip))?;
        Ok(file.take(bytes))
    };
    let opened = tokio::task::spawn_blocking(open).await.map_err(|_| ErrorView::stopped())?;
    let mut file = opened.map_err(|error: io::Error| source::unreadable(&error))?;
    let (read, pieces) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        while file.limit() > 0 {
            let mut piece = vec![0; usize::try_from(file.limit()).unwrap_or(PIECE_BYTES).min(PIECE_BYTES)];
            let came = match file.read(&mut piece) {
                // A file that became shorter: the request ends early, and is refused.
                Ok(0) => return,
                Ok(length) => {
                    piece.truncate(length);
                    Ok(Bytes::from(piece))
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let is_last = came.is_err();
            // Nobody takes them any more when the request ended.
            if read.blocking_send(came).is_err() || is_last {
                return;
            }
        }
    });
    Ok(pieces)
}

/// The length of the next stretch.
pub(super) fn next_stretch(stretch: u64, took: Duration) -> u64 {
    if took < STRETCH_QUICK {
        (stretch * 2).min(STRETCH_BYTES_MAX)
    } else if took > STRETCH_SLOW {
        (stretch / 2).max(STRETCH_BYTES_MIN)
    } else {
        stretch
    }
}
