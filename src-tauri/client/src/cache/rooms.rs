//! Questions about rooms and people.

use super::Cache;
use super::row::{self, uint};
use crate::view::ErrorView;
use pod_shared::{AccountId, ContentPosition, MessageId, Position, Role, RoomId, TimeMs};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use std::collections::BTreeMap;

/// A room as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoomRow {
    pub(crate) id: RoomId,
    pub(crate) title: String,
    pub(crate) created_by: Option<AccountId>,
    pub(crate) created_at: TimeMs,
    pub(crate) has_folder: bool,
    pub(crate) head: Position,
    /// First position of the unbroken stretch; 0: no event is here.
    pub(crate) oldest: Position,
    pub(crate) content_pos: ContentPosition,
    pub(crate) read: Position,
    pub(crate) last_at: TimeMs,
    /// The digest of its picture.
    pub(crate) picture: Option<String>,
    /// It is told who opened what.
    pub(crate) opened_told: bool,
}

/// A member, or (role absent) somebody who was one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberRow {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) role: Option<Role>,
}

/// A badge counts no further.
const UNREAD_MAX: u32 = 1_000;

const ROOM: &str = "SELECT id, title, created_by, created_at, folder, head, oldest, content_pos, read, last_at, picture, opened_untold FROM rooms";

fn room_row(row: &Row<'_>) -> rusqlite::Result<RoomRow> {
    Ok(RoomRow {
        id: row::id(row, 0, RoomId::from_slice)?,
        title: row.get(1)?,
        created_by: row::maybe_id(row, 2, AccountId::from_slice)?,
        created_at: TimeMs(row.get(3)?),
        has_folder: row.get(4)?,
        head: Position(uint(row, 5)?),
        oldest: Position(uint(row, 6)?),
        content_pos: ContentPosition(uint(row, 7)?),
        read: Position(uint(row, 8)?),
        last_at: TimeMs(row.get(9)?),
        picture: row.get(10)?,
        opened_told: !row.get::<_, bool>(11)?,
    })
}

pub(super) fn read_room(tx: &Transaction<'_>, room: RoomId) -> Result<Option<RoomRow>, ErrorView> {
    let mut statement = tx.prepare_cached(&format!("{ROOM} WHERE id = ?1"))?;
    Ok(statement.query_row([room.as_bytes()], room_row).optional()?)
}

pub(super) fn read_members(tx: &Transaction<'_>, room: RoomId) -> Result<Vec<MemberRow>, ErrorView> {
    let mut statement = tx.prepare_cached(
        "SELECT account, name, display_name, role FROM members WHERE room = ?1 ORDER BY role DESC, display_name",
    )?;
    let members = statement.query_map([room.as_bytes()], |row| {
        Ok(MemberRow {
            account: row::id(row, 0, AccountId::from_slice)?,
            name: row.get(1)?,
            display_name: row.get(2)?,
            role: row.get::<_, Option<u8>>(3)?.and_then(Role::from_code),
        })
    })?;
    Ok(members.collect::<Result<_, _>>()?)
}

