//! Versions of a file: what a writer's content is based on, the list of versions, and bringing one back.
//!
//! A name that is there already gets a new version of that file; the id of the entry stays. Who says what the content is
//! based on never overwrites what they did not see: the creation of an upload carries, as metadata, and [`super::InstantNew`]
//! as fields, a [`Basis`]. When the file has another newest version by then, or the lock is not the newest any more, the content becomes a **conflict copy**: a file
//! of its own beside it, under the name `copy` (or `name (conflict).ext`), numbered when that is taken, told as
//! `conflict_kept`. `Pod-Entry` of the finished upload says which entry it became. A content that equals the newest version
//! is no conflict.
//!
//! `GET /v1/entries/{id}/versions?before=VERSION&limit=N` is a [`VersionPage`], newest first; `GET
//! /v1/entries/{id}/content?version=N` the content of one, with ranges and `ETag`. `POST
//! /v1/entries/{id}/versions/{version}/restore` with a [`VersionRestore`] makes an old version the newest one again, as a new
//! version; repeatable by its id; the answer is the [`super::Entry`]. Of each file the newest
//! `limits::VERSIONS_PER_FILE_MAX` are kept; older ones are `not_found`.

use crate::{AccountId, EntryId, TimeMs, UploadId};
use serde::{Deserialize, Serialize};

/// What a content that comes is based on. All of it may be missing: then it goes on top of whatever has the name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The file that it is a version of, whatever its name and folder are by now. When that is deleted, the name counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// The newest version that the writer knew; 0: the writer knew of no such file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The lock with which the content was written; see [`super::Lock`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<u64>,
    /// The name of the copy in case of a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

impl Basis {
    /// Nothing is said of it.
    #[must_use]
    pub fn is_unsaid(&self) -> bool {
        self == &Self::default()
    }
}

/// One version of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileVersion {
    /// Its number, from 1.
    pub version: u32,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex.
    pub digest: String,
    /// By whom.
    pub by: AccountId,
    /// When, by the server's clock.
    pub at: TimeMs,
    /// When the sender's file was last changed, as the sender said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_ms: Option<i64>,
    /// The version that this one brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<u32>,
}

/// `GET /v1/entries/{id}/versions`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionPage {
    /// The versions.
    pub versions: Vec<FileVersion>,
    /// There are older ones.
    pub more: bool,
}

/// `POST /v1/entries/{id}/versions/{version}/restore`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRestore {
    /// Made by the client, like that of an upload: repeating the request finds the same version.
    pub id: UploadId,
    /// Refuse (`conflict`) if the newest version is another one by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_version: Option<u32>,
}
