//! Uploads that move: one at a time appends to a partial file, and the newest request always gets its turn.
//!
//! The life of an upload: it begins as a row (told as *upload started*), its bytes are appended to a partial file as
//! they arrive (the file's length is the offset, nothing else is), at the last byte the digest is compared, the file is
//! synced and renamed to an object, and one transaction makes it a version and tells it. Killed between any two of these
//! steps, the next start finishes or clears it (`sweep`). Every step can be repeated.

use super::guard::Guard;
use super::{Content, naming};
use crate::access::Caller;
use crate::error::Refusal;
use crate::store::sqlite::content::{Begun, Doing, Ended, Goal, UploadRow};
use axum::body::Body;
use pod_shared::{EntryId, ErrorCode, UploadId, limits};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

mod finish;
mod pump;
mod receive;
mod slots;
mod whole;
mod work;
mod writer;

pub(crate) use slots::Slots;
pub(super) use slots::Turn;
pub(crate) use whole::Making;

/// What the creation of an upload says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UploadNew {
    /// Made by the client, or by the server.
    pub(crate) id: Option<UploadId>,
    /// What it is for.
    pub(crate) goal: Goal,
    /// Bytes of the whole.
    pub(crate) length: u64,
    /// SHA-256 of the whole.
    pub(crate) promised: Option<[u8; 32]>,
    /// When the file was last changed.
    pub(crate) modified_ms: Option<i64>,
}

impl UploadRow {
    /// As it begins.
    fn begun(new: UploadNew, doing: Doing) -> Self {
        Self {
            id: new.id.unwrap_or_else(|| UploadId(Uuid::now_v7())),
            goal: new.goal,
            by: doing.by,
            length: new.length,
            promised: new.promised,
            modified_ms: new.modified_ms,
            created_at: doing.at,
            ended: Ended::Not,
            unproven_from: None,
        }
    }
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Which.
    pub(crate) id: UploadId,
    /// Bytes the server has.
    pub(crate) offset: u64,
    /// Bytes of the whole.
    pub(crate) length: u64,
    /// The version it became; nothing of a forwarded file.
    pub(crate) done: Option<(EntryId, u32)>,
    /// When it is dropped if no byte comes.
    pub(crate) expires: SystemTime,
}

/// Bytes of an upload as they come with a request.
pub(crate) struct Portion {
    /// Where they begin.
    pub(crate) offset: u64,
    /// SHA-256 that they must have.
    pub(crate) checksum: Option<[u8; 32]>,
    /// How many were announced.
    pub(crate) announced: Option<u64>,
    /// The bytes.
    pub(crate) body: Body,
}

