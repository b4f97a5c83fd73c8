//! Folders made, entries renamed and moved. Each change can be repeated and then changes nothing.

use super::locks;
use super::permissions::Shifted;
use super::sight::{self, Sight, changer, changer_in, hiding};
use super::table::activities::{About, append};
use super::table::{entries, groups, permissions};
use super::tree::{self, live, require_folder, visible};
use super::{ContentStore, Doing};
use crate::content::{naming, rules};
use crate::error::Refusal;
use pod_shared::content::{ActivityKind, Entry, EntryChange, EntryKind, EntryPage, FolderNew, NewParent};
use pod_shared::{AccountId, ContentPosition, EntryId, ErrorCode, Role, RoomId, UploadId, limits};
use rusqlite::Connection;

impl ContentStore {
    /// One folder's entries after a name, by name.
    pub(crate) async fn folder(
        &self,
        account: AccountId,
        room: RoomId,
        parent: Option<EntryId>,
        after: Option<String>,
        limit: u32,
    ) -> Result<EntryPage, Refusal> {
        self.db
            .read(move |conn| {
                let sight = Sight::of(conn, room, account)?;
                require_folder(conn, room, parent)?;
                if !sight.sees(parent)? {
                    return Err(rules::not_found());
                }
                let mut after = after.map(|name| naming::key(&name)).unwrap_or_default();
                let (mut page, mut more) = (Vec::new(), true);
                // What is hidden takes no place on the page.
                while more && page.len() < limit as usize {
                    let mut found = entries::in_folder(conn, room, parent, &after, limit + 1)?;
                    more = found.len() > limit as usize;
                    found.truncate(limit as usize);
                    after = found.last().map(|last| naming::key(&last.name)).unwrap_or_default();
                    for entry in found {
                        if !sight.sees(Some(entry.id))? {
                            continue;
                        }
                        if page.len() == limit as usize {
                            more = true;
                            break;
                        }
                        page.push(entry);
                    }
                }
                Ok(EntryPage { entries: page, more })
            })
            .await
    }

    /// One entry that is not deleted.
    pub(crate) async fn entry(&self, account: AccountId, entry: EntryId) -> Result<Entry, Refusal> {
        self.db.read(move |conn| visible(conn, account, entry).and_then(|entry| live(conn, entry))).await
    }

    /// A new folder. Repeatable by the id, by its maker.
    pub(crate) async fn create_folder(
        &self,
        doing: Doing,
        room: RoomId,
        new: FolderNew,
    ) -> Result<Entry, Refusal> {
        self.change(move |conn| {
            changer_in(conn, doing.by, room, new.parent)?;
            if let Some(there) = entries::get(conn, new.id)? {
                let same =
                    there.room == room && there.kind == EntryKind::Folder && there.created_by == doing.by;
                return if same { Ok(there) } else { Err(id_reused()) };
            }
            let depth = require_folder(conn, room, new.parent)? + 1;
            check_depth(depth)?;
            check_live(conn, room)?;
            let name_key = naming::key(&new.name);
            if entries::at_place(conn, room, new.parent, &name_key)?.is_some() {
                return Err(name_exists());
            }
            let mut entry = blank(new.id, room, new.parent, new.name, EntryKind::Folder, doing);
            entries::insert(conn, &entry, &name_key)?;
            let about = About { entry: Some(entry.id), name: &entry.name, ..About::default() };
            entry.position = append(conn, room, doing, &ActivityKind::FolderCreated, about)?;
            entries::set_place(conn, &entry, &name_key)?;
            tree::count(conn, room, entry.parent, 1)?;
            Ok(entry)
        })
        .await
    }

    /// Another name, another folder, or both. Answers the uploads that ended by it too.
    pub(crate) async fn change_entry(
        &self,
        doing: Doing,
        entry: EntryId,
        change: EntryChange,
    ) -> Result<(Entry, Vec<UploadId>), Refusal> {
        self.shift(move |conn| place(conn, doing, entry, change)).await
    }
}

