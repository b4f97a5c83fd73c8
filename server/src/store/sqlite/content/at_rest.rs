//! Stored contents apart from what they are for: which still want something done, and which names are in use.

use super::ContentStore;
use super::table::{blobs, loose, spares, uploads};
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::sqlite::content::Spare;
use pod_shared::TimeMs;
use rusqlite::Connection;
use std::collections::BTreeSet;

pub(crate) use super::table::blobs::Resting;

impl ContentStore {
    /// The next stored content after a number that has too few spare nonces.
    pub(crate) async fn next_without_spares(&self, after: i64) -> Result<Option<Resting>, Refusal> {
        self.db.read(move |conn| Ok(blobs::next_without_spares(conn, after)?)).await
    }

    /// The digests of the pieces of a stored content.
    pub(crate) async fn pieces(&self, blob: i64) -> Result<Vec<[u8; 32]>, Refusal> {
        self.db.read(move |conn| Ok(blobs::pieces(conn, blob)?)).await
    }

    /// Keeps spare nonces for a content.
    pub(crate) async fn keep_spares(&self, blob: i64, made: Vec<Spare>) -> Result<(), Refusal> {
        self.db.write(move |conn| Ok(spares::keep(conn, blob, &made)?)).await
    }

    /// Names of all contents that are not to be removed: of open uploads, of blobs, and loose ones. One question, because
    /// a name can go from one kind to another.
    pub(crate) async fn known_names(&self) -> Result<BTreeSet<String>, Refusal> {
        self.db.read(move |conn| Ok(known(conn)?)).await
    }

    /// Loose names from before a time, some of them.
    pub(crate) async fn loose_before(&self, at: TimeMs, limit: u32) -> Result<Vec<String>, Refusal> {
        self.db.read(move |conn| Ok(loose::before(conn, at, limit)?)).await
    }

    /// The contents with these names are removed.
    pub(crate) async fn removed(&self, names: Vec<String>) -> Result<(), Refusal> {
        self.db
            .write(move |conn| {
                for name in &names {
                    loose::remove(conn, name)?;
                }
                Ok(())
            })
            .await
    }
}

pub(super) fn known(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut names = uploads::open_names(conn)?;
    names.append(&mut blobs::names(conn)?);
    names.append(&mut loose::names(conn)?);
    Ok(names)
}
