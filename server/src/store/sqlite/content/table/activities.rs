//! The log of what happened in a room's folder. Appending also tells the messenger where the folder stands, in the
//! same transaction.

use super::columns::{activity_kind, activity_kind_of, activity_was, count, id, id_or_none, int, strange};
use super::groups;
use crate::store::StoreError;
use crate::store::sqlite::relay;
use pod_shared::content::{Activity, ActivityKind, CommentLine};
use pod_shared::interlock::RelayBody;
use pod_shared::{
    AccountId, ActivityId, CommentId, ContentPosition, DeviceId, EntryId, RelayId, RoomId, TimeMs, UploadId,
    limits,
};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Who does something, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doing {
    /// Who.
    pub(crate) by: AccountId,
    /// The server's time.
    pub(crate) at: TimeMs,
    /// From which device, where one asks.
    pub(crate) device: Option<DeviceId>,
}

/// What an activity is about.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct About<'a> {
    /// The entry.
    pub(in super::super) entry: Option<EntryId>,
    /// Its name, or that of the file being uploaded.
    pub(in super::super) name: &'a str,
    /// Bytes.
    pub(in super::super) size: u64,
    /// Version.
    pub(in super::super) version: u32,
    /// Upload.
    pub(in super::super) upload: Option<UploadId>,
    /// Comment.
    pub(in super::super) comment: Option<CommentId>,
}

/// Appends a line, and the relay row that tells the messenger.
pub(in super::super) fn append(
    conn: &Connection,
    room: RoomId,
    doing: Doing,
    kind: &ActivityKind,
    about: About<'_>,
) -> Result<ContentPosition, StoreError> {
    let position = groups::next_position(conn, room)?;
    conn.prepare_cached(
        "INSERT INTO activities (room, position, id, at, by, kind, entry, name, was, size, version, upload, comment)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        room.as_bytes(),
        int(position.0),
        Uuid::now_v7().as_bytes(),
        doing.at.0,
        doing.by.as_bytes(),
        activity_kind(kind),
        about.entry.as_ref().map(EntryId::as_bytes),
        about.name,
        activity_was(kind),
        int(about.size),
        about.version,
        about.upload.as_ref().map(UploadId::as_bytes),
        about.comment.as_ref().map(CommentId::as_bytes)
    ])?;
    let told = RelayBody::FolderAt { at: position, by: doing.by, time: doing.at };
    relay::append(conn, RelayId(Uuid::now_v7()), room, &told)?;
    Ok(position)
}

/// Lines after a position, oldest first.
pub(in super::super) fn after(
    conn: &Connection,
    room: RoomId,
    position: ContentPosition,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT a.id, a.position, a.at, a.by, a.kind, a.was, a.entry, a.name, a.size, a.version, a.upload, a.comment,
                substr(c.text, 1, ?4), c.mentions, answered.by
         FROM activities a LEFT JOIN comments c ON c.id = a.comment
              LEFT JOIN comments answered ON answered.id = c.reply
         WHERE a.room = ?1 AND a.position > ?2 ORDER BY a.position LIMIT ?3",
    )?;
    let rows = rows
        .query_map(params![room.as_bytes(), int(position.0), limit, limits::COMMENT_LINE_CHARS_MAX], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Activity> {
    Ok(Activity {
        id: id(row, 0, ActivityId)?,
        position: ContentPosition(count(row, 1)?),
        at: TimeMs(row.get(2)?),
        by: id(row, 3, AccountId)?,
        kind: activity_kind_of(row, 4, 5)?,
        entry: id_or_none(row, 6, EntryId)?,
        name: row.get(7)?,
        size: count(row, 8)?,
        version: u32::try_from(count(row, 9)?).map_err(|_| strange(9, "version"))?,
        upload: id_or_none(row, 10, UploadId)?,
        comment: comment(row)?,
    })
}

/// The comment that a line is about, as it is now.
fn comment(row: &Row<'_>) -> rusqlite::Result<Option<CommentLine>> {
    let Some(comment) = id_or_none(row, 11, CommentId)? else { return Ok(None) };
    let mentions = row.get::<_, Option<Vec<u8>>>(13)?.unwrap_or_default();
    let mentions = mentions.chunks_exact(16).filter_map(AccountId::from_slice).collect();
    let (text, answers) = (row.get(12)?, id_or_none(row, 14, AccountId)?);
    Ok(Some(CommentLine { id: comment, text, mentions, answers }))
}
