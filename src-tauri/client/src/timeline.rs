//! A page of the cache turned into the items of a chat. Pure: what is in, decides what comes out.
//!
//! An upload is one item from its first byte to its card, at the place where it began (N8, N12); the same done several
//! times in a row to the same file is one item with a count; names of members who left stay. Neighbours: `cache::page`
//! reads, `engine::chat` asks for more when a page gives too few items.

mod upload;

#[cfg(test)]
mod tests;

use crate::cache::{MemberRow, Page, PlacedActivity};
use crate::state::outbox::{OutboxRow, Wish};
use crate::transfer::LocalUpload;
use crate::view::{ActivityItem, FileState, Item, ItemKind, MessageState};
use pod_shared::content::ActivityKind;
use pod_shared::envelope::{Content, Envelope};
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::{AccountId, EntryId, MessageId, Position, Role, UploadId};
use std::collections::{BTreeMap, BTreeSet};

/// Largest room in which it is told who has read.
const READERS_MAX: usize = 50;

/// What an item needs besides the page.
pub(crate) struct Around<'a> {
    pub(crate) me: AccountId,
    pub(crate) my_name: &'a str,
    /// Uploads of this device into the room that are not finished.
    pub(crate) uploads: &'a [LocalUpload],
    /// Live progress: bytes there.
    pub(crate) progress: &'a BTreeMap<UploadId, u64>,
    /// Where this device has files.
    pub(crate) files: &'a BTreeMap<EntryId, FileState>,
}

/// The items of a page, oldest first.
pub(crate) fn items(page: &Page, around: &Around<'_>) -> Vec<Item> {
    let names = names(&page.members);
    let mut placed: BTreeMap<Position, Vec<&PlacedActivity>> = BTreeMap::new();
    for activity in &page.activities {
        placed.entry(activity.pos).or_default().push(activity);
    }
    let made = page.events.iter().any(|event| matches!(event.kind, EventKind::FolderMade {}));
    let read_by_all = read_by_all(page, around.me);
    let mut items: Vec<Item> = Vec::new();
    let mut push_activities = |pos: Position, items: &mut Vec<Item>| {
        for activity in placed.remove(&pos).unwrap_or_default() {
            let twice = made && activity.activity.kind == ActivityKind::GroupCreated;
            if !twice && let Some(item) = of_activity(page, around, &names, activity) {
                fold(items, item);
            }
        }
    };
    for event in &page.events {
        if let Some(kind) = of_event(event, around.me, read_by_all) {
            items.push(item(around, &names, event, kind));
        }
        push_activities(event.pos, &mut items);
    }
    // What stands at a row that is not in this page (an empty log) comes last.
    let rest: Vec<Position> = page.activities.iter().map(|activity| activity.pos).collect();
    for pos in rest {
        push_activities(pos, &mut items);
    }
    items
}

/// What waits: uploads the server does not know yet, and the outbox.
pub(crate) fn waiting(
    rows: &[OutboxRow],
    known: &BTreeSet<MessageId>,
    around: &Around<'_>,
    role: Option<Role>,
    shown: &BTreeSet<String>,
) -> Vec<Item> {
    let mine = |key: String, at, kind| Item {
        key,
        pos: None,
        at,
        by: around.me,
        by_name: around.my_name.to_owned(),
        mine: true,
        kind,
    };
    let mut items = Vec::new();
    for upload in around.uploads {
        let key = upload_key(upload.upload);
        if !shown.contains(&key) {
            let live = upload::waiting(upload, around, role);
            items.push(mine(key, upload.transfer.created_at, ItemKind::Upload(live)));
        }
    }
    for row in rows {
        let Wish::Message { id, body } = &row.wish else { continue };
        if known.contains(id) {
            continue;
        }
        let state = match &row.failed {
            Some(error) => MessageState::Failed { error: error.clone().into() },
            None => MessageState::Waiting,
        };
        items.push(mine(id.to_string(), row.at, ItemKind::Message { id: *id, text: text(body), state }));
    }
    items.sort_by_key(|item| item.at);
    items
}

fn text(body: &pod_shared::bytes::ByteString) -> Option<String> {
    Envelope::open(body).map(|envelope| match envelope.content {
        Content::Text { text } => text,
    })
}

fn upload_key(upload: UploadId) -> String {
    format!("upload:{upload}")
}

