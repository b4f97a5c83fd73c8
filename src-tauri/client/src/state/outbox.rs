//! The rows of the outbox: what this person asked for while nobody, or not yet, answered.
//!
//! Neighbours: the machine `pod_machine::outbox` says when a row is sent; here it is only kept.

use crate::command::Side;
use crate::store::Db;
use crate::view::ErrorView;
use pod_machine::outbox::{Seq, Weight};
use pod_shared::bytes::ByteString;
use pod_shared::socket::{About, Person};
use pod_shared::{AccountId, ErrorBody, ErrorCode, MessageId, Role, RoomId, TimeMs, limits, wire};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wish {
    /// A message.
    Message {
        /// Its id.
        id: MessageId,
        /// The envelope.
        body: ByteString,
        /// The earlier message it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<About>,
    },
    /// A room.
    RoomCreate {
        /// Its title.
        title: String,
        /// The other members, with the names known when it was asked for.
        members: Vec<Person>,
        /// From which side.
        side: Side,
    },
    /// A member's role, or (absent) removal.
    Member {
        /// Whom.
        account: AccountId,
        /// The role.
        role: Option<Role>,
    },
    /// Another title.
    Rename {
        /// The title.
        title: String,
    },
}

impl Wish {
    /// What it is to those behind it.
    pub(crate) fn weight(&self) -> Weight {
        match self {
            Self::RoomCreate { .. } => Weight::Opens,
            Self::Message { .. } | Self::Member { .. } | Self::Rename { .. } => Weight::Plain,
        }
    }

    /// The message it is about.
    pub(crate) fn about(&self) -> Option<About> {
        match self {
            Self::Message { about, .. } => *about,
            Self::RoomCreate { .. } | Self::Member { .. } | Self::Rename { .. } => None,
        }
    }

    /// The message it is.
    pub(crate) fn message(&self) -> Option<MessageId> {
        match self {
            Self::Message { id, .. } => Some(*id),
            Self::RoomCreate { .. } | Self::Member { .. } | Self::Rename { .. } => None,
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxRow {
    pub(crate) seq: Seq,
    pub(crate) room: RoomId,
    pub(crate) wish: Wish,
    pub(crate) at: TimeMs,
    /// Why the server refused it for good.
    pub(crate) failed: Option<ErrorBody>,
}

const ROW: &str = "SELECT seq, room, body, at, failed FROM outbox";

fn read(row: &Row<'_>) -> rusqlite::Result<Option<OutboxRow>> {
    let (seq, room, body): (i64, Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let failed: Option<String> = row.get(4)?;
    let (Some(room), Ok(wish)) = (RoomId::from_slice(&room), wire::decode(&body)) else { return Ok(None) };
    let unreadable = || ErrorBody::new(ErrorCode::Internal, "");
    Ok(Some(OutboxRow {
        seq: seq.unsigned_abs(),
        room,
        wish,
        at: TimeMs(row.get(3)?),
        failed: failed.map(|text| serde_json::from_str(&text).unwrap_or_else(|_| unreadable())),
    }))
}

fn int(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Keeps a wish; it is on disk when this answers.
pub(crate) async fn add(
    state: &Db,
    me: AccountId,
    room: RoomId,
    wish: Wish,
    at: TimeMs,
) -> Result<Seq, ErrorView> {
    let body = wire::encode(&wish).map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
    let run = move |tx: &Transaction<'_>| {
        let held: i64 =
            tx.query_row("SELECT count(*) FROM outbox WHERE account = ?1", [me.as_bytes()], |row| {
                row.get(0)
            })?;
        if usize::try_from(held).is_ok_and(|held| held >= limits::OUTBOX_MESSAGES_MAX) {
            return Err(ErrorView::new(ErrorCode::TooMany, "too many messages wait for the server"));
        }
        tx.execute(
            "INSERT INTO outbox (account, room, message, body, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                me.as_bytes(),
                room.as_bytes(),
                wish.message().map(|id| id.as_bytes().to_vec()),
                body,
                at.0
            ],
        )?;
        Ok(tx.last_insert_rowid().unsigned_abs())
    };
    state.run(run).await
}

/// Everything that waits or failed, in order.
pub(crate) async fn all(state: &Db, me: AccountId) -> Result<Vec<OutboxRow>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare(&format!("{ROW} WHERE account = ?1 ORDER BY seq"))?;
        let rows = statement.query_map([me.as_bytes()], read)?.collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().flatten().collect())
    };
    state.run(run).await
}

/// What waits or failed in a room, in order.
pub(crate) async fn of_room(state: &Db, me: AccountId, room: RoomId) -> Result<Vec<OutboxRow>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement =
            tx.prepare_cached(&format!("{ROW} WHERE account = ?1 AND room = ?2 ORDER BY seq"))?;
        let rows = statement
            .query_map(params![me.as_bytes(), room.as_bytes()], read)?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().flatten().collect())
    };
    state.run(run).await
}

/// One row.
pub(crate) async fn get(state: &Db, seq: Seq) -> Result<Option<OutboxRow>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        Ok(tx
            .prepare_cached(&format!("{ROW} WHERE seq = ?1"))?
            .query_row([int(seq)], read)
            .optional()?
            .flatten())
    };
    state.run(run).await
}

/// The row of a message.
pub(crate) async fn of_message(state: &Db, id: MessageId) -> Result<Option<OutboxRow>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        Ok(tx
            .prepare_cached(&format!("{ROW} WHERE message = ?1"))?
            .query_row([id.as_bytes()], read)
            .optional()?
            .flatten())
    };
    state.run(run).await
}

/// Keeps why a row failed, or (nothing) that it waits again.
pub(crate) async fn set_failed(state: &Db, seq: Seq, error: Option<ErrorBody>) -> Result<(), ErrorView> {
    let text = error.and_then(|error| serde_json::to_string(&error).ok());
    let run = move |tx: &Transaction<'_>| {
        tx.execute("UPDATE outbox SET failed = ?2 WHERE seq = ?1", params![int(seq), text])?;
        Ok(())
    };
    state.run(run).await
}

/// Drops a row.
pub(crate) async fn remove(state: &Db, seq: Seq) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("DELETE FROM outbox WHERE seq = ?1", [int(seq)])?;
        Ok(())
    };
    state.run(run).await
}

/// Drops the rows of messages that are in a log; gives them.
pub(crate) async fn remove_messages(
    state: &Db,
    ids: Vec<MessageId>,
) -> Result<Vec<(RoomId, Seq)>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut removed = Vec::new();
        for id in ids {
            let row = tx
                .prepare_cached(&format!("{ROW} WHERE message = ?1"))?
                .query_row([id.as_bytes()], read)
                .optional()?;
            if let Some(row) = row.flatten() {
                tx.execute("DELETE FROM outbox WHERE seq = ?1", [int(row.seq)])?;
                removed.push((row.room, row.seq));
            }
        }
        Ok(removed)
    };
    state.run(run).await
}
