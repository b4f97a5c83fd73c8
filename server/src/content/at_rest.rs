//! What is done with stored contents when it is quiet, one at a time, never while somebody waits for it.
//!
//! Each content of some size gets spare nonces: random keys with the BLAKE3 of the whole content under each, for proofs of
//! instant upload. And where it pays, it is packed: into a new object, which is read back and compared piece by piece
//! before it takes the place of the old one. Both are done in one reading ([`pass::Pass`]), in which each piece is
//! compared with its digest: from a damaged content nothing is made. Between two pieces it waits as long as uploads move,
//! though not for ever. Killed at any step, nothing is lost: the new object is loose until the moment the content has it,
//! the old one from then on.

use super::downloads::open_form;
use super::{Content, Inner, Proofs, now};
use crate::blobs::{self, PACKED_BYTES_MIN, Packing, ReadAt};
use crate::error::Refusal;
use crate::fault;
use crate::secret;
use crate::store::sqlite::content::{Form, Resting};
use pass::Pass;
use pod_shared::limits;
use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{MutexGuard, Notify, watch};
use uuid::Uuid;

mod pass;
mod squeezed;

/// How often everything is looked over, also when nothing woke it.
const EVERY: Duration = Duration::from_secs(3_600);
/// As long as uploads move, one piece is read in this time.
const PIECE_WAITS: Duration = Duration::from_millis(250);
/// Spare nonces for each content.
const SPARES: u32 = 2;

/// Who works on stored contents, and when.
pub(crate) struct AtRest {
    turn: tokio::sync::Mutex<()>,
    woken: Arc<Notify>,
    moving: watch::Sender<usize>,
}

impl Default for AtRest {
    fn default() -> Self {
        Self { turn: tokio::sync::Mutex::default(), woken: Arc::default(), moving: watch::Sender::new(0) }
    }
}

/// An upload moves as long as this lives.
pub(crate) struct Traffic(watch::Sender<usize>);

impl Drop for Traffic {
    fn drop(&mut self) {
        self.0.send_modify(|moving| *moving -= 1);
    }
}

impl AtRest {
    /// Something may want to be done.
    pub(super) fn wake(&self) {
        self.woken.notify_one();
    }

    /// An upload moves.
    pub(crate) fn traffic(&self) -> Traffic {
        self.moving.send_modify(|moving| *moving += 1);
        Traffic(self.moving.clone())
    }

    /// As long as this lives, no stored content is worked on.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    async fn quiet(&self) {
        let mut moving = self.moving.subscribe();
        // Who waits long enough goes on all the same: uploads may never end.
        _ = tokio::time::timeout(PIECE_WAITS, moving.wait_for(|moving| *moving == 0)).await;
    }
}

/// Begins to work; ends with the last handle.
pub(super) fn start(content: &Content) {
    let woken = Arc::clone(&content.inner.at_rest.woken);
    tokio::spawn(run(Arc::downgrade(&content.inner), woken));
}

async fn run(service: Weak<Inner>, woken: Arc<Notify>) {
    let mut turns = tokio::time::interval(EVERY);
    // Those that could not be worked on are left alone for a while.
    let mut failed = HashSet::new();
    loop {
        tokio::select! {
            _ = turns.tick() => failed.clear(),
            () = woken.notified() => {}
        }
        let Some(inner) = service.upgrade() else { return };
        if let Err(refusal) = (Content { inner }).work_at_rest(&mut failed).await {
            tracing::warn!(code = %refusal.code(), "stored contents could not all be looked at");
        }
    }
}

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanting {
    /// Nobody has looked at it yet.
    Look,
    /// It has too few spare nonces.
    Spares,
}

impl Content {
    /// Works on all stored contents that want it.
    pub(crate) async fn work_at_rest(&self, failed: &mut HashSet<i64>) -> Result<(), Refusal> {
        self.work_through(Wanting::Look, failed).await?;
        match self.inner.policy.proofs {
            Proofs::On => self.work_through(Wanting::Spares, failed).await,
            Proofs::Off => Ok(()),
        }
    }

