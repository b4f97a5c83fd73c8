//! Bytes of one request into the partial file: read while the batch before is written, never more than a bounded
//! buffer in memory, until the body ends, a newer request wants the turn, or the right to send is lost.

use super::work::Work;
use super::{Content, Portion, Standing, Turn};
use crate::content::guard::{Guard, Need, Watched};
use crate::error::Refusal;
use crate::store::sqlite::content::{Ended, Goal, Spot, UploadRow};
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

/// Bytes gathered while the batch before is written: one buffer is filled, the other written, and both are used again,
/// so that no byte of an upload costs an allocation.
const BATCH_BYTES: usize = limits::UPLOAD_BUFFER_BYTES_MAX / 4;

/// A batch that does not fill up is written after this long.
const WRITE_AFTER: Duration = Duration::from_millis(20);

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
        if let Ended::Done { .. } | Ended::Forwarded = upload.ended {
            return self.standing(&upload).await;
        }
        if offset == upload.length {
            return self.finish(turn, &upload).await;
        }
        if portion.checksum.is_some() {
            self.store().set_unproven(upload.id, Some(offset)).await?;
        }
        let _moving = self.inner.at_rest.traffic();
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
        let expected = match upload.goal.offer() {
            Some(offer) => Some(self.store().pieces_to_come(offer).await?),
            None => None,
        };
        let open = move || Work::open(&*blobs, &name, digesting, sum, from, expected);
        let opened = tokio::task::spawn_blocking(open).await.map_err(|error| Refusal::of_work(&error))?;
        opened.map_err(|error| refusal_of(&error))
    }

    fn tell_progress(&self, upload: &UploadRow, offset: u64) {
        // A forwarded file is nobody's to watch.
        let Goal::Folder(Spot { room, .. }) = &upload.goal else { return };
        self.inner.progress.put(Progress { room: *room, upload: upload.id, offset, length: upload.length });
    }
}

/// A batch that is being written: the work, and the emptied buffer.
type Writing = JoinHandle<(Work, Vec<u8>)>;

/// What comes next for work that is not writing.
enum Next {
    /// It writes.
    Write(Writing),
    /// It waits for more.
    Wait(Work),
    /// All is written.
    End(Work, End),
}

/// One body on its way in.
struct Pump<'a> {
    content: &'a Content,
    upload: &'a UploadRow,
    /// The right it needs.
    watched: Watched,
    /// Being filled.
    batch: Vec<u8>,
    /// Empty, while no batch is being written.
    spare: Vec<u8>,
    /// When its first byte came.
    since: Instant,
    /// What came with the last read and found no room in the batch.
    over: Bytes,
    end: Option<End>,
    syncing: Option<JoinHandle<io::Result<()>>>,
}

impl<'a> Pump<'a> {
    fn new(content: &'a Content, upload: &'a UploadRow) -> Self {
        let watched = match &upload.goal {
            Goal::Folder(spot) => Watched::Room(spot.room, Need::Write),
            Goal::Offer(offer) => Watched::Sent(*offer),
        };
        Self {
            content,
            upload,
            watched,
            batch: Vec::new(),
            spare: Vec::new(),
            since: Instant::now(),
            over: Bytes::new(),
            end: None,
            syncing: None,
        }
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
        let (mut idle, mut writing) = (Some(work), None::<Writing>);
        let (mut told, mut heard) = (Instant::now(), Instant::now());
        loop {
            let reading = self.end.is_none();
            let has_room = self.batch.len() < BATCH_BYTES;
            let waits = idle.is_some() && !self.batch.is_empty();
            let late = if waits { self.since + WRITE_AFTER } else { heard + stall };
            tokio::select! {
                biased;
                written = joined(&mut writing) => {
                    writing = None;
                    let (mut work, spare) = written?;
                    self.spare = spare;
                    self.sync(&mut work).await?;
                    // As long as there was no room, it was not the sender who was silent.
                    heard = Instant::now();
                    if told.elapsed() >= Duration::from_millis(limits::PROGRESS_EVERY_MS) {
                        told = Instant::now();
                        self.content.tell_progress(self.upload, work.offset());
                    }
                    idle = Some(work);
                }
                refusal = guard.lost(self.watched), if reading => {
                    // Bytes that are not written yet are no longer this person's to write.
                    self.stop(End::Short(refusal));
                }
                () = turn.pre_empted(), if reading => match guard.holds(self.watched).await {
                    Ok(()) => self.end = Some(End::Short(pre_empted())),
                    // The turn was taken because the right was.
                    Err(refusal) => self.stop(End::Short(refusal)),
                },
                frame = body.frame(), if reading && has_room => {
                    heard = Instant::now();
                    match frame {
                        Some(Ok(frame)) => left = self.keep(frame.into_data().unwrap_or_default(), left),
                        None => self.end = Some(End::Whole),
                        Some(Err(_)) => self.end = Some(End::Short(cut())),
                    }
                }
                () = tokio::time::sleep_until(late.into()), if reading && has_room => {
                    if !waits {
                        self.end = Some(End::Short(cut()));
                    }
                }
            }
            let Some(work) = idle.take() else { continue };
            match self.next(work) {
                Next::Write(task) => writing = Some(task),
                Next::Wait(work) => idle = Some(work),
                Next::End(work, end) => return self.synced(work, end).await,
            }
        }
    }

