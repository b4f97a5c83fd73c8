//! Settings of this profile: which keys there are, their values, and which of them follow their person (O21).
//!
//! Those that follow wait in a table of their own until the messenger has them; what was chosen while nobody was signed in
//! waits for who signs in, and gives way to what that person chose elsewhere. Neighbour: `cache::roamed`.

use crate::store::Db;
use crate::view::ErrorView;
use pod_machine::notice;
use pod_shared::setting::SettingState;
use pod_shared::{AccountId, ErrorCode, limits};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const TABLES: &str = "
-- Choices that the messenger has still to hear; an empty account: of who signs in next.
CREATE TABLE setting_wishes (
    account BLOB NOT NULL,
    key TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
-- What was chosen before settings followed anybody.
INSERT INTO setting_wishes (account, key, value) SELECT x'', key, value FROM settings
WHERE key IN ('skin', 'density', 'motion', 'chat.activity', 'notify', 'rooms.open', 'transfers.retransfer',
              'transfers.receive', 'transfers.forward', 'transfers.wait_s');
";

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
/// The settings that follow their person to every computer. All others belong to this one: its language, the size of its
/// texts, its folders and speeds, what closing a window does.
pub(crate) const FOLLOWING: &[&str] = &[
    "skin",
    "density",
    "motion",
    "chat.activity",
    notice::NOTIFY,
    ROOMS_OPEN,
    RETRANSFER,
    RECEIVE,
    FORWARD,
    WAIT_S,
    "skin.own.1",
    "skin.own.2",
    "skin.own.3",
    "skin.own.4",
    "skin.own.5",
    "skin.own.6",
    "skin.own.7",
    "skin.own.8",
];
/// Whether the desktop shows notifications here: `on` (default) or `off`. Of this computer.
pub(crate) const NOTICES_HERE: &str = "computer.notices";
/// Longest key and value, in bytes.
const BYTES_MAX: usize = 4_096;

/// Whether a setting follows its person; all about notices does, of each room and kind.
pub(crate) fn follows(key: &str) -> bool {
    FOLLOWING.contains(&key) || key.starts_with(notice::KEYS)
}

/// The value of a setting; nothing: the default.
pub(crate) async fn get(state: &Db, key: &str) -> Result<Option<String>, ErrorView> {
    let key = key.to_owned();
    state.run(move |tx: &Transaction<'_>| read(tx, &key)).await
}

/// Sets a value of this computer; nothing: back to the default.
pub(crate) async fn set(state: &Db, key: &str, value: Option<String>) -> Result<(), ErrorView> {
    check(key, value.as_deref())?;
    let key = key.to_owned();
    state.run(move |tx: &Transaction<'_>| write(tx, &key, value.as_deref())).await
}

/// Sets a value as this person; nobody: for who signs in next. One that follows waits until the messenger has it.
pub(crate) async fn choose(
    state: &Db,
    me: Option<AccountId>,
    key: &str,
    value: Option<String>,
) -> Result<(), ErrorView> {
    if !follows(key) {
        return set(state, key, value).await;
    }
    check(key, value.as_deref())?;
    let key = key.to_owned();
    let run = move |tx: &Transaction<'_>| {
        write(tx, &key, value.as_deref())?;
        tx.execute(
            "INSERT OR REPLACE INTO setting_wishes (account, key, value) VALUES (?1, ?2, ?3)",
            params![owner(me), key, value],
        )?;
        Ok(())
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

/// Lays what the messenger has over what is here; what waits to be told is newer. Gives the keys that changed.
pub(crate) async fn follow(
    state: &Db,
    me: AccountId,
    roamed: BTreeMap<String, String>,
) -> Result<Vec<String>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        adopt(tx, me, &roamed)?;
        let waiting: BTreeMap<String, Option<String>> =
            wishes_of(tx, me)?.into_iter().map(|wish| (wish.key, wish.value)).collect();
        let mut changed = Vec::new();
        for key in following(tx, roamed.keys().chain(waiting.keys()))? {
            let wanted = waiting.get(&key).cloned().unwrap_or_else(|| roamed.get(&key).cloned());
            // A newer Pod may have chosen what this one does not know.
            let wanted = wanted.filter(|value| check(&key, Some(value)).is_ok());
            if read(tx, &key)? != wanted {
                write(tx, &key, wanted.as_deref())?;
                changed.push(key);
            }
        }
        Ok(changed)
    };
    state.run(run).await
}

/// What this person chose and the messenger has still to hear.
pub(crate) async fn wishes(state: &Db, me: AccountId) -> Result<Vec<SettingState>, ErrorView> {
    state.run(move |tx: &Transaction<'_>| wishes_of(tx, me)).await
}

/// The messenger heard it, or refuses it for good; a later choice stays.
pub(crate) async fn drop_wish(state: &Db, me: AccountId, heard: SettingState) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "DELETE FROM setting_wishes WHERE account = ?1 AND key = ?2 AND value IS ?3",
            params![me.as_bytes(), heard.key, heard.value],
        )?;
        Ok(())
    };
    state.run(run).await
}

