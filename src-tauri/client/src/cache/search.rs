//! Messages whose text holds something: the rows that are here, newest first, a bounded number at a time.
//!
//! Substrings, so that Korean and Chinese are found without knowing where their words begin.

use super::Cache;
use super::page::BEFORE;
use super::row::{self, int};
use super::said::{Said, owner, read_said, text_now};
use crate::view::ErrorView;
use pod_shared::socket::RoomEvent;
use pod_shared::{Position, RoomId};
use rusqlite::{Transaction, params};

/// What was found among some rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Newest first.
    pub(crate) messages: Vec<(RoomEvent, Said)>,
    /// Everything from here on was looked at; nothing: no row was there.
    pub(crate) reached: Option<Position>,
    /// No older row is here.
    pub(crate) whole: bool,
}

impl Cache {
    /// Looks through at most `rows` rows before a position for a text in lower case, until `limit` are found.
    pub(crate) async fn search(
        &self,
        room: RoomId,
        text: String,
        before: Position,
        (rows, limit): (u32, usize),
    ) -> Result<Found, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let me = owner(tx)?;
            let mut statement = tx.prepare_cached(BEFORE)?;
            let mut events = statement.query(params![room.as_bytes(), int(before.0), rows])?;
            let (mut found, mut seen) = (Found::default(), 0);
            while let Some(row) = events.next()? {
                let event: RoomEvent = row::unpack(row, 0)?;
                (found.reached, seen) = (Some(event.pos), seen + 1);
                let holds = text_now(tx, &event)?.is_some_and(|held| held.to_lowercase().contains(&text));
                if holds && let Some(said) = read_said(tx, me, &event)? {
                    found.messages.push((event, said));
                    if found.messages.len() >= limit {
                        return Ok(found);
                    }
                }
            }
            found.whole = seen < rows;
            Ok(found)
        };
        self.read(run).await
    }
}