    /// What comes next for work that is not writing.
    fn next(&mut self, work: Work) -> Next {
        if let Some(error) = &work.failed {
            let end = End::Short(refusal_of(error));
            return Next::End(work, end);
        }
        if self.batch.is_empty() {
            return match self.end.take() {
                Some(end) => Next::End(work, end),
                None => Next::Wait(work),
            };
        }
        let is_full = self.batch.len() >= BATCH_BYTES;
        if !is_full && self.end.is_none() && self.since.elapsed() < WRITE_AFTER {
            return Next::Wait(work);
        }
        let batch = std::mem::replace(&mut self.batch, std::mem::take(&mut self.spare));
        self.fill();
        Next::Write(tokio::task::spawn_blocking(move || work.take(batch)))
    }

    /// Moves what waits into the batch, as far as there is room.
    fn fill(&mut self) {
        if self.batch.is_empty() {
            self.since = Instant::now();
        }
        let room = BATCH_BYTES - self.batch.len().min(BATCH_BYTES);
        self.batch.extend_from_slice(&self.over.split_to(room.min(self.over.len())));
        if self.over.is_empty() {
            // Lets go of what the connection reads into.
            self.over = Bytes::new();
        }
    }

    /// Lets the disk begin to store what came, one such step at a time.
    async fn sync(&mut self, work: &mut Work) -> Result<(), Refusal> {
        if let Some(syncing) = self.syncing.take_if(|syncing| syncing.is_finished())
            && let Err(error) = syncing.await.map_err(|error| Refusal::of_work(&error))?
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
        match syncing.await.map_err(|error| Refusal::of_work(&error))? {
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
        self.over = bytes;
        self.fill();
        rest
    }

    /// Nothing more is written but what is being written.
    fn stop(&mut self, end: End) {
        self.batch.clear();
        self.over = Bytes::new();
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
        tokio::task::spawn_blocking(close).await.map_err(|error| Refusal::of_work(&error))?;
    let (digesting, ended) = closed.map_err(|error| refusal_of(&error))?;
    *turn.digesting = digesting;
    Ok(ended)
}

/// The work that is being done; waits for ever where none is.
async fn joined(writing: &mut Option<Writing>) -> Result<(Work, Vec<u8>), Refusal> {
    match writing {
        Some(writing) => writing.await.map_err(|error| Refusal::of_work(&error)),
        None => std::future::pending().await,
    }
}

/// The refusal for what the place of the bytes says.
pub(super) fn refusal_of(error: &io::Error) -> Refusal {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return Refusal::later(ErrorCode::ServerDiskFull, "the disk of the server is full", 30_000);
    }
    if error.kind() == io::ErrorKind::InvalidData {
        return wrong_piece();
    }
    Refusal::internal(error)
}

/// A piece of an offered file is another one than its sender said.
pub(super) fn wrong_piece() -> Refusal {
    Refusal::new(ErrorCode::DigestMismatch, "a piece is not the one that the manifest names")
}

fn wrong_offset() -> Refusal {
    Refusal::new(ErrorCode::OffsetMismatch, "the upload stands at another offset")
}

pub(super) fn too_long() -> Refusal {
    Refusal::new(ErrorCode::TooLarge, "more bytes than the upload was said to have")
}

fn pre_empted() -> Refusal {
    Refusal::new(ErrorCode::Conflict, "a newer request sends this upload")
}

pub(super) fn cut() -> Refusal {
    Refusal::new(ErrorCode::Unavailable, "the connection ended before the bytes did")
}
