//! Names as the directory last gave them, so that a room can be told whole in one transaction; and in how many rooms a
//! person is. The directory stays the truth about people.

use super::told::Told;
use super::work::Work;
use super::{MessengerStore, column, contacts};
use crate::error::Refusal;
use pod_shared::limits::ROOMS_PER_ACCOUNT_MAX;
use pod_shared::socket::Person;
use pod_shared::sync::{MemberState, RoomDelta};
use pod_shared::{AccountId, ErrorCode};
use rusqlite::{OptionalExtension, params};

/// Keeps the newest names.
pub(super) fn keep(work: &Work<'_>, people: &[Person]) -> Result<(), Refusal> {
    let mut keep = work.connection.prepare_cached(
        "INSERT INTO people (account, name, display_name, rooms) VALUES (?1, ?2, ?3, 0)
         ON CONFLICT (account) DO UPDATE SET name = excluded.name, display_name = excluded.display_name
         WHERE name <> excluded.name OR display_name <> excluded.display_name",
    )?;
    for person in people {
        keep.execute(params![person.account.as_bytes(), person.name, person.display_name])?;
    }
    Ok(())
}

/// One person; whom the directory never named has no name.
pub(super) fn get(work: &Work<'_>, account: AccountId) -> Result<Person, Refusal> {
    let person = work
        .connection
        .prepare_cached("SELECT name, display_name FROM people WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| {
            Ok(Person { account, name: row.get(0)?, display_name: row.get(1)? })
        })
        .optional()?;
    Ok(person.unwrap_or_else(|| Person { account, name: String::new(), display_name: String::new() }))
}

/// Whether the person may be in one more room.
pub(super) fn has_place(work: &Work<'_>, account: AccountId) -> Result<(), Refusal> {
    let rooms: Option<i64> = work
        .connection
        .prepare_cached("SELECT rooms FROM people WHERE account = ?1")?
        .query_row([account.as_bytes()], |row| row.get(0))
        .optional()?;
    if rooms.is_some_and(|rooms| rooms.unsigned_abs() >= ROOMS_PER_ACCOUNT_MAX as u64) {
        return Err(Refusal::new(ErrorCode::TooMany, "one of the people is in too many rooms"));
    }
    Ok(())
}

impl MessengerStore {
    /// Keeps the names of these people as the directory gives them, and tells the rooms of who has another one now.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn rename_people(&self, people: Vec<Person>) -> Result<(), Refusal> {
        let asked = people.clone();
        let renamed = self.ask(move |connection| {
            let mut same = connection.prepare_cached(
                "SELECT 1 FROM people WHERE account = ?1 AND (name <> ?2 OR display_name <> ?3)",
            )?;
            let mut renamed = Vec::new();
            for person in asked {
                if same.exists(params![person.account.as_bytes(), person.name, person.display_name])? {
                    renamed.push(person);
                }
            }
            Ok(renamed)
        });
        for person in renamed.await? {
            self.change(move |work| rename(work, &person)).await?;
        }
        Ok(())
    }
}

/// A person has another name: each of their rooms tells it as a changed member, and whoever keeps them as a contact hears it.
fn rename(work: &Work<'_>, person: &Person) -> Result<(), Refusal> {
    keep(work, std::slice::from_ref(person))?;
    let rooms = work
        .connection
        .prepare_cached("SELECT room, role FROM members WHERE account = ?1 AND role IS NOT NULL")?
        .query_map([person.account.as_bytes()], |row| Ok((column::room(row, 0)?, column::role(row, 1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (room, role) in rooms {
        let txn = work.next_txn()?;
        for sql in [
            "UPDATE members SET txn = ?3 WHERE room = ?1 AND account = ?2",
            "UPDATE rooms SET last_txn = ?3 WHERE room = ?1 AND ?2 IS NOT NULL",
        ] {
            work.connection.prepare_cached(sql)?.execute(params![
                room.as_bytes(),
                person.account.as_bytes(),
                txn.0.cast_signed()
            ])?;
        }
        let Person { account, name, display_name } = person.clone();
        let members = vec![MemberState { account, name, display_name, role }];
        let delta = RoomDelta { members, ..RoomDelta::empty(room, txn) };
        work.tell(work.members(room)?, room, txn, Told::Room(Box::new(delta)))?;
    }
    contacts::renamed(work, person.account)
}

/// The person came to a room (1) or left it (-1).
pub(super) fn count_rooms(work: &Work<'_>, account: AccountId, step: i64) -> Result<(), Refusal> {
    work.connection
        .prepare_cached(
            "INSERT INTO people (account, name, display_name, rooms) VALUES (?1, '', '', max(?2, 0))
             ON CONFLICT (account) DO UPDATE SET rooms = rooms + ?2",
        )?
        .execute(params![account.as_bytes(), step])?;
    Ok(())
}
