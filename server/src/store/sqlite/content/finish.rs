//! The end of an upload: the stored content becomes a version of a file, told in the room, in one transaction.

use super::entries::{blank, check_live, name_exists};
use super::table::activities::{About, append};
use super::table::blobs::{self, NewVersion};
use super::table::{columns, entries, loose, members, uploads};
use super::tree::{self, require_folder};
use super::{ContentStore, Doing, Ended, UploadRow};
use crate::blobs::Content;
use crate::content::{naming, rules};
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, EntryKind};
use pod_shared::{EntryId, ErrorCode, TimeMs, UploadId};
use rusqlite::Connection;
use uuid::Uuid;

/// The version that an upload became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finished {
    /// The file.
    pub(crate) entry: EntryId,
    /// The version.
    pub(crate) version: u32,
}

impl ContentStore {
    /// Links the stored content of an upload. Repeatable.
    pub(crate) async fn finish_upload(
        &self,
        doing: Doing,
        upload: UploadId,
        object: String,
        content: Content,
    ) -> Result<Finished, Refusal> {
        self.change(move |conn| {
            let upload = uploads::get(conn, upload)?.ok_or_else(rules::not_found)?;
            match upload.ended {
                Ended::Not => {}
                Ended::Done { entry, version } => return Ok(Finished { entry, version }),
                Ended::Cancelled => {
                    return Err(Refusal::new(ErrorCode::Gone, "the upload was cancelled or ran out"));
                }
            }
            rules::writer(members::role(conn, upload.room, upload.by)?)?;
            let place = place_of(conn, &upload)?;
            let blob = store(conn, &object, &content, doing.at)?;
            link(conn, doing, &upload, place, blob, content.size, &content.sha256)
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

pub(super) fn place_of(conn: &Connection, upload: &UploadRow) -> Result<Place, Refusal> {
    require_folder(conn, upload.room, upload.parent).map_err(|refusal| {
        match refusal.code() == ErrorCode::NotFound {
            true => Refusal::new(ErrorCode::Conflict, "the folder was deleted meanwhile"),
            false => refusal,
        }
    })?;
    match entries::at_place(conn, upload.room, upload.parent, &naming::key(&upload.name))? {
        None => check_live(conn, upload.room).map(|()| Place::New),
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
    size: u64,
    digest: &[u8; 32],
) -> Result<Finished, Refusal> {
    let (mut entry, kind) = match place {
        Place::Onto(entry) => (entry, ActivityKind::Modified),
        Place::New => {
            let (id, name) = (EntryId(Uuid::now_v7()), upload.name.clone());
            let entry = blank(id, upload.room, upload.parent, name, EntryKind::File, doing);
            entries::insert(conn, &entry, &naming::key(&entry.name))?;
            tree::count(conn, upload.room, upload.parent, 1)?;
            (entry, ActivityKind::Uploaded)
        }
    };
    entry.version += 1;
    entry.size = size;
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
    entry.position = append(conn, upload.room, doing, &kind, about)?;
    entries::set_version(conn, &entry, digest)?;
    uploads::set_done(conn, upload.id, entry.id, entry.version)?;
    Ok(Finished { entry: entry.id, version: entry.version })
}
