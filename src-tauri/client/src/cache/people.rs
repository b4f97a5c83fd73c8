//! People one shares a room with, and their presence as last heard. A presence counts only while a room is shared or they
//! are a contact.

use super::apply::{Applying, Touched};
use super::row;
use super::{Cache, MemberRow, pack};
use crate::view::ErrorView;
use pod_shared::presence::{MyPresence, PersonPresence, Presence};
use pod_shared::{AccountId, RoomId, Txn};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::collections::BTreeMap;

/// The own choice is kept under the own account, others' presences under theirs.
pub(super) const TABLES: &str = "
CREATE TABLE presences (
    account BLOB PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- People of a sync on its way.
CREATE TABLE people_parts (
    seq INTEGER PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE chosen (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    body BLOB NOT NULL
) STRICT;
-- What was never told under the old key is told with everything.
UPDATE owner SET sync_key = NULL;
";

fn member(row: &Row<'_>) -> rusqlite::Result<MemberRow> {
    let account = row::id(row, 0, AccountId::from_slice)?;
    Ok(MemberRow { account, name: row.get(1)?, display_name: row.get(2)?, role: None })
}

impl Cache {
    /// The conversation of two with a person; of several the one that was last used.
    pub(crate) async fn talk_with(
        &self,
        me: AccountId,
        account: AccountId,
    ) -> Result<Option<RoomId>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT rooms.id FROM rooms JOIN members ON members.room = rooms.id
                 WHERE members.account = ?2 AND members.role IS NOT NULL AND rooms.title = ''
                   AND EXISTS (SELECT 1 FROM members WHERE room = rooms.id AND account = ?1 AND role IS NOT NULL)
                   AND (SELECT count(*) FROM members WHERE room = rooms.id AND role IS NOT NULL) = 2
                 ORDER BY rooms.last_at DESC, rooms.id LIMIT 1",
            )?;
            let room = statement.query_row(params![me.as_bytes(), account.as_bytes()], |row| {
                row::id(row, 0, RoomId::from_slice)
            });
            Ok(room.optional()?)
        };
        self.read(run).await
    }

    /// The rooms shared with a person, conversations of two not counted, by title.
    pub(crate) async fn shared_rooms(
        &self,
        me: AccountId,
        account: AccountId,
    ) -> Result<Vec<(RoomId, String)>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT rooms.id, rooms.title FROM rooms
                 JOIN members mine ON mine.room = rooms.id AND mine.account = ?1 AND mine.role IS NOT NULL
                 JOIN members theirs ON theirs.room = rooms.id AND theirs.account = ?2 AND theirs.role IS NOT NULL
                 WHERE rooms.title <> '' ORDER BY rooms.title COLLATE NOCASE, rooms.id",
            )?;
            let rooms = statement.query_map(params![me.as_bytes(), account.as_bytes()], |row| {
                Ok((row::id(row, 0, RoomId::from_slice)?, row.get(1)?))
            })?;
            Ok(rooms.collect::<Result<_, _>>()?)
        };
        self.read(run).await
    }

    /// Everybody this person shares a room with, by name.
    pub(crate) async fn roommates(&self, me: AccountId) -> Result<Vec<MemberRow>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT account, max(name), max(display_name) FROM members
                 WHERE account <> ?1 AND role IS NOT NULL
                 GROUP BY account ORDER BY max(display_name) COLLATE NOCASE, max(name), account",
            )?;
            let people = statement.query_map([me.as_bytes()], member)?;
            Ok(people.collect::<Result<_, _>>()?)
        };
        self.read(run).await
    }

    /// The presences of a room's members, as far as heard.
    pub(crate) async fn presences(&self, room: RoomId) -> Result<BTreeMap<AccountId, Presence>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT members.account, body FROM members JOIN presences USING (account)
                 WHERE room = ?1 AND role IS NOT NULL",
            )?;
            let presences = statement.query_map([room.as_bytes()], |row| {
                Ok((row::id(row, 0, AccountId::from_slice)?, row::unpack(row, 1)?))
            })?;
            Ok(presences.collect::<Result<_, _>>()?)
        };
        self.read(run).await
    }

    /// The presence of a contact or of a person one shares a room with, as far as heard.
    pub(crate) async fn presence(&self, account: AccountId) -> Result<Option<Presence>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached(
                "SELECT body FROM presences WHERE account = ?1
                 AND (EXISTS (SELECT 1 FROM members WHERE account = ?1 AND role IS NOT NULL)
                      OR EXISTS (SELECT 1 FROM contacts WHERE account = ?1 AND standing = 4))",
            )?;
            Ok(statement.query_row([account.as_bytes()], |row| row::unpack(row, 0)).optional()?)
        };
        self.read(run).await
    }

    /// What this person chose to be, as last heard.
    pub(crate) async fn chosen(&self) -> Result<Option<MyPresence>, ErrorView> {
        let run = |tx: &Transaction<'_>| {
            let mut statement = tx.prepare_cached("SELECT body FROM chosen")?;
            Ok(statement.query_row([], |row| row::unpack(row, 0)).optional()?)
        };
        self.read(run).await
    }
}

fn write(tx: &Connection, touched: &mut Touched, people: &[PersonPresence]) -> Result<(), ErrorView> {
    let mut keep = tx.prepare_cached("INSERT OR REPLACE INTO presences (account, body) VALUES (?1, ?2)")?;
    for person in people {
        keep.execute(params![person.account.as_bytes(), pack(&person.presence)?])?;
        touched.people.insert(person.account, person.presence.clone());
    }
    Ok(())
}

fn write_chosen(tx: &Connection, touched: &mut Touched, mine: &MyPresence) -> Result<(), ErrorView> {
    tx.execute("INSERT OR REPLACE INTO chosen (one, body) VALUES (1, ?1)", params![pack(mine)?])?;
    touched.mine = Some(mine.clone());
    Ok(())
}

impl Applying<'_> {
    /// People of a sync, and the own choice where that changed.
    pub(super) fn people_part(
        &mut self,
        people: &[PersonPresence],
        mine: Option<&MyPresence>,
    ) -> Result<(), ErrorView> {
        write(self.tx, &mut self.touched, people)?;
        mine.map_or(Ok(()), |mine| write_chosen(self.tx, &mut self.touched, mine))
    }

    /// Of themself a person knows what they chose, not what others see.
    pub(super) fn presences(
        &mut self,
        txn: Txn,
        mut people: Vec<PersonPresence>,
    ) -> Result<Option<Txn>, ErrorView> {
        people.retain(|person| person.account != self.me);
        write(self.tx, &mut self.touched, &people)?;
        Ok(Some(txn))
    }

    pub(super) fn chose(&mut self, txn: Txn, mine: &MyPresence) -> Result<Option<Txn>, ErrorView> {
        write_chosen(self.tx, &mut self.touched, mine)?;
        Ok(Some(txn))
    }
}
