//! The messenger's half of the interlock: rows that wait, rows that are settled, and rows of the content service applied
//! here, each with its id in one transaction.

use super::members::{self, Written};
use super::offers::{self, Parties};
use super::rooms::{self, Start};
use super::work::Work;
use super::{MessengerStore, people};
use crate::error::Refusal;
use crate::store::sqlite::relay;
use pod_shared::interlock::{MemberVersion, RelayBody, RelayRow, RowsApplied};
use pod_shared::socket::{EventKind, Person};
use pod_shared::{AccountId, ContentPosition, RelayId, RoomId, TimeMs};
use rusqlite::params;

/// What became of a row of the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is applied, now or before.
    Applied,
    /// It can never be.
    Refused(String),
}

impl MessengerStore {
    /// The oldest rows that wait for the content service, but none of the rooms `held`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn pending(&self, limit: usize, held: Vec<RoomId>) -> Result<Vec<RelayRow>, Refusal> {
        self.ask(move |connection| Ok(relay::pending(connection, limit, &held)?)).await
    }

    /// Drops the ids of rows that the content service never sends again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget(&self, ids: Vec<RelayId>) -> Result<(), Refusal> {
        self.change(move |work| Ok(relay::forget(work.connection, &ids)?)).await
    }

    /// The content service applied or refused these; the log tells of the removals among them. Answers the rows that
    /// waited until now. Repeatable.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn settle(&self, outcome: RowsApplied, now: TimeMs) -> Result<Vec<RelayId>, Refusal> {
        self.change(move |work| {
            let rows = relay::settle(work.connection, &outcome)?;
            for row in &rows {
                if let RelayBody::Member { .. } = row.body {
                    members::settled(work, row.room, row.id, now)?;
                }
            }
            Ok(rows.into_iter().map(|row| row.id).collect())
        })
        .await
    }

    /// Applies one row of the content service, with the names of the people in it.
    ///
    /// `folder`: whether a later row of the same delivery says more of where the folder stands.
    ///
    /// # Errors
    /// When the store cannot be written: again later.
    pub async fn apply(
        &self,
        row: RelayRow,
        people: Vec<Person>,
        folder: FolderNews,
        now: TimeMs,
    ) -> Result<Applied, Refusal> {
        self.change(move |work| {
            if relay::applied_before(work.connection, row.id)? {
                return Ok(Applied::Applied);
            }
            people::keep(work, &people)?;
            let applied = match &row.body {
                RelayBody::Pair { title, creator, at, members } => {
                    pair(work, row.room, &Pair { title, creator: *creator, at: *at, members }, now)?
                }
                RelayBody::Member { .. } | RelayBody::Title { .. } | RelayBody::FolderAt { .. }
                    if rooms::find(work, row.room)?.is_none_or(|held| !held.folder) =>
                {
                    Applied::Refused("there is no such room with a folder".into())
                }
                RelayBody::Member { member } => apply_member(work, row.room, member, now)?,
                RelayBody::Title { title, counter } => apply_title(work, row.room, title, *counter, now)?,
                RelayBody::FolderAt { at, by, time } => match folder {
                    FolderNews::Last => folder_at(work, row.room, *at, *by, *time)?,
                    FolderNews::Overtaken => Applied::Applied,
                },
                RelayBody::OfferForwarded { offer, by, to, from, until } => {
                    let parties = Parties { from: *by, to: *to };
                    offers::forwarded(work, *offer, parties, (*from, *until), now)?
                }
                RelayBody::OfferExpired { offer, by } => offers::expired(work, *offer, *by, now)?,
                RelayBody::OfferMay { .. } | RelayBody::OfferOver { .. } => {
                    Applied::Refused("only the messenger knows who offers what".into())
                }
            };
            if applied == Applied::Applied {
                relay::mark_applied(work.connection, row.id)?;
            }
            Ok(applied)
        })
        .await
    }
}

