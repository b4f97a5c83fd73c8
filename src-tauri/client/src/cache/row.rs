//! Columns to ids and values. A column that cannot be read is a defect of the file: the cache is then set aside.

use crate::view::ErrorView;
use pod_shared::{ErrorCode, sync::SyncKey, wire};
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;

/// An id in a column.
pub(super) fn id<T>(row: &Row<'_>, at: usize, make: fn(&[u8]) -> Option<T>) -> rusqlite::Result<T> {
    let bytes = row.get_ref(at)?.as_blob()?;
    make(bytes)
        .ok_or_else(|| FromSqlError::InvalidBlobSize { expected_size: 16, blob_size: bytes.len() }.into())
}

/// An id in a column that may be empty.
pub(super) fn maybe_id<T>(
    row: &Row<'_>,
    at: usize,
    make: fn(&[u8]) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    Ok(row.get_ref(at)?.as_blob_or_null()?.and_then(make))
}

/// A packed value in a column.
pub(super) fn unpack<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let bytes = row.get_ref(at)?.as_blob()?;
    wire::decode(bytes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Blob, Box::new(error)))
}

/// The sync key in force.
pub(super) fn key(connection: &Connection) -> Result<Option<SyncKey>, ErrorView> {
    let bytes: Option<Option<Vec<u8>>> =
        connection.query_row("SELECT sync_key FROM owner", [], |row| row.get(0)).optional()?;
    let unreadable = |_| ErrorView::new(ErrorCode::Internal, "the sync key cannot be read");
    bytes.flatten().map(|bytes| wire::decode(&bytes).map_err(unreadable)).transpose()
}

/// A count as a column holds it; the largest stand for all that are larger.
pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A count of a column.
pub(super) fn uint(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(at)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, value))
}
