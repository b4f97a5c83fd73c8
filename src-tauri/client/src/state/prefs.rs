//! How a person sorts their rooms on this computer: favourites and their order. What they want to hear of a room follows
//! them, see `settings`.

use crate::store::Db;
use crate::view::ErrorView;
use pod_shared::{AccountId, RoomId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub(crate) const TABLES: &str = "
-- A rank makes a favourite; ranks are unique and may have gaps.
CREATE TABLE room_prefs (
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    muted INTEGER NOT NULL DEFAULT 0,
    rank INTEGER,
    PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;
";

/// Muted rooms follow their person from here on: they become wishes about notices. The column is used no more.
pub(crate) const MUTED: &str = "
CREATE TEMP TABLE muted_rooms AS
SELECT account, 'notify.room.' || lower(substr(hex(room), 1, 8) || '-' || substr(hex(room), 9, 4) || '-' ||
    substr(hex(room), 13, 4) || '-' || substr(hex(room), 17, 4) || '-' || substr(hex(room), 21)) AS key
FROM room_prefs WHERE muted = 1;
INSERT OR IGNORE INTO settings (key, value)
SELECT key, 'none' FROM muted_rooms WHERE account = (SELECT account FROM account);
INSERT OR IGNORE INTO setting_wishes (account, key, value) SELECT account, key, 'none' FROM muted_rooms;
DROP TABLE muted_rooms;
";

/// What is kept of a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefs {
    /// The place among the favourites, from 0.
    pub(crate) rank: Option<u32>,
}

/// What is kept of a room.
pub(crate) async fn of(state: &Db, me: AccountId, room: RoomId) -> Result<Prefs, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let held = tx
            .prepare_cached("SELECT rank FROM room_prefs WHERE account = ?1 AND room = ?2")?
            .query_row(params![me.as_bytes(), room.as_bytes()], |row| row.get::<_, Option<i64>>(0))
            .optional()?;
        let rank = match held.flatten() {
            Some(rank) => Some(
                tx.prepare_cached("SELECT count(*) FROM room_prefs WHERE account = ?1 AND rank < ?2")?
                    .query_row(params![me.as_bytes(), rank], |row| row.get(0))?,
            ),
            None => None,
        };
        Ok(Prefs { rank })
    };
    state.run(run).await
}

/// Makes a room the last of the favourites, or none of them. Gives the rooms whose place changed.
pub(crate) async fn favour(
    state: &Db,
    me: AccountId,
    room: RoomId,
    favourite: bool,
) -> Result<Vec<RoomId>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let mut order = favourites(tx, me)?;
        if order.contains(&room) == favourite {
            return Ok(Vec::new());
        }
        let before = order.clone();
        order.retain(|held| *held != room);
        if favourite {
            order.push(room);
        }
        write(tx, me, &order)?;
        Ok(moved(&before, &order))
    };
    state.run(run).await
}

/// Puts the favourites in this order; those not named come behind, rooms that are none are left out. Gives the rooms
/// whose place changed.
pub(crate) async fn order(state: &Db, me: AccountId, rooms: Vec<RoomId>) -> Result<Vec<RoomId>, ErrorView> {
    let run = move |tx: &Transaction<'_>| {
        let before = favourites(tx, me)?;
        let mut order: Vec<RoomId> = Vec::with_capacity(before.len());
        for room in rooms.iter().chain(&before) {
            if before.contains(room) && !order.contains(room) {
                order.push(*room);
            }
        }
        write(tx, me, &order)?;
        Ok(moved(&before, &order))
    };
    state.run(run).await
}

fn favourites(tx: &Connection, me: AccountId) -> Result<Vec<RoomId>, ErrorView> {
    let mut statement = tx.prepare_cached(
        "SELECT room FROM room_prefs WHERE account = ?1 AND rank IS NOT NULL ORDER BY rank",
    )?;
    let rooms = statement.query_map([me.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    let rooms = rooms.collect::<Result<Vec<_>, _>>()?;
    Ok(rooms.iter().filter_map(|room| RoomId::from_slice(room)).collect())
}

fn write(tx: &Connection, me: AccountId, order: &[RoomId]) -> Result<(), ErrorView> {
    tx.execute("UPDATE room_prefs SET rank = NULL WHERE account = ?1", [me.as_bytes()])?;
    let mut statement = tx.prepare_cached(
        "INSERT INTO room_prefs (account, room, rank) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, room) DO UPDATE SET rank = excluded.rank",
    )?;
    for (rank, room) in order.iter().enumerate() {
        let rank = i64::try_from(rank).unwrap_or(i64::MAX);
        statement.execute(params![me.as_bytes(), room.as_bytes(), rank])?;
    }
    Ok(())
}

fn moved(before: &[RoomId], after: &[RoomId]) -> Vec<RoomId> {
    let place = |order: &[RoomId], room: &RoomId| order.iter().position(|held| held == room);
    let mut rooms: Vec<RoomId> = before.iter().chain(after).copied().collect();
    rooms.sort_unstable();
    rooms.dedup();
    rooms.retain(|room| place(before, room) != place(after, room));
    rooms
}