impl Cache {
    /// All rooms, newest activity first.
    pub(crate) async fn rooms(&self) -> Result<Vec<RoomRow>, ErrorView> {
        let run = |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(&format!("{ROOM} ORDER BY last_at DESC, id"))?;
            let rooms = statement.query_map([], room_row)?;
            Ok(rooms.collect::<Result<_, _>>()?)
        };
        self.read(run).await
    }

    /// One room.
    pub(crate) async fn room(&self, room: RoomId) -> Result<Option<RoomRow>, ErrorView> {
        self.read(move |tx| read_room(tx, room)).await
    }

    /// Members and former members, highest role first.
    pub(crate) async fn members(&self, room: RoomId) -> Result<Vec<MemberRow>, ErrorView> {
        self.read(move |tx| read_members(tx, room)).await
    }

    /// What to call a room: its title, or the others' names; empty when it is not known.
    pub(crate) async fn room_title(&self, room: RoomId) -> Result<String, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let Some(row) = read_room(tx, room)? else { return Ok(String::new()) };
            if !row.title.is_empty() {
                return Ok(row.title);
            }
            let me: Vec<u8> = tx.query_row("SELECT account FROM owner", [], |row| row.get(0))?;
            let members = read_members(tx, room)?;
            let others = members.into_iter().filter(|member| {
                member.role.is_some() && member.account.as_bytes().as_slice() != me.as_slice()
            });
            Ok(others.map(|member| member.display_name).collect::<Vec<_>>().join(", "))
        };
        self.read(run).await
    }

    /// Somebody known from any room.
    pub(crate) async fn person(&self, account: AccountId) -> Result<Option<MemberRow>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT account, name, display_name FROM members WHERE account = ?1 LIMIT 1",
            )?;
            let person = statement.query_row([account.as_bytes()], |row| {
                Ok(MemberRow { account, name: row.get(1)?, display_name: row.get(2)?, role: None })
            });
            Ok(person.optional()?)
        };
        self.read(run).await
    }

    /// Items after the read mark that are worth a badge: messages and stored files of others who are not blocked. Counts on to a limit only.
    pub(crate) async fn unread(&self, room: RoomId, read: Position) -> Result<u32, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let me: Option<Vec<u8>> =
                tx.query_row("SELECT account FROM owner", [], |row| row.get(0)).optional()?;
            let read = row::int(read.0);
            let messages: u32 = tx
                .prepare_cached(
                    "SELECT count(*) FROM (SELECT 1 FROM events WHERE room = ?1 AND pos > ?2
                     AND message IS NOT NULL AND gone = 0 AND by <> ?3
                     AND by NOT IN (SELECT account FROM contacts WHERE blocked = 1) LIMIT ?4)",
                )?
                .query_row(params![room.as_bytes(), read, me, UNREAD_MAX], |row| row.get(0))?;
            // A file counts when its place in the chat lies behind the mark.
            let files: u32 = tx
                .prepare_cached(
                    "SELECT count(*) FROM (SELECT 1 FROM activities WHERE room = ?1 AND stored = 1 AND by <> ?3
                     AND by NOT IN (SELECT account FROM contacts WHERE blocked = 1)
                     AND position > coalesce(
                         (SELECT content_at FROM events INDEXED BY events_of_folder_by_place
                          WHERE room = ?1 AND pos <= ?2 AND content_at IS NOT NULL ORDER BY pos DESC LIMIT 1),
                         (SELECT 0 FROM rooms WHERE id = ?1 AND oldest <= 1),
                         (SELECT content_at - 1 FROM events INDEXED BY events_of_folder_by_place
                          WHERE room = ?1 AND pos > ?2 AND content_at IS NOT NULL ORDER BY pos LIMIT 1)) LIMIT ?4)",
                )?
                .query_row(params![room.as_bytes(), read, me, UNREAD_MAX], |row| row.get(0))?;
            Ok(messages + files)
        };
        self.read(run).await
    }

    /// Messages after the read mark that name this person.
    pub(crate) async fn unread_mentions(&self, room: RoomId, read: Position) -> Result<u32, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM mentions WHERE room = ?1 AND pos > ?2 LIMIT ?3)",
            )?;
            let key = params![room.as_bytes(), row::int(read.0), UNREAD_MAX];
            Ok(statement.query_row(key, |row| row.get(0))?)
        };
        self.read(run).await
    }

    /// Which of these messages are in a log.
    pub(crate) async fn known_messages(&self, ids: Vec<MessageId>) -> Result<Vec<MessageId>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached("SELECT 1 FROM events WHERE message = ?1")?;
            let mut known = Vec::new();
            for id in &ids {
                if statement.exists([id.as_bytes()])? {
                    known.push(*id);
                }
            }
            Ok(known)
        };
        self.read(run).await
    }
}

/// Where the logs of these rooms end, of those that are here.
pub(super) fn heads_of(
    tx: &Transaction<'_>,
    rooms: &[RoomId],
) -> Result<BTreeMap<RoomId, Position>, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT head FROM rooms WHERE id = ?1")?;
    let mut heads = BTreeMap::new();
    for room in rooms {
        let head = statement.query_row([room.as_bytes()], |row| uint(row, 0)).optional()?;
        heads.extend(head.map(|head| (*room, Position(head))));
    }
    Ok(heads)
}
