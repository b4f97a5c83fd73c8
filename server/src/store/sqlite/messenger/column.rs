//! Columns as types: ids as 16 bytes, counters as signed numbers, roles and event kinds by their stored code.

use crate::error::Refusal;
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::{AccountId, Position, Role, RoomId, TimeMs, Txn, wire};
use rusqlite::Row;
use rusqlite::types::Type;

fn broken(column: usize, what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, what.into())
}

/// An id of any kind.
pub(super) fn id<T>(
    row: &Row<'_>,
    column: usize,
    make: impl FnOnce(&[u8]) -> Option<T>,
) -> rusqlite::Result<T> {
    let bytes = row.get_ref(column)?.as_blob()?;
    make(bytes).ok_or_else(|| broken(column, "not an id"))
}

pub(super) fn room(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomId> {
    id(row, column, RoomId::from_slice)
}

pub(super) fn account(row: &Row<'_>, column: usize) -> rusqlite::Result<AccountId> {
    id(row, column, AccountId::from_slice)
}

/// A counter.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

/// A role, or that there is none.
pub(super) fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Role>> {
    let code: Option<u8> = row.get(column)?;
    code.map(|code| Role::from_code(code).ok_or_else(|| broken(column, "not a role"))).transpose()
}

/// The columns of [`event`], in order.
pub(super) const EVENT_COLUMNS: &str = "pos, txn, at, by, data";

/// One event of a room.
pub(super) fn event(row: &Row<'_>, room: RoomId) -> rusqlite::Result<RoomEvent> {
    Ok(RoomEvent {
        room,
        pos: Position(count(row, 0)?),
        txn: Txn(count(row, 1)?),
        at: TimeMs(row.get(2)?),
        by: account(row, 3)?,
        kind: wire::decode(row.get_ref(4)?.as_blob()?).map_err(|error| broken(4, error.to_string()))?,
    })
}

/// The stored number of a kind of event; its meaning never changes.
pub(super) fn kind_code(kind: &EventKind) -> u8 {
    match kind {
        EventKind::Created { .. } => 1,
        EventKind::Message { .. } => 2,
        EventKind::Member { .. } => 3,
        EventKind::Renamed { .. } => 4,
        EventKind::FolderMade {} => 5,
        EventKind::Folder { .. } => 6,
    }
}

/// The stored bytes of a kind of event.
pub(super) fn kind_data(kind: &EventKind) -> Result<Vec<u8>, Refusal> {
    wire::encode(kind).map_err(|error| Refusal::internal(&error))
}
