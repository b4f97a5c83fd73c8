//! The tables of `cache.db`.

use super::folder_tables::{FOLDERS, MARKS, OPENED};
use crate::view::ErrorView;
use rusqlite::Connection;

/// Number `n` takes schema `n` to `n + 1`.
pub const MIGRATIONS: &[&str] = &[
    TABLES,
    ABOUTS,
    FOLDERS,
    super::people::TABLES,
    super::offers::TABLES,
    super::contacts::TABLES,
    super::parts::TABLES,
    super::roamed::TABLES,
    super::profiles::TABLES,
    RETURNS,
    MARKS,
    OPENED,
];

const TABLES: &str = "
CREATE TABLE owner (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    account BLOB NOT NULL,
    sync_key BLOB,
    synced_at INTEGER
) STRICT;
CREATE TABLE rooms (
    id BLOB PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    created_by BLOB,
    created_at INTEGER NOT NULL DEFAULT 0,
    folder INTEGER NOT NULL DEFAULT 0,
    head INTEGER NOT NULL DEFAULT 0,
    -- First position of the unbroken stretch up to the head; 0: no event is here.
    oldest INTEGER NOT NULL DEFAULT 0,
    -- Where the folder stands, and up to where its changes are here.
    content_at INTEGER NOT NULL DEFAULT 0,
    content_pos INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- Who left keeps a row without a role: the name is still shown.
CREATE TABLE members (
    room BLOB NOT NULL,
    account BLOB NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    role INTEGER,
    PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_account ON members (account);
CREATE TABLE reads (
    room BLOB NOT NULL,
    account BLOB NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    room BLOB NOT NULL,
    pos INTEGER NOT NULL,
    by BLOB NOT NULL,
    -- A message's id, for messages only.
    message BLOB,
    -- Where the folder stands, for folder events only.
    content_at INTEGER,
    body BLOB NOT NULL,
    PRIMARY KEY (room, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_message ON events (message) WHERE message IS NOT NULL;
CREATE INDEX events_of_folder ON events (room, content_at) WHERE content_at IS NOT NULL;
CREATE TABLE activities (
    room BLOB NOT NULL,
    position INTEGER NOT NULL,
    by BLOB NOT NULL,
    upload BLOB,
    -- 1: a file was stored, which is worth a badge.
    stored INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (room, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX activities_by_upload ON activities (upload) WHERE upload IS NOT NULL;
CREATE TABLE entries (
    id BLOB PRIMARY KEY,
    room BLOB NOT NULL,
    parent BLOB,
    deleted INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_by_parent ON entries (room, parent) WHERE deleted = 0;
CREATE TABLE uploads (
    id BLOB PRIMARY KEY,
    room BLOB NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_room ON uploads (room);
-- A sync on its way: nothing of it counts until it is whole.
CREATE TABLE parts (
    seq INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
";

/// What later messages say about a message: of each kind only the newest counts and is kept.
const ABOUTS: &str = "
CREATE TABLE edits (
    room BLOB NOT NULL,
    target BLOB NOT NULL,
    author BLOB NOT NULL,
    pos INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (room, target, author)
) STRICT, WITHOUT ROWID;
CREATE TABLE reactions (
    room BLOB NOT NULL,
    target BLOB NOT NULL,
    author BLOB NOT NULL,
    emoji TEXT NOT NULL,
    by BLOB NOT NULL,
    pos INTEGER NOT NULL,
    given INTEGER NOT NULL,
    PRIMARY KEY (room, target, author, emoji, by)
) STRICT, WITHOUT ROWID;
CREATE TABLE deletions (
    room BLOB NOT NULL,
    target BLOB NOT NULL,
    author BLOB NOT NULL,
    PRIMARY KEY (room, target, author)
) STRICT, WITHOUT ROWID;
-- Messages of others that name this person.
CREATE TABLE mentions (
    room BLOB NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (room, pos)
) STRICT, WITHOUT ROWID;
-- 1: a message that was deleted.
ALTER TABLE events ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
-- A page finds the folder's place before it without walking the log.
CREATE INDEX events_of_folder_by_place ON events (room, pos, content_at) WHERE content_at IS NOT NULL;
-- Up to where somebody's devices have the room.
ALTER TABLE reads ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
";

/// How the server greeted last, without its relay. Rooms whose folder is behind are found without looking at the others.
const RETURNS: &str = "
ALTER TABLE owner ADD COLUMN greeting BLOB;
CREATE INDEX rooms_behind ON rooms (last_at) WHERE content_at > content_pos;
";

/// All tables that hold what was said about rooms.
const OF_ROOMS: &[&str] = &[
    "rooms",
    "members",
    "reads",
    "events",
    "activities",
    "entries",
    "sums",
    "uploads",
    "edits",
    "reactions",
    "deletions",
    "mentions",
];

/// Those of them that follow from the log.
pub(super) const OF_LOGS: &[&str] = &["events", "edits", "reactions", "deletions", "mentions"];

/// Drops all that was said, and the key that stands for it.
pub(super) fn clear(connection: &Connection) -> Result<(), ErrorView> {
    for table in OF_ROOMS {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    // The counter stays: what was remembered of a folder never fits one that is fetched anew.
    connection.execute("DELETE FROM turns WHERE place <> x''", [])?;
    for table in ["presences", "chosen", "offers", "contacts", "contact_groups", "roamed", "profiles"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    super::parts::drop_all(connection)?;
    connection.execute("UPDATE owner SET sync_key = NULL, synced_at = NULL", [])?;
    Ok(())
}

/// Drops one room.
pub(super) fn drop_room(connection: &Connection, room: pod_shared::RoomId) -> Result<(), ErrorView> {
    connection.execute("DELETE FROM turns WHERE room = ?1", [room.as_bytes()])?;
    for table in OF_ROOMS {
        let column = if *table == "rooms" { "id" } else { "room" };
        connection.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), [room.as_bytes()])?;
    }
    Ok(())
}
