//! All bytes are there: compare the digest, make them durable, link them. Killed between two steps, the next call goes
//! on where this one stopped.

use super::receive::{refusal_of, wrong_piece};
use super::{Content, Standing, Turn};
use crate::blobs::{self, Blobs, Digesting, PACKED_BYTES_MIN};
use crate::error::Refusal;
use crate::fault;
use crate::store::sqlite::content::{Ended, UploadRow};
use pod_shared::ErrorCode;
use std::io;
use std::sync::Arc;

impl Content {
    /// Finishes an upload whose last byte is there.
    pub(in crate::content) async fn finish(
        &self,
        mut turn: Turn,
        upload: &UploadRow,
    ) -> Result<Standing, Refusal> {
        if upload.ended != Ended::Not {
            return self.standing(upload).await;
        }
        let name = upload.id.to_string();
        let (blobs, digesting) = (Arc::clone(&self.inner.blobs), std::mem::take(&mut *turn.digesting));
        let hash = {
            let (blobs, name) = (Arc::clone(&blobs), name.clone());
            move || whole(&*blobs, &name, digesting)
        };
        let content = blocking(hash).await?;
        if upload.promised.is_some_and(|promised| promised != content.sha256) {
            self.give_up(turn, upload).await;
            return Err(Refusal::new(
                ErrorCode::DigestMismatch,
                "the file does not have the digest that was promised",
            ));
        }
        if let Some(offer) = upload.goal.offer()
            && self.store().pieces_to_come(offer).await? != content.chunks
        {
            self.give_up(turn, upload).await;
            return Err(wrong_piece());
        }
        fault::point("upload_verified");
        let keep = name.clone();
        blocking(move || blobs.keep(&keep)).await?;
        fault::point("upload_kept");
        let (until, size) = (self.kept_until(), content.size);
        let linked =
            self.store().finish_upload(Self::doing(upload.by), upload.id, name, content, until).await;
        fault::point("upload_linked");
        match linked {
            Ok(ended) => {
                self.inner.slots.forget(turn);
                self.rests(size);
                self.standing(&UploadRow { ended, ..upload.clone() }).await
            }
            Err(refusal) => {
                if is_final(refusal.code()) {
                    self.give_up(turn, upload).await;
                }
                Err(refusal)
            }
        }
    }

    /// A content of this size is stored now: it may want to be looked at in quiet.
    pub(super) fn rests(&self, size: u64) {
        if size >= PACKED_BYTES_MIN {
            self.inner.at_rest.wake();
        }
    }

    /// Drops an upload that can never be finished; its turn ends first, because dropping takes a turn itself.
    async fn give_up(&self, turn: Turn, upload: &UploadRow) {
        drop(turn);
        match self.store().drop_upload(Self::doing(upload.by), upload.id).await {
            Ok(()) => self.discard(upload.id).await,
            Err(refusal) => {
                tracing::warn!(upload = %upload.id, code = %refusal.code(), "an upload could not be given up");
            }
        }
    }
}

/// Whether trying again can never help.
fn is_final(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Conflict
            | ErrorCode::NameExists
            | ErrorCode::TooMany
            | ErrorCode::NotFound
            | ErrorCode::RoleTooLow
            | ErrorCode::Gone
    )
}

/// Hashes what is not hashed yet.
fn whole(blobs: &dyn Blobs, name: &str, mut digesting: Digesting) -> io::Result<blobs::Content> {
    if blobs.partial_state(name)?.is_some() {
        digesting.catch_up(&mut *blobs.partial(name)?, u64::MAX)?;
        return Ok(digesting.finish());
    }
    match blobs.open(name) {
        Ok(mut object) => _ = digesting.catch_up(&mut *object, u64::MAX)?,
        // Nothing came yet: an empty file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => drop(blobs.partial(name)?),
        Err(error) => return Err(error),
    }
    Ok(digesting.finish())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::of_work(&error))?;
    done.map_err(|error| refusal_of(&error))
}
