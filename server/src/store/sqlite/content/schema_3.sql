-- The third schema of content.db. Append-only: a change is another file.

-- An upload goes into a room's folder, or (`offer`) it is the rest of a file for a person who is away.
CREATE TABLE uploads_with_offers (
  id            BLOB PRIMARY KEY CHECK (length(id) = 16),
  room          BLOB REFERENCES groups (room),
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
  version       INTEGER,
  offer         BLOB CHECK (length(offer) = 16),
  CHECK ((room IS NULL) <> (offer IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO uploads_with_offers (id, room, parent, name, by, length, promised, modified_ms, created_at, state,
    unproven_from, entry, version)
  SELECT id, room, parent, name, by, length, promised, modified_ms, created_at, state, unproven_from, entry, version
  FROM uploads;
DROP TABLE uploads;
ALTER TABLE uploads_with_offers RENAME TO uploads;
CREATE INDEX uploads_open_by_room ON uploads (room) WHERE state = 1;
CREATE INDEX uploads_open_by_account ON uploads (by) WHERE state = 1;
CREATE INDEX uploads_open_by_offer ON uploads (offer) WHERE state = 1 AND offer IS NOT NULL;

-- Whether a person may read a content is asked from that person's side, so that the answer takes as long whatever others
-- have: the rooms they are in, and what they sent themselves.
CREATE INDEX entries_by_digest ON entries (room, digest) WHERE digest IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX uploads_by_digest ON uploads (by, promised) WHERE state = 2 AND promised IS NOT NULL;

-- form: 1 as it came and not looked at yet, 2 packed, 3 as it came for good, because packing does not pay. `spares` counts
-- the rows in `spares`.
ALTER TABLE blobs ADD COLUMN form INTEGER NOT NULL DEFAULT 1 CHECK (form IN (1, 2, 3));
ALTER TABLE blobs ADD COLUMN spares INTEGER NOT NULL DEFAULT 0;
CREATE INDEX blobs_as_they_came ON blobs (id) WHERE form = 1;
CREATE INDEX blobs_without_spares ON blobs (id) WHERE spares < 2 AND size >= 65536;

-- Nonces for proofs of instant upload, each with the proof that is right for this content, made beforehand. Each is given
-- to one question.
CREATE TABLE spares (
  blob  INTEGER NOT NULL REFERENCES blobs (id),
  nonce BLOB NOT NULL CHECK (length(nonce) = 32),
  proof BLOB NOT NULL CHECK (length(proof) = 32),
  PRIMARY KEY (blob, nonce)
) STRICT, WITHOUT ROWID;

-- Nonces given out, each for one proof by one device. `proof` is the right one; none: the server has no such content, or
-- no spare nonce for it, and any proof is wrong.
CREATE TABLE nonces (
  account     BLOB NOT NULL,
  device      BLOB NOT NULL,
  upload      BLOB NOT NULL,
  nonce       BLOB NOT NULL CHECK (length(nonce) = 32),
  proof       BLOB CHECK (length(proof) = 32),
  until       INTEGER NOT NULL,
  room        BLOB NOT NULL,
  parent      BLOB,
  name        TEXT NOT NULL,
  size        INTEGER NOT NULL,
  digest      BLOB NOT NULL,
  modified_ms INTEGER,
  PRIMARY KEY (account, device, upload)
) STRICT, WITHOUT ROWID;
CREATE INDEX nonces_by_age ON nonces (account, until);

-- Names of contents that no blob has: about to be made, or left behind. Removed when they are old enough.
CREATE TABLE loose (
  object TEXT PRIMARY KEY,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Forwarded offers: files for people who are away. Byte `start` of the file is the first that goes through the server;
-- `root` is the digest of the manifest; state: 1 being sent, 2 whole, 3 over. A whole one pins its blob.
CREATE TABLE forwards (
  offer      BLOB PRIMARY KEY CHECK (length(offer) = 16),
  sender     BLOB NOT NULL CHECK (length(sender) = 16),
  receiver   BLOB NOT NULL CHECK (length(receiver) = 16),
  size       INTEGER NOT NULL,
  start      INTEGER NOT NULL,
  digest     BLOB NOT NULL CHECK (length(digest) = 32),
  root       BLOB NOT NULL CHECK (length(root) = 32),
  state      INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
  blob       INTEGER REFERENCES blobs (id),
  created_at INTEGER NOT NULL,
  until      INTEGER NOT NULL,
  CHECK ((state = 2) = (blob IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX forwards_by_sender ON forwards (sender, digest) WHERE state <> 3;
CREATE INDEX forwards_by_receiver ON forwards (receiver, digest) WHERE state <> 3;
CREATE INDEX forwards_by_blob ON forwards (blob) WHERE blob IS NOT NULL;
CREATE INDEX forwards_by_age ON forwards (until);

-- The digests of the pieces of a forwarded file, 32 bytes each.
CREATE TABLE manifests (
  offer  BLOB PRIMARY KEY REFERENCES forwards (offer),
  pieces BLOB NOT NULL
) STRICT, WITHOUT ROWID;
