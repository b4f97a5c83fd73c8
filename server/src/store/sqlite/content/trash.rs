//! What was deleted: listed, and deleted for good.
//!
//! Deleting for good marks one entry and puts it on a list; what it has, and what lies in it, is removed in steps of a few
//! entries, each a transaction, so that a kill between two loses nothing and the writer is never held up. Contents go
//! the way of all contents: they are let go, lie loose for a while, and are swept.

use super::entries::about;
use super::sight::{Sight, changer};
use super::table::activities::{About, append};
use super::table::{entries, members, purges, versions};
use super::tree::visible;
use super::{ContentStore, Doing, at_rest};
use crate::content::rules::{self, Whose};
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, EntryKind, TrashItem};
use pod_shared::{AccountId, ContentPosition, EntryId, ErrorCode, RoomId, TimeMs, limits};
use rusqlite::Connection;

/// Entries of one folder that are put on the list in one step.
const SPREAD: u32 = 500;

/// Which part of a long deletion it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It is told.
    First,
    /// It was told.
    Later,
}

/// A page of the trash; when each is deleted for good, the caller adds.
pub(crate) struct Trash {
    /// The page.
    pub(crate) items: Vec<TrashItem>,
    /// There is more.
    pub(crate) more: bool,
}

impl ContentStore {
    /// What was deleted before a position, the newest first.
    pub(crate) async fn trash(
        &self,
        account: AccountId,
        room: RoomId,
        before: ContentPosition,
        limit: u32,
    ) -> Result<Trash, Refusal> {
        self.db
            .read(move |conn| {
                let sight = Sight::of(conn, room, account)?;
                let (mut items, mut more, mut before) = (Vec::new(), true, before);
                // What is hidden takes no place on the page.
                while more && items.is_empty() {
                    let mut found = purges::in_trash(conn, room, before, limit + 1)?;
                    more = found.len() > limit as usize;
                    found.truncate(limit as usize);
                    before = found.last().map_or(before, |last| last.at);
                    for one in found {
                        // What lies in something that is deleted for good goes with it.
                        let Some(path) = path(conn, &one.entry)? else { continue };
                        if !sight.sees(Some(one.entry.id))? {
                            continue;
                        }
                        let (at, below, until) = (one.at, one.below, one.entry.modified_at);
                        items.push(TrashItem { until, entry: one.entry, at, path, below });
                    }
                }
                Ok(Trash { items, more })
            })
            .await
    }

    /// Deletes something in the trash for good. Repeatable.
    pub(crate) async fn purge(&self, doing: Doing, entry: EntryId) -> Result<(), Refusal> {
        self.change(move |conn| {
            let entry = visible(conn, doing.by, entry)?;
            let own = entry.kind == EntryKind::File && entry.created_by == doing.by;
            let whose = if own { Whose::OwnFile } else { Whose::Others };
            rules::purger(members::role(conn, entry.room, doing.by)?, whose)?;
            changer(conn, doing.by, &entry)?;
            if entries::is_purged(conn, entry.id)? {
                return Ok(());
            }
            if !entry.deleted {
                return Err(Refusal::new(ErrorCode::Conflict, "it is not in the trash"));
            }
            purges::mark(conn, entry.id, doing.at)?;
            append(conn, entry.room, doing, &ActivityKind::Purged, about(&entry))?;
            Ok(())
        })
        .await
    }

    /// Deletes for good some of what was deleted up to a position, as far as who empties it sees it; answers up to where
    /// it goes on, nothing: that was all.
    pub(crate) async fn empty_trash(
        &self,
        doing: Doing,
        room: RoomId,
        up_to: ContentPosition,
        part: Part,
    ) -> Result<Option<ContentPosition>, Refusal> {
        self.change(move |conn| {
            rules::manager(members::role(conn, room, doing.by)?)?;
            let sight = Sight::of(conn, room, doing.by)?;
            let before = ContentPosition(up_to.0.saturating_add(1));
            let found = purges::in_trash(conn, room, before, limits::CONTENT_PAGE_MAX)?;
            let mut any = false;
            for one in &found {
                if sight.sees(Some(one.entry.id))? {
                    purges::mark(conn, one.entry.id, doing.at)?;
                    any = true;
                }
            }
            if any && part == Part::First {
                append(conn, room, doing, &ActivityKind::TrashEmptied, About::default())?;
            }
            let last = found.last().filter(|_| found.len() == limits::CONTENT_PAGE_MAX as usize);
            Ok(last.map(|last| ContentPosition(last.at.0.saturating_sub(1))))
        })
        .await
    }

    /// Deletes for good some of what was deleted before a time; false: that was all.
    pub(crate) async fn expire_trash(&self, before: TimeMs, now: TimeMs) -> Result<bool, Refusal> {
        self.change(move |conn| {
            let old = purges::older(conn, before, limits::PURGE_BATCH_MAX)?;
            for entry in &old {
                purges::mark(conn, *entry, now)?;
            }
            Ok(!old.is_empty())
        })
        .await
    }

    /// Removes some of what was deleted for good; false: nothing is left to remove.
    pub(crate) async fn purge_some(&self, now: TimeMs) -> Result<bool, Refusal> {
        self.change(move |conn| {
            let some = purges::some(conn, limits::PURGE_BATCH_MAX)?;
            for (entry, kind) in &some {
                remove(conn, *entry, *kind, now)?;
            }
            Ok(!some.is_empty())
        })
        .await
    }
}

/// One step of removing an entry.
fn remove(conn: &Connection, entry: EntryId, kind: EntryKind, now: TimeMs) -> Result<(), Refusal> {
    if kind == EntryKind::Folder && purges::spread(conn, entry, SPREAD)? {
        return Ok(());
    }
    for blob in versions::drop_up_to(conn, entry, u32::MAX)? {
        at_rest::unpin(conn, blob, now)?;
    }
    if purges::silence(conn, entry)? {
        purges::done(conn, entry, now)?;
    }
    Ok(())
}

/// Names of the folders in which an entry lay, from the top down; nothing: one of them is deleted for good.
fn path(conn: &Connection, entry: &Entry) -> Result<Option<Vec<String>>, Refusal> {
    let above = entries::path_up(conn, entry.parent)?;
    if above.iter().any(|step| step.purged) {
        return Ok(None);
    }
    let mut names = Vec::with_capacity(above.len());
    for step in above.iter().rev() {
        names.extend(entries::get(conn, step.id)?.map(|folder| folder.name));
    }
    Ok(Some(names))
}
