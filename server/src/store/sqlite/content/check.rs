//! The invariants of content.db, each a question that must find nothing.

use super::StoredBlob;
use super::table::{blobs, loose, uploads};
use crate::store::StoreError;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// What holds, said by its violation, and the question that finds the violations (one id or number a row).
const LAWS: &[(&str, &str)] = &[
    (
        "the folder's position is not that of its last activity",
        "SELECT hex(g.room) FROM groups g
         WHERE g.head <> (SELECT ifnull(max(position), 0) FROM activities a WHERE a.room = g.room)",
    ),
    (
        "the folder's log has a gap",
        "SELECT hex(room) FROM activities GROUP BY room HAVING min(position) <> 1 OR count(*) <> max(position)",
    ),
    (
        "the folder's count of entries is wrong",
        "SELECT hex(g.room) FROM groups g
         WHERE g.live <> (SELECT ifnull(sum(1 + e.below), 0) FROM entries e
                          WHERE e.room = g.room AND e.parent IS NULL AND e.deleted_at IS NULL)",
    ),
    (
        "a folder's count of what hangs from it is wrong",
        "SELECT hex(p.id) FROM entries p
         WHERE p.below <> (SELECT ifnull(sum(1 + c.below), 0) FROM entries c
                           WHERE c.parent = p.id AND c.deleted_at IS NULL)",
    ),
    (
        "an entry lies in what is no folder of its room",
        "SELECT hex(e.id) FROM entries e LEFT JOIN entries p ON p.id = e.parent
         WHERE e.parent IS NOT NULL AND (p.id IS NULL OR p.kind <> 2 OR p.room <> e.room)",
    ),
    (
        "a folder lies in itself",
        "WITH RECURSIVE reached (id) AS (
           SELECT id FROM entries WHERE parent IS NULL UNION
           SELECT e.id FROM entries e JOIN reached r ON e.parent = r.id)
         SELECT hex(id) FROM entries WHERE id NOT IN (SELECT id FROM reached)",
    ),
    (
        "a file's newest version is not the one it shows",
        "SELECT hex(e.id) FROM entries e LEFT JOIN versions v ON v.entry = e.id AND v.version = e.version
         LEFT JOIN blobs b ON b.id = v.blob
         WHERE e.kind = 1 AND e.purged_at IS NULL AND (b.id IS NULL OR b.size <> e.size OR b.digest <> e.digest
           OR e.version <> (SELECT max(version) FROM versions w WHERE w.entry = e.id))",
    ),
    (
        "a file's versions have a gap",
        "SELECT hex(entry) FROM versions GROUP BY entry HAVING count(*) <> max(version) - min(version) + 1",
    ),
    (
        "a folder has versions",
        "SELECT hex(e.id) FROM entries e JOIN versions v ON v.entry = e.id WHERE e.kind = 2",
    ),
    (
        "a stored content belongs to nothing",
        "SELECT object FROM blobs WHERE id NOT IN (SELECT blob FROM versions)
           AND id NOT IN (SELECT blob FROM forwards WHERE blob IS NOT NULL)",
    ),
    (
        "a stored content's count of spare nonces is wrong",
        "SELECT object FROM blobs b WHERE spares <> (SELECT count(*) FROM spares s WHERE s.blob = b.id)",
    ),
    (
        "a name is loose, and a stored content has it",
        "SELECT object FROM loose WHERE object IN (SELECT object FROM blobs)",
    ),
    (
        "the pieces of a stored content do not add up",
        "SELECT b.object FROM blobs b
         WHERE b.size <> (SELECT ifnull(sum(length), 0) FROM chunks c WHERE c.blob = b.id)
            OR b.size <> (SELECT ifnull(max(offset + length), 0) FROM chunks c WHERE c.blob = b.id)",
    ),
    (
        "a finished upload has no version",
        "SELECT hex(u.id) FROM uploads u LEFT JOIN versions v ON v.upload = u.id
         WHERE u.state = 2 AND u.room IS NOT NULL
           AND (u.entry IS NULL OR ifnull(v.entry <> u.entry OR v.version <> u.version,
             u.version >= (SELECT min(w.version) FROM versions w WHERE w.entry = u.entry)))",
    ),
    (
        "an upload is open for somebody who may not send",
        "SELECT hex(u.id) FROM uploads u LEFT JOIN members m ON m.room = u.room AND m.account = u.by
         WHERE u.state = 1 AND u.room IS NOT NULL AND ifnull(m.role, 0) < 2",
    ),
    (
        "an upload is open for an offered file that is not being sent",
        "SELECT hex(u.id) FROM uploads u LEFT JOIN forwards f ON f.offer = u.offer
         WHERE u.state = 1 AND u.offer IS NOT NULL AND (f.offer IS NULL OR f.state <> 1 OR f.sender <> u.by)",
    ),
    (
        "a forwarded file has another length than was said",
        "SELECT hex(f.offer) FROM forwards f JOIN blobs b ON b.id = f.blob WHERE b.size <> f.size - f.start",
    ),
    (
        "a manifest has another length than its file has pieces",
        "SELECT hex(m.offer) FROM manifests m JOIN forwards f ON f.offer = m.offer
         WHERE length(m.pieces) <> 32 * ((f.size + 1048575) / 1048576) OR f.state = 3",
    ),
    (
        "a lock is of no file that is there, or of nobody who may write",
        "SELECT hex(l.entry) FROM locks l JOIN entries e ON e.id = l.entry
         LEFT JOIN members m ON m.room = l.room AND m.account = l.account
         WHERE e.kind <> 1 OR e.room <> l.room OR e.deleted_at IS NOT NULL OR ifnull(m.role, 0) < 2
           OR l.fence <> e.fence",
    ),
    (
        "an entry's count of comments, or their order, is wrong",
        "SELECT hex(e.id) FROM entries e
         WHERE e.comments <> (SELECT count(*) FROM comments c WHERE c.entry = e.id AND c.text IS NOT NULL)
            OR (SELECT count(*) FROM comments c WHERE c.entry = e.id)
              <> (SELECT ifnull(max(seq), 0) FROM comments c WHERE c.entry = e.id)",
    ),
    (
        "an entry's sum of ratings is wrong",
        "SELECT hex(e.id) FROM entries e
         WHERE e.rated <> (SELECT count(*) FROM ratings r WHERE r.entry = e.id)
            OR e.halves <> (SELECT ifnull(sum(r.halves), 0) FROM ratings r WHERE r.entry = e.id)",
    ),
    (
        "a permission, or where it was told, is of an entry of another room",
        "SELECT hex(e.id) FROM permissions p JOIN entries e ON e.id = p.entry WHERE e.room <> p.room
         UNION ALL SELECT hex(e.id) FROM sights s JOIN entries e ON e.id = s.entry
         LEFT JOIN activities a ON a.room = s.room AND a.position = s.position
         WHERE e.room <> s.room OR a.entry IS NOT s.entry",
    ),
    (
        "something is left of what was deleted for good",
        "SELECT hex(e.id) FROM entries e
         WHERE e.purged_at IS NOT NULL AND e.id NOT IN (SELECT entry FROM purges)
           AND (e.digest IS NOT NULL OR EXISTS (SELECT 1 FROM versions v WHERE v.entry = e.id)
             OR EXISTS (SELECT 1 FROM comments c WHERE c.entry = e.id)
             OR EXISTS (SELECT 1 FROM ratings r WHERE r.entry = e.id)
             OR EXISTS (SELECT 1 FROM entries c WHERE c.parent = e.id AND c.purged_at IS NULL
                  AND c.id NOT IN (SELECT entry FROM purges)))",
    ),
    (
        "an entry's words are neither in the index nor on their way",
        "SELECT hex(id) FROM entries e WHERE purged_at IS NULL AND id NOT IN (SELECT entry FROM unindexed)
           AND NOT EXISTS (SELECT 1 FROM documents d JOIN words w ON w.rowid = d.doc WHERE d.entry = e.id)",
    ),
    (
        "the index has words of what is not there",
        "SELECT w.rowid || '' FROM words w WHERE w.rowid NOT IN (SELECT doc FROM documents)
         UNION ALL SELECT hex(d.entry) FROM documents d JOIN entries e ON e.id = d.entry
         WHERE e.purged_at IS NOT NULL AND e.id NOT IN (SELECT entry FROM unindexed)",
    ),
    (
        "what a room or a person takes up is counted wrong",
        "SELECT hex(u.whose) FROM used u WHERE u.bytes <>
           (SELECT ifnull(sum(b.size), 0) FROM versions v JOIN entries e ON e.id = v.entry JOIN blobs b ON b.id = v.blob
            WHERE e.room = u.whose OR v.by = u.whose)
         UNION ALL SELECT hex(v.by) FROM versions v WHERE v.by NOT IN (SELECT whose FROM used)",
    ),
    (
        "what is there was deleted for good",
        "SELECT hex(id) FROM entries e WHERE purged_at IS NOT NULL AND deleted_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM entries p WHERE p.id = e.parent AND (p.purged_at IS NOT NULL
             OR p.id IN (SELECT entry FROM purges)))",
    ),
    ("a reference leads nowhere", "SELECT \"table\" FROM pragma_foreign_key_check"),
];