/// Names as they are to be shown, of those who left too.
pub(crate) fn names(members: &[MemberRow]) -> BTreeMap<AccountId, String> {
    members.iter().map(|member| (member.account, shown_name(member))).collect()
}

/// The name to show for a member.
pub(crate) fn shown_name(member: &MemberRow) -> String {
    if member.display_name.is_empty() { member.name.clone() } else { member.display_name.clone() }
}

fn name_of(around: &Around<'_>, names: &BTreeMap<AccountId, String>, account: AccountId) -> String {
    match names.get(&account) {
        Some(name) => name.clone(),
        None if account == around.me => around.my_name.to_owned(),
        None => String::new(),
    }
}

fn item(around: &Around<'_>, names: &BTreeMap<AccountId, String>, event: &RoomEvent, kind: ItemKind) -> Item {
    let key = match &kind {
        ItemKind::Message { id, .. } => id.to_string(),
        ItemKind::Upload(_)
        | ItemKind::Activity(_)
        | ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => format!("event:{}", event.pos.0),
    };
    Item {
        key,
        pos: Some(event.pos),
        at: event.at,
        by: event.by,
        by_name: name_of(around, names, event.by),
        mine: event.by == around.me,
        kind,
    }
}

fn of_event(event: &RoomEvent, me: AccountId, read_by_all: Option<Position>) -> Option<ItemKind> {
    Some(match &event.kind {
        EventKind::Created { title } => ItemKind::Created { title: title.clone() },
        EventKind::Message { id, body } => {
            let read = event.by == me && read_by_all.is_some_and(|pos| event.pos <= pos);
            let state = if read { MessageState::Read } else { MessageState::Sent };
            ItemKind::Message { id: *id, text: text(body), state }
        }
        EventKind::Member { account, name, display_name, role } => ItemKind::Member {
            account: *account,
            name: if display_name.is_empty() { name.clone() } else { display_name.clone() },
            role: *role,
        },
        EventKind::Renamed { title } => ItemKind::Renamed { title: title.clone() },
        EventKind::FolderMade {} => ItemKind::FolderMade,
        EventKind::Folder { .. } => return None,
    })
}

/// Up to where everybody else has read; nothing where that is not told.
fn read_by_all(page: &Page, me: AccountId) -> Option<Position> {
    let others: Vec<AccountId> = page
        .members
        .iter()
        .filter(|member| member.role.is_some() && member.account != me)
        .map(|member| member.account)
        .collect();
    if others.len() >= READERS_MAX {
        return None;
    }
    others.iter().map(|account| page.reads.get(account).copied().unwrap_or_default()).min()
}

fn of_activity(
    page: &Page,
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    placed: &PlacedActivity,
) -> Option<Item> {
    let activity = &placed.activity;
    let of_upload = matches!(
        activity.kind,
        ActivityKind::UploadStarted
            | ActivityKind::Uploaded
            | ActivityKind::Modified
            | ActivityKind::UploadCancelled
    );
    let (key, kind) = match activity.upload.filter(|_| of_upload) {
        // The item stands where the upload began.
        Some(_) if placed.told_before => return None,
        Some(id) => (upload_key(id), ItemKind::Upload(upload::of_activity(page, around, id, placed))),
        None => {
            let entry = activity.entry.and_then(|id| page.entries.get(&id));
            let line = ActivityItem {
                kind: activity.kind.clone(),
                entry: activity.entry,
                name: activity.name.clone(),
                name_now: entry.filter(|entry| !entry.deleted).map(|entry| entry.name.clone()),
                folder: entry.is_some_and(|entry| entry.kind == pod_shared::content::EntryKind::Folder)
                    || activity.kind == ActivityKind::FolderCreated,
                count: 1,
            };
            (format!("activity:{}", activity.id), ItemKind::Activity(line))
        }
    };
    Some(Item {
        key,
        pos: Some(placed.pos),
        at: activity.at,
        by: activity.by,
        by_name: name_of(around, names, activity.by),
        mine: activity.by == around.me,
        kind,
    })
}

/// Adds an item, or counts it with the one before when the same person did the same to the same file.
fn fold(items: &mut Vec<Item>, item: Item) {
    if let Some(last) = items.last_mut()
        && let (ItemKind::Activity(held), ItemKind::Activity(new)) = (&mut last.kind, &item.kind)
        && last.by == item.by
        && held.entry.is_some()
        && held.entry == new.entry
        && held.kind == new.kind
    {
        held.count += 1;
        last.at = item.at;
        return;
    }
    items.push(item);
}
