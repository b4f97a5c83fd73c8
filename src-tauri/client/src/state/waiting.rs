//! What this person asked for and the server has still to hear, one of a kind: rooms to join, the presence they chose.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::presence::MyPresence;
use pod_shared::{AccountId, ErrorCode, wire};
use rusqlite::{OptionalExtension, Transaction, params};

pub(crate) const TABLES: &str = "
-- Codes of room links to be joined with once the connection is there.
CREATE TABLE joins (
    account BLOB NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (account, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE presence_wish (
    account BLOB PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Keeps that a room is to be joined.
pub(crate) async fn add_join(state: &Db, me: AccountId, code: String) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "INSERT OR IGNORE INTO joins (account, code) VALUES (?1, ?2)",
            params![me.as_bytes(), code],
        )?;
        Ok(())
    };
    state.run(run).await
}

/// The codes to join with.
pub(crate) async fn joins(state: &Db, me: AccountId) -> Result<Vec<String>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare_cached("SELECT code FROM joins WHERE account = ?1")?;
        let codes = statement.query_map([me.as_bytes()], |row| row.get(0))?;
        Ok(codes.collect::<Result<_, _>>()?)
    };
    state.run(run).await
}

/// The room is joined, or will never be.
pub(crate) async fn drop_join(state: &Db, me: AccountId, code: String) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("DELETE FROM joins WHERE account = ?1 AND code = ?2", params![me.as_bytes(), code])?;
        Ok(())
    };
    state.run(run).await
}

/// Keeps what this person chose to be.
pub(crate) async fn wish_presence(state: &Db, me: AccountId, chosen: &MyPresence) -> Result<(), ErrorView> {
    let body =
        wire::encode(chosen).map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "INSERT OR REPLACE INTO presence_wish (account, body) VALUES (?1, ?2)",
            params![me.as_bytes(), body],
        )?;
        Ok(())
    };
    state.run(run).await
}

/// What this person chose and the server has still to hear.
pub(crate) async fn presence(state: &Db, me: AccountId) -> Result<Option<MyPresence>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let body: Option<Vec<u8>> = tx
            .prepare_cached("SELECT body FROM presence_wish WHERE account = ?1")?
            .query_row([me.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(body.and_then(|body| wire::decode(&body).ok()))
    };
    state.run(run).await
}

/// The server heard this choice; a later one stays.
pub(crate) async fn drop_presence(state: &Db, me: AccountId, heard: &MyPresence) -> Result<(), ErrorView> {
    let body = wire::encode(heard).map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "DELETE FROM presence_wish WHERE account = ?1 AND body = ?2",
            params![me.as_bytes(), body],
        )?;
        Ok(())
    };
    state.run(run).await
}
