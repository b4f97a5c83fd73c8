//! Bytes of one request into the partial file, and what becomes of them. Neighbours: `pump` reads them, `writer` writes.

use super::pump::{End, Pump};
use super::work::Work;
use super::{Content, Portion, Standing, Turn};
use crate::content::guard::Guard;
use crate::error::Refusal;
use crate::store::sqlite::content::{Ended, Goal, Spot, UploadRow};
use pod_shared::ErrorCode;
use pod_shared::socket::Progress;
use sha2::Sha256;
use std::io;
use std::sync::Arc;

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
        let pump = Pump::new(self, &upload, work);
        let (work, end) = pump.run(&mut turn, &mut guard, portion.body).await?;
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

    pub(super) fn tell_progress(&self, upload: &UploadRow, offset: u64) {
        // A forwarded file is nobody's to watch.
        let Goal::Folder(Spot { room, .. }) = &upload.goal else { return };
        self.inner.progress.put(Progress { room: *room, upload: upload.id, offset, length: upload.length });
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

pub(super) fn pre_empted() -> Refusal {
    Refusal::new(ErrorCode::Conflict, "a newer request sends this upload")
}

pub(super) fn cut() -> Refusal {
    Refusal::new(ErrorCode::Unavailable, "the connection ended before the bytes did")
}
