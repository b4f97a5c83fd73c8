//! The tables of `messenger.db`. Migrations are append-only from the first release on; a column's meaning never changes.

use crate::store::StoreError;
use rusqlite::Connection;
use std::sync::LazyLock;

/// All migrations; number `n` takes schema `n` to `n + 1`.
pub static MIGRATIONS: LazyLock<[String; 7]> = LazyLock::new(|| {
    let first = format!("{FIRST}{}", super::relay_schema());
    let later = [ABOUTS, PEOPLE, OFFERS, super::contacts::TABLES, super::settings::SETTINGS];
    let [abouts, people, offers, contacts, settings] = later.map(ToOwned::to_owned);
    let profiles = format!("{}{}", super::profiles::TABLES, super::contacts::COUNTS);
    [first, abouts, people, offers, contacts, settings, profiles]
});

/// - `meta`: `txn` counts the committed transactions of this file, `epoch` is this file's random number.
/// - `people`: names as the directory last gave them, and in how many rooms a person is.
/// - `rooms.made_digest`: of what the maker asked for, so that asking twice is told from asking for something else.
///   `*_txn`: the transaction that last changed the field.
/// - `members.role` null: no longer a member (the row keeps the counter). `since_txn`: of the last coming. `settling`:
///   the relay row that the content service must confirm before the log tells of the change.
/// - `events`: a room's log; one row per event, its key is its transaction. `data` is the CBOR of the event's kind.
/// - `sent`: ids of messages and the digest of room and body they came with.
/// - `devices`: sync keys. A key with session `session` or `previous` is known. `acked`: told as applied. `online` 1: what
///   changed is in memory only, so if it is still 1 when the device comes, its rooms must be scanned.
/// - `dirty`: rooms that changed while a device was away.
const FIRST: &str = "
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    txn INTEGER NOT NULL
) STRICT;
INSERT INTO meta (one, epoch, txn) VALUES (1, 0, 0);
CREATE TABLE people (
    account BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    rooms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE rooms (
    room BLOB PRIMARY KEY,
    title TEXT NOT NULL,
    title_counter INTEGER NOT NULL,
    title_txn INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    made_digest BLOB NOT NULL,
    folder INTEGER NOT NULL,
    folder_txn INTEGER NOT NULL,
    content_at INTEGER NOT NULL,
    head INTEGER NOT NULL,
    members INTEGER NOT NULL,
    last_txn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE members (
    room BLOB NOT NULL,
    account BLOB NOT NULL,
    role INTEGER,
    counter INTEGER NOT NULL,
    changed_by BLOB NOT NULL,
    txn INTEGER NOT NULL,
    since_txn INTEGER NOT NULL,
    read_pos INTEGER NOT NULL,
    read_txn INTEGER NOT NULL,
    settling BLOB,
    PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_account ON members (account, room);
CREATE INDEX members_settling ON members (settling) WHERE settling IS NOT NULL;
CREATE TABLE events (
    txn INTEGER PRIMARY KEY,
    room BLOB NOT NULL,
    pos INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by BLOB NOT NULL,
    kind INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_place ON events (room, pos);
CREATE TABLE sent (
    account BLOB NOT NULL,
    id BLOB NOT NULL,
    txn INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE devices (
    device BLOB PRIMARY KEY,
    account BLOB NOT NULL,
    session BLOB NOT NULL,
    previous BLOB,
    acked INTEGER NOT NULL,
    online INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE dirty (
    device BLOB NOT NULL,
    room BLOB NOT NULL,
    PRIMARY KEY (device, room)
) STRICT, WITHOUT ROWID;
";

/// - `abouts`: the transactions of messages that are about an earlier one, and of that. `how`: 1 edit, 2 reaction,
///   3 deletion.
/// - `members.delivered_*`: up to where the person's devices have the room, beside the read mark.
/// - From here on an empty `sent.digest` is that of a message that was deleted.
const ABOUTS: &str = "
CREATE TABLE abouts (
    txn INTEGER PRIMARY KEY,
    target INTEGER NOT NULL,
    how INTEGER NOT NULL
) STRICT;
CREATE INDEX abouts_by_target ON abouts (target, how);
ALTER TABLE members ADD COLUMN delivered_pos INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN delivered_txn INTEGER NOT NULL DEFAULT 0;
";

/// - `links`: by `digest` of its code; `uses` asked for, `uses_left` of them. `link_uses`: who joined with it, once each.
/// - `presence`: what a person chose (`choice`, `text`, `until`, changed by `chosen_txn`), and what others were told
///   (`state`, `shown_text`, `shown_until`, `seen_at`, changed by `txn`).
const PEOPLE: &str = "
CREATE TABLE links (
    link BLOB PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    room BLOB NOT NULL,
    by BLOB NOT NULL,
    role INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    uses_left INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_room ON links (room);
CREATE TABLE link_uses (
    link BLOB NOT NULL,
    account BLOB NOT NULL,
    PRIMARY KEY (link, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE presence (
    account BLOB PRIMARY KEY,
    choice INTEGER NOT NULL,
    text TEXT NOT NULL,
    until INTEGER,
    chosen_txn INTEGER NOT NULL,
    state INTEGER NOT NULL,
    shown_text TEXT NOT NULL,
    shown_until INTEGER,
    seen_at INTEGER,
    txn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_by_txn ON presence (txn);
CREATE INDEX presence_until ON presence (until) WHERE until IS NOT NULL;
";

/// - `offers`: `step` by its number, those that are over from 10 on; `from_byte` and `code` belong to some. `until`: then
///   it expires, or, when it is over, is forgotten. `handed`: the content service may hold bytes of it.
/// - `offers_forgotten`: the highest transaction of what was forgotten of a person's offers.
const OFFERS: &str = "
CREATE TABLE offers (
    offer BLOB PRIMARY KEY,
    sender BLOB NOT NULL,
    sender_device BLOB NOT NULL,
    receiver BLOB NOT NULL,
    receiver_device BLOB,
    body BLOB NOT NULL,
    round INTEGER NOT NULL,
    step INTEGER NOT NULL,
    from_byte INTEGER,
    code TEXT,
    handed INTEGER NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    txn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_of_sender ON offers (sender, txn);
CREATE INDEX offers_of_receiver ON offers (receiver, txn);
CREATE INDEX offers_open ON offers (sender, receiver) WHERE step < 10;
CREATE INDEX offers_until ON offers (until);
CREATE TABLE offers_forgotten (
    account BLOB PRIMARY KEY,
    txn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// The epoch of the file; a new file gets one.
pub(super) fn epoch(connection: &Connection) -> Result<u64, StoreError> {
    connection.execute("UPDATE meta SET epoch = ?1 WHERE epoch = 0", [random()])?;
    let epoch: i64 = connection.query_row("SELECT epoch FROM meta", [], |row| row.get(0))?;
    Ok(epoch.cast_unsigned())
}

/// Writes another random epoch: this data was restored from a backup, and devices may know of more than is in it.
///
/// # Errors
/// When the database refuses.
pub fn renew_epoch(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("UPDATE meta SET epoch = ?1", [random()])?;
    Ok(())
}

/// Positive, and never the 0 that stands for none.
fn random() -> i64 {
    i64::from(rand::random::<u32>()) << 20 | i64::from(rand::random::<u32>() >> 12) | 1
}
