//! What this person wants of their contacts and the server has still to hear, in the order in which it was asked for.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::contact::ContactRequest;
use pod_shared::{AccountId, ErrorCode, limits, wire};
use rusqlite::{Transaction, params};

pub(crate) const TABLES: &str = "
CREATE TABLE contact_wishes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
";

/// Keeps wishes, all or none; gives the last one's place.
pub(crate) async fn wish(state: &Db, me: AccountId, wishes: Vec<ContactRequest>) -> Result<i64, ErrorView> {
    let bodies = wishes.iter().map(wire::encode).collect::<Result<Vec<_>, _>>();
    let bodies = bodies.map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
    let run = move |tx: &Transaction<'_>| {
        let waiting: usize = tx
            .prepare_cached("SELECT count(*) FROM contact_wishes WHERE account = ?1")?
            .query_row([me.as_bytes()], |row| row.get::<_, i64>(0))?
            .try_into()
            .unwrap_or(usize::MAX);
        if waiting.saturating_add(bodies.len()) > limits::CONTACT_WISHES_MAX {
            return Err(ErrorView::new(
                ErrorCode::TooMany,
                "too many changes of contacts wait for the server",
            ));
        }
        for body in &bodies {
            tx.execute(
                "INSERT INTO contact_wishes (account, body) VALUES (?1, ?2)",
                params![me.as_bytes(), body],
            )?;
        }
        Ok(tx.last_insert_rowid())
    };
    state.run(run).await
}

/// All that wait, with their places.
pub(crate) async fn all(state: &Db, me: AccountId) -> Result<Vec<(i64, ContactRequest)>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement =
            tx.prepare_cached("SELECT seq, body FROM contact_wishes WHERE account = ?1 ORDER BY seq")?;
        let rows =
            statement.query_map([me.as_bytes()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let rows = rows.collect::<Result<Vec<(i64, Vec<u8>)>, _>>()?;
        rows.into_iter()
            .map(|(seq, body)| {
                let wish = wire::decode(&body)
                    .map_err(|error| ErrorView::new(ErrorCode::NewerData, error.to_string()))?;
                Ok((seq, wish))
            })
            .collect()
    };
    state.run(run).await
}

/// The server took or refused one.
pub(crate) async fn settle(state: &Db, seq: i64) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute("DELETE FROM contact_wishes WHERE seq = ?1", [seq])?;
        Ok(())
    };
    state.run(run).await
}

/// How many wait.
pub(crate) async fn count(state: &Db, me: AccountId) -> Result<u32, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare_cached("SELECT count(*) FROM contact_wishes WHERE account = ?1")?;
        Ok(statement.query_row([me.as_bytes()], |row| row.get(0))?)
    };
    state.run(run).await
}
