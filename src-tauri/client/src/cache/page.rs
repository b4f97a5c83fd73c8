//! One stretch of a room's chat as it is kept, read in one transaction: log rows, and the activities that belong there.
//!
//! The log says only where the folder stands; an activity's place is the first row that stands at or behind it.

use super::rooms::{read_members, read_room};
use super::row::{self, int, uint};
use super::said::{Mark, Said, owner, read_marks, read_said};
use super::{Cache, MemberRow, RoomRow, entries};
use crate::view::ErrorView;
use pod_shared::content::{Activity, Entry};
use pod_shared::socket::RoomEvent;
use pod_shared::{AccountId, EntryId, Position, RoomId, UploadId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// Activities of one stretch, the newest of it: when a folder of many files comes at once, its lines do not hold up the
/// chat. All of them stand in the details of their files.
const ACTIVITIES_MAX: u32 = 2_000;

/// An activity with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedActivity {
    pub(crate) pos: Position,
    pub(crate) activity: Activity,
    /// The activity that ended its upload, for the one that began it.
    pub(crate) end: Option<Activity>,
    /// An earlier activity of the same upload stands for it.
    pub(crate) told_before: bool,
}

/// A stretch.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) room: RoomRow,
    pub(crate) members: Vec<MemberRow>,
    pub(crate) marks: BTreeMap<AccountId, Mark>,
    /// Oldest first, folder rows included; what is about earlier messages is in `said`.
    pub(crate) events: Vec<RoomEvent>,
    /// The messages among them, as they stand now.
    pub(crate) said: BTreeMap<Position, Said>,
    /// In the order of the folder's log.
    pub(crate) activities: Vec<PlacedActivity>,
    /// The entries they are about.
    pub(crate) entries: BTreeMap<EntryId, Entry>,
    /// Open uploads: bytes there, bytes of the whole.
    pub(crate) uploads: BTreeMap<UploadId, (u64, u64)>,
    /// Every row that is here on that side is in `events`.
    pub(crate) whole: bool,
}

/// Which side of what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// Up to the end.
    Newest,
    /// The newest before a position.
    Before(Position),
    /// The oldest after a position.
    After(Position),
}

/// Whether a stretch reaches the newest end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foot {
    Reached,
    Further,
}

pub(super) const BEFORE: &str =
    "SELECT body FROM events WHERE room = ?1 AND pos < ?2 ORDER BY pos DESC LIMIT ?3";
pub(super) const AFTER: &str = "SELECT body FROM events WHERE room = ?1 AND pos > ?2 ORDER BY pos LIMIT ?3";
/// Where the folder stood before a position.
pub(super) const FOLDER_BEFORE: &str = "SELECT content_at FROM events INDEXED BY events_of_folder_by_place
     WHERE room = ?1 AND pos < ?2 AND content_at IS NOT NULL ORDER BY pos DESC LIMIT 1";

impl Cache {
    /// At most `rows` log rows.
    pub(crate) async fn page(
        &self,
        room: RoomId,
        stretch: Stretch,
        rows: u32,
    ) -> Result<Option<Page>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let Some(room_row) = read_room(tx, room)? else { return Ok(None) };
            let events = read_events(tx, room, stretch, rows)?;
            let whole = events.len() < rows as usize;
            let foot = match stretch {
                Stretch::Newest => Foot::Reached,
                Stretch::After(_) if whole => Foot::Reached,
                Stretch::Before(_) | Stretch::After(_) => Foot::Further,
            };
            let activities = read_activities(tx, &room_row, foot, &events)?;
            let me = owner(tx)?;
            let mut said = BTreeMap::new();
            for event in &events {
                if let Some(message) = read_said(tx, me, event)? {
                    said.insert(event.pos, message);
                }
            }
            let (mut about, mut folders) = (BTreeMap::new(), entries::Folders::new());
            for placed in &activities {
                for id in [&placed.activity, placed.end.as_ref().unwrap_or(&placed.activity)]
                    .into_iter()
                    .filter_map(|activity| activity.entry)
                {
                    if about.contains_key(&id) {
                        continue;
                    }
                    if let Some(entry) = entries::read_among(tx, id, &mut folders)? {
                        about.insert(id, entry);
                    }
                }
            }
            Ok(Some(Page {
                members: read_members(tx, room)?,
                marks: read_marks(tx, room)?.into_iter().map(|mark| (mark.account, mark)).collect(),
                uploads: read_uploads(tx, room)?,
                room: room_row,
                events,
                said,
                activities,
                entries: about,
                whole,
            }))
        };
        self.read(run).await
    }
}

