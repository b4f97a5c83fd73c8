//! The identity of a content, computed while it arrives: SHA-256 of the whole, BLAKE3 of each piece.

use super::ReadAt;
use sha2::{Digest, Sha256};
use std::io;

/// Bytes of one piece of the chunk table; the last may be shorter.
pub const CHUNK_BYTES: u64 = 1024 * 1024;
/// Bytes read at once when something stored is hashed.
const READ_BYTES: usize = 256 * 1024;

/// What a whole content turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Bytes.
    pub size: u64,
    /// SHA-256 of all of them.
    pub sha256: [u8; 32],
    /// BLAKE3 of each piece of [`CHUNK_BYTES`], in order.
    pub chunks: Vec<[u8; 32]>,
}

/// A content being hashed from its beginning on.
#[derive(Clone, Default)]
pub struct Digesting {
    whole: Sha256,
    piece: blake3::Hasher,
    piece_bytes: u64,
    chunks: Vec<[u8; 32]>,
    hashed: u64,
}

impl Digesting {
    /// Bytes hashed so far.
    #[must_use]
    pub fn hashed(&self) -> u64 {
        self.hashed
    }

    /// The digests of the pieces that are whole.
    #[must_use]
    pub fn pieces(&self) -> &[[u8; 32]] {
        &self.chunks
    }

    /// Takes the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        self.whole.update(bytes);
        self.hashed += bytes.len() as u64;
        while !bytes.is_empty() {
            let space = usize::try_from(CHUNK_BYTES - self.piece_bytes).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(space.min(bytes.len()));
            self.piece.update(now);
            self.piece_bytes += now.len() as u64;
            if self.piece_bytes == CHUNK_BYTES {
                self.end_piece();
            }
            bytes = later;
        }
    }

    /// Takes up to `limit` more bytes from something stored; answers whether all of it is hashed now.
    ///
    /// # Errors
    /// What reading says.
    pub fn catch_up(&mut self, from: &mut dyn ReadAt, limit: u64) -> io::Result<bool> {
        let size = from.size()?;
        let until = size.min(self.hashed.saturating_add(limit));
        if self.hashed >= until {
            return Ok(self.hashed == size);
        }
        let mut buffer = vec![0; READ_BYTES];
        while self.hashed < until {
            let want = usize::try_from(until - self.hashed).unwrap_or(READ_BYTES).min(READ_BYTES);
            let read = from.read_at(self.hashed, &mut buffer[..want])?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.update(&buffer[..read]);
        }
        Ok(self.hashed == size)
    }

    /// The content, all of it taken.
    #[must_use]
    pub fn finish(mut self) -> Content {
        if self.piece_bytes > 0 {
            self.end_piece();
        }
        Content { size: self.hashed, sha256: self.whole.finalize().into(), chunks: self.chunks }
    }

    fn end_piece(&mut self) {
        self.chunks.push(*self.piece.finalize().as_bytes());
        self.piece.reset();
        self.piece_bytes = 0;
    }
}