/// One line for each invariant that does not hold.
///
/// # Errors
/// When the database cannot be read.
pub fn check(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut violations = Vec::new();
    for (law, question) in LAWS {
        let mut found = connection.prepare(question)?;
        let found = found.query_map([], |row| row.get::<_, String>(0))?;
        for which in found {
            violations.push(format!("{law}: {}", which?.to_lowercase()));
        }
    }
    Ok(violations)
}

/// The files that must be there.
#[derive(Debug, Default)]
pub struct ExpectedFiles {
    /// Stored contents.
    pub blobs: Vec<StoredBlob>,
    /// Names of open uploads, each with a partial file or none yet, and loose names, whose files come or go.
    pub open: BTreeSet<String>,
}

/// The files that must be there.
///
/// # Errors
/// When the database cannot be read.
pub fn expected_files(connection: &Connection) -> Result<ExpectedFiles, StoreError> {
    const PAGE: u32 = 1_000;
    let mut expected = ExpectedFiles::default();
    let mut after = 0;
    loop {
        let (mut page, last) = blobs::page(connection, after, PAGE)?;
        let done = page.len() < PAGE as usize;
        expected.blobs.append(&mut page);
        if done {
            break;
        }
        after = last;
    }
    expected.open = uploads::open_names(connection)?;
    expected.open.append(&mut loose::names(connection)?);
    Ok(expected)
}
