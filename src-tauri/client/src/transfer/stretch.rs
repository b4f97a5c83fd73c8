//! A stretch of a file on its way into an upload: the same for a room's file and for the rest of an offer.

use super::pace::Pace;
use super::source::{self, PIECE_BYTES};
use super::tus::{self, Standing};
use crate::net::Authorized;
use crate::view::ErrorView;
use futures_util::StreamExt;
use pod_shared::{ErrorCode, UploadId, limits};
use std::io::SeekFrom;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// The first stretch, in bytes.
pub(super) const STRETCH_BYTES_MIN: u64 = 4 * 1024 * 1024;
/// The longest stretch, in bytes.
const STRETCH_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// A stretch that takes less than this is followed by a longer one.
const STRETCH_QUICK: Duration = Duration::from_millis(500);
/// A stretch that takes more than this is followed by a shorter one.
const STRETCH_SLOW: Duration = Duration::from_secs(2);
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
    let mut file = tokio::fs::File::open(path).await.map_err(|error| source::unreadable(&error))?;
    file.seek(SeekFrom::Start(skip)).await.map_err(|error| source::unreadable(&error))?;
    file.set_max_buf_size(PIECE_BYTES);
    let taken = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&taken);
    let pieces = ReaderStream::with_capacity(file.take(bytes), PIECE_BYTES).then(move |piece| {
        let (length, pace) = (piece.as_ref().map_or(0, bytes::Bytes::len) as u64, Arc::clone(&pace));
        count.fetch_add(length, Ordering::Relaxed);
        async move {
            pace.wait(length).await;
            piece
        }
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
