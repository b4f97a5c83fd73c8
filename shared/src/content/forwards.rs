//! Forwarded offers: the rest of a file that goes through the server, because its receiver is away.
//!
//! The sender says what comes (`PUT /v1/forwards/{offer}`, a [`ForwardNew`]; repeatable, and with another `from` it takes
//! the place of what was said before), brings the digests of all pieces (`PUT .../manifest`, raw, [`PIECE_DIGEST_BYTES`]
//! each), then the bytes from `from` on as a tus upload at `/v1/uploads` with the metadata `offer` (and `id`) and an
//! `Upload-Length` of `size - from`. A piece that is not in the manifest is refused (`digest_mismatch`), and what came of
//! it cut off. With the last byte the receiver is told by the messenger. A whole file (`from` 0) whose content the sender
//! may read on this server anyway is `whole` with its manifest: its upload is a `conflict`, and no byte need be sent.
//!
//! `GET /v1/forwards/{offer}` is a [`ForwardState`], `GET .../manifest` the digests of the pieces: for both people.
//! `GET, HEAD .../content` is for the receiver: the bytes from `from` on (byte 0 of the answer is byte `from` of the file)
//! with ranges and `ETag`; `conflict` while not all of it is there. `DELETE`, by either of them, repeatably, drops it.
//! Strangers get `not_found`; what is over, or was kept its time, is `gone`.

use crate::{AccountId, TimeMs};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Bytes of one piece of a file on its way from person to person; the last may be shorter.
pub const PIECE_BYTES: u64 = 1024 * 1024;
/// Bytes of the digest of a piece (BLAKE3).
pub const PIECE_DIGEST_BYTES: usize = 32;

/// Pieces of a file of this size.
#[must_use]
pub fn pieces(size: u64) -> u64 {
    size.div_ceil(PIECE_BYTES)
}

/// `PUT /v1/forwards/{offer}`: what will come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardNew {
    /// The receiver; shares a room with the sender.
    pub to: AccountId,
    /// Bytes of the whole file.
    pub size: u64,
    /// First byte that goes through the server: 0, or a multiple of [`PIECE_BYTES`] below `size`.
    pub from: u64,
    /// SHA-256 of the whole file in hex.
    pub sha256: String,
    /// BLAKE3 over the concatenated digests of all pieces, in hex.
    pub manifest: String,
}

/// Its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardOffset {
    /// Bytes that the server has, counted from `from`; at `size - from` it has them all.
    pub offset: u64,
}

/// `GET /v1/forwards/{offer}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardState {
    /// First byte that goes through the server.
    pub from: u64,
    /// Bytes of the whole file.
    pub size: u64,
    /// Bytes that the server has, counted from `from`.
    pub offset: u64,
    /// All of it is there and checked.
    pub whole: bool,
    /// Until when it is kept.
    pub until_ms: TimeMs,
}
