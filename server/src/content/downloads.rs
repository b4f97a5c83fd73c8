//! A file on its way to a person.
//!
//! A task reads ahead of the connection by a few pieces and no more; it ends when the right is lost, and when the
//! connection takes nothing for too long. Handing over the last byte counts as a download, told once (N8).

use super::Content;
use super::guard::{Guard, Watched};
use crate::access::Caller;
use crate::blobs::{Blobs, Packed, ReadAt, read_all};
use crate::error::Refusal;
use crate::store::sqlite::content::{Form, Lying};
use bytes::Bytes;
use futures_util::{Stream, stream};
use pod_shared::content::Entry;
use pod_shared::{EntryId, OfferId};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{mpsc, oneshot};

/// Bytes read at once.
const PIECE_BYTES: u64 = 256 * 1024;
/// Pieces read ahead.
const AHEAD: usize = 2;
/// A content that is packed just now is looked for again; it is packed once.
const LOOKS_MAX: usize = 4;

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
    watched: Watched,
    lying: Lying,
    /// The file, where it lies in a room.
    pub(crate) entry: Option<Entry>,
    /// The room is told that it was downloaded.
    told: bool,
    /// Bytes.
    pub(crate) size: u64,
    /// Entity tag, without quotes.
    pub(crate) tag: String,
}

impl Content {
    /// Finds a version of a file for a member; nothing: the newest.
    pub(crate) async fn download(
        &self,
        caller: Caller,
        entry: EntryId,
        version: Option<u32>,
    ) -> Result<Download, Refusal> {
        let guard = Guard::new(self, caller);
        let stored = self.store().stored(caller.account, entry, version).await?;
        let watched = Watched::File(stored.entry.room, stored.entry.id);
        let (size, tag, lying) = (stored.entry.size, stored.entry.digest.clone(), stored.lying);
        let (content, entry) = (self.clone(), Some(stored.entry));
        Ok(Download { content, caller, guard, watched, lying, entry, told: true, size, tag })
    }

    /// Finds a forwarded file for its receiver.
    pub(crate) async fn fetch_forward(&self, caller: Caller, offer: OfferId) -> Result<Download, Refusal> {
        let guard = Guard::new(self, caller);
        let (row, lying) = self.store().forwarded(caller.account, offer).await?;
        let digest = crate::secret::hex(&row.digest);
        let tag = if row.start == 0 { digest } else { format!("{digest}-{}", row.start) };
        let (content, watched, size) = (self.clone(), Watched::Fetched, row.size - row.start);
        Ok(Download { content, caller, guard, watched, lying, entry: None, told: false, size, tag })
    }

    /// Opens a stored content. It may get another place between the question where it lies and this.
    pub(crate) async fn open_stored(&self, mut lying: Lying) -> Result<Box<dyn ReadAt>, Refusal> {
        for _ in 0..LOOKS_MAX {
            let (blobs, at) = (Arc::clone(&self.inner.blobs), lying.clone());
            let opened = tokio::task::spawn_blocking(move || open_form(&*blobs, &at.object, at.form)).await;
            match opened.map_err(|error| Refusal::of_work(&error))? {
                Ok(opened) => return Ok(opened),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Refusal::internal(&error)),
            }
            lying = self.store().lying(&lying).await?.ok_or_else(super::rules::not_found)?;
        }
        Err(Refusal::internal(&"a stored content is missing"))
    }
}

/// Opens an object in the form that its content has there.
pub(super) fn open_form(blobs: &dyn Blobs, object: &str, form: Form) -> io::Result<Box<dyn ReadAt>> {
    let object = blobs.open(object)?;
    match form {
        Form::AsCame | Form::Plain => Ok(object),
        Form::Packed => Ok(Box::new(Packed::open(object)?)),
    }
}

impl Download {
    /// The same, told nobody.
    pub(crate) fn untold(self) -> Self {
        Self { told: false, ..self }
    }

    /// The stored content.
    pub(super) async fn open(&self) -> Result<Box<dyn ReadAt>, Refusal> {
        self.content.open_stored(self.lying.clone()).await
    }

    /// The bytes of a span.
    pub(crate) async fn stream(
        self,
        span: Span,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static, Refusal> {
        let reader = self.open().await?;
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
                _ = self.guard.lost(self.watched) => {
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
                    tracing::error!(object = self.lying.object, %error, "a stored content cannot be read");
                    return permit.send(Err(error));
                }
                Err(_) => return,
            }
        }
        drop(pieces);
        if span.to == self.size && delivered.await.is_ok() {
            self.count().await;
        }
    }

    async fn count(self) {
        let Some(entry) = self.entry.as_ref().filter(|_| self.told) else { return };
        let doing = Content::doing(self.caller.account);
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
    read_all(&mut *reader, at, &mut piece)?;
    Ok((reader, piece.into()))
}
