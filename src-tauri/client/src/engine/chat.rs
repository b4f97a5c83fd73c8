//! A stretch of a room's chat: from the cache first; older rows are fetched when the cache has no more.

use super::{Desk, rooms};
use crate::cache::{More, Page};
use crate::state::outbox::{self, OutboxRow, Wish};
use crate::timeline::{self, Around};
use crate::view::{ErrorView, Item, ItemKind, Timeline, UploadPhase};
use pod_shared::content::Entry;
use pod_shared::socket::{Answer, Request};
use pod_shared::{ContentPosition, ErrorCode, Position, RoomId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// Most items of one answer.
const ITEMS_MAX: u32 = 500;
/// Log rows looked at for one answer: many may fold into few items.
const ROWS_MAX: u32 = 8_192;
/// Pages of history fetched for one answer.
const FETCHES_MAX: u32 = 4;

/// The newest items, or those before a position.
pub(super) async fn timeline(
    desk: &Desk,
    room: RoomId,
    before: Option<Position>,
    limit: u32,
) -> Result<Timeline, ErrorView> {
    rooms::known(desk, room).await?;
    let limit = limit.clamp(1, ITEMS_MAX) as usize;
    let mut fetches = 0;
    let (mut items, more) = loop {
        let (items, page) = collect(desk, room, before, limit).await?;
        let Some(page) = page else { break (items, false) };
        let here = page.whole && items.len() <= limit;
        if !here || page.room.oldest.0 == 1 || page.room.head.0 == 0 {
            break (items, !here);
        }
        // All that is here is given, and the log goes on at the server.
        if fetches >= FETCHES_MAX || items.len() >= limit {
            break (items, true);
        }
        fetches += 1;
        match history(desk, &page).await {
            Ok(()) => {}
            Err(error) if items.is_empty() && before.is_some() => return Err(error),
            Err(_) => break (items, true),
        }
    };
    let more = cut(&mut items, limit) || more;
    if before.is_none() {
        let shown = items.iter().map(|item| item.key.clone()).collect();
        items.extend(waiting(desk, room, &shown).await?);
    }
    Ok(Timeline { room, items, more })
}

/// The last item of a room, waiting ones included.
pub(super) async fn newest(desk: &Desk, room: RoomId) -> Result<Option<Item>, ErrorView> {
    let (items, _) = collect(desk, room, None, 1).await?;
    let shown = items.iter().map(|item| item.key.clone()).collect();
    let mut waiting = waiting(desk, room, &shown).await?;
    Ok(waiting.pop().or_else(|| items.into_iter().next_back()))
}

/// The item at a position of the log.
pub(super) async fn item_at(desk: &Desk, room: RoomId, pos: Position) -> Result<Option<Item>, ErrorView> {
    let Some(page) = desk.cache.page(room, Some(Position(pos.0 + 1)), 1).await? else { return Ok(None) };
    let items = build(desk, &page).await?;
    Ok(items.into_iter().find(|item| item.pos == Some(pos) && matches!(item.kind, ItemKind::Message { .. })))
}

/// The item of a file that was stored, at a position of the folder's log.
pub(super) async fn stored_item(
    desk: &Desk,
    room: RoomId,
    at: ContentPosition,
) -> Result<Option<Item>, ErrorView> {
    let Some(page) = desk.cache.page(room, None, limits::SYNC_EVENTS_PER_ROOM_MAX).await? else {
        return Ok(None);
    };
    let upload = page
        .activities
        .iter()
        .flat_map(|placed| [Some(&placed.activity), placed.end.as_ref()])
        .flatten()
        .find(|activity| activity.position == at)
        .and_then(|activity| activity.upload);
    let items = build(desk, &page).await?;
    Ok(items.into_iter().find(|item| match &item.kind {
        ItemKind::Upload(live) => {
            Some(live.upload) == upload && matches!(live.phase, UploadPhase::Stored { .. })
        }
        ItemKind::Message { .. }
        | ItemKind::Activity(_)
        | ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => false,
    }))
}

/// As many log rows as give `limit` items, or all that are here.
async fn collect(
    desk: &Desk,
    room: RoomId,
    before: Option<Position>,
    limit: usize,
) -> Result<(Vec<Item>, Option<Page>), ErrorView> {
    let mut rows = u32::try_from(limit).unwrap_or(ITEMS_MAX).saturating_mul(2).max(8);
    loop {
        let Some(page) = desk.cache.page(room, before, rows).await? else { return Ok((Vec::new(), None)) };
        let items = build(desk, &page).await?;
        if items.len() > limit || page.whole || rows >= ROWS_MAX {
            return Ok((items, Some(page)));
        }
        rows = rows.saturating_mul(4).min(ROWS_MAX);
    }
}

async fn build(desk: &Desk, page: &Page) -> Result<Vec<Item>, ErrorView> {
    let me = desk.me()?;
    let entries: Vec<Entry> = page.entries.values().cloned().collect();
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let files = ids.into_iter().zip(desk.transfers.file_states(entries).await).collect();
    let uploads = desk.transfers.local_uploads(page.room.id);
    let progress = desk.live().progress.clone();
    let around = Around {
        me: me.id,
        my_name: &me.display_name,
        uploads: &uploads,
        progress: &progress,
        files: &files,
    };
    Ok(timeline::items(page, &around))
}

async fn waiting(desk: &Desk, room: RoomId, shown: &BTreeSet<String>) -> Result<Vec<Item>, ErrorView> {
    let me = desk.me()?;
    let rows: Vec<OutboxRow> = outbox::of_room(&desk.state, me.id, room).await?;
    let ids = rows.iter().filter_map(|row| match row.wish {
        Wish::Message { id, .. } => Some(id),
        Wish::RoomCreate { .. } | Wish::Member { .. } | Wish::Rename { .. } => None,
    });
    let known = desk.cache.known_messages(ids.collect()).await?.into_iter().collect();
    let uploads = desk.transfers.local_uploads(room);
    let progress = desk.live().progress.clone();
    let files = BTreeMap::new();
    let role = rooms::role(desk, room).await?;
    let around = Around {
        me: me.id,
        my_name: &me.display_name,
        uploads: &uploads,
        progress: &progress,
        files: &files,
    };
    Ok(timeline::waiting(&rows, &known, &around, role, shown))
}

/// Keeps the newest `limit` items, those at one position together; tells whether older ones were cut off.
fn cut(items: &mut Vec<Item>, limit: usize) -> bool {
    let Some(first) = items.len().checked_sub(limit).filter(|first| *first > 0) else { return false };
    let pos = items.get(first).and_then(|item| item.pos);
    let start = items.iter().position(|item| item.pos == pos).unwrap_or(first);
    items.drain(..start);
    start > 0
}

async fn history(desk: &Desk, page: &Page) -> Result<(), ErrorView> {
    let room = page.room.id;
    // Nothing of the log is here: from its end.
    let before = if page.room.oldest.0 == 0 { Position(0) } else { page.room.oldest };
    let request = Request::History { room, before, limit: limits::HISTORY_PAGE_MAX };
    match desk.request(request).await? {
        Answer::History { events, more } => {
            let more = if more { More::Yes } else { More::No };
            desk.cache.apply_history(room, page.room.oldest, events, more).await
        }
        Answer::Done {} | Answer::Pending {} | Answer::People { .. } => {
            Err(ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
        }
    }
}
