//! What the content service said of a room's folder: entries, activities, open uploads.

use super::row::{self, int, uint};
use super::{Cache, entries, hiding, pack};
use crate::view::ErrorView;
use pod_shared::content::{Activity, ActivityKind, Changes};
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, UploadId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// What a page of changes brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FolderTouched {
    /// Entries that changed.
    pub(crate) entries: Vec<EntryId>,
    /// Uploads that ended, however.
    pub(crate) ended: Vec<UploadId>,
    /// Where files of others were stored.
    pub(crate) stored: Vec<ContentPosition>,
    /// What others did that may be worth a notice.
    pub(crate) deeds: Vec<Deed>,
}

/// Something that somebody else did in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    /// Its place in the folder's log.
    pub(crate) at: ContentPosition,
    pub(crate) by: AccountId,
    pub(crate) kind: DeedKind,
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeedKind {
    /// A new file.
    Added,
    /// Another version, name or place, a deletion, or the end of one.
    Changed,
    /// A comment; to this person: it names them, or answers one of theirs.
    Said {
        /// It is.
        to_me: bool,
    },
}

impl Cache {
    /// Up to where the changes of a room's folder are here, and where it is known to stand.
    pub(crate) async fn folder_position(
        &self,
        room: RoomId,
    ) -> Result<Option<(ContentPosition, ContentPosition)>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement =
                tx.prepare_cached("SELECT content_pos, content_at FROM rooms WHERE id = ?1")?;
            let positions = statement.query_row([room.as_bytes()], |row| {
                Ok((ContentPosition(uint(row, 0)?), ContentPosition(uint(row, 1)?)))
            });
            Ok(positions.optional()?)
        };
        self.db.run(run).await
    }

    /// Rooms whose folder stands further than what is here.
    pub(crate) async fn folders_behind(&self) -> Result<Vec<RoomId>, ErrorView> {
        let run = |tx: &Transaction<'_>| {
            let mut statement =
                tx.prepare("SELECT id FROM rooms WHERE content_at > content_pos ORDER BY last_at DESC")?;
            let rooms = statement.query_map([], |row| row::id(row, 0, RoomId::from_slice))?;
            Ok(rooms.collect::<Result<_, _>>()?)
        };
        self.read(run).await
    }

    /// Applies a page of changes that follows `after`; a page that does not join is left out.
    pub(crate) async fn apply_changes(
        &self,
        me: AccountId,
        room: RoomId,
        after: ContentPosition,
        changes: Changes,
    ) -> Result<FolderTouched, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let held = tx
                .query_row("SELECT content_pos FROM rooms WHERE id = ?1", [room.as_bytes()], |row| {
                    uint(row, 0)
                })
                .optional()?;
            if held != Some(after.0) {
                return Ok(FolderTouched::default());
            }
            let mut touched = FolderTouched::default();
            for activity in &changes.activities {
                write_activity(tx, room, activity)?;
                note(&mut touched, me, activity);
                if let ActivityKind::OpenedTold { on } = activity.kind {
                    tx.execute(
                        "UPDATE rooms SET opened_untold = ?2 WHERE id = ?1",
                        params![room.as_bytes(), !on],
                    )?;
                }
                if activity.kind == ActivityKind::CommentDeleted {
                    clear_comment(tx, activity)?;
                }
                if activity.kind == ActivityKind::RoomPicture {
                    tx.execute(
                        "UPDATE rooms SET picture = nullif(?2, '') WHERE id = ?1",
                        params![room.as_bytes(), activity.name],
                    )?;
                }
            }
            for id in changes.hidden {
                touched.entries.extend(hiding::hide(tx, room, id)?);
            }
            for entry in changes.entries {
                touched.entries.push(entry.id);
                entries::write(tx, &entry)?;
            }
            tx.execute("DELETE FROM uploads WHERE room = ?1", [room.as_bytes()])?;
            for upload in changes.uploads {
                tx.execute(
                    "INSERT OR REPLACE INTO uploads (id, room, offset, length) VALUES (?1, ?2, ?3, ?4)",
                    params![upload.id.as_bytes(), room.as_bytes(), int(upload.offset), int(upload.length)],
                )?;
            }
            tx.execute(
                "UPDATE rooms SET content_pos = ?2, content_at = max(content_at, ?2) WHERE id = ?1",
                params![room.as_bytes(), int(changes.position.0)],
            )?;
            Ok(touched)
        };
        self.db.run(run).await
    }

    /// The content service no longer has what its position stood for: everything of the folder is fetched anew.
    pub(crate) async fn forget_folder(&self, room: RoomId) -> Result<(), ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            for table in ["activities", "entries", "sums", "turns", "uploads"] {
                tx.execute(&format!("DELETE FROM {table} WHERE room = ?1"), [room.as_bytes()])?;
            }
            tx.execute("UPDATE rooms SET content_pos = 0 WHERE id = ?1", [room.as_bytes()])?;
            Ok(())
        };
        self.db.run(run).await
    }
}

