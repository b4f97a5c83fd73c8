//! The rows of the queue in `state.db`: one interface over the two tables, with the one order of both.
//!
//! Each kind of row has a table of its own (`room/table`, `offer/table`), as former versions wrote them. Every function
//! runs inside a transaction of the caller. A row of another account stays untouched until that account is signed in.

use super::order;
use super::row::{Kind, Row};
use super::{offer, room};
use crate::view::ErrorView;
use pod_shared::{AccountId, ErrorCode, TransferId};
use rusqlite::Connection;
use std::collections::HashMap;

/// Finished rows of each kind that are kept to be shown.
pub(super) const FINISHED_KEPT: u32 = 500;

/// A row that another program wrote, or nobody.
pub(super) fn broken() -> ErrorView {
    ErrorView::new(ErrorCode::Internal, "a row of the transfer queue cannot be read")
}

/// Who is signed in on this profile.
pub(super) fn signed_in(db: &Connection) -> Result<Option<AccountId>, ErrorView> {
    let mut query = db.prepare("SELECT account FROM account WHERE one = 1")?;
    let mut rows = query.query(())?;
    rows.next()?.map(|row| id(row, 0, AccountId::from_slice)).transpose()
}

/// Everything of an account in its order: all that is open, and the newest of what is over.
pub(super) fn load(db: &Connection, account: AccountId) -> Result<Vec<Row>, ErrorView> {
    let mut rows = room::table::load(db, account)?;
    rows.extend(offer::table::load(db, account)?);
    let places: HashMap<TransferId, usize> = order::load(db)?.into_iter().zip(0..).collect();
    // Rows of before everything had a place stand behind, in the order of asking.
    rows.sort_by_key(|row| (places.get(&row.id()).copied().unwrap_or(usize::MAX), row.created_at));
    if rows.iter().any(|row| !places.contains_key(&row.id())) {
        (1..).zip(&rows).try_for_each(|(rank, row)| order::keep(db, row.id(), rank))?;
    }
    Ok(rows)
}

/// Adds a row at this place of the order.
pub(super) fn insert(db: &Connection, account: AccountId, row: &Row, rank: u32) -> Result<(), ErrorView> {
    match &row.kind {
        Kind::Room(file) => room::table::insert(db, account, row, file)?,
        Kind::Offer(offer) => offer::table::insert(db, account, row, offer)?,
    }
    order::keep(db, row.id(), rank)
}

/// Writes what may change of a row.
pub(super) fn save(db: &Connection, row: &Row) -> Result<(), ErrorView> {
    match &row.kind {
        Kind::Room(file) => room::table::save(db, row, file),
        Kind::Offer(offer) => offer::table::save(db, row, offer),
    }
}

/// What is kept as JSON.
pub(super) fn text<T: serde::Serialize>(value: &T) -> Result<String, ErrorView> {
    serde_json::to_string(value).map_err(|_| broken())
}

/// See [`text`].
pub(super) fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ErrorView> {
    serde_json::from_str(text).map_err(|_| broken())
}

/// The id in a column.
pub(super) fn id<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<T, ErrorView> {
    maybe_id(row, column, read)?.ok_or_else(broken)
}

/// The id in a column that may be empty.
pub(super) fn maybe_id<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<Option<T>, ErrorView> {
    match row.get_ref(column)?.as_blob_or_null().map_err(|_| broken())? {
        Some(bytes) => read(bytes).map(Some).ok_or_else(broken),
        None => Ok(None),
    }
}
