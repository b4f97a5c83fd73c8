//! Messages into a room's log, each once however often it is sent, and pages of the log.

use super::work::Work;
use super::{MessengerStore, Target, Turn, abouts, column, no_such_room};
use crate::error::Refusal;
use pod_shared::bytes::ByteString;
use pod_shared::limits::HISTORY_PAGE_MAX;
use pod_shared::socket::{About, AboutKind, EventKind, RoomEvent};
use pod_shared::{AccountId, ErrorCode, MessageId, Position, Role, RoomId, TimeMs, Txn};
use rusqlite::{Connection, OptionalExtension, params};

/// Bytes of events in one page or one room's part of a sync; a longer stretch is asked for page by page.
pub(super) const EVENT_BYTES_MAX: usize = 384 * 1024;

/// A message to be written.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Its id, unique for the account.
    pub id: MessageId,
    /// The room.
    pub room: RoomId,
    /// Who writes.
    pub by: AccountId,
    /// When.
    pub at: TimeMs,
    /// The envelope.
    pub body: ByteString,
    /// The earlier message it is about.
    pub about: Option<About>,
    /// Digest of room, body and what it is about: the same id with another one is refused.
    pub digest: [u8; 32],
}

/// What a judgement on a new message rests on.
#[derive(Clone, Copy, Debug)]
pub struct PostFacts {
    /// The writer's role.
    pub role: Role,
    /// The earlier message it is about.
    pub about: Option<AboutFacts>,
}

/// What is known of the message that another is about.
#[derive(Clone, Copy, Debug)]
pub struct AboutFacts {
    /// What is done to it.
    pub how: AboutKind,
    /// It is the writer's own.
    pub own: bool,
    /// How it stands.
    pub target: Target,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its place.
    pub pos: Position,
    /// When it was accepted.
    pub at: TimeMs,
}

/// A stretch of a log, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The events.
    pub events: Vec<RoomEvent>,
    /// There are older ones that would have fitted the question.
    pub more: bool,
}

impl MessengerStore {
    /// Writes a message, or finds it written.
    ///
    /// # Errors
    /// `id_reused`, `not_found`, or what `decide` says.
    pub async fn post(
        &self,
        turn: Turn,
        message: NewMessage,
        decide: fn(&PostFacts) -> Result<(), Refusal>,
    ) -> Result<Posted, Refusal> {
        let deletes = message.about.is_some_and(|about| about.how == AboutKind::Deletion);
        let posted = self.change_in(turn, move |work| {
            let txn = work.next_txn()?;
            let inserted = work
                .connection
                .prepare_cached(
                    "INSERT INTO sent (account, id, txn, digest) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    message.by.as_bytes(),
                    message.id.as_bytes(),
                    txn.0.cast_signed(),
                    message.digest
                ])?;
            if inserted == 0 {
                return posted_before(work, &message);
            }
            let role = work.member(message.room, message.by)?;
            let earlier = match message.about {
                Some(about) => Some((about, abouts::find(work, message.room, about)?)),
                None => None,
            };
            let facts = earlier.map(|(about, (target, _))| {
                AboutFacts { how: about.how, own: about.author == message.by, target }
            });
            decide(&PostFacts { role, about: facts })?;
            let kind = EventKind::Message { id: message.id, body: message.body, about: message.about };
            let event = work.append_as(txn, message.room, message.by, message.at, kind)?;
            if let Some((about, (_, target))) = earlier {
                abouts::keep(work, txn, target, about.how)?;
            }
            let posted = Posted { pos: event.pos, at: event.at };
            work.tell(work.members(message.room)?, message.room, txn, super::Told::Event(event))?;
            Ok(posted)
        });
        let posted = posted.await?;
        if deletes {
            self.emptied.notify_one();
        }
        Ok(posted)
    }

    /// Events of a room before a position, or the newest.
    ///
    /// # Errors
    /// `not_found` for who is no member.
    pub async fn history(
        &self,
        room: RoomId,
        account: AccountId,
        before: Position,
        limit: u32,
    ) -> Result<Page, Refusal> {
        self.ask(move |connection| {
            let member: bool = connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM members WHERE room = ?1 AND account = ?2 AND role IS NOT NULL)",
                )?
                .query_row([room.as_bytes(), account.as_bytes()], |row| row.get(0))?;
            if !member {
                return Err(no_such_room());
            }
            page(connection, room, before, Txn(0), limit.clamp(1, HISTORY_PAGE_MAX))
        })
        .await
    }

    /// The other members of a small room in which this person may write; nobody else is told that they do.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn hearers_of_typing(
        &self,
        room: RoomId,
        account: AccountId,
    ) -> Result<Vec<AccountId>, Refusal> {
        self.ask(move |connection| {
            let held = connection
                .prepare_cached(
                    "SELECT role, members FROM members JOIN rooms USING (room) WHERE room = ?1 AND account = ?2",
                )?
                .query_row([room.as_bytes(), account.as_bytes()], |row| {
                    Ok((column::role(row, 0)?, column::count(row, 1)?))
                })
                .optional()?;
            let small = |count: u64| count <= super::read_marks::TOLD_MEMBERS_MAX;
            if !held.is_some_and(|(role, count)| role.is_some_and(Role::writes) && small(count)) {
                return Ok(Vec::new());
            }
            let others = connection
                .prepare_cached(
                    "SELECT account FROM members WHERE room = ?1 AND account <> ?2 AND role IS NOT NULL",
                )?
                .query_map([room.as_bytes(), account.as_bytes()], |row| column::account(row, 0))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(others)
        })
        .await
    }

    /// Those of these rooms that the person is in.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn rooms_of(&self, account: AccountId, rooms: Vec<RoomId>) -> Result<Vec<RoomId>, Refusal> {
        self.ask(move |connection| {
            let mut find = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM members WHERE room = ?1 AND account = ?2 AND role IS NOT NULL)",
            )?;
            let mut own = Vec::with_capacity(rooms.len());
            for room in rooms {
                if find.query_row([room.as_bytes(), account.as_bytes()], |row| row.get(0))? {
                    own.push(room);
                }
            }
            Ok(own)
        })
        .await
    }
}

