//! Making a room, giving it its folder, another title.

use super::members::{self, Written};
use super::told::Told;
use super::work::Work;
use super::{MessengerStore, no_such_room, people, presence, profiles, sync};
use crate::error::Refusal;
use pod_shared::interlock::{MemberVersion, RelayBody};
use pod_shared::limits::MEMBERS_PER_ROOM_MAX;
use pod_shared::socket::{EventKind, Person};
use pod_shared::{AccountId, ErrorCode, Role, RoomId, TimeMs, Txn};
use rusqlite::{OptionalExtension, params};

/// A room to be made.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Its id.
    pub room: RoomId,
    /// Its title.
    pub title: String,
    /// Who makes it, and becomes its owner.
    pub creator: AccountId,
    /// When.
    pub at: TimeMs,
    /// The names of all members, the creator included; the others become editors.
    pub people: Vec<Person>,
    /// Whether its folder is made too.
    pub folder: bool,
    /// Digest of what was asked for.
    pub digest: [u8; 32],
}

/// A room's row.
pub(super) struct RoomRow {
    pub(super) title: String,
    pub(super) title_counter: u64,
    pub(super) created_by: AccountId,
    pub(super) created_at: TimeMs,
    pub(super) made_digest: Vec<u8>,
    pub(super) folder: bool,
    pub(super) content_at: u64,
    pub(super) members: u64,
}

/// The row of a room, if it is there.
pub(super) fn find(work: &Work<'_>, room: RoomId) -> Result<Option<RoomRow>, Refusal> {
    let row = work
        .connection
        .prepare_cached(
            "SELECT title, title_counter, created_by, created_at, made_digest, folder, content_at, members
             FROM rooms WHERE room = ?1",
        )?
        .query_row([room.as_bytes()], |row| {
            Ok(RoomRow {
                title: row.get(0)?,
                title_counter: super::column::count(row, 1)?,
                created_by: super::column::account(row, 2)?,
                created_at: TimeMs(row.get(3)?),
                made_digest: row.get(4)?,
                folder: row.get(5)?,
                content_at: super::column::count(row, 6)?,
                members: super::column::count(row, 7)?,
            })
        })
        .optional()?;
    Ok(row)
}

/// The row of a room that must be there.
pub(super) fn get(work: &Work<'_>, room: RoomId) -> Result<RoomRow, Refusal> {
    find(work, room)?.ok_or_else(no_such_room)
}

/// What a new room starts with.
pub(super) struct Start<'a> {
    pub(super) room: RoomId,
    pub(super) title: &'a str,
    pub(super) creator: AccountId,
    pub(super) at: TimeMs,
    pub(super) digest: &'a [u8],
    pub(super) folder: bool,
    pub(super) members: &'a [MemberVersion],
}

/// Writes a new room with its members and its first event, and tells them.
pub(super) fn start(work: &Work<'_>, new: &Start<'_>) -> Result<(), Refusal> {
    let present = new.members.iter().filter(|member| member.role.is_some());
    let accounts: Vec<AccountId> = present.map(|member| member.account).collect();
    // Before the room itself: who has the room has those in it.
    presence::introduce(work, &accounts, &accounts)?;
    profiles::introduce(work, &accounts, &accounts)?;
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached(
            "INSERT INTO rooms (room, title, title_counter, title_txn, created_by, created_at, made_digest, folder,
                                folder_txn, content_at, head, members, last_txn)
             VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?3, 0, 0, 0, ?3)",
        )?
        .execute(params![
            new.room.as_bytes(),
            new.title,
            txn.0.cast_signed(),
            new.creator.as_bytes(),
            new.at.0,
            new.digest,
            new.folder
        ])?;
    for member in new.members {
        members::write(work, new.room, &Written { member: *member, txn, settling: None })?;
    }
    let title = new.title.to_owned();
    work.append_as(txn, new.room, new.creator, new.at, EventKind::Created { title })?;
    let delta = sync::room_delta(work.connection, new.creator, new.room, Txn(0))?;
    work.tell(work.members(new.room)?, new.room, txn, Told::Room(Box::new(delta)))
}

