-- messenger.db as the first release wrote it. Never changed: every later version must open it.
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
CREATE TABLE relay_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    room BLOB NOT NULL,
    body BLOB NOT NULL,
    refused TEXT
) STRICT;
CREATE INDEX relay_log_waiting ON relay_log (seq) WHERE refused IS NULL;
CREATE TABLE relay_applied (
    id BLOB PRIMARY KEY,
    at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
UPDATE meta SET epoch = 77, txn = 2;
INSERT INTO people (account, name, display_name, rooms) VALUES (x'0000000000000000000000000000000a', 'alice', 'Alice', 1);
INSERT INTO rooms (room, title, title_counter, title_txn, created_by, created_at, made_digest, folder, folder_txn,
                   content_at, head, members, last_txn)
VALUES (x'0000000000000000000000000000000b', 't', 1, 1, x'0000000000000000000000000000000a', 1000, x'00', 0, 1, 0, 2, 1, 2);
INSERT INTO members (room, account, role, counter, changed_by, txn, since_txn, read_pos, read_txn, settling)
VALUES (x'0000000000000000000000000000000b', x'0000000000000000000000000000000a', 4, 1, x'0000000000000000000000000000000a', 1, 1, 0, 1, NULL);
INSERT INTO events (txn, room, pos, at, by, kind, data) VALUES
  (1, x'0000000000000000000000000000000b', 1, 1000, x'0000000000000000000000000000000a', 1, x'a16763726561746564a1657469746c656174'),
  (2, x'0000000000000000000000000000000b', 2, 2000, x'0000000000000000000000000000000a', 2, x'a1676d657373616765a2626964500000000000000000000000000000000e64626f64794568656c6c6f');
INSERT INTO sent (account, id, txn, digest) VALUES (x'0000000000000000000000000000000a', x'0000000000000000000000000000000e', 2, x'00');
PRAGMA user_version = 1;
