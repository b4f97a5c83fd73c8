//! Nonces with their right proofs, made beforehand for each stored content, and nonces given out.

use super::columns::{count, id, id_or_none, int};
use super::versions::basis;
use crate::store::StoreError;
use pod_shared::content::Basis;
use pod_shared::{AccountId, DeviceId, EntryId, RoomId, TimeMs, UploadId};
use rusqlite::{Connection, OptionalExtension, params};

/// A nonce and the proof that is right for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spare {
    /// The nonce.
    pub(crate) nonce: [u8; 32],
    /// BLAKE3 of the content, keyed with the nonce.
    pub(crate) proof: [u8; 32],
}

/// A question of instant upload: by whom, and what for. The digest is that of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// Who asks.
    pub(crate) account: AccountId,
    /// From which device.
    pub(crate) device: DeviceId,
    /// Under which id.
    pub(crate) upload: UploadId,
    /// Into which room.
    pub(crate) room: RoomId,
    /// Into which folder.
    pub(crate) parent: Option<EntryId>,
    /// Under which name.
    pub(crate) name: String,
    /// Bytes.
    pub(crate) size: u64,
    /// SHA-256.
    pub(crate) digest: [u8; 32],
    /// When the file was last changed, as the sender says.
    pub(crate) modified_ms: Option<i64>,
    /// What the content is based on.
    pub(crate) basis: Basis,
}

/// A nonce given out for a question.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// What was asked.
    pub(crate) question: Question,
    /// What was given.
    pub(crate) nonce: [u8; 32],
    /// The right proof; nothing: there is none.
    pub(crate) proof: Option<[u8; 32]>,
    /// Until when it counts.
    pub(crate) until: TimeMs,
}

/// Keeps spare nonces for a content; fewer when it is gone.
pub(in super::super) fn keep(
    conn: &Connection,
    blob: i64,
    digest: &[u8; 32],
    spares: &[Spare],
) -> Result<(), StoreError> {
    for spare in spares {
        conn.prepare_cached(
            "INSERT INTO spares (blob, nonce, proof) SELECT id, ?2, ?3 FROM blobs WHERE id = ?1 AND digest = ?4",
        )?
        .execute(params![blob, spare.nonce, spare.proof, digest])?;
    }
    conn.prepare_cached(
        "UPDATE blobs SET spares = (SELECT count(*) FROM spares s WHERE s.blob = blobs.id) WHERE id = ?1",
    )?
    .execute([blob])?;
    Ok(())
}

/// Takes a spare nonce for a content with this digest and size, if there is one.
pub(in super::super) fn take(
    conn: &Connection,
    digest: &[u8; 32],
    size: u64,
) -> Result<Option<Spare>, StoreError> {
    let found = conn
        .prepare_cached(
            "SELECT s.blob, s.nonce, s.proof FROM blobs b CROSS JOIN spares s ON s.blob = b.id
             WHERE b.digest = ?1 AND b.size = ?2 LIMIT 1",
        )?
        .query_row(params![digest, int(size)], |row| {
            Ok((row.get::<_, i64>(0)?, Spare { nonce: row.get(1)?, proof: row.get(2)? }))
        })
        .optional()?;
    let Some((blob, spare)) = found else { return Ok(None) };
    conn.prepare_cached("DELETE FROM spares WHERE blob = ?1 AND nonce = ?2")?
        .execute(params![blob, spare.nonce])?;
    conn.prepare_cached("UPDATE blobs SET spares = spares - 1 WHERE id = ?1")?.execute([blob])?;
    Ok(Some(spare))
}

/// The nonce given out to this device under this id.
pub(in super::super) fn open(
    conn: &Connection,
    account: AccountId,
    device: DeviceId,
    upload: UploadId,
) -> Result<Option<Open>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT nonce, proof, until, room, parent, name, size, digest, modified_ms, onto,
                 based_on, copy, fence FROM nonces
             WHERE account = ?1 AND device = ?2 AND upload = ?3",
        )?
        .query_row(params![account.as_bytes(), device.as_bytes(), upload.as_bytes()], |row| {
            let question = Question {
                account,
                device,
                upload,
                room: id(row, 3, RoomId)?,
                parent: id_or_none(row, 4, EntryId)?,
                name: row.get(5)?,
                size: count(row, 6)?,
                digest: row.get(7)?,
                modified_ms: row.get(8)?,
                basis: basis(row, 9)?,
            };
            Ok(Open { question, nonce: row.get(0)?, proof: row.get(1)?, until: TimeMs(row.get(2)?) })
        })
        .optional()?)
}

/// Gives a nonce out, in the place of the one before under the same id.
pub(in super::super) fn give(conn: &Connection, open: &Open) -> Result<(), StoreError> {
    let asked = &open.question;
    conn.prepare_cached(
        "INSERT OR REPLACE INTO nonces (account, device, upload, nonce, proof, until, room, parent, name, size, digest,
             modified_ms, onto, based_on, copy, fence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        asked.account.as_bytes(),
        asked.device.as_bytes(),
        asked.upload.as_bytes(),
        open.nonce,
        open.proof,
        open.until.0,
        asked.room.as_bytes(),
        asked.parent.as_ref().map(EntryId::as_bytes),
        asked.name,
        int(asked.size),
        asked.digest,
        asked.modified_ms,
        asked.basis.entry.as_ref().map(EntryId::as_bytes),
        asked.basis.version,
        asked.basis.copy,
        asked.basis.fence.map(int)
    ])?;
    Ok(())
}

/// The nonce is used.
pub(in super::super) fn used(conn: &Connection, asked: &Question) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM nonces WHERE account = ?1 AND device = ?2 AND upload = ?3")?
        .execute(params![asked.account.as_bytes(), asked.device.as_bytes(), asked.upload.as_bytes()])?;
    Ok(())
}

/// Forgets the oldest nonces of an account beyond a count.
pub(in super::super) fn forget_beyond(
    conn: &Connection,
    account: AccountId,
    most: usize,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "DELETE FROM nonces WHERE account = ?1 AND (account, device, upload) IN (
           SELECT account, device, upload FROM nonces WHERE account = ?1 ORDER BY until DESC LIMIT -1 OFFSET ?2)",
    )?
    .execute(params![account.as_bytes(), int(most as u64)])?;
    Ok(())
}

/// Forgets nonces that are over.
pub(in super::super) fn forget_old(conn: &Connection, now: TimeMs) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM nonces WHERE until < ?1")?.execute([now.0])?;
    Ok(())
}
