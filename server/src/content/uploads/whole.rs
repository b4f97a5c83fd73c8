//! A small file whose bytes all come with its creation: hashed in memory, written and synced once, and linked in one
//! transaction together with its upload, which nobody sees begin.
//!
//! Nothing of it is kept before all of it is there: a cut costs sending it again, and it is small. Its object has a name
//! of its own, so that an id never leads to bytes that others sent; [`Making`] keeps that name from being swept until the
//! transaction is over.

use super::receive::{cut, refusal_of, too_long};
use super::{Content, Portion, Standing, UploadNew};
use crate::access::Caller;
use crate::blobs::{self, Blobs, Digesting};
use crate::content::naming;
use crate::error::Refusal;
use crate::store::sqlite::content::{Ended, Goal, UploadRow};
use axum::body::Body;
use http_body_util::BodyExt;
use pod_shared::{ErrorCode, limits};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Names of objects that are written and not in the database yet.
#[derive(Clone, Default)]
pub(crate) struct Making(Arc<Mutex<BTreeSet<String>>>);

/// A name that is kept from the sweep as long as this lives.
pub(crate) struct Made {
    making: Making,
    name: String,
}

impl Making {
    /// A new name, kept from now on.
    pub(crate) fn name(&self) -> Made {
        let name = Uuid::now_v7().to_string();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        Made { making: self.clone(), name }
    }

    /// All names that are kept.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Made {
    /// It.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.making.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

impl Content {
    /// Whether a creation that brings so many bytes is taken whole.
    pub(crate) fn comes_whole(new: &UploadNew, announced: Option<u64>) -> bool {
        let small = (1..=limits::UPLOAD_WHOLE_BYTES_MAX).contains(&new.length);
        small && announced == Some(new.length) && matches!(new.goal, Goal::Folder(_))
    }

    /// Takes a small file whole. Repeatable by its id: an upload that began otherwise goes on in the usual way.
    pub(crate) async fn take_whole(
        &self,
        caller: Caller,
        new: UploadNew,
        body: Body,
    ) -> Result<Standing, Refusal> {
        if let Goal::Folder(spot) = &new.goal {
            naming::spot(spot)?;
        }
        let _moving = self.inner.at_rest.traffic();
        let bytes = self.all_of(body, new.length).await?;
        let (content, asked) = (self.clone(), new.clone());
        // Goes on when the request is dropped: what is written is then linked, or removed.
        let flow = tokio::spawn(async move { content.store_whole(caller, asked, bytes).await });
        match flow.await.map_err(|error| Refusal::of_work(&error))?? {
            Stored::Done(standing) => Ok(standing),
            Stored::Begun(bytes) => {
                let standing = self.begin_upload(caller, new).await?;
                if standing.offset > 0 || standing.done.is_some() {
                    return Ok(standing);
                }
                let announced = Some(bytes.len() as u64);
                let portion = Portion { offset: 0, checksum: None, announced, body: Body::from(bytes) };
                self.take_portion(caller, standing.id, portion).await
            }
        }
    }

    async fn all_of(&self, mut body: Body, length: u64) -> Result<Vec<u8>, Refusal> {
        let length = usize::try_from(length).map_err(|_| too_long())?;
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            match tokio::time::timeout(self.inner.stall, body.frame()).await {
                Ok(Some(Ok(frame))) => bytes.extend_from_slice(&frame.into_data().unwrap_or_default()),
                Ok(Some(Err(_)) | None) | Err(_) => return Err(cut()),
            }
        }
        if bytes.len() > length { Err(too_long()) } else { Ok(bytes) }
    }

    async fn store_whole(&self, caller: Caller, new: UploadNew, bytes: Vec<u8>) -> Result<Stored, Refusal> {
        let doing = Self::doing(caller.account);
        let row = UploadRow::begun(new, doing);
        let made = self.inner.making.name();
        let (blobs, name, promised) = (Arc::clone(&self.inner.blobs), made.name().to_owned(), row.promised);
        let write = move || write(&*blobs, &name, bytes, promised);
        let written = tokio::task::spawn_blocking(write).await.map_err(|error| Refusal::of_work(&error))?;
        let Some((content, bytes)) = written.map_err(|error| refusal_of(&error))? else {
            return Err(Refusal::new(
                ErrorCode::DigestMismatch,
                "the file does not have the digest that was promised",
            ));
        };
        crate::fault::point("upload_kept");
        let object = made.name().to_owned();
        let size = content.size;
        let linked = self.store().store_whole(doing, row.clone(), object, content).await;
        crate::fault::point("upload_linked");
        match linked {
            Ok(Some(done)) => {
                self.rests(size);
                let ended = Ended::Done { entry: done.entry, version: done.version };
                Ok(Stored::Done(self.standing(&UploadRow { ended, ..row }).await?))
            }
            Ok(None) => {
                self.drop_made(&made).await;
                Ok(Stored::Begun(bytes))
            }
            Err(refusal) => {
                self.drop_made(&made).await;
                Err(refusal)
            }
        }
    }

    /// Removes what was written for nothing. What fails here, the sweep does later.
    async fn drop_made(&self, made: &Made) {
        let (blobs, name) = (Arc::clone(&self.inner.blobs), made.name().to_owned());
        let removed = tokio::task::spawn_blocking(move || blobs.remove(&name)).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::warn!(object = made.name(), "the bytes of a refused file are still there");
        }
    }
}

/// What became of a file that came whole.
enum Stored {
    /// It is there.
    Done(Standing),
    /// An upload with its id began before; these are its bytes.
    Begun(Vec<u8>),
}

/// Writes and syncs the bytes as an object; gives them back. Nothing: they do not have the promised digest.
fn write(
    blobs: &dyn Blobs,
    name: &str,
    bytes: Vec<u8>,
    promised: Option<[u8; 32]>,
) -> io::Result<Option<(blobs::Content, Vec<u8>)>> {
    let mut digesting = Digesting::default();
    digesting.update(&bytes);
    let content = digesting.finish();
    if promised.is_some_and(|promised| promised != content.sha256) {
        return Ok(None);
    }
    blobs.store(name, &bytes)?;
    Ok(Some((content, bytes)))
}
