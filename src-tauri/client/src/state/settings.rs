//! Settings of this profile: which keys there are, and their values. A key that is not here is refused.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use rusqlite::{OptionalExtension, Transaction, params};

/// Whether a room made by somebody else opens its window by itself: `window` (default) or `list` (N3).
pub(crate) const ROOMS_OPEN: &str = "rooms.open";
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
    Ok(())
}
