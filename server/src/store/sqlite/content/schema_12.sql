-- The twelfth schema of content.db. Append-only: a change is another file.

-- Who may see and change an entry, and what lies in it, where that is less than everybody in the room. shared: 1 everyone,
-- 2 the people (ids of 16 bytes each) and the registrant, 3 the registrant.
CREATE TABLE permissions (
  entry     BLOB PRIMARY KEY REFERENCES entries (id),
  room      BLOB NOT NULL REFERENCES groups (room),
  shared    INTEGER NOT NULL CHECK (shared IN (1, 2, 3)),
  view_only INTEGER NOT NULL CHECK (view_only IN (0, 1)),
  people    BLOB NOT NULL,
  CHECK (shared <> 1 OR view_only = 1),
  CHECK ((shared = 2) = (length(people) > 0))
) STRICT, WITHOUT ROWID;
CREATE INDEX permissions_by_room ON permissions (room);

-- Where in the log of a folder others may see an entry than before: by a permission, or by a move.
CREATE TABLE sights (
  room     BLOB NOT NULL REFERENCES groups (room),
  position INTEGER NOT NULL,
  entry    BLOB NOT NULL REFERENCES entries (id),
  PRIMARY KEY (room, position)
) STRICT, WITHOUT ROWID;
