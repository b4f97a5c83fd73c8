//! Stored contents apart from what they are for: which still want something done, and which names are in use.

use super::table::{blobs, loose, spares, uploads};
use super::{ContentStore, Form, Lying, Spare};
use crate::error::Refusal;
use crate::store::StoreError;
use pod_shared::TimeMs;
use rusqlite::Connection;
use std::collections::BTreeSet;

pub(crate) use super::table::blobs::Resting;

impl ContentStore {
    /// Where a content lies now, if it is still there.
    pub(crate) async fn lying(&self, before: &Lying) -> Result<Option<Lying>, Refusal> {
        let (blob, digest) = (before.blob, before.digest);
        self.db.read(move |conn| Ok(blobs::lying(conn, blob)?.filter(|lying| lying.digest == digest))).await
    }

    /// The next stored content after a number at which nobody looked yet.
    pub(crate) async fn next_as_it_came(&self, after: i64) -> Result<Option<Resting>, Refusal> {
        self.db.read(move |conn| Ok(blobs::next_as_it_came(conn, after)?)).await
    }

    /// A name under which a file with this content was kept.
    pub(crate) async fn name_of(&self, blob: i64) -> Result<Option<String>, Refusal> {
        self.db.read(move |conn| Ok(blobs::name(conn, blob)?)).await
    }

    /// A content is about to be made under this name.
    pub(crate) async fn about_to_make(&self, object: String, at: TimeMs) -> Result<(), Refusal> {
        self.db.write(move |conn| Ok(loose::put(conn, &object, at)?)).await
    }

    /// The content lies there packed now, under a name that was about to be made; where it lay before is loose. Nothing
    /// changes when it is gone meanwhile.
    pub(crate) async fn packed(&self, before: Lying, object: String, at: TimeMs) -> Result<(), Refusal> {
        self.db
            .write(move |conn| {
                if blobs::set_lying(conn, &before, &object, Form::Packed)? {
                    loose::remove(conn, &object)?;
                    loose::put(conn, &before.object, at)?;
                }
                Ok(())
            })
            .await
    }

    /// Packing it does not pay.
    pub(crate) async fn stays_plain(&self, lying: Lying) -> Result<(), Refusal> {
        self.db
            .write(move |conn| {
                blobs::set_lying(conn, &lying, &lying.object, Form::Plain)?;
                Ok(())
            })
            .await
    }

    /// The next stored content after a number that has too few spare nonces.
    pub(crate) async fn next_without_spares(&self, after: i64) -> Result<Option<Resting>, Refusal> {
        self.db.read(move |conn| Ok(blobs::next_without_spares(conn, after)?)).await
    }

    /// The digests of the pieces of a stored content; nothing: it was let go meanwhile.
    pub(crate) async fn pieces(&self, of: &Lying) -> Result<Option<Vec<[u8; 32]>>, Refusal> {
        let of = of.clone();
        self.db
            .read(move |conn| {
                let there = blobs::lying(conn, of.blob)?;
                if there.is_none_or(|there| (there.digest, there.object) != (of.digest, of.object)) {
                    return Ok(None);
                }
                Ok(Some(blobs::pieces(conn, of.blob)?))
            })
            .await
    }

    /// Keeps spare nonces for a content.
    pub(crate) async fn keep_spares(&self, lying: &Lying, made: Vec<Spare>) -> Result<(), Refusal> {
        let (blob, digest) = (lying.blob, lying.digest);
        self.db.write(move |conn| Ok(spares::keep(conn, blob, &digest, &made)?)).await
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

/// Lets a content go if nothing has it any more; its object is loose then.
pub(super) fn unpin(conn: &Connection, blob: i64, at: TimeMs) -> Result<(), StoreError> {
    if let Some(lying) = blobs::lying(conn, blob)?
        && !blobs::is_pinned(conn, blob)?
    {
        blobs::delete(conn, blob)?;
        loose::put(conn, &lying.object, at)?;
    }
    Ok(())
}

pub(super) fn known(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut names = uploads::open_names(conn)?;
    names.append(&mut blobs::names(conn)?);
    names.append(&mut loose::names(conn)?);
    Ok(names)
}
