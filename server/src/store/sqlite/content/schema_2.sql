-- The second schema of content.db. Append-only: a change is another file.

-- `deleted_at` marks what was deleted itself; what lies in a deleted folder is gone with it and has no mark of its own.
-- `below` counts the entries that hang from a folder and have no mark, nor any folder between them and it. So deleting
-- and bringing back a folder writes a few rows, however much lies in it.
ALTER TABLE entries ADD COLUMN below INTEGER NOT NULL DEFAULT 0;
UPDATE entries SET deleted_at = NULL WHERE deleted_at IS NOT NULL AND position <> deleted_at;
CREATE TABLE tally AS
  WITH RECURSIVE up (id, at) AS (
    SELECT id, parent FROM entries WHERE deleted_at IS NULL AND parent IS NOT NULL
    UNION ALL
    SELECT u.id, p.parent FROM up u JOIN entries p ON p.id = u.at
    WHERE p.deleted_at IS NULL AND p.parent IS NOT NULL)
  SELECT at, count(*) AS n FROM up GROUP BY at;
UPDATE entries SET below = tally.n FROM tally WHERE tally.at = entries.id;
DROP TABLE tally;
-- For how deep a tree of folders is: files are not looked at.
CREATE INDEX entries_folders ON entries (parent) WHERE parent IS NOT NULL AND kind = 2 AND deleted_at IS NULL;

-- The picture of a room, as this server drew it anew. kind: 1 PNG, 2 JPEG.
CREATE TABLE pictures (
  room   BLOB PRIMARY KEY REFERENCES groups (room),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  kind   INTEGER NOT NULL CHECK (kind IN (1, 2)),
  bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
