//! What was said about entries.

use super::columns::{count, id, id_or_none};
use crate::store::StoreError;
use pod_shared::content::Comment;
use pod_shared::{AccountId, CommentId, EntryId, TimeMs};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "id, seq, by, at, version, text, mentions, reply, entry";

fn read(row: &Row<'_>) -> rusqlite::Result<Comment> {
    let mentions: Vec<u8> = row.get(6)?;
    let mentions = mentions.chunks_exact(16).filter_map(|bytes| Uuid::from_slice(bytes).ok());
    Ok(Comment {
        id: id(row, 0, CommentId)?,
        seq: row.get(1)?,
        by: id(row, 2, AccountId)?,
        at: TimeMs(row.get(3)?),
        version: row.get(4)?,
        text: row.get(5)?,
        mentions: mentions.map(AccountId).collect(),
        reply: id_or_none(row, 7, CommentId)?,
    })
}

/// One comment, and on what.
pub(in super::super) fn get(
    conn: &Connection,
    comment: CommentId,
) -> Result<Option<(Comment, EntryId)>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM comments WHERE id = ?1"))?
        .query_row([comment.as_bytes()], |row| Ok((read(row)?, id(row, 8, EntryId)?)))
        .optional()?)
}

/// Comments on an entry before a place, the newest first.
pub(in super::super) fn before(
    conn: &Connection,
    entry: EntryId,
    seq: u32,
    limit: u32,
) -> Result<Vec<Comment>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM comments WHERE entry = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
    ))?;
    let rows = rows.query_map(params![entry.as_bytes(), seq, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The place of the newest comment on an entry, 0 when there is none.
pub(in super::super) fn newest(conn: &Connection, entry: EntryId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT ifnull(max(seq), 0) FROM comments WHERE entry = ?1")?
        .query_row([entry.as_bytes()], |row| count(row, 0))?)
}

pub(in super::super) fn insert(
    conn: &Connection,
    entry: EntryId,
    comment: &Comment,
) -> Result<(), StoreError> {
    let mentions: Vec<u8> = comment.mentions.iter().flat_map(|account| *account.as_bytes()).collect();
    conn.prepare_cached(
        "INSERT INTO comments (id, seq, by, at, version, text, mentions, reply, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        comment.id.as_bytes(),
        comment.seq,
        comment.by.as_bytes(),
        comment.at.0,
        comment.version,
        comment.text,
        mentions,
        comment.reply.as_ref().map(CommentId::as_bytes),
        entry.as_bytes()
    ])?;
    conn.prepare_cached("UPDATE entries SET comments = comments + 1 WHERE id = ?1")?
        .execute([entry.as_bytes()])?;
    Ok(())
}

/// Takes the text of a comment away.
pub(in super::super) fn clear(
    conn: &Connection,
    entry: EntryId,
    comment: CommentId,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE comments SET text = NULL, mentions = x'' WHERE id = ?1")?
        .execute([comment.as_bytes()])?;
    conn.prepare_cached("UPDATE entries SET comments = comments - 1 WHERE id = ?1")?
        .execute([entry.as_bytes()])?;
    Ok(())
}
