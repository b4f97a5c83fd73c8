//! What stands in a message now: its newest text, what it answers, the emoji under it. A few reads by key for each
//! message, however old it is and however often it was changed.

use super::Cache;
use super::log::Target;
use super::row::{self, int, uint};
use crate::view::ErrorView;
use pod_shared::content::Activity;
use pod_shared::envelope::{Content, Envelope, Mention, Reply, ReplyTo};
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::{AccountId, MessageId, Position, RoomId, UploadId, limits};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Names told for one emoji.
const NAMES_MAX: u32 = 10;

/// A message as it stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Nothing: deleted, or written by a newer Pod.
    pub(crate) text: Option<String>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) edited: bool,
    pub(crate) deleted: bool,
    pub(crate) reply: Option<Answered>,
    pub(crate) reactions: Vec<Reacted>,
}

/// What a message answers, as far as it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) to: ReplyTo,
    pub(crate) pos: Option<Position>,
    pub(crate) by: AccountId,
    /// Nothing: deleted, or not to be read.
    pub(crate) quote: Option<String>,
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reacted {
    pub(crate) emoji: String,
    pub(crate) count: u32,
    pub(crate) mine: bool,
    /// The first of them.
    pub(crate) by: Vec<AccountId>,
}

/// A message of a log.
pub(super) fn read_said(
    tx: &Connection,
    me: AccountId,
    event: &RoomEvent,
) -> Result<Option<Said>, ErrorView> {
    let EventKind::Message { id, body, about: None } = &event.kind else { return Ok(None) };
    let target = Target { room: event.room, message: *id, author: event.by };
    if body.0.is_empty() || target.deleted(tx)? {
        return Ok(Some(Said { deleted: true, ..Said::default() }));
    }
    let mut said = Said { reactions: reactions(tx, me, target)?, ..Said::default() };
    if let Some(Content::Text { text, mentions, reply }) = Envelope::open(body).map(|held| held.content) {
        (said.text, said.mentions) = (Some(text), mentions);
        said.reply = reply.map(|reply| answered(tx, event.room, reply)).transpose()?;
    }
    if let Some(edit) = target.edit(tx)? {
        said.edited = true;
        (said.text, said.mentions) = match Envelope::open(&edit).map(|held| held.content) {
            Some(Content::Text { text, mentions, .. }) => (Some(text), mentions),
            Some(Content::Reaction { .. } | Content::Deleted {}) | None => (None, Vec::new()),
        };
    }
    Ok(Some(said))
}

/// The text that stands in a message now; nothing: none, or not to be read.
pub(super) fn text_now(tx: &Connection, event: &RoomEvent) -> Result<Option<String>, ErrorView> {
    let EventKind::Message { id, body, about: None } = &event.kind else { return Ok(None) };
    let edit = Target { room: event.room, message: *id, author: event.by }.edit(tx)?;
    Ok(match Envelope::open(edit.as_ref().unwrap_or(body)).map(|held| held.content) {
        Some(Content::Text { text, .. }) => Some(text),
        Some(Content::Reaction { .. } | Content::Deleted {}) | None => None,
    })
}

fn reactions(tx: &Connection, me: AccountId, target: Target) -> Result<Vec<Reacted>, ErrorView> {
    let mut statement = tx.prepare_cached(
        "SELECT emoji, count(*), max(by = ?4) FROM reactions
         WHERE room = ?1 AND target = ?2 AND author = ?3 AND given = 1
         GROUP BY emoji ORDER BY min(pos) LIMIT ?5",
    )?;
    let (room, message, author) =
        (target.room.as_bytes(), target.message.as_bytes(), target.author.as_bytes());
    let rows = statement
        .query_map(params![room, message, author, me.as_bytes(), limits::REACTIONS_SHOWN_MAX], |row| {
            Ok(Reacted { emoji: row.get(0)?, count: row.get(1)?, mine: row.get(2)?, by: Vec::new() })
        })?;
    let mut reacted = rows.collect::<Result<Vec<_>, _>>()?;
    let mut givers = tx.prepare_cached(
        "SELECT by FROM reactions WHERE room = ?1 AND target = ?2 AND author = ?3 AND emoji = ?4 AND given = 1
         ORDER BY pos LIMIT ?5",
    )?;
    for one in &mut reacted {
        let by = givers.query_map(params![room, message, author, one.emoji, NAMES_MAX], |row| {
            row::id(row, 0, AccountId::from_slice)
        })?;
        one.by = by.collect::<Result<_, _>>()?;
    }
    Ok(reacted)
}

