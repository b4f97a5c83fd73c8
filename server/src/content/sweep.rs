//! Clears what nobody will finish: at the start what an earlier life left half done, then now and then what ran out.
//!
//! An open upload that has all its bytes is finished; one that got none for too long is dropped, and told; partial
//! contents and objects that belong to nothing are removed.

use super::{Content, Inner};
use crate::blobs::Blobs;
use crate::error::Refusal;
use crate::store::sqlite::content::{Ended, UploadRow};
use pod_shared::{TimeMs, UploadId, limits};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

/// How often uploads are looked over.
const EVERY: Duration = Duration::from_secs(3_600);
/// How long a content stays that nothing has any more: for whoever began to read it, and for a backup that is written.
const LOOSE: Duration = Duration::from_secs(3_600);
/// Uploads, or names, looked at in one question.
const PAGE: u32 = 500;

/// Begins to sweep; ends with the last handle.
pub(super) fn start(content: &Content) {
    let service = Arc::downgrade(&content.inner);
    tokio::spawn(run(service));
}

async fn run(service: Weak<Inner>) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        let Some(inner) = service.upgrade() else { return };
        if let Err(refusal) = (Content { inner }).sweep(SystemTime::now()).await {
            tracing::warn!(code = %refusal.code(), "what uploads left behind could not all be cleared");
        }
    }
}

impl Content {
    /// Looks over all open uploads and all files, as of a time.
    pub(crate) async fn sweep(&self, now: SystemTime) -> Result<(), Refusal> {
        let mut after = None;
        loop {
            let page = self.store().open_uploads(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for upload in page {
                self.look_over(&upload, now).await?;
            }
        }
        self.store().forget_old_nonces(ms(now)).await?;
        while let Some(ended) = self.store().expire_forwards(ms(now)).await? {
            self.discard_uploads(ended);
        }
        self.empty_old_trash(now).await?;
        // Contents that are being made anew meanwhile are left alone.
        let _turn = self.inner.at_rest.turn().await;
        self.remove_loose(now).await?;
        self.clear_leftovers().await
    }

    /// Removes contents that nothing has had for a while.
    async fn remove_loose(&self, now: SystemTime) -> Result<(), Refusal> {
        let before = ms(now.checked_sub(LOOSE).unwrap_or(SystemTime::UNIX_EPOCH));
        loop {
            let names = self.store().loose_before(before, PAGE).await?;
            if names.is_empty() {
                return Ok(());
            }
            let (blobs, going) = (Arc::clone(&self.inner.blobs), names.clone());
            let remove = move || {
                going.iter().try_for_each(|name| blobs.discard(name).and_then(|()| blobs.remove(name)))
            };
            let removed: io::Result<()> =
                tokio::task::spawn_blocking(remove).await.map_err(|error| Refusal::of_work(&error))?;
            removed.map_err(|error| Refusal::internal(&error))?;
            self.store().removed(names).await?;
        }
    }

    async fn look_over(&self, upload: &UploadRow, now: SystemTime) -> Result<(), Refusal> {
        let (offset, touched) = self.stored_state(upload).await?;
        let idle = now.duration_since(touched).unwrap_or_default();
        if idle > Duration::from_secs(limits::UPLOAD_IDLE_S_MAX) {
            self.store().drop_upload(Self::doing(upload.by), upload.id).await?;
            self.discard(upload.id).await;
        } else if offset == upload.length {
            let turn = self.inner.slots.take(upload.id).await;
            if self.store().ended(upload.id).await? == Some(Ended::Not)
                && let Err(refusal) = self.finish(turn, upload).await
            {
                tracing::info!(upload = %upload.id, code = %refusal.code(), "an upload could not be finished");
            }
        }
        Ok(())
    }

    async fn clear_leftovers(&self) -> Result<(), Refusal> {
        let blobs = Arc::clone(&self.inner.blobs);
        let listed = tokio::task::spawn_blocking(move || list(&*blobs)).await;
        let listed =
            listed.map_err(|error| Refusal::of_work(&error))?.map_err(|error| Refusal::internal(&error))?;
        // In this order: what was listed, is not being made, and is not known by then belongs to nothing.
        let mut known = self.inner.making.names();
        known.append(&mut self.store().known_names().await?);
        let blobs = Arc::clone(&self.inner.blobs);
        let cleared = tokio::task::spawn_blocking(move || clear_of(&*blobs, &listed, &known)).await;
        cleared.map_err(|error| Refusal::of_work(&error))?.map_err(|error| Refusal::internal(&error))
    }
}

pub(super) fn ms(time: SystemTime) -> TimeMs {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    TimeMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Removes every partial content and object that is not known, while nobody else is at work.
pub(super) fn clear(blobs: &dyn Blobs, known: &BTreeSet<String>) -> io::Result<()> {
    clear_of(blobs, &list(blobs)?, known)
}

/// What there is.
struct Listed {
    partials: Vec<String>,
    objects: Vec<String>,
}

fn list(blobs: &dyn Blobs) -> io::Result<Listed> {
    Ok(Listed { partials: blobs.partials()?, objects: blobs.objects()? })
}

fn clear_of(blobs: &dyn Blobs, listed: &Listed, known: &BTreeSet<String>) -> io::Result<()> {
    // A file that somebody else put there is left alone.
    let leftover = |name: &&String| !known.contains(*name) && name.parse::<UploadId>().is_ok();
    for name in listed.partials.iter().filter(leftover) {
        blobs.discard(name)?;
    }
    for name in listed.objects.iter().filter(leftover) {
        blobs.remove(name)?;
    }
    Ok(())
}