/// Whether a delivery has a later row that says where the same folder stands: then one event tells of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderNews {
    /// It is the last word.
    Last,
    /// A later row says more.
    Overtaken,
}

struct Pair<'a> {
    title: &'a str,
    creator: AccountId,
    at: TimeMs,
    members: &'a [MemberVersion],
}

/// The files side made a group: its room is made (N2). Both sides may have made a half of one pair; the halves of
/// different makers are never joined, else a group made with a known id would open somebody's room.
fn pair(work: &Work<'_>, room: RoomId, pair: &Pair<'_>, now: TimeMs) -> Result<Applied, Refusal> {
    let Some(held) = rooms::find(work, room)? else {
        let start = Start {
            room,
            title: pair.title,
            creator: pair.creator,
            at: pair.at,
            digest: &[],
            folder: true,
            members: pair.members,
        };
        rooms::start(work, &start)?;
        return Ok(Applied::Applied);
    };
    if held.created_by != pair.creator {
        return Ok(Applied::Refused("the id is that of a room of another maker".into()));
    }
    if !held.folder {
        // A room's id outlives the membership of who made it.
        if work.role(room, pair.creator)?.is_none_or(|role| !role.writes()) {
            return Ok(Applied::Refused("who made the folder may not give it to the room".into()));
        }
        let txn = rooms::has_folder_now(work, room)?;
        let event = work.append_as(txn, room, pair.creator, now, EventKind::FolderMade {})?;
        work.tell(work.members(room)?, room, txn, super::Told::Event(event))?;
        let (title, creator, at) = (held.title, held.created_by, held.created_at);
        let members = members::versions(work, room)?;
        work.relay(room, &RelayBody::Pair { title, creator, at, members })?;
    }
    for member in pair.members {
        apply_member(work, room, member, now)?;
    }
    Ok(Applied::Applied)
}

fn apply_member(
    work: &Work<'_>,
    room: RoomId,
    member: &MemberVersion,
    now: TimeMs,
) -> Result<Applied, Refusal> {
    if rooms::find(work, room)?.is_none() {
        return Ok(Applied::Refused("there is no such room".into()));
    }
    let held = members::held(work, room, member.account)?;
    if held.as_ref().is_some_and(|held| !member.supersedes(&held.version)) {
        return Ok(Applied::Applied);
    }
    let txn = work.next_txn()?;
    let before = members::write(work, room, &Written { member: *member, txn, settling: None })?;
    if before == member.role && held.is_none_or(|held| held.settling.is_none()) {
        return Ok(Applied::Applied);
    }
    if before.is_some() && member.role.is_none() {
        work.tell_gone(member.account, room, txn)?;
    }
    members::tell_change(work, room, member, now, before.is_none() && member.role.is_some())?;
    Ok(Applied::Applied)
}

fn apply_title(
    work: &Work<'_>,
    room: RoomId,
    title: &str,
    counter: u64,
    now: TimeMs,
) -> Result<Applied, Refusal> {
    let Some(held) = rooms::find(work, room)? else {
        return Ok(Applied::Refused("there is no such room".into()));
    };
    if (counter, title) > (held.title_counter, held.title.as_str()) {
        rooms::retitle(work, room, held.created_by, now, title, counter)?;
    }
    Ok(Applied::Applied)
}

fn folder_at(
    work: &Work<'_>,
    room: RoomId,
    at: ContentPosition,
    by: AccountId,
    time: TimeMs,
) -> Result<Applied, Refusal> {
    let Some(held) = rooms::find(work, room)? else {
        return Ok(Applied::Refused("there is no such room".into()));
    };
    if at.0 <= held.content_at {
        return Ok(Applied::Applied);
    }
    work.connection
        .prepare_cached("UPDATE rooms SET content_at = ?2 WHERE room = ?1")?
        .execute(params![room.as_bytes(), at.0.cast_signed()])?;
    work.append(room, by, time, EventKind::Folder { at }, None)?;
    Ok(Applied::Applied)
}
