//! A room's folder as it is shown: a page of it, one entry, all about one, and those found by name. Asks the cache only.

use super::permits::Permits;
use super::{Desk, chat};
use crate::cache::{History, MemberRow, Page as Stretch};
use crate::timeline;
use crate::view::{
    EntryDetails, EntryFound, EntryPlace, EntryView, ErrorView, FolderView, LockView, Name, OpenedBy, Sort,
};
use pod_shared::content::{Entry, EntryKind, PreviewKind};
use pod_shared::{AccountId, EntryId, ErrorCode, Role, RoomId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// Lines in the details of an entry.
const LINES_MAX: u32 = 20;

/// Which part of a folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) sort: Sort,
    pub(super) offset: u32,
    pub(super) limit: u32,
}

/// A page of a folder.
pub(super) async fn folder(
    desk: &Desk,
    room: RoomId,
    parent: Option<EntryId>,
    page: Page,
) -> Result<FolderView, ErrorView> {
    let me = desk.me()?;
    let row = desk.cache.room(room).await?.ok_or_else(not_found)?;
    let path = match parent {
        Some(id) => desk.cache.path_to(id).await?,
        None => Vec::new(),
    };
    let is_open = |folder: &Entry| folder.room == room && !folder.deleted && folder.kind == EntryKind::Folder;
    if parent.is_some() && (path.is_empty() || !path.iter().all(is_open)) {
        return Err(not_found());
    }
    let members = desk.cache.members(room).await?;
    let role = role_of(&members, me.id);
    let writable = role.is_some_and(|role| Permits { me: me.id, role }.may_change(&path, None));
    let limit = page.limit.clamp(1, limits::FOLDER_PAGE_MAX);
    let listed = desk.cache.list(room, parent, page.sort, page.offset, limit).await?;
    tracing::trace!(passed = listed.passed, "a page of a folder");
    Ok(FolderView {
        room,
        path: places(path),
        total: listed.total,
        bytes: listed.bytes,
        sort: page.sort,
        offset: page.offset,
        entries: views(desk, &members, listed.entries).await,
        writable,
        may_remark: role.is_some_and(pod_shared::Role::writes),
        position: row.content_pos,
    })
}

/// One entry.
pub(super) async fn entry(desk: &Desk, id: EntryId) -> Result<EntryView, ErrorView> {
    let entry = open(desk, id).await?;
    let members = desk.cache.members(entry.room).await?;
    view(desk, &members, entry).await
}

/// All about one entry.
pub(super) async fn details(desk: &Desk, id: EntryId) -> Result<EntryDetails, ErrorView> {
    let entry = open(desk, id).await?;
    let room = desk.cache.room(entry.room).await?.ok_or_else(not_found)?;
    let members = desk.cache.members(entry.room).await?;
    let above = match entry.parent {
        Some(parent) => desk.cache.path_to(parent).await?,
        None => Vec::new(),
    };
    let history = desk.cache.history_of(entry.clone(), LINES_MAX).await?;
    let names = timeline::names(&members);
    let name = |account: &AccountId| Name {
        account: *account,
        name: names.get(account).cloned().unwrap_or_default(),
    };
    let holders = history.holders.iter().map(name).collect();
    let opened = (room.opened_told && entry.kind == EntryKind::File)
        .then(|| opened_by(&members, &history, entry.modified_by, &name));
    let stretch = Stretch {
        room,
        members,
        marks: BTreeMap::new(),
        said: BTreeMap::new(),
        events: Vec::new(),
        activities: history.lines,
        entries: BTreeMap::from([(entry.id, entry.clone())]),
        uploads: BTreeMap::new(),
        whole: true,
    };
    let activities = chat::lines(desk, &stretch).await?;
    let entry = view(desk, &stretch.members, entry).await?;
    Ok(EntryDetails { entry, path: places(above), holders, opened, activities })
}

/// Who opened the newest version, of those in the room who did not make it.
fn opened_by(
    members: &[MemberRow],
    history: &History,
    maker: AccountId,
    name: &impl Fn(&AccountId) -> Name,
) -> OpenedBy {
    let others: BTreeSet<AccountId> = members
        .iter()
        .filter(|member| member.role.is_some() && member.account != maker)
        .map(|member| member.account)
        .collect();
    let people = history.openers.iter().filter(|account| others.contains(account)).map(name).collect();
    OpenedBy { people, of: u32::try_from(others.len()).unwrap_or(u32::MAX) }
}

/// Entries by a part of their name, of one room or of all.
pub(super) async fn find(
    desk: &Desk,
    text: &str,
    room: Option<RoomId>,
    limit: u32,
) -> Result<Vec<EntryFound>, ErrorView> {
    desk.me()?;
    if text.len() > limits::SEARCH_TEXT_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the text to search for is too long"));
    }
    let limit = limit.clamp(1, limits::ENTRIES_FOUND_MAX);
    let hits = desk.cache.find(text, room, limit).await?;
    found(desk, hits.into_iter().map(|one| (one.entry, one.path)).collect()).await
}

