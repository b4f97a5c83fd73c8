-- The tenth schema of content.db. Append-only: a change is another file.

-- What people say that an entry is: a text, and tags, one a line.
ALTER TABLE entries ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN tags TEXT NOT NULL DEFAULT '';

-- The number under which an entry stands in the index, and of which content its text was read.
CREATE TABLE documents (
  doc    INTEGER PRIMARY KEY,
  entry  BLOB NOT NULL UNIQUE REFERENCES entries (id),
  digest BLOB
) STRICT;
CREATE INDEX documents_by_digest ON documents (digest) WHERE digest IS NOT NULL;

-- What is searched, cut by the program: the room's id, the name, description and tags, comments, and what the file says.
CREATE VIRTUAL TABLE words USING fts5 (room, name, about, said, text,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'", prefix = '1 2');
-- What is taken away leaves nothing in the index.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);

-- Entries whose words changed and are not in the index yet, and files whose content is to be read for it.
CREATE TABLE unindexed (entry BLOB PRIMARY KEY REFERENCES entries (id)) STRICT, WITHOUT ROWID;
CREATE TABLE unread (
  entry  BLOB PRIMARY KEY REFERENCES entries (id),
  digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entries_new_words AFTER INSERT ON entries BEGIN
  INSERT OR IGNORE INTO unindexed (entry) VALUES (new.id);
END;
CREATE TRIGGER entries_other_words AFTER UPDATE OF name, digest, description, tags, purged_at ON entries BEGIN
  INSERT OR IGNORE INTO unindexed (entry) VALUES (new.id);
END;
CREATE TRIGGER comments_new_words AFTER INSERT ON comments BEGIN
  INSERT OR IGNORE INTO unindexed (entry) VALUES (new.entry);
END;
CREATE TRIGGER comments_other_words AFTER UPDATE OF text ON comments BEGIN
  INSERT OR IGNORE INTO unindexed (entry) VALUES (new.entry);
END;
INSERT INTO unindexed (entry) SELECT id FROM entries WHERE purged_at IS NULL;
