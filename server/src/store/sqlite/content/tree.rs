//! What hangs from what: deleting and bringing back, whole trees at once.
//!
//! Only the entry that was deleted is marked; what lies in it is gone because a folder above it is. So a deletion and
//! its undoing write as many rows as there are folders above, whatever lies below, and the writer is never held up.

use super::entries::{about, check_depth, name_exists};
use super::locks;
use super::sight::{changer, changer_in, hiding, require_all_below, require_seen};
use super::table::activities::append;
use super::table::entries::{self, Step};
use super::table::groups;
use super::{ContentStore, Doing};
use crate::content::{naming, rules};
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, EntryKind};
use pod_shared::{AccountId, EntryId, ErrorCode, RoomId, limits};
use rusqlite::Connection;

/// Names tried before it is said that the name is taken.
const NAMES_MAX: u32 = 1_000;

impl ContentStore {
    /// Deletes an entry and all that lies in it. Repeatable.
    pub(crate) async fn delete_entry(&self, doing: Doing, entry: EntryId) -> Result<(), Refusal> {
        self.change(move |conn| delete(conn, doing, entry)).await
    }

    /// Brings a deleted entry back, with all that was deleted with it. Repeatable.
    pub(crate) async fn restore_entry(&self, doing: Doing, entry: EntryId) -> Result<Entry, Refusal> {
        self.change(move |conn| restore(conn, doing, entry)).await
    }
}

pub(super) fn delete(conn: &Connection, doing: Doing, entry: EntryId) -> Result<(), Refusal> {
    let mut entry = visible(conn, doing.by, entry)?;
    changer(conn, doing.by, &entry)?;
    if is_gone(conn, &entry)? {
        return Ok(());
    }
    require_all_below(conn, doing.by, &entry)?;
    locks::require_free(conn, doing, &entry)?;
    locks::drop_below(conn, &entry)?;
    entry.lock = None;
    count(conn, entry.room, entry.parent, -weight(conn, entry.id)?)?;
    entry.position = append(conn, entry.room, doing, &ActivityKind::Deleted, about(&entry))?;
    (entry.deleted, entry.modified_by, entry.modified_at) = (true, doing.by, doing.at);
    entries::set_deleted(conn, &entry)?;
    Ok(())
}

pub(super) fn restore(conn: &Connection, doing: Doing, entry: EntryId) -> Result<Entry, Refusal> {
    let mut entry = visible(conn, doing.by, entry)?;
    changer(conn, doing.by, &entry)?;
    let above = entries::path_up(conn, entry.parent)?;
    if entries::is_purged(conn, entry.id)? || above.iter().any(|step| step.purged) {
        return Err(rules::not_found());
    }
    let living = above.iter().rposition(|step| step.deleted).map_or(0, |last| last + 1);
    if !entry.deleted && living == 0 {
        return Ok(entry);
    }
    let goes_to = above.get(living).map(|step| step.id);
    changer_in(conn, doing.by, entry.room, goes_to)?;
    let on = |folder| hiding(conn, folder).map(|found| found.iter().map(|one| one.on).collect::<Vec<_>>());
    if on(entry.parent)? != on(goes_to)? {
        // Alone it would be seen by people from whom its folder is hidden.
        return Err(Refusal::new(
            ErrorCode::Conflict,
            "its folder has a permission: that is brought back first",
        ));
    }
    let weight = weight(conn, entry.id)?;
    check_room(conn, &entry, weight)?;
    // Without a mark of its own it is counted in the deleted folder that took it along, and leaves it now.
    if !entry.deleted {
        leave(conn, &above, weight)?;
    }
    entry.parent = goes_to;
    if entry.kind == EntryKind::Folder {
        check_depth(above.len() - living + entries::height(conn, entry.id)?)?;
    }
    let name_key;
    (entry.name, name_key) = free_name(conn, &entry)?;
    (entry.deleted, entry.modified_by, entry.modified_at) = (false, doing.by, doing.at);
    entry.position = append(conn, entry.room, doing, &ActivityKind::Restored, about(&entry))?;
    entries::set_place(conn, &entry, &name_key)?;
    entries::set_deleted(conn, &entry)?;
    count(conn, entry.room, entry.parent, weight)?;
    Ok(entry)
}

