//! Settings of this profile: which keys there are, and their values. A key that is not here is refused.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::{ErrorCode, limits};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeMap;

/// Whether a room made by somebody else opens its window by itself: `window` (default) or `list` (N3).
pub(crate) const ROOMS_OPEN: &str = "rooms.open";
/// The beginning of the keys that the transfer queue reads.
pub(crate) const TRANSFERS: &str = "transfers.";
/// Ask again after a disconnection (sender): `on` (default) or `off`.
pub(crate) const RETRANSFER: &str = "transfers.retransfer";
/// Say yes to the renewed request (receiver): `on` (default) or `off`.
pub(crate) const RECEIVE: &str = "transfers.receive";
/// Send the rest through the server when no answer comes (sender): `on` (default) or `off`.
pub(crate) const FORWARD: &str = "transfers.forward";
/// The wait for an answer, in seconds: 1 to 600, 10 unless said otherwise.
pub(crate) const WAIT_S: &str = "transfers.wait_s";
/// Bytes a second up, all together; without it: no limit.
pub(crate) const UP_LIMIT: &str = "transfers.up_limit";
/// Bytes a second down, all together; without it: no limit.
pub(crate) const DOWN_LIMIT: &str = "transfers.down_limit";
/// The whole queue stands: `on` or `off` (default).
pub(crate) const PAUSED: &str = "transfers.paused";
/// Where accepted offers go; without it: `Pod/PERSON` in the folder for downloads.
pub(crate) const FOLDER: &str = "transfers.folder";
/// Longest key and value, in bytes.
const BYTES_MAX: usize = 4_096;

/// The value of a setting; nothing: the default.
pub(crate) async fn get(state: &Db, key: &str) -> Result<Option<String>, ErrorView> {
    let key = key.to_owned();
    let run = move |tx: &Transaction<'_>| {
        Ok(tx
            .query_row("SELECT value FROM settings WHERE key = ?1", params![key], |row| row.get(0))
            .optional()?)
    };
    state.run(run).await
}

/// All that are set.
pub(crate) async fn all(state: &Db) -> Result<BTreeMap<String, String>, ErrorView> {
    let run = |tx: &Transaction<'_>| {
        let mut statement = tx.prepare_cached("SELECT key, value FROM settings")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    state.run(run).await
}

/// Sets a value; nothing: back to the default.
pub(crate) async fn set(state: &Db, key: &str, value: Option<String>) -> Result<(), ErrorView> {
    check(key, value.as_deref())?;
    let key = key.to_owned();
    let run = move |tx: &Transaction<'_>| {
        match value {
            Some(value) => tx.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)",
                params![key, value],
            )?,
            None => tx.execute("DELETE FROM settings WHERE key = ?1", params![key])?,
        };
        Ok(())
    };
    state.run(run).await
}

/// Keys are words with dots; what windows keep for themselves is free, what the engine reads has a closed set of values.
fn check(key: &str, value: Option<&str>) -> Result<(), ErrorView> {
    let bad = |why: &str| Err(ErrorView::new(ErrorCode::BadRequest, why));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
    if key.is_empty() || key.len() > BYTES_MAX || !key.chars().all(plain) {
        return bad("this is no key of a setting");
    }
    if value.is_some_and(|value| value.len() > BYTES_MAX) {
        return bad("the value is too long");
    }
    if key == ROOMS_OPEN && !matches!(value, None | Some("window" | "list")) {
        return bad("rooms.open is `window` or `list`");
    }
    check_transfers(key, value)
}

/// The queue reads these; each has its closed set of values.
fn check_transfers(key: &str, value: Option<&str>) -> Result<(), ErrorView> {
    let Some(value) = value.filter(|_| key.starts_with(TRANSFERS)) else { return Ok(()) };
    let number = |least: u64, most: u64| value.parse().is_ok_and(|n: u64| (least..=most).contains(&n));
    let fits = match key {
        RETRANSFER | RECEIVE | FORWARD | PAUSED => matches!(value, "on" | "off"),
        WAIT_S => number(1, limits::OFFER_WAIT_S_MAX),
        UP_LIMIT | DOWN_LIMIT => number(limits::SPEED_LIMIT_MIN, u64::MAX),
        FOLDER => std::path::Path::new(value).is_absolute(),
        _ => return Err(ErrorView::new(ErrorCode::BadRequest, "the queue has no such setting")),
    };
    if fits { Ok(()) } else { Err(ErrorView::new(ErrorCode::BadRequest, "the setting has no such value")) }
}
