-- The eleventh schema of content.db. Append-only: a change is another file.

-- Bytes of all versions that are kept: in a room, and made by a person, in all rooms. `whose` is the id of either.
CREATE TABLE used (
  whose BLOB PRIMARY KEY CHECK (length(whose) = 16),
  bytes INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO used (whose, bytes)
  SELECT e.room, sum(b.size) FROM versions v JOIN entries e ON e.id = v.entry JOIN blobs b ON b.id = v.blob GROUP BY e.room;
INSERT INTO used (whose, bytes)
  SELECT v.by, sum(b.size) FROM versions v JOIN blobs b ON b.id = v.blob GROUP BY v.by;
CREATE TRIGGER versions_use AFTER INSERT ON versions BEGIN
  INSERT INTO used (whose, bytes)
    SELECT e.room, b.size FROM entries e JOIN blobs b ON b.id = new.blob WHERE e.id = new.entry
    ON CONFLICT (whose) DO UPDATE SET bytes = bytes + excluded.bytes;
  INSERT INTO used (whose, bytes)
    SELECT new.by, b.size FROM blobs b WHERE b.id = new.blob
    ON CONFLICT (whose) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER versions_free AFTER DELETE ON versions BEGIN
  UPDATE used SET bytes = bytes - (SELECT size FROM blobs WHERE id = old.blob)
    WHERE whose = (SELECT room FROM entries WHERE id = old.entry);
  UPDATE used SET bytes = bytes - (SELECT size FROM blobs WHERE id = old.blob) WHERE whose = old.by;
END;
