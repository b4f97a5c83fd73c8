//! The tables of folders, as the second version of the cache has them: whatever a window can sort by has an index, and
//! every folder keeps its sums, so that a page costs what is on it.
//!
//! What the first version kept is dropped, and each folder's log is read anew.

/// Takes the first version to the second.
pub(super) const FOLDERS: &str = "
DROP TABLE entries;
CREATE TABLE entries (
    id BLOB PRIMARY KEY,
    room BLOB NOT NULL,
    -- The folder it lies in; at the top the room's id.
    place BLOB NOT NULL,
    -- Its own tombstone. What lies in a deleted folder has none, and is gone all the same.
    deleted INTEGER NOT NULL,
    -- 0 a folder, 1 a file.
    kind INTEGER NOT NULL,
    name_key BLOB NOT NULL,
    type_key TEXT NOT NULL,
    person BLOB NOT NULL,
    modified_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    -- The name as it is searched.
    folded TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_of_room ON entries (room);
CREATE INDEX entries_by_name ON entries (place, kind, name_key) WHERE deleted = 0;
CREATE INDEX entries_by_time ON entries (place, kind, modified_at, name_key) WHERE deleted = 0;
CREATE INDEX entries_by_person ON entries (place, kind, person, name_key) WHERE deleted = 0;
CREATE INDEX entries_by_size ON entries (place, size, name_key) WHERE deleted = 0 AND kind = 1;
CREATE INDEX entries_by_type ON entries (place, type_key, name_key) WHERE deleted = 0 AND kind = 1;
CREATE INDEX entries_by_folded ON entries (folded, room) WHERE deleted = 0;
-- How much of whom lies in a folder.
CREATE TABLE sums (
    place BLOB NOT NULL,
    kind INTEGER NOT NULL,
    person BLOB NOT NULL,
    room BLOB NOT NULL,
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (place, kind, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sums_of_room ON sums (room);
-- When what lies in a folder changed last, by a counter that never goes back: that of the empty place.
CREATE TABLE turns (
    place BLOB PRIMARY KEY,
    room BLOB NOT NULL,
    turn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX turns_of_room ON turns (room);
INSERT INTO turns (place, room, turn) VALUES (x'', x'', 0);
ALTER TABLE rooms ADD COLUMN picture TEXT;
ALTER TABLE activities ADD COLUMN entry BLOB;
CREATE INDEX activities_by_entry ON activities (entry, position) WHERE entry IS NOT NULL;
-- For the badge of a room: files of others that were stored.
CREATE INDEX activities_stored ON activities (room, position, by) WHERE stored = 1;
UPDATE rooms SET content_pos = 0;
";

/// What few files have can be sorted by as well: each in an index of those that have it. The index of names holds whether
/// they do, for the others. Each folder's log is read anew, since the columns are not told by what was kept.
pub(super) const MARKS: &str = "
ALTER TABLE entries ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE entries ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
-- The average, in thousandths of half a star.
ALTER TABLE entries ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
-- Since when somebody edits it, in milliseconds.
ALTER TABLE entries ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
DROP INDEX entries_by_name;
CREATE INDEX entries_by_name ON entries (place, kind, name_key, id, version, comments, rating, locked) WHERE deleted = 0;
CREATE INDEX entries_by_version ON entries (place, kind, version, name_key) WHERE deleted = 0 AND version > 1;
CREATE INDEX entries_by_comments ON entries (place, kind, comments, name_key) WHERE deleted = 0 AND comments > 0;
CREATE INDEX entries_by_rating ON entries (place, kind, rating, name_key) WHERE deleted = 0 AND rating > 0;
CREATE INDEX entries_by_lock ON entries (place, kind, locked, name_key) WHERE deleted = 0 AND locked > 0;
UPDATE rooms SET content_pos = 0;
";

/// Rooms that are not told who opened what; what a person did is found without walking the logs of rooms.
pub(super) const OPENED: &str = "
ALTER TABLE rooms ADD COLUMN opened_untold INTEGER NOT NULL DEFAULT 0;
CREATE INDEX activities_by_person ON activities (by, room, position);
";
