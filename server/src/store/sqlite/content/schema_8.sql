-- The eighth schema of content.db. Append-only: a change is another file.

-- When it was deleted for good. Of such an entry its row stays, without content, so that devices that were away hear of
-- it; what lies in it goes with it, in steps.
ALTER TABLE entries ADD COLUMN purged_at INTEGER;
CREATE INDEX entries_in_trash ON entries (room, deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
CREATE INDEX entries_in_trash_by_age ON entries (modified_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

-- Deleted for good, and not all of it is removed yet. `after` is the last of the entries in it that have a row here or
-- had one.
CREATE TABLE purges (
  entry BLOB PRIMARY KEY REFERENCES entries (id),
  after BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Comments go newest first, each after those that answer it.
CREATE INDEX comments_by_reply ON comments (reply) WHERE reply IS NOT NULL;
