//! What a file is, piece by piece: the BLAKE3 digest of each MiB, and one digest over all of them that names the whole.
//!
//! The same pieces serve the direct path, the way through the server, and a change between the two in the middle.

use super::disk;
use crate::view::ErrorView;
use pod_machine::transfer::Stamp;
use pod_shared::{ErrorCode, limits};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

#[cfg(test)]
mod tests;

/// Bytes read at once: what both digests see while it is still in the processor's cache.
const READ_BYTES: usize = 256 * 1024;

/// The digests of a file's pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    size: u64,
    pieces: Vec<[u8; 32]>,
}

impl Manifest {
    /// Bytes of the file.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The digest of each piece.
    #[must_use]
    pub fn pieces(&self) -> &[[u8; 32]] {
        &self.pieces
    }

    /// The digest that names the whole: BLAKE3 of the digests of all pieces, one after another.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        *blake3::hash(self.pieces.as_flattened()).as_bytes()
    }

    /// The digests one after another, as they are sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.pieces.as_flattened().to_vec()
    }

    /// From digests one after another. Nothing: not as many as a file of this size has.
    #[must_use]
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (pieces, rest) = bytes.as_chunks::<32>();
        let fits =
            size <= limits::FILE_BYTES_MAX && rest.is_empty() && pieces.len() as u64 == pieces_of(size);
        fits.then(|| Self { size, pieces: pieces.to_vec() })
    }

    /// Where a piece begins and how long it is. Nothing: there is no such piece.
    #[must_use]
    pub fn place(&self, index: u32) -> Option<(u64, usize)> {
        let at = u64::from(index) * limits::OFFER_PIECE_BYTES;
        let length = self.size.checked_sub(at)?.min(limits::OFFER_PIECE_BYTES);
        (length > 0).then_some((at, usize::try_from(length).ok()?))
    }

    /// Whether these bytes are that piece.
    #[must_use]
    pub fn is_piece(&self, index: u32, bytes: &[u8]) -> bool {
        let digest = self.pieces.get(index as usize);
        self.place(index).is_some_and(|(_, length)| length == bytes.len())
            && digest.is_some_and(|digest| blake3::hash(bytes) == *digest)
    }
}

/// Pieces of a file of this size.
#[must_use]
pub fn pieces_of(size: u64) -> u64 {
    size.div_ceil(limits::OFFER_PIECE_BYTES)
}

/// Reads a file through once: its SHA-256 in hex, its manifest, and what it was. Blocks; ends when `stop` says so.
///
/// # Errors
/// `file_changed` when it is written to meanwhile, `too_large`, `file_unreadable`.
pub fn read_through(path: &Path, stop: &dyn Fn() -> bool) -> Result<(String, Manifest, Stamp), ErrorView> {
    let mut file = File::open(path).map_err(|error| disk::trouble(&error))?;
    let before = disk::stamp(&file)?;
    if before.size > limits::FILE_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the file is larger than Pod sends"));
    }
    let (sha256, manifest) = digests(&mut file, stop).map_err(|error| disk::trouble(&error))?;
    let same = disk::stamp(&file)? == before && disk::stamp_at(path)? == before;
    if !same || manifest.size != before.size {
        return Err(ErrorView::new(ErrorCode::FileChanged, "the file is being written to"));
    }
    Ok((sha256, manifest, before))
}

/// Both digests of what can be read.
fn digests(source: &mut impl Read, stop: &dyn Fn() -> bool) -> std::io::Result<(String, Manifest)> {
    let mut sha256 = Sha256::new();
    let (mut piece, mut room) = (blake3::Hasher::new(), limits::OFFER_PIECE_BYTES);
    let mut manifest = Manifest { size: 0, pieces: Vec::new() };
    let mut bytes = vec![0; READ_BYTES];
    loop {
        if stop() {
            return Err(ErrorKind::Interrupted.into());
        }
        let most = usize::try_from(room).unwrap_or(READ_BYTES).min(READ_BYTES);
        let read = match source.read(bytes.get_mut(..most).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let new = bytes.get(..read).unwrap_or_default();
        sha256.update(new);
        piece.update(new);
        manifest.size += read as u64;
        room -= read as u64;
        if room == 0 {
            manifest.pieces.push(*piece.finalize().as_bytes());
            piece.reset();
            room = limits::OFFER_PIECE_BYTES;
        }
    }
    if room < limits::OFFER_PIECE_BYTES {
        manifest.pieces.push(*piece.finalize().as_bytes());
    }
    Ok((disk::hex(&sha256.finalize()), manifest))
}
