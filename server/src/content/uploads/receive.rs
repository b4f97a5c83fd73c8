//! Bytes of one request into the partial file: read while the batch before is written, never more than a bounded
//! buffer in memory, until the body ends, a newer request wants the turn, or the right to send is lost.

use super::work::Work;
use super::{Content, Portion, Standing, Turn};
use crate::content::guard::{Guard, Need};
use crate::error::Refusal;
use crate::store::sqlite::content::{Ended, UploadRow};
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use pod_shared::socket::Progress;
use pod_shared::{ErrorCode, limits};
use sha2::Sha256;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Bytes gathered while the batch before is written; with that one and one read of the connection each, the buffer
/// stays within its limit.
const BATCH_BYTES: usize = limits::UPLOAD_BUFFER_BYTES_MAX / 4;

/// How a body ended.
enum End {
    /// All of it came.
    Whole,
    /// It did not, and why.
    Short(Refusal),
    /// It brought more than the upload may have.
    TooLong,
}

impl Content {
    pub(super) async fn receive(
        &self,
        mut turn: Turn,
        mut guard: Guard,
        upload: UploadRow,
        portion: Portion,
    ) -> Result<Standing, Refusal> {
        let offset = self.offset(&upload).await?;
        if portion.offset != offset {
            return Err(wrong_offset());
        }
        if portion.announced.is_some_and(|announced| announced > upload.length.saturating_sub(offset)) {
            return Err(too_long());
        }
        if let Ended::Done { .. } = upload.ended {
            return self.standing(&upload).await;
        }
        if offset == upload.length {
            return self.finish(turn, &upload).await;
        }
        if portion.checksum.is_some() {
            self.store().set_unproven(upload.id, Some(offset)).await?;
        }
        let work = self.open_partial(&mut turn, &upload, portion.checksum).await?;
        let (work, end) = Pump::new(self, &upload).run(&mut turn, &mut guard, portion.body, work).await?;
        crate::fault::point("upload_received");
        let ended = close(&mut turn, work, end, portion.checksum).await?;
        if portion.checksum.is_some() || upload.unproven_from.is_some() {
            self.store().set_unproven(upload.id, None).await?;
        }
        let upload = UploadRow { unproven_from: None, ..upload };
        let standing = self.standing(&upload).await?;
        self.tell_progress(&upload, standing.offset);
        ended?;
        if standing.offset == standing.length { self.finish(turn, &upload).await } else { Ok(standing) }
    }

    async fn open_partial(
        &self,
        turn: &mut Turn,
        upload: &UploadRow,
        checksum: Option<[u8; 32]>,
    ) -> Result<Work, Refusal> {
        let (blobs, name, from) =
            (Arc::clone(&self.inner.blobs), upload.id.to_string(), upload.unproven_from);
        let digesting = std::mem::take(&mut *turn.digesting);
        let sum = checksum.map(|_| Sha256::default());
        let open = move || Work::open(&*blobs, &name, digesting, sum, from);
        let opened = tokio::task::spawn_blocking(open).await.map_err(|error| Refusal::internal(&error))?;
        opened.map_err(|error| refusal_of(&error))
    }

    fn tell_progress(&self, upload: &UploadRow, offset: u64) {
        self.inner.progress.put(Progress {
            room: upload.room,
            upload: upload.id,
            offset,
            length: upload.length,
        });
    }
}

/// One body on its way in.
struct Pump<'a> {
    content: &'a Content,
    upload: &'a UploadRow,
    batch: Vec<Bytes>,
    batched: usize,
    end: Option<End>,
    syncing: Option<JoinHandle<io::Result<()>>>,
}

impl<'a> Pump<'a> {
    fn new(content: &'a Content, upload: &'a UploadRow) -> Self {
        Self { content, upload, batch: Vec::new(), batched: 0, end: None, syncing: None }
    }

    /// Reads the body to its end, writing beside.
    async fn run(
        mut self,
        turn: &mut Turn,
        guard: &mut Guard,
        mut body: Body,
        work: Work,
    ) -> Result<(Work, End), Refusal> {
        let stall = self.content.inner.stall;
        let mut left = usize::try_from(self.upload.length - work.offset()).unwrap_or(usize::MAX);
        let (mut idle, mut writing) = (Some(work), None::<JoinHandle<Work>>);
        let mut told = Instant::now();
        loop {
            if let Some(work) = idle.take() {
                if let Some(error) = &work.failed {
                    let end = End::Short(refusal_of(error));
                    return self.synced(work, end).await;
                }
                if !self.batch.is_empty() {
                    self.batched = 0;
                    let batch = std::mem::take(&mut self.batch);
                    writing = Some(tokio::task::spawn_blocking(move || work.take(&batch)));
                } else if let Some(end) = self.end.take() {
                    return self.synced(work, end).await;
                } else {
                    idle = Some(work);
                }
            }
            let reading = self.end.is_none();
            tokio::select! {
                biased;
                work = joined(&mut writing) => {
                    writing = None;
                    let mut work = work?;
                    self.sync(&mut work).await?;
                    if told.elapsed() >= Duration::from_millis(limits::PROGRESS_EVERY_MS) {
                        told = Instant::now();
                        self.content.tell_progress(self.upload, work.offset());
                    }
                    idle = Some(work);
                }
                refusal = guard.lost(self.upload.room, Need::Write), if reading => {
                    // Bytes that are not written yet are no longer this person's to write.
                    self.stop(End::Short(refusal));
                }
                () = turn.pre_empted(), if reading => match guard.holds(self.upload.room, Need::Write).await {
                    Ok(()) => self.end = Some(End::Short(pre_empted())),
                    // The turn was taken because the right was.
                    Err(refusal) => self.stop(End::Short(refusal)),
                },
                frame = tokio::time::timeout(stall, body.frame()), if reading && self.batched < BATCH_BYTES => {
                    match frame {
                        Ok(Some(Ok(frame))) => left = self.keep(frame.into_data().unwrap_or_default(), left),
                        Ok(None) => self.end = Some(End::Whole),
                        Ok(Some(Err(_))) | Err(_) => self.end = Some(End::Short(cut())),
                    }
                }
            }
        }
    }

