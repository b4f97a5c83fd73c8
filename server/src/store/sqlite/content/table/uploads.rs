//! Uploads: what was promised when they began, and how they ended. How far one is, says its partial file.

use super::columns::{count, id, id_or_none, int, strange};
use super::versions::basis;
use crate::store::StoreError;
use pod_shared::content::Basis;
use pod_shared::{AccountId, EntryId, OfferId, RoomId, TimeMs, UploadId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeSet;

/// What an upload has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It is open.
    Not,
    /// It became this version of this file.
    Done {
        /// The file.
        entry: EntryId,
        /// The version.
        version: u32,
    },
    /// It became the rest of a forwarded file.
    Forwarded,
    /// It was cancelled, refused, or ran out.
    Cancelled,
}

/// Where in a room's folder a file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The room.
    pub(crate) room: RoomId,
    /// The folder; nothing: top.
    pub(crate) parent: Option<EntryId>,
    /// Name of the file.
    pub(crate) name: String,
    /// What the content is based on.
    pub(crate) basis: Basis,
}

/// What an upload is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// A file in a room's folder.
    Folder(Spot),
    /// The rest of an offered file, for a person who is away.
    Offer(OfferId),
}

impl Goal {
    /// Where in a folder it goes, if it goes there.
    pub(crate) fn spot(&self) -> Option<&Spot> {
        match self {
            Self::Folder(spot) => Some(spot),
            Self::Offer(_) => None,
        }
    }

    /// The offer it is the rest of, if it is that.
    pub(crate) fn offer(&self) -> Option<OfferId> {
        match self {
            Self::Folder(_) => None,
            Self::Offer(offer) => Some(*offer),
        }
    }
}

/// One upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UploadRow {
    /// Its id, also the name of its partial file and of its object.
    pub(crate) id: UploadId,
    /// What it is for.
    pub(crate) goal: Goal,
    /// Who sends.
    pub(crate) by: AccountId,
    /// Bytes of the whole.
    pub(crate) length: u64,
    /// SHA-256 promised by the sender.
    pub(crate) promised: Option<[u8; 32]>,
    /// When the sender's file was last changed, as the sender says.
    pub(crate) modified_ms: Option<i64>,
    /// When it began.
    pub(crate) created_at: TimeMs,
    /// What it has come to.
    pub(crate) ended: Ended,
    /// Bytes from here on came with a checksum that is not yet compared.
    pub(crate) unproven_from: Option<u64>,
}

const COLUMNS: &str = "id, room, parent, name, by, length, promised, modified_ms, created_at, state, entry, version, unproven_from, offer, \
                       onto, based_on, copy, fence";

fn read(row: &Row<'_>) -> rusqlite::Result<UploadRow> {
    let ended = match row.get::<_, i64>(9)? {
        1 => Ended::Not,
        2 => match id_or_none(row, 10, EntryId)? {
            Some(entry) => Ended::Done { entry, version: row.get(11)? },
            None => Ended::Forwarded,
        },
        3 => Ended::Cancelled,
        _ => return Err(strange(9, "state of upload")),
    };
    let goal = match id_or_none(row, 13, OfferId)? {
        Some(offer) => Goal::Offer(offer),
        None => Goal::Folder(Spot {
            room: id(row, 1, RoomId)?,
            parent: id_or_none(row, 2, EntryId)?,
            name: row.get(3)?,
            basis: basis(row, 14)?,
        }),
    };
    Ok(UploadRow {
        id: id(row, 0, UploadId)?,
        goal,
        by: id(row, 4, AccountId)?,
        length: count(row, 5)?,
        promised: row.get(6)?,
        modified_ms: row.get(7)?,
        created_at: TimeMs(row.get(8)?),
        ended,
        unproven_from: row.get::<_, Option<i64>>(12)?.and_then(|from| u64::try_from(from).ok()),
    })
}

