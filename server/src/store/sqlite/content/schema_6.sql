-- The sixth schema of content.db. Append-only: a change is another file.

-- Who edits which file. `until` is in milliseconds of the monotonic time of the process whose number is `life`; in another
-- life the lease begins anew with the process, so nobody loses a lock because the server was started again. `lasts` is the
-- length of the lease in milliseconds.
CREATE TABLE locks (
  entry   BLOB PRIMARY KEY REFERENCES entries (id),
  room    BLOB NOT NULL REFERENCES groups (room),
  account BLOB NOT NULL CHECK (length(account) = 16),
  device  BLOB NOT NULL CHECK (length(device) = 16),
  fence   INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  lasts   INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  life    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX locks_by_room ON locks (room);
CREATE INDEX locks_by_account ON locks (account);

-- The number of the newest lock that a file ever had.
ALTER TABLE entries ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
-- The lock with which a content is written.
ALTER TABLE uploads ADD COLUMN fence INTEGER;
ALTER TABLE nonces ADD COLUMN fence INTEGER;