    /// Lets the disk begin to store what came, one such step at a time.
    async fn sync(&mut self, work: &mut Work) -> Result<(), Refusal> {
        if let Some(syncing) = self.syncing.take_if(|syncing| syncing.is_finished())
            && let Err(error) = syncing.await.map_err(|error| Refusal::internal(&error))?
        {
            work.distrust(error);
        }
        if self.syncing.is_none()
            && let Some(due) = work.sync_due()
        {
            self.syncing = Some(tokio::task::spawn_blocking(due));
        }
        Ok(())
    }

    /// The outcome, after the last such step: its failure is the upload's.
    async fn synced(mut self, mut work: Work, end: End) -> Result<(Work, End), Refusal> {
        let Some(syncing) = self.syncing.take() else { return Ok((work, end)) };
        match syncing.await.map_err(|error| Refusal::internal(&error))? {
            Ok(()) => Ok((work, end)),
            Err(error) => {
                let end = End::Short(refusal_of(&error));
                work.distrust(error);
                Ok((work, end))
            }
        }
    }

    /// Takes bytes in; answers how many more may come.
    fn keep(&mut self, bytes: Bytes, left: usize) -> usize {
        if bytes.len() > left {
            self.stop(End::TooLong);
            return 0;
        }
        let rest = left - bytes.len();
        self.batched += bytes.len();
        if !bytes.is_empty() {
            self.batch.push(bytes);
        }
        rest
    }

    fn stop(&mut self, end: End) {
        self.batch.clear();
        self.end = Some(end);
    }
}

/// Compares the sum, takes back what must not stay, and keeps the hashing for the next request. The outer error is that
/// of the disk, the inner one that of the request.
async fn close(
    turn: &mut Turn,
    mut work: Work,
    end: End,
    checksum: Option<[u8; 32]>,
) -> Result<Result<(), Refusal>, Refusal> {
    let close = move || {
        let ended = match end {
            End::Whole if work.proves(checksum) => Ok(()),
            End::Whole => Err(Refusal::new(
                ErrorCode::DigestMismatch,
                "the bytes do not have the checksum sent with them",
            )),
            End::TooLong => Err(too_long()),
            // Without a checksum all bytes that came are kept.
            End::Short(refusal) if checksum.is_none() => return Ok((work.into_digesting(), Err(refusal))),
            End::Short(refusal) => Err(refusal),
        };
        if ended.is_err() {
            work.undo()?;
        }
        Ok((work.into_digesting(), ended))
    };
    let closed: io::Result<_> =
        tokio::task::spawn_blocking(close).await.map_err(|error| Refusal::internal(&error))?;
    let (digesting, ended) = closed.map_err(|error| refusal_of(&error))?;
    *turn.digesting = digesting;
    Ok(ended)
}

/// The work that is being done; waits for ever where none is.
async fn joined(writing: &mut Option<JoinHandle<Work>>) -> Result<Work, Refusal> {
    match writing {
        Some(writing) => writing.await.map_err(|error| Refusal::internal(&error)),
        None => std::future::pending().await,
    }
}

/// The refusal for what the place of the bytes says.
pub(super) fn refusal_of(error: &io::Error) -> Refusal {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return Refusal::later(ErrorCode::ServerDiskFull, "the disk of the server is full", 30_000);
    }
    Refusal::internal(error)
}

fn wrong_offset() -> Refusal {
    Refusal::new(ErrorCode::OffsetMismatch, "the upload stands at another offset")
}

fn too_long() -> Refusal {
    Refusal::new(ErrorCode::TooLarge, "more bytes than the upload was said to have")
}

fn pre_empted() -> Refusal {
    Refusal::new(ErrorCode::Conflict, "a newer request sends this upload")
}

fn cut() -> Refusal {
    Refusal::new(ErrorCode::Unavailable, "the connection ended before the bytes did")
}
