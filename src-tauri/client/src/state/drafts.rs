//! What is being written in each room.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::{AccountId, RoomId};
use rusqlite::{OptionalExtension, Transaction, params};

/// Characters of a draft that a room's row shows.
const SHOWN_CHARS: usize = 80;

/// The beginning of a draft, as a room's row shows it.
pub(crate) fn beginning(text: &str) -> Option<String> {
    Some(text.chars().take(SHOWN_CHARS).collect()).filter(|text: &String| !text.trim().is_empty())
}

/// Keeps a draft; an empty one is dropped.
pub(crate) async fn set(state: &Db, me: AccountId, room: RoomId, text: String) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        if text.is_empty() {
            tx.execute(
                "DELETE FROM drafts WHERE account = ?1 AND room = ?2",
                params![me.as_bytes(), room.as_bytes()],
            )?;
        } else {
            tx.execute(
                "INSERT OR REPLACE INTO drafts (account, room, text) VALUES (?1, ?2, ?3)",
                params![me.as_bytes(), room.as_bytes(), text],
            )?;
        }
        Ok(())
    };
    state.run(run).await
}

/// The draft of a room.
pub(crate) async fn get(state: &Db, me: AccountId, room: RoomId) -> Result<Option<String>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        Ok(tx
            .query_row(
                "SELECT text FROM drafts WHERE account = ?1 AND room = ?2",
                params![me.as_bytes(), room.as_bytes()],
                |row| row.get(0),
            )
            .optional()?)
    };
    state.run(run).await
}