fn place(
    conn: &Connection,
    doing: Doing,
    entry: EntryId,
    change: EntryChange,
) -> Result<Shifted<Entry>, Refusal> {
    let mut entry = visible(conn, doing.by, entry)?;
    let role = changer(conn, doing.by, &entry)?;
    entry = live(conn, entry)?;
    if change.if_position.is_some_and(|known| entry.position > known) {
        return Err(Refusal::new(ErrorCode::Conflict, "the entry was changed meanwhile"));
    }
    let parent = match change.parent {
        None => entry.parent,
        Some(NewParent::Top) => None,
        Some(NewParent::Folder(folder)) => Some(folder),
    };
    let name = change.name.unwrap_or_else(|| entry.name.clone());
    let before = std::mem::replace(&mut entry.name, name);
    let moved = parent != entry.parent;
    if before == entry.name && !moved {
        return Ok(Shifted::not(entry));
    }
    locks::require_free(conn, doing, &entry)?;
    let before_move = entry.parent;
    let mut shifts = false;
    if moved {
        check_move(conn, &entry, parent)?;
        changer_in(conn, doing.by, entry.room, parent)?;
        shifts = check_shift(conn, (doing.by, role), &entry, parent)?;
        entry.parent = parent;
    }
    let name_key = naming::key(&entry.name);
    if entries::at_place(conn, entry.room, parent, &name_key)?.is_some_and(|holder| holder.id != entry.id) {
        return Err(name_exists());
    }
    if before != entry.name {
        let renamed = ActivityKind::Renamed { from: before };
        entry.position = append(conn, entry.room, doing, &renamed, about(&entry))?;
    }
    if moved {
        entry.position = append(conn, entry.room, doing, &ActivityKind::Moved, about(&entry))?;
        let weight = tree::weight(conn, entry.id)?;
        tree::hang(conn, before_move, -weight)?;
        tree::hang(conn, parent, weight)?;
    }
    (entry.modified_by, entry.modified_at) = (doing.by, doing.at);
    entries::set_place(conn, &entry, &name_key)?;
    if !shifts {
        return Ok(Shifted::not(entry));
    }
    permissions::put_sight(conn, entry.room, entry.position, entry.id)?;
    let ended = sight::end_what_is_closed(conn, doing, entry.room)?;
    Ok(Shifted { ended, room: Some(entry.room), answer: entry })
}

/// Whether others see the entry in another folder; refuses who may not say that.
fn check_shift(
    conn: &Connection,
    (who, role): (AccountId, Role),
    entry: &Entry,
    to: Option<EntryId>,
) -> Result<bool, Refusal> {
    let (before, after) = (hiding(conn, entry.parent)?, hiding(conn, to)?);
    if before.iter().map(|one| one.on).eq(after.iter().map(|one| one.on)) {
        return Ok(false);
    }
    rules::permitter(who, role, entry.created_by)?;
    let marks: Vec<_> = after.iter().map(sight::Standing::mark).collect();
    sight::require_registrants(conn, entry, &marks)?;
    Ok(true)
}

fn check_move(conn: &Connection, entry: &Entry, to: Option<EntryId>) -> Result<(), Refusal> {
    let depth = require_folder(conn, entry.room, to)?;
    if entry.kind == EntryKind::Folder {
        if entries::path_up(conn, to)?.iter().any(|step| step.id == entry.id) {
            return Err(Refusal::new(ErrorCode::BadRequest, "a folder cannot lie in itself"));
        }
        check_depth(depth + entries::height(conn, entry.id)?)?;
    }
    Ok(())
}

/// Refuses one more entry in a room that is full.
pub(super) fn check_live(conn: &Connection, room: RoomId) -> Result<(), Refusal> {
    let live = groups::get(conn, room)?.ok_or_else(rules::not_found)?.live;
    if live >= limits::ENTRIES_PER_ROOM_MAX as u64 {
        return Err(Refusal::new(ErrorCode::TooMany, "a room's folder cannot hold that many entries"));
    }
    Ok(())
}

pub(super) fn check_depth(depth: usize) -> Result<(), Refusal> {
    if depth > limits::FOLDER_DEPTH_MAX {
        return Err(Refusal::new(ErrorCode::TooMany, "folders cannot lie that deep"));
    }
    Ok(())
}

/// An entry about to be written for the first time.
pub(super) fn blank(
    id: EntryId,
    room: RoomId,
    parent: Option<EntryId>,
    name: String,
    kind: EntryKind,
    doing: Doing,
) -> Entry {
    Entry {
        id,
        room,
        parent,
        name,
        kind,
        size: 0,
        digest: String::new(),
        version: 0,
        created_at: doing.at,
        created_by: doing.by,
        modified_at: doing.at,
        modified_by: doing.by,
        position: ContentPosition(0),
        deleted: false,
        lock: None,
        comments: 0,
        rating: None,
        permission: None,
        description: String::new(),
        tags: Vec::new(),
    }
}

/// What an activity on an entry is about.
pub(super) fn about(entry: &Entry) -> About<'_> {
    let (name, size, version) = (entry.name.as_str(), entry.size, entry.version);
    About { entry: Some(entry.id), name, size, version, ..About::default() }
}

pub(super) fn name_exists() -> Refusal {
    Refusal::new(ErrorCode::NameExists, "the folder has an entry with this name")
}

pub(super) fn id_reused() -> Refusal {
    Refusal::new(ErrorCode::IdReused, "the id was used before for something else")
}