impl Content {
    /// Begins an upload, or finds the one begun before with the same id.
    pub(crate) async fn begin_upload(&self, caller: Caller, new: UploadNew) -> Result<Standing, Refusal> {
        if let Goal::Folder(spot) = &new.goal {
            naming::spot(spot)?;
        }
        if new.length > limits::FILE_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the file is larger than this server takes"));
        }
        let doing = Self::doing(caller.account);
        let row = UploadRow::begun(new, doing);
        let Begun { upload, given_up } = self.store().begin_upload(doing, row).await?;
        self.discard_uploads(given_up);
        crate::fault::point("upload_begun");
        if upload.length == 0 && upload.ended == Ended::Not {
            let turn = self.inner.slots.take(upload.id).await;
            return self.finish(turn, &upload).await;
        }
        self.standing(&upload).await
    }

    /// How far an upload is. Ends a request that still sends to it: whoever asks has lost that one.
    pub(crate) async fn look_at_upload(&self, caller: Caller, id: UploadId) -> Result<Standing, Refusal> {
        self.store().upload(caller.account, id).await?;
        let turn = self.inner.slots.take(id).await;
        let upload = self.store().upload(caller.account, id).await?;
        let standing = self.standing(&upload).await?;
        if standing.done.is_none() && standing.offset == standing.length {
            return self.finish(turn, &upload).await;
        }
        Ok(standing)
    }

    /// Takes bytes, and finishes the upload with its last one. Goes on when the request is dropped, as far as bytes came.
    pub(crate) async fn take_portion(
        &self,
        caller: Caller,
        id: UploadId,
        portion: Portion,
    ) -> Result<Standing, Refusal> {
        let guard = Guard::new(self, caller);
        self.store().upload(caller.account, id).await?;
        let turn = self.inner.slots.take(id).await;
        // What was true before the turn came may not be any more.
        let upload = self.store().upload(caller.account, id).await?;
        let content = self.clone();
        let flow = tokio::spawn(async move { content.receive(turn, guard, upload, portion).await });
        flow.await.map_err(|error| Refusal::of_work(&error))?
    }

    /// Gives an upload up.
    pub(crate) async fn cancel_upload(&self, caller: Caller, id: UploadId) -> Result<(), Refusal> {
        self.store().cancel_upload(Self::doing(caller.account), id).await?;
        crate::fault::point("upload_cancelled");
        self.discard(id).await;
        Ok(())
    }

    /// Ends what still sends to uploads that are given up, and drops their bytes; does not wait for it.
    pub(crate) fn discard_uploads(&self, uploads: Vec<UploadId>) {
        if uploads.is_empty() {
            return;
        }
        let content = self.clone();
        tokio::spawn(async move {
            for upload in uploads {
                content.discard(upload).await;
            }
        });
    }

    /// Ends what still sends to an upload that is given up, and drops its bytes. What fails here, the sweep does later.
    pub(crate) async fn discard(&self, id: UploadId) {
        let turn = self.inner.slots.take(id).await;
        if !matches!(self.store().ended(id).await, Ok(Some(Ended::Cancelled))) {
            return;
        }
        let (blobs, name) = (Arc::clone(&self.inner.blobs), id.to_string());
        let discarded =
            tokio::task::spawn_blocking(move || blobs.discard(&name).and_then(|()| blobs.remove(&name)));
        if !matches!(discarded.await, Ok(Ok(()))) {
            tracing::warn!(upload = %id, "the bytes of a cancelled upload are still there");
        }
        self.inner.slots.forget(turn);
    }

    /// Bytes the server has of an upload.
    pub(crate) async fn offset(&self, upload: &UploadRow) -> Result<u64, Refusal> {
        Ok(self.stored_state(upload).await?.0)
    }

    pub(super) async fn standing(&self, upload: &UploadRow) -> Result<Standing, Refusal> {
        let (offset, touched) = self.stored_state(upload).await?;
        let done = match upload.ended {
            Ended::Done { entry, version } => Some((entry, version)),
            Ended::Not | Ended::Forwarded | Ended::Cancelled => None,
        };
        let expires = touched + Duration::from_secs(limits::UPLOAD_IDLE_S_MAX);
        Ok(Standing { id: upload.id, offset, length: upload.length, done, expires })
    }

    /// Bytes that are there, and when the last came.
    pub(super) async fn stored_state(&self, upload: &UploadRow) -> Result<(u64, SystemTime), Refusal> {
        let begun = u64::try_from(upload.created_at.0).unwrap_or_default();
        let begun = SystemTime::UNIX_EPOCH + Duration::from_millis(begun);
        if upload.ended != Ended::Not {
            return Ok((upload.length, begun));
        }
        let (blobs, name) = (Arc::clone(&self.inner.blobs), upload.id.to_string());
        let look = move || match blobs.partial_state(&name)? {
            Some(partial) => Ok(Some(partial)),
            // Renamed already, and not linked yet.
            None => match blobs.open(&name).and_then(|object| object.size()) {
                Ok(length) => Ok(Some(crate::blobs::PartialState { length, touched: SystemTime::now() })),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
        };
        let state = tokio::task::spawn_blocking(look).await.map_err(|error| Refusal::of_work(&error))?;
        let state = state.map_err(|error: std::io::Error| Refusal::internal(&error))?;
        let length = state.map_or(0, |state| state.length);
        // Bytes that came with a checksum count once it was compared.
        let proven = upload.unproven_from.map_or(length, |from| length.min(from));
        Ok((proven, state.map_or(begun, |state| state.touched.max(begun))))
    }
}
