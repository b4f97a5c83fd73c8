//! The versions of a file.

use pod_shared::{AccountId, EntryId, TimeMs};
use serde::{Deserialize, Serialize};

/// Versions of a file, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct VersionsView {
    /// The file.
    pub entry: EntryId,
    /// The versions.
    pub versions: Vec<VersionView>,
    /// There are older ones.
    pub more: bool,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct VersionView {
    /// Its number.
    pub version: u32,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// SHA-256 in hex.
    pub digest: String,
    /// By whom.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// When.
    pub at: TimeMs,
    /// The version that it brought back.
    pub restores: Option<u32>,
}
