//! A file on its way to a person.
//!
//! A task reads ahead of the connection by a few pieces and no more; it ends when the right is lost, and when the
//! connection takes nothing for too long. Handing over the last byte counts as a download, told once (N8).

use super::Content;
use super::guard::{Guard, Need};
use crate::access::Caller;
use crate::blobs::ReadAt;
use crate::error::Refusal;
use crate::store::sqlite::content::Stored;
use bytes::Bytes;
use futures_util::{Stream, stream};
use pod_shared::EntryId;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{mpsc, oneshot};

/// Bytes read at once.
const PIECE_BYTES: u64 = 256 * 1024;
/// Pieces read ahead.
const AHEAD: usize = 2;

/// The bytes wanted: from, and up to but not with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first.
    pub(crate) from: u64,
    /// The one after the last.
    pub(crate) to: u64,
}

/// A file opened for a person.
pub(crate) struct Download {
    content: Content,
    caller: Caller,
    guard: Guard,
    /// The file and where it lies.
    pub(crate) stored: Stored,
}

impl Content {
    /// Finds a file for a member.
    pub(crate) async fn download(&self, caller: Caller, entry: EntryId) -> Result<Download, Refusal> {
        let guard = Guard::new(self, caller);
        let stored = self.store().stored(caller.account, entry).await?;
        Ok(Download { content: self.clone(), caller, guard, stored })
    }
}

impl Download {
    /// The bytes of a span.
    pub(crate) async fn stream(
        self,
        span: Span,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static, Refusal> {
        let (blobs, object) = (Arc::clone(&self.content.inner.blobs), self.stored.object.clone());
        let opened = tokio::task::spawn_blocking(move || blobs.open(&object)).await;
        let reader =
            opened.map_err(|error| Refusal::internal(&error))?.map_err(|error| Refusal::internal(&error))?;
        let (pieces, ready) = mpsc::channel(AHEAD);
        let (whole, delivered) = oneshot::channel();
        let cut = Arc::new(AtomicBool::new(false));
        tokio::spawn(self.feed(reader, span, pieces, Arc::clone(&cut), delivered));
        let flow = Flow { ready, cut, left: span.to - span.from, whole: Some(whole) };
        Ok(stream::unfold(flow, |mut flow| async move {
            let piece = flow.ready.recv().await?;
            // What was read ahead before the right was lost is not handed over any more.
            if flow.cut.load(Ordering::Acquire) {
                return Some((Err(io::ErrorKind::PermissionDenied.into()), flow));
            }
            flow.left = flow.left.saturating_sub(piece.as_ref().map_or(0, |piece| piece.len() as u64));
            if flow.left == 0
                && let Some(whole) = flow.whole.take()
            {
                // Nobody waits for it when the task was cut.
                let _ = whole.send(());
            }
            Some((piece, flow))
        }))
    }

    async fn feed(
        mut self,
        mut reader: Box<dyn ReadAt>,
        span: Span,
        pieces: mpsc::Sender<io::Result<Bytes>>,
        cut: Arc<AtomicBool>,
        delivered: oneshot::Receiver<()>,
    ) {
        let stall = self.content.inner.stall;
        let mut at = span.from;
        while at < span.to {
            let permit = tokio::select! {
                biased;
                _ = self.guard.lost(self.stored.entry.room, Need::Read) => {
                    cut.store(true, Ordering::Release);
                    // Wakes a connection that waits for bytes; a full queue wakes by itself.
                    let _ = pieces.try_send(Err(io::ErrorKind::PermissionDenied.into()));
                    return;
                }
                room = tokio::time::timeout(stall, pieces.reserve()) => room,
            };
            // The connection is gone, or takes nothing.
            let Ok(Ok(permit)) = permit else { return };
            let want = usize::try_from(PIECE_BYTES.min(span.to - at)).unwrap_or_default();
            match tokio::task::spawn_blocking(move || read_piece(reader, at, want)).await {
                Ok(Ok((same, piece))) => {
                    reader = same;
                    at += piece.len() as u64;
                    permit.send(Ok(piece));
                }
                Ok(Err(error)) => {
                    tracing::error!(entry = %self.stored.entry.id, %error, "a stored content cannot be read");
                    return permit.send(Err(error));
                }
                Err(_) => return,
            }
        }
        drop(pieces);
        if span.to == self.stored.entry.size && delivered.await.is_ok() {
            self.count().await;
        }
    }

    async fn count(self) {
        let (doing, entry) = (Content::doing(self.caller.account), &self.stored.entry);
        if let Err(refusal) = self.content.store().downloaded(doing, entry.id, entry.version).await {
            tracing::warn!(entry = %entry.id, code = %refusal.code(), "a download was not told");
        }
    }
}

/// The connection's end of a download.
struct Flow {
    ready: mpsc::Receiver<io::Result<Bytes>>,
    cut: Arc<AtomicBool>,
    left: u64,
    whole: Option<oneshot::Sender<()>>,
}

fn read_piece(mut reader: Box<dyn ReadAt>, at: u64, want: usize) -> io::Result<(Box<dyn ReadAt>, Bytes)> {
    let mut piece = vec![0; want];
    let mut done = 0;
    while done < want {
        match reader.read_at(at + done as u64, &mut piece[done..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => done += read,
        }
    }
    Ok((reader, piece.into()))
}