/// A reply, with what stands in its target now where that is here.
fn answered(tx: &Connection, room: RoomId, reply: Reply) -> Result<Answered, ErrorView> {
    let Reply { to, pos, by, quote } = reply;
    let quoted = Answered { to, pos, by, quote: Some(quote.chars().take(limits::QUOTE_CHARS_MAX).collect()) };
    let ReplyTo::Message(message) = to else { return Ok(quoted) };
    let target = Target { room, message, author: by };
    if target.deleted(tx)? {
        return Ok(Answered { quote: None, ..quoted });
    }
    let Some(event) = target.event(tx)? else { return Ok(quoted) };
    let EventKind::Message { body, .. } = &event.kind else { return Ok(quoted) };
    let body = target.edit(tx)?.unwrap_or_else(|| body.clone());
    let text = match Envelope::open(&body).map(|held| held.content) {
        Some(Content::Text { text, .. }) => Some(text.chars().take(limits::QUOTE_CHARS_MAX).collect()),
        Some(Content::Reaction { .. } | Content::Deleted {}) | None => None,
    };
    Ok(Answered { pos: Some(event.pos), quote: text, ..quoted })
}

impl Cache {
    /// A message of a room by its id: this person's own before another's, the first before a later one.
    pub(crate) async fn message(
        &self,
        room: RoomId,
        id: MessageId,
    ) -> Result<Option<(RoomEvent, Said)>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let me = owner(tx)?;
            let event: Option<RoomEvent> = tx
                .prepare_cached(
                    "SELECT body FROM events WHERE message = ?1 AND room = ?2 ORDER BY by <> ?3, pos LIMIT 1",
                )?
                .query_row(params![id.as_bytes(), room.as_bytes(), me.as_bytes()], |row| row::unpack(row, 0))
                .optional()?;
            let Some(event) = event else { return Ok(None) };
            Ok(read_said(tx, me, &event)?.map(|said| (event, said)))
        };
        self.read(run).await
    }

    /// A file that came up in the chat: where, by whom, its name.
    pub(crate) async fn upload(
        &self,
        room: RoomId,
        id: UploadId,
    ) -> Result<Option<(Option<Position>, AccountId, String)>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let first: Option<Activity> = tx
                .prepare_cached(
                    "SELECT body FROM activities WHERE upload = ?1 AND room = ?2 ORDER BY position LIMIT 1",
                )?
                .query_row(params![id.as_bytes(), room.as_bytes()], |row| row::unpack(row, 0))
                .optional()?;
            let Some(first) = first else { return Ok(None) };
            let pos = tx
                .prepare_cached(
                    "SELECT pos FROM events WHERE room = ?1 AND content_at >= ?2 ORDER BY content_at LIMIT 1",
                )?
                .query_row(params![room.as_bytes(), int(first.position.0)], |row| uint(row, 0))
                .optional()?;
            Ok(Some((pos.map(Position), first.by, first.name)))
        };
        self.read(run).await
    }

    /// What a reply that waits in the outbox answers.
    pub(crate) async fn answered(&self, room: RoomId, reply: Reply) -> Result<Answered, ErrorView> {
        self.read(move |tx| answered(tx, room, reply.clone())).await
    }

    /// Up to where each person has read, and up to where their devices have the room.
    pub(crate) async fn marks(&self, room: RoomId) -> Result<Vec<Mark>, ErrorView> {
        self.read(move |tx| read_marks(tx, room)).await
    }
}

/// How far somebody is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) account: AccountId,
    pub(crate) read: Position,
    /// Never behind `read`.
    pub(crate) delivered: Position,
}

pub(super) fn read_marks(tx: &Connection, room: RoomId) -> Result<Vec<Mark>, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT account, pos, delivered FROM reads WHERE room = ?1")?;
    let rows = statement.query_map([room.as_bytes()], |row| {
        let (read, delivered) = (uint(row, 1)?, uint(row, 2)?);
        Ok(Mark {
            account: row::id(row, 0, AccountId::from_slice)?,
            read: Position(read),
            delivered: Position(delivered.max(read)),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whose cache it is.
pub(super) fn owner(tx: &Connection) -> Result<AccountId, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT account FROM owner")?;
    Ok(statement.query_row([], |row| row::id(row, 0, AccountId::from_slice))?)
}
