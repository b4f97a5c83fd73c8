//! One reading of a stored content, from its beginning to its end.

use crate::blobs::{CHUNK_BYTES, Packing, ReadAt, read_all};
use crate::store::sqlite::content::Spare;
use std::io;

/// One reading.
pub(super) struct Pass {
    content: Box<dyn ReadAt>,
    size: u64,
    at: u64,
    /// The digests that the pieces must have.
    expected: Vec<[u8; 32]>,
    piece: Vec<u8>,
    proving: Vec<([u8; 32], blake3::Hasher)>,
    /// Takes each piece, where the content is packed.
    pub(super) packing: Option<Packing>,
}

impl Pass {
    /// Begins to read.
    pub(super) fn begin(
        content: Box<dyn ReadAt>,
        expected: Vec<[u8; 32]>,
        nonces: Vec<[u8; 32]>,
        packing: Option<Packing>,
    ) -> io::Result<Self> {
        let size = content.size()?;
        if size.div_ceil(CHUNK_BYTES) != expected.len() as u64 {
            return Err(wrong());
        }
        let proving = nonces.into_iter().map(|nonce| (nonce, blake3::Hasher::new_keyed(&nonce))).collect();
        Ok(Self { content, size, at: 0, expected, piece: Vec::new(), proving, packing })
    }

    /// Whether all is read.
    pub(super) fn is_through(&self) -> bool {
        self.at == self.size
    }

    /// Reads the next piece.
    pub(super) fn step(mut self) -> io::Result<Self> {
        let number = usize::try_from(self.at / CHUNK_BYTES).unwrap_or(usize::MAX);
        let length = CHUNK_BYTES.min(self.size - self.at);
        self.piece.resize(usize::try_from(length).unwrap_or_default(), 0);
        read_all(&mut *self.content, self.at, &mut self.piece)?;
        if self.expected.get(number) != Some(blake3::hash(&self.piece).as_bytes()) {
            return Err(wrong());
        }
        for (_, hasher) in &mut self.proving {
            hasher.update(&self.piece);
        }
        if let Some(packing) = &mut self.packing {
            packing.add(&self.piece)?;
        }
        self.at += length;
        Ok(self)
    }

    /// The nonces with the proofs that are right for them.
    pub(super) fn spares(&self) -> Vec<Spare> {
        let made = |(nonce, hasher): &([u8; 32], blake3::Hasher)| Spare {
            nonce: *nonce,
            proof: *hasher.finalize().as_bytes(),
        };
        self.proving.iter().map(made).collect()
    }

    /// The digests, for another reading.
    pub(super) fn into_expected(self) -> Vec<[u8; 32]> {
        self.expected
    }
}

fn wrong() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a piece does not have its digest")
}
