//! Questions of the notices: what is unread of what just came.

use super::rooms::read_room;
use super::{Cache, Span, row};
use crate::view::ErrorView;
use pod_shared::{AccountId, ContentPosition, Position, RoomId};
use rusqlite::{OptionalExtension, Transaction, params};

/// Messages of one room that one look takes, the newest.
const MESSAGES_MAX: u32 = 1_000;

/// A message of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fresh {
    pub(crate) pos: Position,
    pub(crate) by: AccountId,
    /// It names this person.
    pub(crate) names_me: bool,
}

impl Cache {
    /// The messages of others in this stretch that are not deleted and lie behind the read mark, oldest first.
    pub(crate) async fn fresh_messages(
        &self,
        room: RoomId,
        span: Span,
        read: Position,
    ) -> Result<Vec<Fresh>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let me: Option<Vec<u8>> =
                tx.query_row("SELECT account FROM owner", [], |row| row.get(0)).optional()?;
            let after = read.0.max(span.first.0.saturating_sub(1));
            let mut statement = tx.prepare_cached(
                "SELECT pos, by, EXISTS (SELECT 1 FROM mentions WHERE room = ?1 AND mentions.pos = events.pos)
                 FROM events WHERE room = ?1 AND pos > ?2 AND pos <= ?3 AND message IS NOT NULL AND gone = 0
                 AND by <> ?4 ORDER BY pos DESC LIMIT ?5",
            )?;
            let key = params![room.as_bytes(), row::int(after), row::int(span.last.0), me, MESSAGES_MAX];
            let messages = statement.query_map(key, |row| {
                let (pos, by) = (Position(row::uint(row, 0)?), row::id(row, 1, AccountId::from_slice)?);
                Ok(Fresh { pos, by, names_me: row.get(2)? })
            })?;
            let mut messages = messages.collect::<Result<Vec<_>, _>>()?;
            messages.reverse();
            Ok(messages)
        };
        self.reader.run(run).await
    }

    /// Where the room's log says that the folder stands here or further: who read up to there saw it. The end of the log
    /// where that is not here.
    pub(crate) async fn place_in_log(
        &self,
        room: RoomId,
        at: ContentPosition,
    ) -> Result<Option<Position>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let found: Option<i64> = tx
                .prepare_cached("SELECT min(pos) FROM events WHERE room = ?1 AND content_at >= ?2")?
                .query_row(params![room.as_bytes(), row::int(at.0)], |row| row.get(0))?;
            match found.and_then(|pos| u64::try_from(pos).ok()) {
                Some(pos) => Ok(Some(Position(pos))),
                None => Ok(read_room(tx, room)?.map(|row| row.head)),
            }
        };
        self.reader.run(run).await
    }
}