pub(in super::super) fn insert(conn: &Connection, upload: &UploadRow) -> Result<(), StoreError> {
    let spot = upload.goal.spot();
    let basis = spot.map(|spot| &spot.basis);
    conn.prepare_cached(
        "INSERT INTO uploads (id, room, parent, name, by, length, promised, modified_ms, created_at, state, offer,
             onto, based_on, copy, fence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        upload.id.as_bytes(),
        spot.map(|spot| spot.room.as_bytes()),
        spot.and_then(|spot| spot.parent.as_ref()).map(EntryId::as_bytes),
        spot.map_or("", |spot| spot.name.as_str()),
        upload.by.as_bytes(),
        int(upload.length),
        upload.promised,
        upload.modified_ms,
        upload.created_at.0,
        upload.goal.offer().as_ref().map(OfferId::as_bytes),
        basis.and_then(|basis| basis.entry.as_ref()).map(EntryId::as_bytes),
        basis.and_then(|basis| basis.version),
        basis.and_then(|basis| basis.copy.as_deref()),
        basis.and_then(|basis| basis.fence).map(int)
    ])?;
    Ok(())
}

pub(in super::super) fn get(conn: &Connection, upload: UploadId) -> Result<Option<UploadRow>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM uploads WHERE id = ?1"))?
        .query_row([upload.as_bytes()], read)
        .optional()?)
}

/// Open uploads of a room.
pub(in super::super) fn open_in(conn: &Connection, room: RoomId) -> Result<Vec<UploadRow>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM uploads WHERE room = ?1 AND state = 1 ORDER BY id"
    ))?;
    let rows = rows.query_map([room.as_bytes()], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Open uploads of the rest of an offered file.
pub(in super::super) fn open_of(conn: &Connection, offer: OfferId) -> Result<Vec<UploadRow>, StoreError> {
    let mut rows =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM uploads WHERE offer = ?1 AND state = 1"))?;
    let rows = rows.query_map([offer.as_bytes()], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Open uploads of everybody, after an id, a page of them.
pub(in super::super) fn open_after(
    conn: &Connection,
    after: Option<UploadId>,
    limit: u32,
) -> Result<Vec<UploadRow>, StoreError> {
    let after = after.map_or([0; 16], |after| *after.as_bytes());
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM uploads WHERE state = 1 AND id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    let rows = rows.query_map(params![after, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Names of the contents of open uploads.
pub(in super::super) fn open_names(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut rows = conn.prepare("SELECT id FROM uploads WHERE state = 1")?;
    let rows = rows.query_map([], |row| id(row, 0, UploadId).map(|id| id.to_string()))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in super::super) fn count_open_by(conn: &Connection, account: AccountId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM uploads WHERE by = ?1 AND state = 1")?
        .query_row([account.as_bytes()], |row| count(row, 0))?)
}

pub(in super::super) fn set_done(
    conn: &Connection,
    upload: UploadId,
    entry: EntryId,
    version: u32,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE uploads SET state = 2, entry = ?2, version = ?3, unproven_from = NULL WHERE id = ?1",
    )?
    .execute(params![upload.as_bytes(), entry.as_bytes(), version])?;
    Ok(())
}

pub(in super::super) fn set_forwarded(conn: &Connection, upload: UploadId) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE uploads SET state = 2, unproven_from = NULL WHERE id = ?1")?
        .execute([upload.as_bytes()])?;
    Ok(())
}

pub(in super::super) fn set_cancelled(conn: &Connection, upload: UploadId) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE uploads SET state = 3, unproven_from = NULL WHERE id = ?1")?
        .execute([upload.as_bytes()])?;
    Ok(())
}

pub(in super::super) fn set_unproven(
    conn: &Connection,
    upload: UploadId,
    from: Option<u64>,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE uploads SET unproven_from = ?2 WHERE id = ?1 AND state = 1")?
        .execute(params![upload.as_bytes(), from.map(int)])?;
    Ok(())
}