/// The person is gone: what follows them is no longer shown here. What they have still to tell waits for them.
/// Gives the keys.
pub(crate) async fn forget(state: &Db) -> Result<Vec<String>, ErrorView> {
    let run = |tx: &Transaction<'_>| {
        let keys = following(tx, [])?;
        for key in &keys {
            write(tx, key, None)?;
        }
        Ok(keys)
    };
    state.run(run).await
}

/// The keys that follow: those there always are, then those here and among these.
fn following<'a>(
    tx: &Connection,
    more: impl IntoIterator<Item = &'a String>,
) -> Result<Vec<String>, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT key FROM settings")?;
    let here: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut keys: Vec<String> = FOLLOWING.iter().map(|key| (*key).to_owned()).collect();
    let others: BTreeSet<String> = here.into_iter().chain(more.into_iter().cloned()).collect();
    keys.extend(others.into_iter().filter(|key| follows(key) && !FOLLOWING.contains(&key.as_str())));
    Ok(keys)
}

/// What was chosen while nobody was signed in becomes this person's, unless they chose something elsewhere.
fn adopt(tx: &Connection, me: AccountId, roamed: &BTreeMap<String, String>) -> Result<(), ErrorView> {
    for SettingState { key, value } in wishes_by(tx, &owner(None))? {
        if !roamed.contains_key(&key) {
            tx.execute(
                "INSERT OR IGNORE INTO setting_wishes (account, key, value) VALUES (?1, ?2, ?3)",
                params![me.as_bytes(), key, value],
            )?;
        }
    }
    tx.execute("DELETE FROM setting_wishes WHERE account = ?1", params![owner(None)])?;
    Ok(())
}

fn wishes_of(tx: &Connection, me: AccountId) -> Result<Vec<SettingState>, ErrorView> {
    wishes_by(tx, &owner(Some(me)))
}

fn wishes_by(tx: &Connection, owner: &[u8]) -> Result<Vec<SettingState>, ErrorView> {
    let mut statement =
        tx.prepare_cached("SELECT key, value FROM setting_wishes WHERE account = ?1 ORDER BY key")?;
    let wishes = statement
        .query_map([owner], |row| Ok(SettingState { key: row.get(0)?, value: row.get(1)? }))?
        .collect::<Result<_, _>>()?;
    Ok(wishes)
}

/// Whose a choice is; empty: of who signs in next.
fn owner(me: Option<AccountId>) -> Vec<u8> {
    me.map(|me| me.as_bytes().to_vec()).unwrap_or_default()
}

fn read(tx: &Connection, key: &str) -> Result<Option<String>, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

fn write(tx: &Connection, key: &str, value: Option<&str>) -> Result<(), ErrorView> {
    match value {
        Some(value) => {
            tx.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)", params![key, value])?
        }
        None => tx.execute("DELETE FROM settings WHERE key = ?1", params![key])?,
    };
    Ok(())
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
    if key == NOTICES_HERE && !matches!(value, None | Some("on" | "off")) {
        return bad("computer.notices is `on` or `off`");
    }
    let of_notices = key == notice::NOTIFY || key.starts_with(notice::KEYS);
    if of_notices && value.is_some_and(|value| !notice::is_understood(key, value)) {
        return bad("notices have no such setting, or not with this value");
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
