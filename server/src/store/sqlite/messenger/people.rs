//! Names as the directory last gave them, so that a room can be told whole in one transaction; and in how many rooms a
//! person is. The directory stays the truth about people.

use super::work::Work;
use crate::error::Refusal;
use pod_shared::limits::ROOMS_PER_ACCOUNT_MAX;
use pod_shared::socket::Person;
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
