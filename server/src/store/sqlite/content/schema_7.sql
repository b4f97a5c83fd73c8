-- The seventh schema of content.db. Append-only: a change is another file.

-- What was said about an entry, in the order of `seq`, from 1 without gaps. No text: it was deleted. `mentions` are ids of
-- 16 bytes each.
CREATE TABLE comments (
  id       BLOB PRIMARY KEY CHECK (length(id) = 16),
  entry    BLOB NOT NULL REFERENCES entries (id),
  seq      INTEGER NOT NULL,
  by       BLOB NOT NULL,
  at       INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  text     TEXT,
  mentions BLOB NOT NULL,
  reply    BLOB REFERENCES comments (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX comments_by_entry ON comments (entry, seq);

-- Half stars, one rating for each person and entry.
CREATE TABLE ratings (
  entry   BLOB NOT NULL REFERENCES entries (id),
  account BLOB NOT NULL,
  halves  INTEGER NOT NULL CHECK (halves BETWEEN 2 AND 10),
  at      INTEGER NOT NULL,
  PRIMARY KEY (entry, account)
) STRICT, WITHOUT ROWID;

-- Comments that still have a text; all half stars, and of how many people.
ALTER TABLE entries ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN halves INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN rated INTEGER NOT NULL DEFAULT 0;
