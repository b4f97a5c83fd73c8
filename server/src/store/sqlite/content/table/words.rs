//! The index of words: what stands in it, what is still to be put there, and what is found in it.

use super::columns::{count, entry_kind_of, id, id_or_none, int};
use crate::store::StoreError;
use pod_shared::content::EntryKind;
use pod_shared::{AccountId, EntryId, TimeMs};
use rusqlite::{Connection, OptionalExtension, Row, Rows, params};

/// Comments that are searched of one entry, the newest.
const COMMENTS_MAX: u32 = 1_000;

/// An entry in the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Document {
    /// Its number.
    pub(in super::super) doc: i64,
    /// The content whose text stands there.
    pub(in super::super) digest: Option<[u8; 32]>,
}

/// What an entry is found by, cut for the index; what its file says stands there already.
pub(in super::super) struct Cut {
    /// The room, as one word.
    pub(in super::super) room: String,
    /// Its name.
    pub(in super::super) name: String,
    /// Description and tags.
    pub(in super::super) about: String,
    /// Comments.
    pub(in super::super) said: String,
}

/// Some entries whose words changed.
pub(in super::super) fn unindexed(conn: &Connection, limit: u32) -> Result<Vec<EntryId>, StoreError> {
    let mut rows = conn.prepare_cached("SELECT entry FROM unindexed LIMIT ?1")?;
    let rows = rows.query_map([limit], |row| id(row, 0, EntryId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The words of an entry are in the index now.
pub(in super::super) fn indexed(conn: &Connection, entry: EntryId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM unindexed WHERE entry = ?1")?.execute([entry.as_bytes()])?;
    Ok(())
}

/// Where an entry stands in the index.
pub(in super::super) fn document(conn: &Connection, entry: EntryId) -> Result<Option<Document>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT doc, digest FROM documents WHERE entry = ?1")?
        .query_row([entry.as_bytes()], |row| Ok(Document { doc: row.get(0)?, digest: row.get(1)? }))
        .optional()?)
}

/// Texts of the newest comments on an entry.
pub(in super::super) fn comments(conn: &Connection, entry: EntryId) -> Result<Vec<String>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT text FROM comments WHERE entry = ?1 AND text IS NOT NULL ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = rows.query_map(params![entry.as_bytes(), COMMENTS_MAX], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts an entry into the index.
pub(in super::super) fn insert(conn: &Connection, entry: EntryId, cut: &Cut) -> Result<Document, StoreError> {
    conn.prepare_cached("INSERT INTO documents (entry) VALUES (?1)")?.execute([entry.as_bytes()])?;
    let doc = conn.last_insert_rowid();
    conn.prepare_cached(
        "INSERT INTO words (rowid, room, name, about, said, text) VALUES (?1, ?2, ?3, ?4, ?5, '')",
    )?
    .execute(params![doc, cut.room, cut.name, cut.about, cut.said])?;
    Ok(Document { doc, digest: None })
}

/// Writes other words of an entry.
pub(in super::super) fn update(conn: &Connection, doc: i64, cut: &Cut) -> Result<(), StoreError> {
    // An update writes the words of the file anew, too: it is not made for nothing.
    conn.prepare_cached(
        "UPDATE words SET name = ?2, about = ?3, said = ?4
         WHERE rowid = ?1 AND (name, about, said) IS NOT (?2, ?3, ?4)",
    )?
    .execute(params![doc, cut.name, cut.about, cut.said])?;
    Ok(())
}

/// Takes an entry out of the index.
pub(in super::super) fn remove(conn: &Connection, entry: EntryId) -> Result<(), StoreError> {
    if let Some(Document { doc, .. }) = document(conn, entry)? {
        conn.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([doc])?;
        conn.prepare_cached("DELETE FROM documents WHERE doc = ?1")?.execute([doc])?;
    }
    conn.prepare_cached("DELETE FROM unread WHERE entry = ?1")?.execute([entry.as_bytes()])?;
    Ok(())
}

/// The file's content is to be read for the index.
pub(in super::super) fn read_later(
    conn: &Connection,
    entry: EntryId,
    digest: &[u8; 32],
) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR REPLACE INTO unread (entry, digest) VALUES (?1, ?2)")?
        .execute(params![entry.as_bytes(), digest])?;
    Ok(())
}

/// A file whose content is to be read.
pub(in super::super) fn unread(conn: &Connection) -> Result<Option<(EntryId, [u8; 32])>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT entry, digest FROM unread LIMIT 1")?
        .query_row([], |row| Ok((id(row, 0, EntryId)?, row.get(1)?)))
        .optional()?)
}