fn note(touched: &mut FolderTouched, me: AccountId, activity: &Activity) {
    if let Some(upload) = activity.upload
        && activity.kind != ActivityKind::UploadStarted
    {
        touched.ended.push(upload);
    }
    if stores(&activity.kind) && activity.by != me {
        touched.stored.push(activity.position);
    }
    let said = activity.comment.as_ref().filter(|_| activity.kind == ActivityKind::Commented);
    let to_me = said.is_some_and(|said| said.mentions.contains(&me) || said.answers == Some(me));
    if let Some(kind) = deed(&activity.kind, to_me).filter(|_| activity.by != me) {
        touched.deeds.push(Deed { at: activity.position, by: activity.by, kind });
    }
}

fn deed(kind: &ActivityKind, to_me: bool) -> Option<DeedKind> {
    match kind {
        ActivityKind::Uploaded => Some(DeedKind::Added),
        ActivityKind::Modified
        | ActivityKind::Renamed { .. }
        | ActivityKind::Moved
        | ActivityKind::Deleted
        | ActivityKind::Restored
        | ActivityKind::ConflictKept { .. }
        | ActivityKind::VersionRestored { .. } => Some(DeedKind::Changed),
        ActivityKind::Commented => Some(DeedKind::Said { to_me }),
        ActivityKind::GroupCreated
        | ActivityKind::UploadStarted
        | ActivityKind::UploadCancelled
        | ActivityKind::Downloaded
        | ActivityKind::FolderCreated
        | ActivityKind::RoomPicture
        | ActivityKind::Locked
        | ActivityKind::Unlocked
        | ActivityKind::LockExpired
        | ActivityKind::LockBroken { .. }
        | ActivityKind::CommentDeleted
        | ActivityKind::PermissionChanged
        | ActivityKind::Purged
        | ActivityKind::TrashEmptied
        | ActivityKind::MetadataChanged
        | ActivityKind::Rated { .. }
        | ActivityKind::Opened
        | ActivityKind::OpenedTold { .. }
        | ActivityKind::Unknown { .. } => None,
    }
}

/// What a deleted comment said is taken out of the line that told it.
fn clear_comment(tx: &Connection, deletion: &Activity) -> Result<(), ErrorView> {
    let (Some(entry), Some(deleted)) = (deletion.entry, &deletion.comment) else { return Ok(()) };
    let mut told = Vec::new();
    {
        let mut statement =
            tx.prepare_cached("SELECT room, body FROM activities WHERE entry = ?1 AND position < ?2")?;
        let mut rows = statement.query(params![entry.as_bytes(), int(deletion.position.0)])?;
        while let Some(row) = rows.next()? {
            let line: Activity = row::unpack(row, 1)?;
            if line.comment.as_ref().is_some_and(|comment| comment.id == deleted.id) {
                told.push((row::id(row, 0, RoomId::from_slice)?, line));
            }
        }
    }
    for (room, mut line) in told {
        if let Some(comment) = &mut line.comment {
            (comment.text, comment.mentions) = (None, Vec::new());
        }
        write_activity(tx, room, &line)?;
    }
    Ok(())
}

/// Whether a file has another content by it.
pub(super) fn stores(kind: &ActivityKind) -> bool {
    matches!(
        kind,
        ActivityKind::Uploaded
            | ActivityKind::Modified
            | ActivityKind::ConflictKept { .. }
            | ActivityKind::VersionRestored { .. }
    )
}

fn write_activity(tx: &Connection, room: RoomId, activity: &Activity) -> Result<(), ErrorView> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO activities (room, position, by, upload, stored, entry, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        room.as_bytes(),
        int(activity.position.0),
        activity.by.as_bytes(),
        activity.upload.map(|id| id.as_bytes().to_vec()),
        stores(&activity.kind),
        activity.entry.map(|id| id.as_bytes().to_vec()),
        pack(activity)?,
    ])?;
    Ok(())
}
