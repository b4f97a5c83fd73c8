//! The log of what happened in a room's folder. Appending also tells the messenger where the folder stands, in the
//! same transaction.

use super::columns::{activity_kind, activity_kind_of, activity_was, count, id, id_or_none, int, strange};
use super::groups;
use crate::store::StoreError;
use crate::store::sqlite::relay;
use pod_shared::content::{Activity, ActivityKind};
use pod_shared::interlock::RelayBody;
use pod_shared::{
    AccountId, ActivityId, ContentPosition, DeviceId, EntryId, RelayId, RoomId, TimeMs, UploadId,
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
        "INSERT INTO activities (room, position, id, at, by, kind, entry, name, was, size, version, upload)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
        about.upload.as_ref().map(UploadId::as_bytes)
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
        "SELECT id, position, at, by, kind, was, entry, name, size, version, upload FROM activities
         WHERE room = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
    )?;
    let rows = rows.query_map(params![room.as_bytes(), int(position.0), limit], read)?;
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
    })
}