fn read_events(
    tx: &Connection,
    room: RoomId,
    stretch: Stretch,
    rows: u32,
) -> Result<Vec<RoomEvent>, ErrorView> {
    let (sql, pos) = match stretch {
        Stretch::Newest => (BEFORE, i64::MAX),
        Stretch::Before(pos) => (BEFORE, int(pos.0)),
        Stretch::After(pos) => (AFTER, int(pos.0)),
    };
    let mut statement = tx.prepare_cached(sql)?;
    let events = statement.query_map(params![room.as_bytes(), pos, rows], |row| row::unpack(row, 0))?;
    let mut events = events.collect::<Result<Vec<RoomEvent>, _>>()?;
    if sql == BEFORE {
        events.reverse();
    }
    Ok(events)
}

/// The activities that belong to the folder rows among `events`; at the newest end also those not yet in the log.
fn read_activities(
    tx: &Connection,
    room: &RoomRow,
    foot: Foot,
    events: &[RoomEvent],
) -> Result<Vec<PlacedActivity>, ErrorView> {
    use pod_shared::socket::EventKind;
    let marks: Vec<(u64, Position)> = events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Folder { at } => Some((at.0, event.pos)),
            EventKind::Created { .. }
            | EventKind::Message { .. }
            | EventKind::Member { .. }
            | EventKind::Renamed { .. }
            | EventKind::FolderMade {} => None,
        })
        .collect();
    let first = events.first().map_or(room.head.0 + 1, |event| event.pos.0);
    let earlier: Option<i64> = tx
        .prepare_cached(FOLDER_BEFORE)?
        .query_row(params![room.id.as_bytes(), int(first)], |row| row.get(0))
        .optional()?;
    let from = match (earlier, marks.first()) {
        (Some(at), _) => at,
        // The log begins in this stretch: so does the folder.
        (None, _) if room.oldest.0 <= 1 => 0,
        // What lies before the first mark belongs to rows that are not here.
        (None, Some((at, _))) => int(at - 1),
        (None, None) => int(room.content_pos.0),
    };
    let to = match (foot, marks.last()) {
        (Foot::Reached, _) => i64::MAX,
        (Foot::Further, Some((at, _))) => int(*at),
        (Foot::Further, None) => from,
    };
    let mut statement = tx.prepare_cached(
        "SELECT body FROM activities WHERE room = ?1 AND position > ?2 AND position <= ?3
         ORDER BY position DESC LIMIT ?4",
    )?;
    let values = params![room.id.as_bytes(), from, to, ACTIVITIES_MAX];
    let rows = statement.query_map(values, |row| row::unpack(row, 0))?;
    let mut activities = rows.collect::<Result<Vec<Activity>, _>>()?;
    activities.reverse();
    let newest = events.last().map_or(room.head, |event| event.pos);
    activities
        .into_iter()
        .map(|activity| {
            let at = marks.partition_point(|(at, _)| *at < activity.position.0);
            let pos = marks.get(at).map_or(newest, |(_, pos)| *pos);
            let (told_before, end) = life_of(tx, room.id, &activity)?;
            Ok(PlacedActivity { pos, activity, end, told_before })
        })
        .collect()
}

/// Whether an earlier activity stands for the same upload, and the later one that ended it.
fn life_of(
    tx: &Connection,
    room: RoomId,
    activity: &Activity,
) -> Result<(bool, Option<Activity>), ErrorView> {
    let Some(upload) = activity.upload else { return Ok((false, None)) };
    let mut statement = tx.prepare_cached(
        "SELECT position, body FROM activities WHERE upload = ?1 AND room = ?2 ORDER BY position",
    )?;
    let rows = statement.query_map(params![upload.as_bytes(), room.as_bytes()], |row| {
        Ok((uint(row, 0)?, row::unpack::<Activity>(row, 1)?))
    })?;
    let all = rows.collect::<Result<Vec<_>, _>>()?;
    let told_before = all.first().is_some_and(|(position, _)| *position < activity.position.0);
    let end = all.into_iter().rev().find(|(position, _)| *position > activity.position.0);
    Ok((told_before, end.map(|(_, activity)| activity)))
}

fn read_uploads(tx: &Connection, room: RoomId) -> Result<BTreeMap<UploadId, (u64, u64)>, ErrorView> {
    let mut statement = tx.prepare_cached("SELECT id, offset, length FROM uploads WHERE room = ?1")?;
    let rows = statement.query_map([room.as_bytes()], |row| {
        Ok((row::id(row, 0, UploadId::from_slice)?, (uint(row, 1)?, uint(row, 2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
