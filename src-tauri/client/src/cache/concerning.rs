//! What a person did in other rooms that concerns somebody: on the files that they registered, and said to them.

use super::page::PlacedActivity;
use super::{Cache, entries, row};
use crate::view::ErrorView;
use pod_shared::content::{Activity, ActivityKind, Entry};
use pod_shared::{AccountId, Position, RoomId};
use rusqlite::{Transaction, params};

/// Lines of a person that are looked at in each room, newest first.
const LINES_MAX: u32 = 50;

/// One line, and the file it is about.
pub(crate) struct Concerning {
    /// The room.
    pub(crate) room: RoomId,
    /// The line.
    pub(crate) line: PlacedActivity,
    /// The file or folder, as it is now.
    pub(crate) entry: Entry,
}

impl Cache {
    /// What `by` did in these rooms that concerns `me`, newest first, at most so many.
    pub(crate) async fn concerning(
        &self,
        me: AccountId,
        by: AccountId,
        rooms: Vec<RoomId>,
        limit: u32,
    ) -> Result<Vec<Concerning>, ErrorView> {
        let run = move |tx: &Transaction<'_>| {
            let mut found = Vec::new();
            let mut statement = tx.prepare_cached(
                "SELECT body FROM activities WHERE by = ?1 AND room = ?2 ORDER BY position DESC LIMIT ?3",
            )?;
            for room in rooms.iter().copied() {
                let mut lines = statement.query(params![by.as_bytes(), room.as_bytes(), LINES_MAX])?;
                while let Some(line) = lines.next()? {
                    let mut activity: Activity = row::unpack(line, 0)?;
                    let Some(id) = activity.entry.filter(|_| may_concern(&activity.kind)) else { continue };
                    let Some(entry) = entries::read(tx, id)? else { continue };
                    let said = activity.comment.as_ref();
                    let to_me =
                        said.is_some_and(|said| said.mentions.contains(&me) || said.answers == Some(me));
                    if entry.created_by == me || to_me {
                        // A line of its own: the card of an upload stands in its room.
                        activity.upload = None;
                        let line =
                            PlacedActivity { pos: Position(0), activity, end: None, told_before: false };
                        found.push(Concerning { room, line, entry });
                    }
                }
            }
            found.sort_by_key(|one| std::cmp::Reverse(one.line.activity.at));
            found.truncate(limit as usize);
            Ok(found)
        };
        self.read(run).await
    }
}

/// Whether a kind is worth telling somebody about their own file elsewhere.
fn may_concern(kind: &ActivityKind) -> bool {
    match kind {
        ActivityKind::Modified
        | ActivityKind::Renamed { .. }
        | ActivityKind::Moved
        | ActivityKind::Deleted
        | ActivityKind::Restored
        | ActivityKind::ConflictKept { .. }
        | ActivityKind::VersionRestored { .. }
        | ActivityKind::LockBroken { .. }
        | ActivityKind::Commented
        | ActivityKind::Rated { .. } => true,
        ActivityKind::GroupCreated
        | ActivityKind::UploadStarted
        | ActivityKind::Uploaded
        | ActivityKind::UploadCancelled
        | ActivityKind::Downloaded
        | ActivityKind::FolderCreated
        | ActivityKind::RoomPicture
        | ActivityKind::Locked
        | ActivityKind::Unlocked
        | ActivityKind::LockExpired
        | ActivityKind::CommentDeleted
        | ActivityKind::Purged
        | ActivityKind::TrashEmptied
        | ActivityKind::MetadataChanged
        | ActivityKind::Opened
        | ActivityKind::OpenedTold { .. }
        | ActivityKind::PermissionChanged
        | ActivityKind::Unknown { .. } => false,
    }
}
