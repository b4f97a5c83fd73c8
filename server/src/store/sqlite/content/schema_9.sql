-- The ninth schema of content.db. Append-only: a change is another file.

-- The comment that a line is about, by its id; what it says is read where it is, so that a deleted one says nothing.
ALTER TABLE activities ADD COLUMN comment BLOB;

-- Who looked at which version: told once for each person and version.
CREATE TABLE openings (
  entry   BLOB NOT NULL REFERENCES entries (id),
  version INTEGER NOT NULL,
  account BLOB NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (entry, version, account)
) STRICT, WITHOUT ROWID;

-- 1: the room is not told who opened what.
ALTER TABLE groups ADD COLUMN opened_untold INTEGER NOT NULL DEFAULT 0;