fn check_room(conn: &Connection, entry: &Entry, weight: i64) -> Result<(), Refusal> {
    let live = groups::get(conn, entry.room)?.ok_or_else(rules::not_found)?.live;
    if live.saturating_add_signed(weight) > limits::ENTRIES_PER_ROOM_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "a room's folder cannot hold that many entries"));
    }
    Ok(())
}

/// Takes something out of the counts of the folders up to the one that is marked as deleted.
fn leave(conn: &Connection, above: &[Step], weight: i64) -> Result<(), Refusal> {
    for step in above {
        entries::add_below(conn, step.id, -weight)?;
        if step.deleted {
            break;
        }
    }
    Ok(())
}

/// Its name if that is free where it goes, else the first free `name (2).ext`; with the form that is compared.
pub(super) fn free_name(conn: &Connection, entry: &Entry) -> Result<(String, String), Refusal> {
    for number in 1..=NAMES_MAX {
        let name = naming::numbered(&entry.name, entry.kind, number);
        let key = naming::key(&name);
        let holder = entries::at_place(conn, entry.room, entry.parent, &key)?;
        if holder.is_none_or(|holder| holder.id == entry.id) {
            return Ok((name, key));
        }
    }
    Err(name_exists())
}

/// How many entries go where this one goes, itself included.
pub(super) fn weight(conn: &Connection, entry: EntryId) -> Result<i64, Refusal> {
    Ok(i64::try_from(entries::below(conn, entry)?).unwrap_or(i64::MAX).saturating_add(1))
}

/// Counts entries that came, or (negative) went, in a live folder or the top: in the room, and in every folder above.
pub(super) fn count(
    conn: &Connection,
    room: RoomId,
    folder: Option<EntryId>,
    by: i64,
) -> Result<(), Refusal> {
    groups::add_live(conn, room, by)?;
    hang(conn, folder, by)
}

/// Counts entries in or out of what hangs from a live folder and from those above it.
pub(super) fn hang(conn: &Connection, folder: Option<EntryId>, by: i64) -> Result<(), Refusal> {
    for step in entries::path_up(conn, folder)? {
        entries::add_below(conn, step.id, by)?;
    }
    Ok(())
}

/// Whether this is the top or a live folder of the room; answers how deep it lies.
pub(super) fn require_folder(
    conn: &Connection,
    room: RoomId,
    folder: Option<EntryId>,
) -> Result<usize, Refusal> {
    if let Some(id) = folder {
        let there = entries::get(conn, id)?.ok_or_else(rules::not_found)?;
        if there.room != room || there.kind != EntryKind::Folder {
            return Err(rules::not_found());
        }
    }
    let path = entries::path_up(conn, folder)?;
    if path.iter().any(|step| step.deleted) { Err(rules::not_found()) } else { Ok(path.len()) }
}

/// The entry, deleted or not, for a member of its room who sees it.
pub(super) fn visible(conn: &Connection, account: AccountId, entry: EntryId) -> Result<Entry, Refusal> {
    let entry = entries::get(conn, entry)?.ok_or_else(rules::not_found)?;
    require_seen(conn, account, &entry)?;
    Ok(entry)
}

/// The entry, unless it is gone.
pub(super) fn live(conn: &Connection, entry: Entry) -> Result<Entry, Refusal> {
    if is_gone(conn, &entry)? { Err(rules::not_found()) } else { Ok(entry) }
}

/// Whether it is deleted, or lies in what is.
fn is_gone(conn: &Connection, entry: &Entry) -> Result<bool, Refusal> {
    Ok(entry.deleted || entries::path_up(conn, entry.parent)?.iter().any(|step| step.deleted))
}
