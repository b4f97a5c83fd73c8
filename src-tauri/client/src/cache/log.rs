//! Rows of a log as they are kept: what stands for itself is a row of `events`; what is about an earlier message changes
//! what is known of that, the newest of each kind (order is the position, also when an older page comes later).

use super::row::{self, int, uint};
use super::{pack, tables};
use crate::view::ErrorView;
use pod_shared::bytes::ByteString;
use pod_shared::envelope::{Content, Envelope, Mention};
use pod_shared::socket::{About, AboutKind, EventKind, RoomEvent};
use pod_shared::{AccountId, MessageId, Position, RoomId, limits};
use rusqlite::{Connection, OptionalExtension, params};

/// Keeps a row, once.
pub(super) fn write(tx: &Connection, me: AccountId, event: &RoomEvent) -> Result<(), ErrorView> {
    match &event.kind {
        EventKind::Message { body, about: Some(about), .. } => write_about(tx, me, event, *about, body),
        EventKind::Message { id, body, about: None } => {
            let target = Target { room: event.room, message: *id, author: event.by };
            let gone = body.0.is_empty() || target.deleted(tx)?;
            write_row(tx, event, Some(*id), None, gone)?;
            if event.by != me && !gone {
                let edit = target.edit(tx)?;
                note_mention(tx, me, event.room, event.pos, edit.as_ref().unwrap_or(body))?;
            }
            Ok(())
        }
        EventKind::Folder { at } => write_row(tx, event, None, Some(int(at.0)), false),
        EventKind::Created { .. }
        | EventKind::Member { .. }
        | EventKind::Renamed { .. }
        | EventKind::FolderMade {} => write_row(tx, event, None, None, false),
    }
}

fn write_row(
    tx: &Connection,
    event: &RoomEvent,
    message: Option<MessageId>,
    content_at: Option<i64>,
    gone: bool,
) -> Result<(), ErrorView> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO events (room, pos, by, message, content_at, gone, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        event.room.as_bytes(),
        int(event.pos.0),
        event.by.as_bytes(),
        message.map(|id| id.as_bytes().to_vec()),
        content_at,
        gone,
        pack(event)?
    ])?;
    Ok(())
}

/// The log of a room begins anew.
pub(super) fn forget(tx: &Connection, room: RoomId) -> Result<(), ErrorView> {
    for table in tables::OF_LOGS {
        tx.execute(&format!("DELETE FROM {table} WHERE room = ?1"), [room.as_bytes()])?;
    }
    tx.execute("UPDATE rooms SET oldest = 0 WHERE id = ?1", [room.as_bytes()])?;
    Ok(())
}

/// A message that others are about.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) room: RoomId,
    pub(super) message: MessageId,
    pub(super) author: AccountId,
}

impl Target {
    /// Whether it was deleted.
    pub(super) fn deleted(&self, tx: &Connection) -> Result<bool, ErrorView> {
        let sql = "SELECT 1 FROM deletions WHERE room = ?1 AND target = ?2 AND author = ?3";
        let mut statement = tx.prepare_cached(sql)?;
        Ok(statement.exists(params![
            self.room.as_bytes(),
            self.message.as_bytes(),
            self.author.as_bytes()
        ])?)
    }

    /// The envelope of its newest edit.
    pub(super) fn edit(&self, tx: &Connection) -> Result<Option<ByteString>, ErrorView> {
        let sql = "SELECT body FROM edits WHERE room = ?1 AND target = ?2 AND author = ?3";
        let key = params![self.room.as_bytes(), self.message.as_bytes(), self.author.as_bytes()];
        let body: Option<Vec<u8>> = tx.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?;
        Ok(body.map(ByteString))
    }

    /// Its own row, if that is here.
    pub(super) fn event(&self, tx: &Connection) -> Result<Option<RoomEvent>, ErrorView> {
        let sql = "SELECT body FROM events WHERE message = ?1 AND room = ?2 AND by = ?3";
        let key = params![self.message.as_bytes(), self.room.as_bytes(), self.author.as_bytes()];
        Ok(tx.prepare_cached(sql)?.query_row(key, |row| row::unpack(row, 0)).optional()?)
    }
}

fn write_about(
    tx: &Connection,
    me: AccountId,
    event: &RoomEvent,
    about: About,
    body: &ByteString,
) -> Result<(), ErrorView> {
    let target = Target { room: event.room, message: about.message, author: about.author };
    if about.how == AboutKind::Deletion {
        return write_deletion(tx, target);
    }
    // Emptied: a deletion follows, or was here already.
    if body.0.is_empty() || target.deleted(tx)? {
        return Ok(());
    }
    match about.how {
        AboutKind::Edit => write_edit(tx, me, event, target, body),
        AboutKind::Reaction => write_reaction(tx, event, target, body),
        AboutKind::Deletion => Ok(()),
    }
}