fn posted_before(work: &Work<'_>, message: &NewMessage) -> Result<Posted, Refusal> {
    let held = work
        .connection
        .prepare_cached(
            "SELECT sent.digest, events.pos, events.at FROM sent JOIN events ON events.txn = sent.txn
             WHERE sent.account = ?1 AND sent.id = ?2",
        )?
        .query_row([message.by.as_bytes(), message.id.as_bytes()], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, column::count(row, 1)?, row.get::<_, i64>(2)?))
        })
        .optional()?;
    match held {
        // Of a deleted message nothing is kept that could tell it from another.
        Some((digest, pos, at)) if digest == message.digest || digest.is_empty() => {
            Ok(Posted { pos: Position(pos), at: TimeMs(at) })
        }
        Some(_) => Err(Refusal::new(ErrorCode::IdReused, "the id stands for another message")),
        None => Err(Refusal::internal(&"a sent message without its event")),
    }
}

/// The newest events before a position (0: the end) and after a transaction, as many as fit, oldest first.
pub(super) fn page(
    connection: &Connection,
    room: RoomId,
    before: Position,
    after: Txn,
    limit: u32,
) -> Result<Page, Refusal> {
    let before = if before.0 == 0 { i64::MAX } else { before.0.min(i64::MAX as u64).cast_signed() };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {} FROM events WHERE room = ?1 AND pos < ?2 ORDER BY pos DESC LIMIT ?3",
        column::EVENT_COLUMNS
    ))?;
    let mut rows = statement.query(params![room.as_bytes(), before, limit + 1])?;
    let (mut events, mut bytes, mut more) = (Vec::new(), 0, false);
    while let Some(row) = rows.next()? {
        // Positions and transactions rise together in a room.
        if column::count(row, 1)? <= after.0 {
            break;
        }
        bytes += row.get_ref(4)?.as_blob().map_or(0, <[u8]>::len);
        let full = events.len() == limit as usize || bytes > EVENT_BYTES_MAX;
        if full && !events.is_empty() {
            more = true;
            break;
        }
        events.push(column::event(row, room)?);
    }
    events.reverse();
    Ok(Page { events, more })
}
