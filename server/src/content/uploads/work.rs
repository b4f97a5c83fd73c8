//! What is done with arriving bytes off the asynchronous threads: append, hash, compare.

use crate::blobs::{Blobs, CHUNK_BYTES, Digesting, Partial, Syncing};
use sha2::{Digest, Sha256};
use std::io;

/// Bytes that are hashed again from the file beside each write, when an earlier life wrote them.
const CATCH_UP_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes after which the disk begins to store them, so that the last sync of a large file is short.
const SYNC_EVERY_BYTES: u64 = 32 * 1024 * 1024;

/// One request's bytes on their way into a partial file.
pub(super) struct Work {
    partial: Box<dyn Partial>,
    digesting: Digesting,
    /// Over the bytes of this request only; these join `digesting` once the sum is compared.
    sum: Option<Sha256>,
    start: u64,
    /// The digests that its pieces must have, where they are known beforehand.
    expected: Option<Vec<[u8; 32]>>,
    /// Bytes that are stored, or being stored, on the disk itself.
    synced: u64,
    /// Why no more can be taken.
    pub(super) failed: Option<io::Error>,
}

impl Work {
    /// Opens the partial file at its end; bytes from `unproven_from` on are cut off.
    pub(super) fn open(
        blobs: &dyn Blobs,
        name: &str,
        mut digesting: Digesting,
        sum: Option<Sha256>,
        unproven_from: Option<u64>,
        expected: Option<Vec<[u8; 32]>>,
    ) -> io::Result<Self> {
        let mut partial = blobs.partial(name)?;
        if let Some(from) = unproven_from.filter(|from| *from < partial.length()) {
            partial.cut_to(from)?;
        }
        let start = partial.length();
        if digesting.hashed() > start {
            digesting = Digesting::default();
        }
        Ok(Self { partial, digesting, sum, start, expected, synced: start, failed: None })
    }

    /// Where the next byte goes.
    pub(super) fn offset(&self) -> u64 {
        self.partial.length()
    }

    /// What to run beside the next batches, when enough came since the last time.
    pub(super) fn sync_due(&mut self) -> Option<Syncing> {
        if self.partial.length() - self.synced < SYNC_EVERY_BYTES {
            return None;
        }
        self.synced = self.partial.length();
        self.partial.syncing().ok()
    }

    /// The disk may have lost bytes: what is hashed from memory says nothing any more.
    pub(super) fn distrust(&mut self, error: io::Error) {
        self.digesting = Digesting::default();
        self.failed = Some(error);
    }

    /// Appends what came, as far as there is room.
    pub(super) fn take(&mut self, batch: &[u8]) {
        self.failed = self.append(batch).err();
    }

    fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (at, compared) = (self.partial.length(), self.digesting.pieces().len());
            let written = self.partial.append(bytes)?;
            let (now, later) = bytes.split_at(written);
            match &mut self.sum {
                Some(sum) => sum.update(now),
                None if self.digesting.hashed() == at => self.digesting.update(now),
                None => _ = self.digesting.catch_up(&mut *self.partial, CATCH_UP_BYTES)?,
            }
            bytes = later;
            self.compare(compared)?;
        }
        Ok(())
    }

    /// Compares the pieces from this one on that are hashed by now; a wrong one is cut off, and all behind it.
    fn compare(&mut self, from: usize) -> io::Result<()> {
        let Some(expected) = &self.expected else { return Ok(()) };
        let pieces = self.digesting.pieces();
        let wrong = (from..pieces.len()).find(|number| expected.get(*number) != pieces.get(*number));
        let Some(wrong) = wrong else { return Ok(()) };
        self.partial.cut_to(wrong as u64 * CHUNK_BYTES)?;
        let length = self.partial.length();
        (self.start, self.synced) = (self.start.min(length), self.synced.min(length));
        self.digesting = Digesting::default();
        Err(io::ErrorKind::InvalidData.into())
    }

    /// Whether the request's bytes have the promised sum; without a promise they do.
    pub(super) fn proves(&self, promised: Option<[u8; 32]>) -> bool {
        match (&self.sum, promised) {
            (Some(sum), Some(promised)) => <[u8; 32]>::from(sum.clone().finalize()) == promised,
            (None, _) | (_, None) => true,
        }
    }

    /// Takes back all that this request brought.
    pub(super) fn undo(&mut self) -> io::Result<()> {
        self.partial.cut_to(self.start)?;
        if self.digesting.hashed() > self.start {
            self.digesting = Digesting::default();
        }
        Ok(())
    }

    /// What is hashed so far.
    pub(super) fn into_digesting(self) -> Digesting {
        self.digesting
    }
}
