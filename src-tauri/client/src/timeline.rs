//! A page of the cache turned into the items of a chat. Pure: what is in, decides what comes out.
//!
//! An upload is one item from its first byte to its card, at the place where it began (N8, N12); the same done several
//! times in a row to the same file is one item with a count; names of members who left stay. Neighbours: `cache::page`
//! reads, `engine::chat` asks for more when a page gives too few items.

mod message;
mod upload;
mod waiting;

#[cfg(test)]
mod tests;

pub(crate) use message::of_found;
pub(crate) use waiting::{Waiting, overlay, waiting};

use crate::cache::{MemberRow, Page, PlacedActivity};
use crate::transfer::LocalUpload;
use crate::view::{ActivityItem, FileState, Item, ItemKind, SaidLine};
use message::Reached;
use pod_shared::content::ActivityKind;
use pod_shared::socket::{EventKind, RoomEvent};
use pod_shared::{AccountId, EntryId, Position, UploadId};
use std::collections::{BTreeMap, BTreeSet};

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
    let reached = Reached::of(page, around.me);
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
        if let Some(kind) = of_event(page, around, &names, event, reached) {
            items.push(item(around, &names, event, kind));
        }
        push_activities(event.pos, &mut items);
    }
    // What stands at a row that is not in this page (an empty log) comes last.
    let rest: Vec<Position> = page.activities.iter().map(|activity| activity.pos).collect();
    for pos in rest {
        push_activities(pos, &mut items);
    }
    tell_apart(&mut items);
    items
}

/// Lines about one entry, each for itself, in the order given.
pub(crate) fn lines(page: &Page, around: &Around<'_>) -> Vec<Item> {
    let names = names(&page.members);
    page.activities.iter().filter_map(|placed| of_activity(page, around, &names, placed)).collect()
}

/// Ids of messages are unique per account only: a second one of the same id in a room goes by its place.
fn tell_apart(items: &mut [Item]) {
    let mut keys = BTreeSet::new();
    for item in items {
        if !keys.insert(item.key.clone())
            && let Some(pos) = item.pos
        {
            item.key = format!("{}:{}", item.key, pos.0);
        }
    }
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

fn of_event(
    page: &Page,
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    event: &RoomEvent,
    reached: Reached,
) -> Option<ItemKind> {
    Some(match &event.kind {
        EventKind::Created { title } => ItemKind::Created { title: title.clone() },
        EventKind::Message { id, .. } => {
            let said = page.said.get(&event.pos)?;
            let state = reached.state(event, around.me);
            message::of_said(around, names, &page.members, (event.by, *id), said, state)
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

fn of_activity(
    page: &Page,
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    placed: &PlacedActivity,
) -> Option<Item> {
    let activity = &placed.activity;
    if matches!(activity.kind, ActivityKind::Unknown { .. }) {
        return None;
    }
    let of_upload = matches!(
        activity.kind,
        ActivityKind::UploadStarted
            | ActivityKind::Uploaded
            | ActivityKind::Modified
            | ActivityKind::ConflictKept { .. }
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
                said: said(around, names, activity),
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

/// What a comment says, as far as it is still there.
fn said(
    around: &Around<'_>,
    names: &BTreeMap<AccountId, String>,
    activity: &pod_shared::content::Activity,
) -> Option<SaidLine> {
    let comment = activity.comment.as_ref().filter(|_| activity.kind == ActivityKind::Commented)?;
    Some(SaidLine {
        id: comment.id,
        text: comment.text.clone()?,
        to_me: comment.mentions.contains(&around.me) || comment.answers == Some(around.me),
        answers: comment.answers.map(|account| name_of(around, names, account)),
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
        && held.said.is_none()
    {
        held.count += 1;
        last.at = item.at;
        return;
    }
    items.push(item);
}
