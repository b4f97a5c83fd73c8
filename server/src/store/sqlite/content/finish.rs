//! The end of an upload: the stored content becomes a version of a file, told in the room, in one transaction.

use super::entries::blank;
use super::place::{Place, place_now, place_of};
use super::table::activities::{About, append};
use super::table::versions::{self, NewVersion};
use super::table::{blobs, columns, entries, loose, members, uploads};
use super::tree;
use super::uploads::repeated;
use super::{ContentStore, Doing, Ended, Goal, Spot, UploadRow, at_rest, forwards, space};
use crate::blobs::Content;
use crate::content::{naming, rules};
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, EntryKind};
use pod_shared::{EntryId, ErrorCode, TimeMs, UploadId, limits};
use rusqlite::Connection;
use uuid::Uuid;

/// The version that an upload, or a link, became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finished {
    /// The file.
    pub(crate) entry: EntryId,
    /// The version.
    pub(crate) version: u32,
}

impl ContentStore {
    /// Links the stored content of an upload, and says what it came to. Repeatable. A forwarded file is kept `until`.
    pub(crate) async fn finish_upload(
        &self,
        doing: Doing,
        upload: UploadId,
        object: String,
        content: Content,
        until: TimeMs,
    ) -> Result<Ended, Refusal> {
        self.change(move |conn| {
            let upload = uploads::get(conn, upload)?.ok_or_else(rules::not_found)?;
            match upload.ended {
                Ended::Not => {}
                ended @ (Ended::Done { .. } | Ended::Forwarded) => return Ok(ended),
                Ended::Cancelled => {
                    return Err(Refusal::new(ErrorCode::Gone, "the upload was cancelled or ran out"));
                }
            }
            let spot = match &upload.goal {
                Goal::Folder(spot) => spot,
                Goal::Offer(offer) => {
                    let mut row = forwards::being_sent(conn, *offer, upload.by)?;
                    let blob = store(conn, &object, &content, doing.at)?;
                    uploads::set_forwarded(conn, upload.id)?;
                    row.until = until;
                    forwards::whole(conn, &row, blob)?;
                    return Ok(Ended::Forwarded);
                }
            };
            rules::writer(members::role(conn, spot.room, upload.by)?)?;
            let place = place_now(conn, spot, upload.by, &content.sha256)?;
            let blob = store(conn, &object, &content, doing.at)?;
            let Finished { entry, version } = link(conn, doing, &upload, place, blob, &content.sha256)?;
            Ok(Ended::Done { entry, version })
        })
        .await
    }
}

impl ContentStore {
    /// Makes a stored content a version of a file together with its upload, which was never open. Nothing: an upload with
    /// this id is open, and nothing was changed. Repeatable.
    pub(crate) async fn store_whole(
        &self,
        doing: Doing,
        upload: UploadRow,
        object: String,
        content: Content,
    ) -> Result<Option<Finished>, Refusal> {
        let quotas = self.quotas;
        self.change(move |conn| {
            if let Some(there) = uploads::get(conn, upload.id)? {
                return match repeated(conn, there, &upload)?.ended {
                    Ended::Done { entry, version } => {
                        loose::put(conn, &object, doing.at)?;
                        Ok(Some(Finished { entry, version }))
                    }
                    Ended::Not | Ended::Forwarded | Ended::Cancelled => Ok(None),
                };
            }
            let spot = upload.goal.spot().ok_or_else(rules::not_found)?;
            rules::writer(members::role(conn, spot.room, upload.by)?)?;
            let place = place_of(conn, spot, upload.by, Some(&content.sha256))?;
            space::require(conn, quotas, spot.room, upload.by, upload.length)?;
            uploads::insert(conn, &upload)?;
            let blob = store(conn, &object, &content, doing.at)?;
            link(conn, doing, &upload, place, blob, &content.sha256).map(Some)
        })
        .await
    }
}

/// The blob of a content that is stored under a name now. What is there already is not kept twice: the name is loose
/// then, and swept.
fn store(conn: &Connection, object: &str, content: &Content, at: TimeMs) -> Result<i64, Refusal> {
    match blobs::with_digest(conn, &content.sha256, content.size)? {
        Some(blob) => {
            loose::put(conn, object, at)?;
            Ok(blob)
        }
        None => Ok(blobs::insert(conn, object, content, at)?),
    }
}

/// Makes a stored content a version of a file, and tells it.
pub(super) fn link(
    conn: &Connection,
    doing: Doing,
    upload: &UploadRow,
    place: Place,
    blob: i64,
    digest: &[u8; 32],
) -> Result<Finished, Refusal> {
    let spot = upload.goal.spot().ok_or_else(rules::not_found)?;
    let (mut entry, kind) = match place {
        Place::Onto(entry) => (entry, ActivityKind::Modified),
        Place::Again(entry, version) => (entry, ActivityKind::VersionRestored { version }),
        Place::New => (new_file(conn, doing, spot, spot.parent, spot.name.clone())?, ActivityKind::Uploaded),
        Place::Beside { parent, of } => {
            let name = spot.basis.copy.clone().unwrap_or_else(|| naming::conflict(&of));
            (new_file(conn, doing, spot, parent, name)?, ActivityKind::ConflictKept { of })
        }
    };
    entry.version += 1;
    entry.size = upload.length;
    entry.digest = columns::hex(digest);
    (entry.modified_by, entry.modified_at) = (doing.by, doing.at);
    let restores = if let ActivityKind::VersionRestored { version } = &kind { Some(*version) } else { None };
    versions::insert(
        conn,
        &NewVersion {
            entry: entry.id,
            version: entry.version,
            blob,
            by: doing.by,
            at: doing.at,
            modified_ms: upload.modified_ms,
            upload: upload.id,
            restores,
        },
    )?;
    let oldest = entry.version.saturating_sub(limits::VERSIONS_PER_FILE_MAX);
    for blob in versions::drop_up_to(conn, entry.id, oldest)? {
        at_rest::unpin(conn, blob, doing.at)?;
    }
    let about = About {
        entry: Some(entry.id),
        name: &entry.name,
        size: entry.size,
        version: entry.version,
        // What brought a version back is no upload to anybody but the database.
        upload: restores.is_none().then_some(upload.id),
        comment: None,
    };
    entry.position = append(conn, spot.room, doing, &kind, about)?;
    entries::set_version(conn, &entry, digest)?;
    uploads::set_done(conn, upload.id, entry.id, entry.version)?;
    Ok(Finished { entry: entry.id, version: entry.version })
}

/// A file without a version yet, under the first free name.
fn new_file(
    conn: &Connection,
    doing: Doing,
    spot: &Spot,
    parent: Option<EntryId>,
    name: String,
) -> Result<Entry, Refusal> {
    let mut entry = blank(EntryId(Uuid::now_v7()), spot.room, parent, name, EntryKind::File, doing);
    let name_key;
    (entry.name, name_key) = tree::free_name(conn, &entry)?;
    entries::insert(conn, &entry, &name_key)?;
    tree::count(conn, spot.room, parent, 1)?;
    Ok(entry)
}
