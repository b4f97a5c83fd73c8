//! Making and listing sharing groups (N2).

use super::table::activities::{About, append};
use super::table::{columns, groups, members};
use super::{ContentStore, Doing};
use crate::content::rules;
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::sqlite::pairs::Pairs;
use crate::store::sqlite::relay;
use pod_shared::content::{ActivityKind, Group, GroupNew};
use pod_shared::interlock::{MemberVersion, RelayBody};
use pod_shared::{AccountId, ErrorCode, RelayId, Role, RoomId, limits};
use rusqlite::Connection;
use uuid::Uuid;

impl ContentStore {
    /// Makes a group and asks the messenger for its room. Repeatable by the id, by its maker.
    pub(crate) async fn create_group(&self, doing: Doing, new: GroupNew) -> Result<Group, Refusal> {
        self.change(move |conn| {
            if let Some(there) = groups::get(conn, new.id)? {
                return repeated(conn, doing, new.id, there.created_by);
            }
            let members = first_members(doing.by, &new.members);
            check_counts(conn, &members)?;
            make(conn, new.id, &new.title, doing, &members)?;
            let pair = RelayBody::Pair { title: new.title, creator: doing.by, at: doing.at, members };
            relay::append(conn, RelayId(Uuid::now_v7()), new.id, &pair)?;
            append(conn, new.id, doing, &ActivityKind::GroupCreated, About::default())?;
            seen_by_member(conn, new.id)
        })
        .await
    }

    /// The groups a person is in.
    pub(crate) async fn groups_of(&self, account: AccountId) -> Result<Vec<Group>, Refusal> {
        self.db
            .read(move |conn| {
                members::groups_of(conn, account)?
                    .into_iter()
                    .map(|room| seen_by_member(conn, room))
                    .collect()
            })
            .await
    }

    /// One group, as its member sees it.
    pub(crate) async fn group(&self, account: AccountId, room: RoomId) -> Result<Group, Refusal> {
        self.db
            .read(move |conn| {
                rules::reader(members::role(conn, room, account)?)?;
                seen_by_member(conn, room)
            })
            .await
    }
}

fn repeated(conn: &Connection, doing: Doing, room: RoomId, maker: AccountId) -> Result<Group, Refusal> {
    if maker != doing.by {
        return Err(Refusal::new(ErrorCode::IdReused, "the id of the group was used before"));
    }
    rules::reader(members::role(conn, room, doing.by)?)?;
    seen_by_member(conn, room)
}

fn first_members(maker: AccountId, others: &[AccountId]) -> Vec<MemberVersion> {
    let version = |account, role| MemberVersion { account, role: Some(role), counter: 1, by: maker };
    let mut members = vec![version(maker, Role::Owner)];
    for other in others {
        if members.iter().all(|member| member.account != *other) {
            members.push(version(*other, Role::Editor));
        }
    }
    members
}

fn check_counts(conn: &Connection, members: &[MemberVersion]) -> Result<(), Refusal> {
    if members.len() > limits::MEMBERS_PER_ROOM_MAX {
        return Err(Refusal::new(ErrorCode::TooMany, "a room cannot have that many members"));
    }
    for member in members {
        check_room_count(conn, member.account)?;
    }
    Ok(())
}

/// Refuses one more group for a person who is in as many as one may be.
pub(super) fn check_room_count(conn: &Connection, account: AccountId) -> Result<(), Refusal> {
    if members::count_of_groups(conn, account)? >= limits::ROOMS_PER_ACCOUNT_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "a person cannot be in that many rooms"));
    }
    Ok(())
}

/// Writes a group and its members, without any activity.
pub(super) fn make(
    conn: &Connection,
    room: RoomId,
    title: &str,
    doing: Doing,
    all: &[MemberVersion],
) -> Result<(), StoreError> {
    groups::insert(conn, room, title, doing.by, doing.at)?;
    for member in all {
        members::put(conn, room, member)?;
    }
    Ok(())
}

/// The group as any of its members sees it.
pub(super) fn seen_by_member(conn: &Connection, room: RoomId) -> Result<Group, Refusal> {
    let group = groups::get(conn, room)?.ok_or_else(rules::not_found)?;
    Ok(Group { id: room, title: group.title, members: members::of_group(conn, room)?, position: group.head })
}

/// Every group with its present members.
pub(super) fn pairs(conn: &Connection) -> Result<Pairs, StoreError> {
    let mut rows = conn.prepare("SELECT room FROM groups")?;
    let rooms = rows.query_map([], |row| columns::id(row, 0, RoomId))?;
    let mut pairs = Pairs::new();
    for room in rooms {
        let room = room?;
        let members = members::of_group(conn, room)?;
        pairs.insert(room, members.into_iter().map(|member| (member.account, member.role)).collect());
    }
    Ok(pairs)
}
