//! Members of sharing groups, each a versioned fact; who was removed keeps a row without a role.

use super::columns::{count, id, int, strange};
use crate::store::StoreError;
use pod_shared::content::GroupMember;
use pod_shared::interlock::MemberVersion;
use pod_shared::{AccountId, Role, RoomId};
use rusqlite::{Connection, OptionalExtension, Row, params};

fn role_of(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Role>> {
    let Some(code) = row.get::<_, Option<u8>>(index)? else { return Ok(None) };
    Role::from_code(code).map(Some).ok_or_else(|| strange(index, "role"))
}

/// The role of a person in a group; nothing: no member, or no such group.
pub(in super::super) fn role(
    conn: &Connection,
    room: RoomId,
    account: AccountId,
) -> Result<Option<Role>, StoreError> {
    Ok(get(conn, room, account)?.and_then(|member| member.role))
}

pub(in super::super) fn get(
    conn: &Connection,
    room: RoomId,
    account: AccountId,
) -> Result<Option<MemberVersion>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT role, counter, changed_by FROM members WHERE room = ?1 AND account = ?2")?
        .query_row(params![room.as_bytes(), account.as_bytes()], |row| {
            Ok(MemberVersion {
                account,
                role: role_of(row, 0)?,
                counter: count(row, 1)?,
                by: id(row, 2, AccountId)?,
            })
        })
        .optional()?)
}

pub(in super::super) fn put(
    conn: &Connection,
    room: RoomId,
    member: &MemberVersion,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO members (room, account, role, counter, changed_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (room, account) DO UPDATE
         SET role = excluded.role, counter = excluded.counter, changed_by = excluded.changed_by",
    )?
    .execute(params![
        room.as_bytes(),
        member.account.as_bytes(),
        member.role.map(Role::code),
        int(member.counter),
        member.by.as_bytes()
    ])?;
    Ok(())
}

/// All members of a group, by id.
pub(in super::super) fn of_group(conn: &Connection, room: RoomId) -> Result<Vec<GroupMember>, StoreError> {
    let mut rows = conn.prepare_cached(
        "SELECT account, role FROM members WHERE room = ?1 AND role IS NOT NULL ORDER BY account",
    )?;
    let rows = rows.query_map([room.as_bytes()], |row| {
        let role = role_of(row, 1)?.ok_or_else(|| strange(1, "role"))?;
        Ok(GroupMember { account: id(row, 0, AccountId)?, role })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in super::super) fn count_of_group(conn: &Connection, room: RoomId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM members WHERE room = ?1 AND role IS NOT NULL")?
        .query_row([room.as_bytes()], |row| count(row, 0))?)
}

pub(in super::super) fn count_of_owners(conn: &Connection, room: RoomId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM members WHERE room = ?1 AND role = ?2")?
        .query_row(params![room.as_bytes(), Role::Owner.code()], |row| count(row, 0))?)
}

/// The groups a person is in, by id.
pub(in super::super) fn groups_of(conn: &Connection, account: AccountId) -> Result<Vec<RoomId>, StoreError> {
    let mut rows = conn
        .prepare_cached("SELECT room FROM members WHERE account = ?1 AND role IS NOT NULL ORDER BY room")?;
    let rows = rows.query_map([account.as_bytes()], |row| id(row, 0, RoomId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether two people are in one group.
pub(in super::super) fn share_group(
    conn: &Connection,
    one: AccountId,
    other: AccountId,
) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM members m CROSS JOIN members o ON o.room = m.room AND o.account = ?2
             WHERE m.account = ?1 AND m.role IS NOT NULL AND o.role IS NOT NULL)",
        )?
        .query_row(params![one.as_bytes(), other.as_bytes()], |row| row.get(0))?)
}

pub(in super::super) fn count_of_groups(conn: &Connection, account: AccountId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT count(*) FROM members WHERE account = ?1 AND role IS NOT NULL")?
        .query_row([account.as_bytes()], |row| count(row, 0))?)
}
