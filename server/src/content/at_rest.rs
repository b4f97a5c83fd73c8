//! What is done with stored contents when it is quiet, one at a time, never while somebody waits for it.
//!
//! Each content of some size gets spare nonces: random keys with the BLAKE3 of the whole content under each, for proofs of
//! instant upload. A pass reads the content once, piece by piece, and compares each piece with its digest on the way:
//! from a damaged content nothing is made. Between two pieces it waits as long as uploads move, though not for ever.

use super::{Content, Inner, Proofs};
use crate::blobs::{CHUNK_BYTES, ReadAt};
use crate::error::Refusal;
use crate::secret;
use crate::store::sqlite::content::{Resting, Spare};
use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{MutexGuard, Notify, watch};

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
    pub(super) fn traffic(&self) -> Traffic {
        self.moving.send_modify(|moving| *moving += 1);
        Traffic(self.moving.clone())
    }

    /// As long as this lives, no stored content is worked on.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
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

impl Content {
    /// Works on all stored contents that want it.
    pub(crate) async fn work_at_rest(&self, failed: &mut HashSet<i64>) -> Result<(), Refusal> {
        if self.inner.policy.proofs == Proofs::Off {
            return Ok(());
        }
        let mut after = 0;
        loop {
            let turn = self.inner.at_rest.turn().await;
            let Some(blob) = self.store().next_without_spares(after).await? else { return Ok(()) };
            after = blob.id;
            if failed.contains(&blob.id) {
                continue;
            }
            if let Err(refusal) = self.work_on(&blob).await {
                tracing::warn!(object = blob.object, code = %refusal.code(), "a stored content could not be worked on");
                failed.insert(blob.id);
            }
            drop(turn);
        }
    }

    async fn work_on(&self, blob: &Resting) -> Result<(), Refusal> {
        let pieces = self.store().pieces(blob.id).await?;
        let (blobs, object) = (Arc::clone(&self.inner.blobs), blob.object.clone());
        let nonces = (blob.spares..SPARES).map(|_| secret::random()).collect();
        let size = blob.size;
        let mut pass = blocking(move || Ok(Pass::new(blobs.open(&object)?, size, pieces, nonces))).await?;
        while pass.at < pass.size {
            self.inner.at_rest.quiet().await;
            pass = blocking(move || pass.step()).await?;
        }
        self.store().keep_spares(blob.id, pass.spares()).await
    }
}

/// One reading of a stored content, from its beginning to its end.
struct Pass {
    content: Box<dyn ReadAt>,
    size: u64,
    at: u64,
    /// The digests that the pieces must have.
    pieces: Vec<[u8; 32]>,
    piece: Vec<u8>,
    proving: Vec<([u8; 32], blake3::Hasher)>,
}

impl Pass {
    fn new(content: Box<dyn ReadAt>, size: u64, pieces: Vec<[u8; 32]>, nonces: Vec<[u8; 32]>) -> Self {
        let proving = nonces.into_iter().map(|nonce| (nonce, blake3::Hasher::new_keyed(&nonce))).collect();
        Self { content, size, at: 0, pieces, piece: Vec::new(), proving }
    }

    /// Reads the next piece.
    fn step(mut self) -> io::Result<Self> {
        let number = usize::try_from(self.at / CHUNK_BYTES).unwrap_or(usize::MAX);
        let length = CHUNK_BYTES.min(self.size - self.at);
        self.piece.resize(usize::try_from(length).unwrap_or_default(), 0);
        let mut done = 0;
        while done < self.piece.len() {
            match self.content.read_at(self.at + done as u64, &mut self.piece[done..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        if self.pieces.get(number) != Some(blake3::hash(&self.piece).as_bytes()) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a piece does not have its digest"));
        }
        for (_, hasher) in &mut self.proving {
            hasher.update(&self.piece);
        }
        self.at += length;
        Ok(self)
    }

    /// The nonces with the proofs that are right for them.
    fn spares(&self) -> Vec<Spare> {
        let made = |(nonce, hasher): &([u8; 32], blake3::Hasher)| Spare {
            nonce: *nonce,
            proof: *hasher.finalize().as_bytes(),
        };
        self.proving.iter().map(made).collect()
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::internal(&error))?;
    done.map_err(|error| Refusal::internal(&error))
}