/// Entries as what a search found, each with the names of the folders above it.
pub(super) async fn found(
    desk: &Desk,
    hits: Vec<(Entry, Vec<String>)>,
) -> Result<Vec<EntryFound>, ErrorView> {
    let mut rooms: BTreeMap<RoomId, (Vec<MemberRow>, String)> = BTreeMap::new();
    let mut found = Vec::new();
    for (entry, path) in hits {
        let id = entry.room;
        let count = if entry.kind == EntryKind::Folder { desk.cache.count_in(entry.id).await? } else { 0 };
        if let std::collections::btree_map::Entry::Vacant(place) = rooms.entry(id) {
            place.insert((desk.cache.members(id).await?, desk.cache.room_title(id).await?));
        }
        let Some((members, room_title)) = rooms.get(&id) else { continue };
        let room_title = room_title.clone();
        for entry in views(desk, members, vec![(entry, count)]).await {
            found.push(EntryFound { entry, room_title: room_title.clone(), path: path.clone() });
        }
    }
    Ok(found)
}

/// A person's role among the members of a room.
pub(super) fn role_of(members: &[MemberRow], account: AccountId) -> Option<Role> {
    members.iter().find(|member| member.account == account)?.role
}

fn not_found() -> ErrorView {
    ErrorView::new(ErrorCode::NotFound, "no such file or folder")
}

/// An entry that is not deleted.
pub(super) async fn open(desk: &Desk, id: EntryId) -> Result<Entry, ErrorView> {
    desk.me()?;
    desk.cache.entry(id).await?.filter(|entry| !entry.deleted).ok_or_else(not_found)
}

fn places(path: Vec<Entry>) -> Vec<EntryPlace> {
    path.into_iter().map(|entry| EntryPlace { id: entry.id, name: entry.name }).collect()
}

async fn view(desk: &Desk, members: &[MemberRow], entry: Entry) -> Result<EntryView, ErrorView> {
    let count = match entry.kind {
        EntryKind::Folder => desk.cache.count_in(entry.id).await?,
        EntryKind::File => 0,
    };
    views(desk, members, vec![(entry, count)]).await.pop().ok_or_else(not_found)
}

/// Those of these entries of one room that this person may not change.
async fn closed(desk: &Desk, members: &[MemberRow], entries: &[(Entry, u32)]) -> BTreeSet<EntryId> {
    let role = desk.me().ok().and_then(|me| {
        let member = members.iter().find(|member| member.account == me.id)?;
        Some(Permits { me: me.id, role: member.role? })
    });
    let Some(permits) = role else { return entries.iter().map(|(entry, _)| entry.id).collect() };
    let folders: BTreeSet<Option<EntryId>> = entries.iter().map(|(entry, _)| entry.parent).collect();
    let mut closed = BTreeSet::new();
    for folder in folders {
        let above = match folder {
            Some(folder) => desk.cache.path_to(folder).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let inside = entries.iter().map(|(entry, _)| entry).filter(|entry| entry.parent == folder);
        closed.extend(inside.filter(|entry| !permits.may_change(&above, Some(entry))).map(|entry| entry.id));
    }
    closed
}

async fn views(desk: &Desk, members: &[MemberRow], entries: Vec<(Entry, u32)>) -> Vec<EntryView> {
    let names = timeline::names(members);
    let name = |account| names.get(&account).cloned().unwrap_or_default();
    let (me, device) = (desk.me().ok().map(|me| me.id), desk.device.id());
    let closed = closed(desk, members, &entries).await;
    let states = desk.transfers.file_states(entries.iter().map(|(entry, _)| entry.clone()).collect()).await;
    let view = |((entry, count), file): ((Entry, u32), _)| EntryView {
        count,
        created_by_name: name(entry.created_by),
        modified_by_name: name(entry.modified_by),
        preview: PreviewKind::of(&entry.name, entry.size),
        id: entry.id,
        room: entry.room,
        parent: entry.parent,
        name: entry.name,
        kind: entry.kind,
        size: entry.size,
        digest: entry.digest,
        version: entry.version,
        created_by: entry.created_by,
        modified_by: entry.modified_by,
        created_at: entry.created_at,
        modified_at: entry.modified_at,
        file,
        comments: entry.comments,
        rating: entry.rating,
        writable: !closed.contains(&entry.id),
        permission: entry.permission,
        description: entry.description,
        tags: entry.tags,
        lock: entry.lock.map(|lock| LockView {
            by_name: name(lock.by),
            here: lock.device == device,
            mine: Some(lock.by) == me,
            by: lock.by,
            since: lock.since,
        }),
    };
    entries.into_iter().zip(states).map(view).collect()
}
