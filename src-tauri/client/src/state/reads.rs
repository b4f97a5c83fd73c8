//! Read marks that the server has not confirmed yet: made offline, told when the connection is back.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::{AccountId, Position, RoomId};
use rusqlite::{Transaction, params};

/// Keeps a mark; it never goes back.
pub(crate) async fn set(state: &Db, me: AccountId, room: RoomId, pos: Position) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "INSERT INTO reads (account, room, pos) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, room) DO UPDATE SET pos = max(pos, excluded.pos)",
            params![me.as_bytes(), room.as_bytes(), i64::try_from(pos.0).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    };
    state.run(run).await
}

/// Takes marks back to where their logs end now: those of a server that was set back.
pub(crate) async fn lower(
    state: &Db,
    me: AccountId,
    marks: Vec<(RoomId, Position)>,
) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        for (room, pos) in marks {
            let pos = i64::try_from(pos.0).unwrap_or(i64::MAX);
            tx.execute(
                "UPDATE reads SET pos = min(pos, ?3) WHERE account = ?1 AND room = ?2",
                params![me.as_bytes(), room.as_bytes(), pos],
            )?;
        }
        Ok(())
    };
    state.run(run).await
}

/// All marks not yet confirmed.
pub(crate) async fn all(state: &Db, me: AccountId) -> Result<Vec<(RoomId, Position)>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut statement = tx.prepare("SELECT room, pos FROM reads WHERE account = ?1")?;
        let rows = statement
            .query_map([me.as_bytes()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        let marks = rows.into_iter().filter_map(|(room, pos)| {
            RoomId::from_slice(&room).map(|room| (room, Position(pos.unsigned_abs())))
        });
        Ok(marks.collect())
    };
    state.run(run).await
}

/// The server knows this mark, or a later one.
pub(crate) async fn confirm(state: &Db, me: AccountId, room: RoomId, pos: Position) -> Result<(), ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        tx.execute(
            "DELETE FROM reads WHERE account = ?1 AND room = ?2 AND pos <= ?3",
            params![me.as_bytes(), room.as_bytes(), i64::try_from(pos.0).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    };
    state.run(run).await
}
