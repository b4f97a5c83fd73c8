//! `state.db`, never thrown away: who is signed in, the outbox, drafts, read marks not yet told, settings, transfers.
//!
//! Neighbours: `cache` holds what can be fetched again; `transfer` owns its own tables in this file.

use crate::store::{Db, Durability};
use crate::view::ErrorView;
use std::path::Path;

pub(crate) mod account;
pub(crate) mod contacts;
pub(crate) mod drafts;
pub(crate) mod edits;
pub(crate) mod linked;
pub(crate) mod openings;
pub(crate) mod outbox;
pub(crate) mod prefs;
pub(crate) mod reads;
pub(crate) mod settings;
pub(crate) mod waiting;

#[cfg(test)]
pub(crate) mod tests;

/// Append-only: number `n` takes schema `n` to `n + 1`.
pub const MIGRATIONS: &[&str] = &[
    TABLES,
    crate::transfer::TABLES,
    prefs::TABLES,
    waiting::TABLES,
    crate::transfer::OFFER_TABLES,
    crate::transfer::ORDER_TABLES,
    crate::transfer::STORY,
    crate::transfer::DECLINED,
    contacts::TABLES,
    settings::TABLES,
    prefs::MUTED,
    linked::TABLES,
    edits::TABLES,
    openings::TABLES,
];

const TABLES: &str = "
CREATE TABLE device (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id BLOB NOT NULL
) STRICT;
CREATE TABLE account (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    account BLOB NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    is_admin INTEGER NOT NULL,
    server_name TEXT NOT NULL,
    url TEXT NOT NULL,
    fingerprint TEXT
) STRICT;
-- One row for each thing asked for and not yet accepted; seq is the order of asking.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    message BLOB UNIQUE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    failed TEXT
) STRICT;
CREATE INDEX outbox_by_room ON outbox (account, room, seq);
CREATE TABLE drafts (
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;
-- Read marks that the server has not confirmed yet.
CREATE TABLE reads (
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Opens the file in the profile's folder. Blocks.
pub(crate) fn open(profile: &Path) -> Result<Db, ErrorView> {
    Db::open(&profile.join("state.db"), MIGRATIONS, Durability::PowerCut)
}
