//! The end of an upload: the stored content becomes a version of a file, told in the room, in one transaction.

use super::entries::{blank, check_live, name_exists};
use super::table::activities::{About, append};
use super::table::blobs::{self, NewVersion};
use super::table::{columns, entries, loose, members, uploads};
use super::tree::{self, require_folder};
use super::uploads::{check_place, repeated};
use super::{ContentStore, Doing, Ended, Goal, Spot, UploadRow, forwards};
use crate::blobs::Content;
use crate::content::{naming, rules};
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, EntryKind};
use pod_shared::{EntryId, ErrorCode, TimeMs, UploadId};
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
            let place = place_of(conn, spot)?;
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
            check_place(conn, spot)?;
            let place = place_of(conn, spot)?;
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

/// Where a version goes.
pub(super) enum Place {
    /// Into a new file.
    New,
    /// Onto a file that is there.
    Onto(Entry),
}

pub(super) fn place_of(conn: &Connection, spot: &Spot) -> Result<Place, Refusal> {
    require_folder(conn, spot.room, spot.parent).map_err(|refusal| {
        match refusal.code() == ErrorCode::NotFound {
            true => Refusal::new(ErrorCode::Conflict, "the folder was deleted meanwhile"),
            false => refusal,
        }
    })?;
    match entries::at_place(conn, spot.room, spot.parent, &naming::key(&spot.name))? {
        None => check_live(conn, spot.room).map(|()| Place::New),
        Some(holder) if holder.kind == EntryKind::File => Ok(Place::Onto(holder)),
        Some(_) => Err(name_exists()),
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
        Place::New => {
            let (id, name) = (EntryId(Uuid::now_v7()), spot.name.clone());
            let entry = blank(id, spot.room, spot.parent, name, EntryKind::File, doing);
            entries::insert(conn, &entry, &naming::key(&entry.name))?;
            tree::count(conn, spot.room, spot.parent, 1)?;
            (entry, ActivityKind::Uploaded)
        }
    };
    entry.version += 1;
    entry.size = upload.length;
    entry.digest = columns::hex(digest);
    (entry.modified_by, entry.modified_at) = (doing.by, doing.at);
    blobs::insert_version(
        conn,
        &NewVersion {
            entry: entry.id,
            version: entry.version,
            blob,
            by: doing.by,
            at: doing.at,
            modified_ms: upload.modified_ms,
            upload: upload.id,
        },
    )?;
    let about = About {
        entry: Some(entry.id),
        name: &entry.name,
        size: entry.size,
        version: entry.version,
        upload: Some(upload.id),
    };
    entry.position = append(conn, spot.room, doing, &kind, about)?;
    entries::set_version(conn, &entry, digest)?;
    uploads::set_done(conn, upload.id, entry.id, entry.version)?;
    Ok(Finished { entry: entry.id, version: entry.version })
}