impl MessengerStore {
    /// Makes a room and, if it has a folder, asks for its other half. Making the same room again changes nothing.
    ///
    /// # Errors
    /// `id_reused` when the id stands for another room; `too_many`.
    pub async fn create_room(&self, new: NewRoom) -> Result<(), Refusal> {
        self.change(move |work| {
            if let Some(held) = find(work, new.room)? {
                return if held.created_by == new.creator && held.made_digest == new.digest {
                    Ok(())
                } else {
                    Err(Refusal::new(ErrorCode::IdReused, "the id stands for another room"))
                };
            }
            if new.people.len() > MEMBERS_PER_ROOM_MAX {
                return Err(Refusal::new(ErrorCode::TooMany, "a room cannot have that many members"));
            }
            people::keep(work, &new.people)?;
            let mut versions = Vec::with_capacity(new.people.len());
            for person in &new.people {
                people::has_place(work, person.account)?;
                let owns = person.account == new.creator;
                let role = Some(if owns { Role::Owner } else { Role::Editor });
                versions.push(MemberVersion { account: person.account, role, counter: 1, by: new.creator });
            }
            let start_with = Start {
                room: new.room,
                title: &new.title,
                creator: new.creator,
                at: new.at,
                digest: &new.digest,
                folder: new.folder,
                members: &versions,
            };
            start(work, &start_with)?;
            if new.folder {
                let (title, creator, at) = (new.title.clone(), new.creator, new.at);
                work.relay(new.room, &RelayBody::Pair { title, creator, at, members: versions })?;
            }
            Ok(())
        })
        .await
    }

    /// Gives a room its folder. Repeatable.
    ///
    /// # Errors
    /// `not_found`, or what `decide` says of the asker's role.
    pub async fn create_folder(
        &self,
        room: RoomId,
        by: AccountId,
        at: TimeMs,
        decide: fn(Role) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            decide(work.member(room, by)?)?;
            let held = get(work, room)?;
            if held.folder {
                return Ok(());
            }
            let txn = has_folder_now(work, room)?;
            let event = work.append_as(txn, room, by, at, EventKind::FolderMade {})?;
            work.tell(work.members(room)?, room, txn, Told::Event(event))?;
            let pair = RelayBody::Pair {
                title: held.title,
                creator: held.created_by,
                at: held.created_at,
                members: members::versions(work, room)?,
            };
            work.relay(room, &pair)?;
            if held.title_counter > 1 {
                let title = get(work, room)?.title;
                work.relay(room, &RelayBody::Title { title, counter: held.title_counter })?;
            }
            Ok(())
        })
        .await
    }

    /// Another title. Repeatable.
    ///
    /// # Errors
    /// `not_found`, or what `decide` says of the asker's role.
    pub async fn rename(
        &self,
        room: RoomId,
        by: AccountId,
        at: TimeMs,
        title: String,
        decide: fn(Role, members: u64, title: &str) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        self.change(move |work| {
            let role = work.member(room, by)?;
            let held = get(work, room)?;
            decide(role, held.members, &title)?;
            if held.title == title {
                return Ok(());
            }
            let counter = held.title_counter + 1;
            retitle(work, room, by, at, &title, counter)?;
            if held.folder {
                work.relay(room, &RelayBody::Title { title, counter })?;
            }
            Ok(())
        })
        .await
    }
}

/// Writes that the room has its folder.
pub(super) fn has_folder_now(work: &Work<'_>, room: RoomId) -> Result<Txn, Refusal> {
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached("UPDATE rooms SET folder = 1, folder_txn = ?2 WHERE room = ?1")?
        .execute(params![room.as_bytes(), txn.0.cast_signed()])?;
    Ok(txn)
}

/// Writes another title and tells it.
pub(super) fn retitle(
    work: &Work<'_>,
    room: RoomId,
    by: AccountId,
    at: TimeMs,
    title: &str,
    counter: u64,
) -> Result<(), Refusal> {
    let txn = work.next_txn()?;
    work.connection
        .prepare_cached("UPDATE rooms SET title = ?2, title_counter = ?3, title_txn = ?4 WHERE room = ?1")?
        .execute(params![room.as_bytes(), title, counter.cast_signed(), txn.0.cast_signed()])?;
    let event = work.append_as(txn, room, by, at, EventKind::Renamed { title: title.to_owned() })?;
    work.tell(work.members(room)?, room, txn, Told::Event(event))
}
