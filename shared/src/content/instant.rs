//! Instant upload: a content that the server has already becomes a version without its bytes being sent.
//!
//! `POST /v1/links` asks with an [`InstantNew`]. Who may read that content anyway gets [`InstantAnswer::Linked`] (201).
//! Everybody else gets a nonce (200), whether the server has the content or not, and `POST /v1/links/{id}/proof` with an
//! [`InstantProof`] then answers `Linked` (201), or `not_found`: send the bytes. A wrong proof, a content that nobody has,
//! a nonce that is over (10 minutes) or used, another device: the answer is the same. Files under
//! `limits::INSTANT_BYTES_MIN` are always sent, and so is everything where the operator allows no proofs: `not_found` at
//! once. Both requests can be repeated: a link that was made is found again by its id, a nonce that is still open too.

use super::Basis;
use crate::{EntryId, RoomId, UploadId};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// `POST /v1/links`: as the creation of an upload, with the same checks. The id must not be that of another upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstantNew {
    /// Made by the client. If the bytes must be sent after all, the upload may have the same id.
    pub id: UploadId,
    /// The room.
    pub room: RoomId,
    /// The folder; nothing: top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<EntryId>,
    /// Name of the file.
    pub filename: String,
    /// SHA-256 of the whole in hex.
    pub sha256: String,
    /// Bytes of the whole.
    pub size: u64,
    /// When the file was last changed, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_ms: Option<i64>,
    /// What the content is based on.
    #[serde(default, skip_serializing_if = "Basis::is_unsaid")]
    pub basis: Basis,
}

/// What instant upload came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum InstantAnswer {
    /// It is a version of a file now.
    Linked {
        /// The file.
        entry: EntryId,
        /// The version.
        version: u32,
    },
    /// Prove that you hold all of it.
    Prove {
        /// 32 bytes in hex; for one proof, by this device.
        nonce: String,
    },
}

/// `POST /v1/links/{id}/proof`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstantProof {
    /// BLAKE3 of the whole content, keyed with the 32 bytes of the nonce, in hex.
    pub proof: String,
}
