//! What was deleted from a room's folder: asked of the server, and deleted for good there.

use super::commands::{self, Reply};
use super::wake::Wake;
use super::{Desk, browse, finding, space};
use crate::command::{Answer, FolderCommand};
use crate::timeline;
use crate::view::{ErrorView, TrashItemView, TrashView};
use pod_shared::content::{EntryKind, TrashItem, TrashPage};
use pod_shared::{ContentPosition, Role, RoomId, limits};
use reqwest::Method;

/// Does one of them.
pub(super) async fn run(desk: &Desk, command: FolderCommand) -> Reply {
    match command {
        FolderCommand::Trash { room, before, limit } => {
            list(desk, room, before, limit).await.map(Answer::Trash)
        }
        FolderCommand::Purge { room, entry } => {
            gone(desk, room, &format!("/v1/entries/{entry}/trash")).await.map(|()| Answer::Done)
        }
        FolderCommand::TrashEmpty { room, up_to } => {
            let path = format!("/v1/rooms/{room}/trash?up_to={}", up_to.0);
            gone(desk, room, &path).await.map(|()| Answer::Done)
        }
        FolderCommand::Space { room } => space::of(desk, room).await.map(Answer::Space),
        FolderCommand::FilesFind { ask } => finding::find(desk, *ask).await.map(Answer::FilesFound),
        FolderCommand::Describe { entry, description, tags } => {
            finding::describe(desk, entry, description, tags).await.map(|()| Answer::Done)
        }
    }
}

async fn list(
    desk: &Desk,
    room: RoomId,
    before: Option<ContentPosition>,
    limit: u32,
) -> Result<TrashView, ErrorView> {
    let limit = limit.clamp(1, limits::CONTENT_PAGE_MAX);
    let mut path = format!("/v1/rooms/{room}/trash?limit={limit}");
    if let Some(before) = before {
        path = format!("{path}&before={}", before.0);
    }
    let page: TrashPage = commands::content_get(desk, &path).await?;
    let (members, me) = (desk.cache.members(room).await?, desk.me()?.id);
    let role = browse::role_of(&members, me);
    let names = timeline::names(&members);
    let (writable, manages) = (role.is_some_and(Role::writes), role.is_some_and(Role::manages));
    let view = |item: TrashItem| TrashItemView {
        by_name: names.get(&item.entry.modified_by).cloned().unwrap_or_default(),
        mine: item.entry.modified_by == me,
        purgeable: manages || (writable && item.entry.kind == EntryKind::File && item.entry.created_by == me),
        id: item.entry.id,
        name: item.entry.name,
        kind: item.entry.kind,
        size: item.entry.size,
        by: item.entry.modified_by,
        at: item.entry.modified_at,
        path: item.path,
        below: item.below,
        position: item.at,
        until: item.until,
    };
    let items = page.items.into_iter().map(view).collect();
    Ok(TrashView { room, items, more: page.more, days: page.days, writable, manages })
}

async fn gone(desk: &Desk, room: RoomId, path: &str) -> Result<(), ErrorView> {
    commands::content_call::<()>(desk, Method::DELETE, path, None).await?;
    desk.wake(Wake::FolderWanted(room)).await
}
