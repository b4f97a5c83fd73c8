//! Instant upload: who may read a content links it, anybody else proves to hold it. Asking and answering are one
//! transaction each, and so are the proof and the link: what is linked is pinned before anything can sweep it.
//!
//! What the question costs does not depend on what others have: whether its person may read the content is looked up in
//! their own rooms and uploads, and one nonce is given out either way. Whether a spare nonce was there is known to nobody
//! but the database.

use super::finish::{Finished, link};
use super::place::{place_now, place_of};
use super::sight::require_seen;
use super::table::spares::{self, Open, Question};
use super::table::{blobs, entries, members, readable, uploads};
use super::tree::live;
use super::uploads::repeated;
use super::{ContentStore, Doing, Ended, Goal, Spot, UploadRow, space};
use crate::content::{Proofs, Quotas, rules};
use crate::error::Refusal;
use crate::secret;
use pod_shared::{AccountId, DeviceId, TimeMs, UploadId, limits};
use rusqlite::Connection;

/// What a question came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The content is a version now.
    Linked(Finished),
    /// A proof with this nonce is wanted.
    Prove([u8; 32]),
    /// The bytes are wanted.
    Send,
}

impl ContentStore {
    /// Links a content that this person may read, or gives a nonce. `fresh` is given out where there is no spare one.
    pub(crate) async fn ask_instant(
        &self,
        doing: Doing,
        asked: Question,
        fresh: [u8; 32],
        proofs: Proofs,
    ) -> Result<Asked, Refusal> {
        let quotas = self.quotas;
        self.change(move |conn| {
            let upload = upload_of(doing, &asked);
            if let Some(done) = check_new(conn, quotas, &upload)? {
                return Ok(Asked::Linked(done));
            }
            if let Some(blob) = readable(conn, doing.by, &asked.digest, asked.size)? {
                return link_whole(conn, doing, &upload, blob).map(Asked::Linked);
            }
            match proofs {
                Proofs::On => challenge(conn, doing.at, asked, fresh).map(Asked::Prove),
                Proofs::Off => Ok(Asked::Send),
            }
        })
        .await
    }

    /// Takes a proof; nothing: it was not good, for whatever reason, and its nonce is used.
    pub(crate) async fn prove_instant(
        &self,
        doing: Doing,
        device: DeviceId,
        upload: UploadId,
        proof: [u8; 32],
    ) -> Result<Option<Finished>, Refusal> {
        let quotas = self.quotas;
        self.change(move |conn| {
            if let Some(there) = uploads::get(conn, upload)?.filter(|there| there.by == doing.by)
                && let Ended::Done { entry, version } = there.ended
            {
                return Ok(Some(Finished { entry, version }));
            }
            let Some(open) = spares::open(conn, doing.by, device, upload)? else { return Ok(None) };
            spares::used(conn, &open.question)?;
            let is_good = secret::same(&open.proof.unwrap_or(open.nonce), &proof) & open.proof.is_some();
            if !is_good || open.until < doing.at {
                return Ok(None);
            }
            let upload = upload_of(doing, &open.question);
            if let Some(done) = check_new(conn, quotas, &upload)? {
                return Ok(Some(done));
            }
            let blob = blobs::with_digest(conn, &open.question.digest, open.question.size)?;
            blob.map(|blob| link_whole(conn, doing, &upload, blob)).transpose()
        })
        .await
    }

    /// Forgets nonces that are over.
    pub(crate) async fn forget_old_nonces(&self, now: TimeMs) -> Result<(), Refusal> {
        self.db.write(move |conn| Ok(spares::forget_old(conn, now)?)).await
    }
}

/// The upload that the question would be, if the bytes were sent.
fn upload_of(doing: Doing, asked: &Question) -> UploadRow {
    UploadRow {
        id: asked.upload,
        goal: Goal::Folder(Spot {
            room: asked.room,
            parent: asked.parent,
            name: asked.name.clone(),
            basis: asked.basis.clone(),
        }),
        by: doing.by,
        length: asked.size,
        promised: Some(asked.digest),
        modified_ms: asked.modified_ms,
        created_at: doing.at,
        ended: Ended::Not,
        unproven_from: None,
    }
}

/// Refuses what an upload would be refused; answers what it came to, if it is done already.
fn check_new(conn: &Connection, quotas: Quotas, upload: &UploadRow) -> Result<Option<Finished>, Refusal> {
    if let Some(there) = uploads::get(conn, upload.id)? {
        return match repeated(conn, there, upload)?.ended {
            Ended::Done { entry, version } => Ok(Some(Finished { entry, version })),
            Ended::Not | Ended::Cancelled | Ended::Forwarded => Ok(None),
        };
    }
    let spot = upload.goal.spot().ok_or_else(rules::not_found)?;
    rules::writer(members::role(conn, spot.room, upload.by)?)?;
    place_of(conn, spot, upload.by, upload.promised.as_ref())?;
    space::require(conn, quotas, spot.room, upload.by, upload.length)?;
    Ok(None)
}

/// Makes the content a version of a file, as if it had been sent.
fn link_whole(conn: &Connection, doing: Doing, upload: &UploadRow, blob: i64) -> Result<Finished, Refusal> {
    let digest = upload.promised.unwrap_or_default();
    let place = place_now(conn, upload.goal.spot().ok_or_else(rules::not_found)?, upload.by, &digest)?;
    if uploads::get(conn, upload.id)?.is_none() {
        uploads::insert(conn, upload)?;
    }
    link(conn, doing, upload, place, blob, &digest)
}

/// A content with this digest and size that the person may read: the newest version of a file in one of their rooms, what
/// they sent themselves, or what was forwarded from or to them.
pub(super) fn readable(
    conn: &Connection,
    account: AccountId,
    digest: &[u8; 32],
    size: u64,
) -> Result<Option<i64>, Refusal> {
    for (entry, blob) in readable::in_rooms_of(conn, account, digest, size)? {
        if let Some(entry) = entries::get(conn, entry)?
            && require_seen(conn, account, &entry).is_ok()
            && live(conn, entry).is_ok()
        {
            return Ok(Some(blob));
        }
    }
    if let Some(blob) = readable::sent_by(conn, account, digest, size)? {
        return Ok(Some(blob));
    }
    Ok(readable::forwarded(conn, account, digest, size)?)
}

/// The nonce for a question: the same again while it is open.
fn challenge(conn: &Connection, now: TimeMs, asked: Question, fresh: [u8; 32]) -> Result<[u8; 32], Refusal> {
    if let Some(open) = spares::open(conn, asked.account, asked.device, asked.upload)?
        && open.question == asked
        && open.until >= now
    {
        return Ok(open.nonce);
    }
    let spare = spares::take(conn, &asked.digest, asked.size)?;
    let (nonce, proof) = spare.map_or((fresh, None), |spare| (spare.nonce, Some(spare.proof)));
    let lasts = i64::try_from(limits::INSTANT_NONCE_S_MAX * 1_000).unwrap_or_default();
    let account = asked.account;
    spares::give(conn, &Open { question: asked, nonce, proof, until: TimeMs(now.0 + lasts) })?;
    spares::forget_beyond(conn, account, limits::INSTANT_NONCES_PER_ACCOUNT_MAX)?;
    Ok(nonce)
}