/// This content was read for the entry, or is not worth it.
pub(in super::super) fn was_read(
    conn: &Connection,
    entry: EntryId,
    digest: &[u8; 32],
) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM unread WHERE entry = ?1 AND digest = ?2")?
        .execute(params![entry.as_bytes(), digest])?;
    Ok(())
}

/// What the same content said in another entry, as it was cut.
pub(in super::super) fn text_of(conn: &Connection, digest: &[u8; 32]) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT w.text FROM documents d JOIN words w ON w.rowid = d.doc WHERE d.digest = ?1 LIMIT 1",
        )?
        .query_row([digest], |row| row.get(0))
        .optional()?)
}

/// Writes what the file of a document says, cut, and of which content that is.
pub(in super::super) fn set_text(
    conn: &Connection,
    doc: i64,
    digest: Option<&[u8; 32]>,
    text: &str,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE words SET text = ?2 WHERE rowid = ?1")?.execute(params![doc, text])?;
    conn.prepare_cached("UPDATE documents SET digest = ?2 WHERE doc = ?1")?.execute(params![doc, digest])?;
    Ok(())
}

/// What is known of an entry that has the words.
pub(in super::super) struct Candidate {
    /// Its number in the index.
    pub(in super::super) doc: i64,
    pub(in super::super) entry: EntryId,
    pub(in super::super) parent: Option<EntryId>,
    pub(in super::super) name: String,
    pub(in super::super) kind: EntryKind,
    pub(in super::super) size: u64,
    pub(in super::super) created_by: AccountId,
    pub(in super::super) modified_at: TimeMs,
    /// Half stars of all together, and how many rated it.
    pub(in super::super) rating: (u64, u64),
    /// One a line.
    pub(in super::super) tags: String,
}

/// Goes through the entries that have the words, those that came into the index last first, until `look` says that it
/// is enough.
pub(in super::super) fn each(
    conn: &Connection,
    question: &str,
    before: i64,
    mut look: impl FnMut(Candidate) -> Result<bool, crate::error::Refusal>,
) -> Result<(), crate::error::Refusal> {
    let mut statement = conn
        .prepare_cached(
            "SELECT w.rowid, e.id, e.parent, e.name, e.kind, e.size, e.created_by, e.modified_at, e.halves,
                    e.rated, e.tags
             FROM words w CROSS JOIN documents d ON d.doc = w.rowid CROSS JOIN entries e ON e.id = d.entry
             WHERE w.words MATCH ?1 AND w.rowid < ?2 AND e.deleted_at IS NULL ORDER BY w.rowid DESC",
        )
        .map_err(StoreError::from)?;
    let mut rows: Rows<'_> = statement.query(params![question, before]).map_err(StoreError::from)?;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        if !look(candidate(row).map_err(StoreError::from)?)? {
            break;
        }
    }
    Ok(())
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        doc: row.get(0)?,
        entry: id(row, 1, EntryId)?,
        parent: id_or_none(row, 2, EntryId)?,
        name: row.get(3)?,
        kind: entry_kind_of(row, 4)?,
        size: count(row, 5)?,
        created_by: id(row, 6, AccountId)?,
        modified_at: TimeMs(row.get(7)?),
        rating: (count(row, 8)?, count(row, 9)?),
        tags: row.get(10)?,
    })
}

/// A place in the index behind all others.
pub(in super::super) fn end(after: Option<u64>) -> i64 {
    after.map_or(i64::MAX, int)
}
