-- content.db as the first release made it, frozen: never edited when the schema moves on.
-- The first schema of content.db. Append-only: a change is another file.
-- Ids are the 16 bytes of a UUID, times are milliseconds since 1970, digests are raw bytes.

-- A sharing group: the content half of a room. `head` is the newest content position, `live` counts entries that are
-- not deleted.
CREATE TABLE groups (
  room          BLOB PRIMARY KEY CHECK (length(room) = 16),
  title         TEXT NOT NULL,
  title_counter INTEGER NOT NULL,
  created_by    BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at    INTEGER NOT NULL,
  head          INTEGER NOT NULL,
  live          INTEGER NOT NULL CHECK (live >= 0)
) STRICT, WITHOUT ROWID;

-- One versioned fact for each person that is or was a member. No role: removed.
CREATE TABLE members (
  room       BLOB NOT NULL REFERENCES groups (room),
  account    BLOB NOT NULL CHECK (length(account) = 16),
  role       INTEGER CHECK (role BETWEEN 1 AND 4),
  counter    INTEGER NOT NULL,
  changed_by BLOB NOT NULL CHECK (length(changed_by) = 16),
  PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_account ON members (account, room) WHERE role IS NOT NULL;

-- Files and folders. `name_key` is the name as it is compared; `deleted_at` the content position of the deletion, the
-- same for everything that lay in a deleted folder.
CREATE TABLE entries (
  id          BLOB PRIMARY KEY CHECK (length(id) = 16),
  room        BLOB NOT NULL REFERENCES groups (room),
  parent      BLOB REFERENCES entries (id),
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  kind        INTEGER NOT NULL CHECK (kind IN (1, 2)),
  version     INTEGER NOT NULL,
  size        INTEGER NOT NULL,
  digest      BLOB,
  created_at  INTEGER NOT NULL,
  created_by  BLOB NOT NULL,
  modified_at INTEGER NOT NULL,
  modified_by BLOB NOT NULL,
  position    INTEGER NOT NULL,
  deleted_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_live ON entries (room, ifnull(parent, x''), name_key) WHERE deleted_at IS NULL;
CREATE INDEX entries_by_parent ON entries (parent) WHERE parent IS NOT NULL;

-- Stored contents. `object` is the name in the blob store; `digest` is SHA-256.
CREATE TABLE blobs (
  id         INTEGER PRIMARY KEY,
  object     TEXT NOT NULL UNIQUE,
  digest     BLOB NOT NULL CHECK (length(digest) = 32),
  size       INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX blobs_by_digest ON blobs (digest);

-- The pieces of a blob; `digest` is BLAKE3 of the piece.
CREATE TABLE chunks (
  blob   INTEGER NOT NULL REFERENCES blobs (id),
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (blob, offset)
) STRICT, WITHOUT ROWID;

-- Each version of a file, from 1 without gaps; it pins its blob.
CREATE TABLE versions (
  entry       BLOB NOT NULL REFERENCES entries (id),
  version     INTEGER NOT NULL,
  blob        INTEGER NOT NULL REFERENCES blobs (id),
  by          BLOB NOT NULL,
  at          INTEGER NOT NULL,
  modified_ms INTEGER,
  upload      BLOB NOT NULL UNIQUE,
  PRIMARY KEY (entry, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_blob ON versions (blob);

-- What happened, one row whatever the number of members; positions of a room run from 1 without gaps.
CREATE TABLE activities (
  room     BLOB NOT NULL REFERENCES groups (room),
  position INTEGER NOT NULL,
  id       BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  at       INTEGER NOT NULL,
  by       BLOB NOT NULL,
  kind     INTEGER NOT NULL,
  entry    BLOB REFERENCES entries (id),
  name     TEXT NOT NULL,
  was      TEXT,
  size     INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  upload   BLOB,
  PRIMARY KEY (room, position)
) STRICT, WITHOUT ROWID;

-- Uploads. state: 1 open, 2 done, 3 cancelled or expired. While `unproven_from` is set, the bytes from there on came
-- with a checksum that is not yet compared.
CREATE TABLE uploads (
  id            BLOB PRIMARY KEY CHECK (length(id) = 16),
  room          BLOB NOT NULL REFERENCES groups (room),
  parent        BLOB,
  name          TEXT NOT NULL,
  by            BLOB NOT NULL,
  length        INTEGER NOT NULL,
  promised      BLOB,
  modified_ms   INTEGER,
  created_at    INTEGER NOT NULL,
  state         INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
  unproven_from INTEGER,
  entry         BLOB REFERENCES entries (id),
  version       INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_open_by_room ON uploads (room) WHERE state = 1;
CREATE INDEX uploads_open_by_account ON uploads (by) WHERE state = 1;

-- Who has downloaded which version: each is told once.
CREATE TABLE downloads (
  entry   BLOB NOT NULL REFERENCES entries (id),
  version INTEGER NOT NULL,
  account BLOB NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (entry, version, account)
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

-- A row in each table that matters, as that release wrote them.
INSERT INTO groups (room, title, title_counter, created_by, created_at, head, live)
VALUES (x'0193a1b2000070008000000000000002', 'first', 1, x'0193a1b2000070008000000000000001', 5, 1, 0);
INSERT INTO members (room, account, role, counter, changed_by)
VALUES (x'0193a1b2000070008000000000000002', x'0193a1b2000070008000000000000001', 4, 1, x'0193a1b2000070008000000000000001');
INSERT INTO activities (room, position, id, at, by, kind, name, size, version)
VALUES (x'0193a1b2000070008000000000000002', 1, x'0193a1b2000070008000000000000003', 5, x'0193a1b2000070008000000000000001', 1, '', 0, 0);
PRAGMA user_version = 1;