fn write_edit(
    tx: &Connection,
    me: AccountId,
    event: &RoomEvent,
    target: Target,
    body: &ByteString,
) -> Result<(), ErrorView> {
    let newest = tx
        .prepare_cached(
            "INSERT INTO edits (room, target, author, pos, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (room, target, author) DO UPDATE SET pos = excluded.pos, body = excluded.body
             WHERE excluded.pos > edits.pos",
        )?
        .execute(params![
            target.room.as_bytes(),
            target.message.as_bytes(),
            target.author.as_bytes(),
            int(event.pos.0),
            body.0
        ])?;
    if newest == 1
        && target.author != me
        && let Some(original) = target.event(tx)?
    {
        note_mention(tx, me, target.room, original.pos, body)?;
    }
    Ok(())
}

fn write_reaction(
    tx: &Connection,
    event: &RoomEvent,
    target: Target,
    body: &ByteString,
) -> Result<(), ErrorView> {
    let Some(Content::Reaction { emoji, on }) = Envelope::open(body).map(|envelope| envelope.content) else {
        return Ok(());
    };
    if emoji.is_empty() || emoji.len() > limits::EMOJI_BYTES_MAX {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO reactions (room, target, author, emoji, by, pos, given) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (room, target, author, emoji, by) DO UPDATE SET pos = excluded.pos, given = excluded.given
         WHERE excluded.pos > reactions.pos",
    )?
    .execute(params![
        target.room.as_bytes(),
        target.message.as_bytes(),
        target.author.as_bytes(),
        emoji,
        event.by.as_bytes(),
        int(event.pos.0),
        on
    ])?;
    Ok(())
}

/// Nothing of the message stays but its line.
fn write_deletion(tx: &Connection, target: Target) -> Result<(), ErrorView> {
    let key = params![target.room.as_bytes(), target.message.as_bytes(), target.author.as_bytes()];
    tx.prepare_cached("INSERT OR IGNORE INTO deletions (room, target, author) VALUES (?1, ?2, ?3)")?
        .execute(key)?;
    for sql in [
        "DELETE FROM edits WHERE room = ?1 AND target = ?2 AND author = ?3",
        "DELETE FROM reactions WHERE room = ?1 AND target = ?2 AND author = ?3",
    ] {
        tx.prepare_cached(sql)?.execute(key)?;
    }
    let Some(mut event) = target.event(tx)? else { return Ok(()) };
    event.kind = EventKind::Message { id: target.message, body: ByteString(Vec::new()), about: None };
    tx.prepare_cached("UPDATE events SET gone = 1, body = ?3 WHERE room = ?1 AND pos = ?2")?
        .execute(params![target.room.as_bytes(), int(event.pos.0), pack(&event)?])?;
    tx.prepare_cached("DELETE FROM mentions WHERE room = ?1 AND pos = ?2")?
        .execute(params![target.room.as_bytes(), int(event.pos.0)])?;
    Ok(())
}

/// Keeps whether a message of somebody else names this person.
fn note_mention(
    tx: &Connection,
    me: AccountId,
    room: RoomId,
    pos: Position,
    body: &ByteString,
) -> Result<(), ErrorView> {
    let names_me = mentions(body).iter().any(|mention| mention.account == me);
    let sql = if names_me {
        "INSERT OR IGNORE INTO mentions (room, pos) VALUES (?1, ?2)"
    } else {
        "DELETE FROM mentions WHERE room = ?1 AND pos = ?2"
    };
    tx.prepare_cached(sql)?.execute(params![room.as_bytes(), int(pos.0)])?;
    Ok(())
}

fn mentions(body: &ByteString) -> Vec<Mention> {
    match Envelope::open(body).map(|envelope| envelope.content) {
        Some(Content::Text { mentions, .. }) => mentions,
        Some(Content::Reaction { .. } | Content::Deleted {}) | None => Vec::new(),
    }
}

/// First position of the unbroken stretch, and the newest position that was applied.
pub(super) fn bounds(tx: &Connection, room: RoomId) -> Result<Option<(u64, u64)>, ErrorView> {
    Ok(tx
        .prepare_cached("SELECT oldest, head FROM rooms WHERE id = ?1")?
        .query_row([room.as_bytes()], |row| Ok((uint(row, 0)?, uint(row, 1)?)))
        .optional()?)
}