    async fn work_through(&self, wanting: Wanting, failed: &mut HashSet<i64>) -> Result<(), Refusal> {
        let mut after = 0;
        loop {
            let turn = self.inner.at_rest.turn().await;
            let next = match wanting {
                Wanting::Look => self.store().next_as_it_came(after).await?,
                Wanting::Spares => self.store().next_without_spares(after).await?,
            };
            let Some(resting) = next else { return Ok(()) };
            after = resting.lying.blob;
            if failed.contains(&after) {
                continue;
            }
            if let Err(refusal) = self.work_on(&resting).await {
                let object = &resting.lying.object;
                tracing::warn!(object, code = %refusal.code(), "a stored content could not be worked on");
                failed.insert(after);
            }
            drop(turn);
        }
    }

    async fn work_on(&self, resting: &Resting) -> Result<(), Refusal> {
        let packing = if self.is_worth_packing(resting).await? {
            let name = Uuid::now_v7().to_string();
            self.store().about_to_make(name.clone(), now()).await?;
            Some(name)
        } else {
            None
        };
        if packing.is_none() && resting.lying.form == Form::AsCame {
            self.store().stays_plain(resting.lying.clone()).await?;
        }
        let nonces = self.nonces_for(resting);
        if packing.is_none() && nonces.is_empty() {
            return Ok(());
        }
        let Some(expected) = self.store().pieces(&resting.lying).await? else { return Ok(()) };
        let (blobs, lying, name) = (Arc::clone(&self.inner.blobs), resting.lying.clone(), packing.clone());
        let open = move || {
            let content = open_form(&*blobs, &lying.object, lying.form)?;
            let packing = name.map(|name| Packing::begin(&*blobs, &name)).transpose()?;
            Pass::begin(content, expected, nonces, packing)
        };
        let mut pass = self.through(blocking(open).await?).await?;
        self.store().keep_spares(&resting.lying, pass.spares()).await?;
        let (Some(name), Some(packing)) = (packing, pass.packing.take()) else { return Ok(()) };
        let stored = blocking(move || packing.end()).await?;
        if !blobs::pays(stored, resting.size) {
            // What was made stays loose, and is removed.
            return self.store().stays_plain(resting.lying.clone()).await;
        }
        self.take_over(resting, name, pass).await
    }

    /// The packed object takes the place of the old one, once all of it is found to be the same.
    async fn take_over(&self, resting: &Resting, name: String, pass: Pass) -> Result<(), Refusal> {
        let (blobs, object) = (Arc::clone(&self.inner.blobs), name.clone());
        let keep = move || {
            blobs.keep(&object)?;
            Pass::begin(open_form(&*blobs, &object, Form::Packed)?, pass.into_expected(), Vec::new(), None)
        };
        let again = blocking(keep).await?;
        fault::point("packing_kept");
        self.through(again).await?;
        self.store().packed(resting.lying.clone(), name, now()).await?;
        fault::point("packing_taken_over");
        Ok(())
    }

    /// Reads all of it.
    async fn through(&self, mut pass: Pass) -> Result<Pass, Refusal> {
        while !pass.is_through() {
            self.inner.at_rest.quiet().await;
            pass = blocking(move || pass.step()).await?;
        }
        Ok(pass)
    }

    async fn is_worth_packing(&self, resting: &Resting) -> Result<bool, Refusal> {
        if resting.lying.form != Form::AsCame || resting.size < PACKED_BYTES_MIN {
            return Ok(false);
        }
        let name = self.store().name_of(resting.lying.blob).await?.unwrap_or_default();
        let (blobs, object) = (Arc::clone(&self.inner.blobs), resting.lying.object.clone());
        let look = move || {
            let mut content: Box<dyn ReadAt> = blobs.open(&object)?;
            Ok(!squeezed::is_already(&name, &mut *content)? && blobs::promises(&mut *content)?)
        };
        blocking(look).await
    }

    fn nonces_for(&self, resting: &Resting) -> Vec<[u8; 32]> {
        if self.inner.policy.proofs == Proofs::Off || resting.size < limits::INSTANT_BYTES_MIN {
            return Vec::new();
        }
        (resting.spares..SPARES).map(|_| secret::random()).collect()
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::of_work(&error))?;
    done.map_err(|error| Refusal::internal(&error))
}
