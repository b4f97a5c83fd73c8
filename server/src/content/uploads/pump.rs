//! Reads the bytes of one request while those before are written, never more than a bounded buffer in memory, until the
//! body ends, a newer request wants the turn, or the right to send is lost.

use super::receive::{cut, pre_empted, refusal_of};
use super::work::Work;
use super::writer::{BATCH_BYTES, Writer};
use super::{Content, Turn};
use crate::content::guard::{Guard, Watched};
use crate::error::Refusal;
use crate::store::sqlite::content::{Goal, UploadRow};
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use pod_shared::limits;
use std::time::{Duration, Instant};

/// A batch that does not fill up is written after this long.
const WRITE_AFTER: Duration = Duration::from_millis(20);

/// How a body ended.
pub(super) enum End {
    /// All of it came.
    Whole,
    /// It did not, and why.
    Short(Refusal),
    /// It brought more than the upload may have.
    TooLong,
}

/// One body on its way in.
pub(super) struct Pump<'a> {
    content: &'a Content,
    upload: &'a UploadRow,
    /// The right it needs.
    watched: Watched,
    writer: Writer,
    /// Being filled.
    batch: Vec<u8>,
    /// When its first byte came.
    since: Instant,
    /// What came with the last read and found no room in the batch.
    over: Bytes,
    /// Bytes that may still come.
    left: u64,
}

impl<'a> Pump<'a> {
    pub(super) fn new(content: &'a Content, upload: &'a UploadRow, work: Work) -> Self {
        let watched = match &upload.goal {
            Goal::Folder(spot) => Watched::Upload(spot.room, upload.id),
            Goal::Offer(offer) => Watched::Sent(*offer),
        };
        Self {
            content,
            upload,
            watched,
            left: upload.length - work.offset(),
            writer: Writer::new(work),
            batch: Vec::new(),
            since: Instant::now(),
            over: Bytes::new(),
        }
    }

    /// Reads the body to its end, writing beside.
    pub(super) async fn run(
        mut self,
        turn: &mut Turn,
        guard: &mut Guard,
        mut body: Body,
    ) -> Result<(Work, End), Refusal> {
        let stall = self.content.inner.stall;
        let (mut told, mut heard) = (Instant::now(), Instant::now());
        // A batch that is due waits for a buffer.
        let mut held = false;
        let end = loop {
            let has_room = self.over.is_empty() && self.batch.len() < BATCH_BYTES;
            let late = if self.batch.is_empty() { heard + stall } else { self.since + WRITE_AFTER };
            tokio::select! {
                biased;
                // As long as bytes come and have room, the writing wakes nobody here: to wake a core that sleeps costs more
                // than to write a batch. What is written by then is heard of with the next bytes.
                writes = self.writer.news(), if !has_room || held || self.batch.is_empty() => {
                    if !writes? {
                        break End::Whole;
                    }
                    held = false;
                    // As long as there was no room, it was not the sender who was silent.
                    heard = Instant::now();
                    self.fill();
                    self.tell(&mut told);
                }
                // Bytes that are not written yet are no longer this person's to write.
                refusal = guard.lost(self.watched) => break self.stop(End::Short(refusal)),
                () = turn.pre_empted() => break match guard.holds(self.watched).await {
                    Ok(()) => End::Short(pre_empted()),
                    // The turn was taken because the right was.
                    Err(refusal) => self.stop(End::Short(refusal)),
                },
                frame = body.frame(), if has_room => {
                    heard = Instant::now();
                    match frame {
                        Some(Ok(frame)) => {
                            let bytes = frame.into_data().unwrap_or_default();
                            match self.left.checked_sub(bytes.len() as u64) {
                                Some(left) => self.left = left,
                                None => break self.stop(End::TooLong),
                            }
                            self.over = bytes;
                            self.writer.gather();
                            held = false;
                            self.fill();
                            self.tell(&mut told);
                        }
                        None => break End::Whole,
                        Some(Err(_)) => break End::Short(cut()),
                    }
                }
                () = tokio::time::sleep_until(late.into()), if has_room && !held => {
                    if self.batch.is_empty() {
                        break End::Short(cut());
                    }
                    held = !self.hand_over();
                }
            }
        };
        self.ended(end).await
    }

    /// Says how far it is, as often as that is of use.
    fn tell(&self, told: &mut Instant) {
        if told.elapsed() >= Duration::from_millis(limits::PROGRESS_EVERY_MS) {
            *told = Instant::now();
            self.content.tell_progress(self.upload, self.writer.offset());
        }
    }

    /// Moves what waits into batches, as far as there is room. A full batch goes on its way.
    fn fill(&mut self) {
        loop {
            if self.batch.is_empty() {
                self.since = Instant::now();
            }
            let room = BATCH_BYTES - self.batch.len().min(BATCH_BYTES);
            self.batch.extend_from_slice(&self.over.split_to(room.min(self.over.len())));
            if self.batch.len() < BATCH_BYTES || !self.hand_over() {
                break;
            }
        }
        if self.over.is_empty() {
            // Lets go of what the connection reads into.
            self.over = Bytes::new();
        }
    }

    /// Hands the batch over, when there is another buffer to fill.
    fn hand_over(&mut self) -> bool {
        let Some(spare) = self.writer.spare() else { return false };
        self.writer.put(std::mem::replace(&mut self.batch, spare));
        true
    }

    /// Nothing more is written but what is being written.
    fn stop(&mut self, end: End) -> End {
        self.writer.stop();
        self.batch.clear();
        self.over = Bytes::new();
        end
    }

    /// The outcome, when all that is to be written is: a failure of the disk is the upload's.
    async fn ended(mut self, end: End) -> Result<(Work, End), Refusal> {
        self.fill();
        while self.writer.writes() && !self.batch.is_empty() && !self.hand_over() {
            self.writer.news().await?;
            self.fill();
        }
        let work = self.writer.end().await?;
        let end = work.failed.as_ref().map_or(end, |error| End::Short(refusal_of(error)));
        Ok((work, end))
    }
}
