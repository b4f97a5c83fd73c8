//! A stretch of a room's chat: from the cache first; older rows are fetched when the cache has no more.

use super::{Desk, rooms};
use crate::cache::{More, Page, RoomRow, Stretch};
use crate::state::outbox::{self, OutboxRow, Wish};
use crate::timeline::{self, Around, Waiting};
use crate::view::{ErrorView, Item, ItemKind, Place, Timeline, UploadPhase};
use pod_shared::content::Entry;
use pod_shared::envelope::{Content, Envelope};
use pod_shared::socket::{Answer, Request};
use pod_shared::{ContentPosition, ErrorCode, Position, RoomId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// Most items of one answer.
const ITEMS_MAX: u32 = 500;
/// Log rows looked at for one answer: many may fold into few items.
const ROWS_MAX: u32 = 8_192;
/// Pages of history fetched for one answer.
const FETCHES_MAX: u32 = 4;
/// Pages of history fetched on the way to a place far back; who asks again goes on from there.
const REACH_MAX: u32 = 64;

/// A stretch of a room's chat.
pub(super) async fn timeline(
    desk: &Desk,
    room: RoomId,
    place: Place,
    limit: u32,
) -> Result<Timeline, ErrorView> {
    rooms::known(desk, room).await?;
    let limit = limit.clamp(1, ITEMS_MAX) as usize;
    let mut made = match place {
        Place::Newest => older(desk, room, None, limit).await?,
        Place::Before { pos } => older(desk, room, Some(pos), limit).await?,
        Place::After { pos } => {
            reach(desk, room, Position(pos.0 + 1)).await?;
            newer(desk, room, pos, limit).await?
        }
        Place::Around { pos } => around(desk, room, pos, limit).await?,
    };
    let waiting = Outbox::of(desk, room).await?;
    if !made.newer {
        let shown = made.items.iter().map(|item| item.key.clone()).collect();
        made.items.extend(waiting.items(desk, room, &shown, Which::All).await?);
    }
    waiting.overlay(desk, room, &mut made.items).await?;
    Ok(made)
}

/// The newest items, or those before a position.
async fn older(
    desk: &Desk,
    room: RoomId,
    before: Option<Position>,
    limit: usize,
) -> Result<Timeline, ErrorView> {
    let stretch = before.map_or(Stretch::Newest, Stretch::Before);
    let mut fetches = 0;
    let mut head = Position(0);
    let (mut items, more) = loop {
        let (items, page) = collect(desk, room, stretch, limit).await?;
        let Some(page) = page else { break (items, false) };
        head = page.room.head;
        let here = page.whole && items.len() <= limit;
        if !here || page.room.oldest.0 == 1 || page.room.head.0 == 0 {
            break (items, !here);
        }
        // All that is here is given, and the log goes on at the server.
        if fetches >= FETCHES_MAX || items.len() >= limit {
            break (items, true);
        }
        fetches += 1;
        match history(desk, &page.room).await {
            Ok(()) => {}
            Err(error) if items.is_empty() && before.is_some() => return Err(error),
            Err(_) => break (items, true),
        }
    };
    let more = cut(&mut items, limit) || more;
    let newer = before.is_some_and(|pos| pos <= head);
    Ok(Timeline { room, items, more, newer, head })
}

/// The oldest items after a position.
async fn newer(desk: &Desk, room: RoomId, after: Position, limit: usize) -> Result<Timeline, ErrorView> {
    let (mut items, page) = collect(desk, room, Stretch::After(after), limit).await?;
    items.retain(|item| item.pos.is_none_or(|pos| pos > after));
    let here = page.as_ref().is_none_or(|page| page.whole);
    let head = page.as_ref().map_or(Position(0), |page| page.room.head);
    let newer = cut_newer(&mut items, limit) || !here;
    Ok(Timeline { room, items, more: after.0 > 0, newer, head })
}

/// What lies at a position and on both sides of it.
async fn around(desk: &Desk, room: RoomId, pos: Position, limit: usize) -> Result<Timeline, ErrorView> {
    reach(desk, room, pos).await?;
    let mut before = older(desk, room, Some(Position(pos.0 + 1)), limit.div_ceil(2)).await?;
    let rest = limit.saturating_sub(before.items.len()).max(1);
    let after = newer(desk, room, pos, rest).await?;
    before.items.extend(after.items);
    Ok(Timeline { newer: after.newer, head: after.head, ..before })
}

/// Fetches older pages until this position is here, as far as one answer goes.
pub(super) async fn reach(desk: &Desk, room: RoomId, pos: Position) -> Result<(), ErrorView> {
    for _ in 0..REACH_MAX {
        let Some(row) = desk.cache.room(room).await? else { return Ok(()) };
        if row.head.0 == 0 || row.oldest.0 == 1 || (row.oldest.0 > 0 && row.oldest <= pos) {
            return Ok(());
        }
        history(desk, &row).await?;
    }
    Ok(())
}

/// The last item of a room, waiting ones included.
pub(super) async fn newest(desk: &Desk, room: RoomId) -> Result<Option<Item>, ErrorView> {
    let (mut items, _) = collect(desk, room, Stretch::Newest, 1).await?;
    let shown = items.iter().map(|item| item.key.clone()).collect();
    let waiting = Outbox::of(desk, room).await?;
    items.extend(waiting.items(desk, room, &shown, Which::Newest).await?);
    waiting.overlay(desk, room, &mut items).await?;
    Ok(items.pop())
}

/// The item at a position of the log.
pub(super) async fn item_at(desk: &Desk, room: RoomId, pos: Position) -> Result<Option<Item>, ErrorView> {
    let Some(page) = desk.cache.page(room, Stretch::Before(Position(pos.0 + 1)), 1).await? else {
        return Ok(None);
    };
    let items = build(desk, &page).await?;
    Ok(items.into_iter().find(|item| item.pos == Some(pos) && matches!(item.kind, ItemKind::Message { .. })))
}

/// The item of a file that was stored, at a position of the folder's log.
pub(super) async fn stored_item(
    desk: &Desk,
    room: RoomId,
    at: ContentPosition,
) -> Result<Option<Item>, ErrorView> {
    let item = deed_item(desk, room, at).await?;
    Ok(item.filter(|item| match &item.kind {
        ItemKind::Upload(live) => matches!(live.phase, UploadPhase::Stored { .. }),
        ItemKind::Message { .. }
        | ItemKind::Activity(_)
        | ItemKind::Created { .. }
        | ItemKind::Member { .. }
        | ItemKind::Renamed { .. }
        | ItemKind::FolderMade => false,
    }))
}

/// The item of what somebody did, at a position of the folder's log: it alone, however often it was done.
pub(super) async fn deed_item(
    desk: &Desk,
    room: RoomId,
    at: ContentPosition,
) -> Result<Option<Item>, ErrorView> {
    // Most are among the newest rows, and a row of a busy folder stands for many deeds.
    for rows in [NEWEST_ROWS, limits::SYNC_EVENTS_PER_ROOM_MAX] {
        let Some(mut page) = desk.cache.page(room, Stretch::Newest, rows).await? else { return Ok(None) };
        page.activities.retain(|placed| {
            let both = [Some(&placed.activity), placed.end.as_ref()];
            both.into_iter().flatten().any(|activity| activity.position == at)
        });
        let is_all = page.activities.iter().any(|placed| !placed.told_before);
        if is_all || page.whole || rows > NEWEST_ROWS {
            return Ok(lines(desk, &page).await?.into_iter().next());
        }
    }
    Ok(None)
}

/// As many log rows as give `limit` items, or all that are here.
async fn collect(
    desk: &Desk,
    room: RoomId,
    stretch: Stretch,
    limit: usize,
) -> Result<(Vec<Item>, Option<Page>), ErrorView> {
    let mut rows = u32::try_from(limit).unwrap_or(ITEMS_MAX).saturating_mul(2).max(8);
    loop {
        let Some(page) = desk.cache.page(room, stretch, rows).await? else { return Ok((Vec::new(), None)) };
        let items = build(desk, &page).await?;
        if items.len() > limit || page.whole || rows >= ROWS_MAX {
            return Ok((items, Some(page)));
        }
        rows = rows.saturating_mul(4).min(ROWS_MAX);
    }
}

/// The lines of a page that is about one entry.
pub(super) async fn lines(desk: &Desk, page: &Page) -> Result<Vec<Item>, ErrorView> {
    made(desk, page, timeline::lines).await
}

async fn build(desk: &Desk, page: &Page) -> Result<Vec<Item>, ErrorView> {
    made(desk, page, timeline::items).await
}

async fn made(
    desk: &Desk,
    page: &Page,
    make: fn(&Page, &Around<'_>) -> Vec<Item>,
) -> Result<Vec<Item>, ErrorView> {
    let me = desk.me()?;
    let entries: Vec<Entry> = page.entries.values().cloned().collect();
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let files = ids.into_iter().zip(desk.transfers.file_states(entries).await).collect();
    let ids = page.activities.iter().filter_map(|placed| placed.activity.upload);
    let uploads = desk.transfers.uploads_of(ids);
    let progress = desk.live().progress.clone();
    let around = Around {
        me: me.id,
        my_name: &me.display_name,
        uploads: &uploads,
        progress: &progress,
        files: &files,
    };
    Ok(make(page, &around))
}

/// Rows of the log among which a deed of just now is looked for first.
const NEWEST_ROWS: u32 = 4;

/// Which of the uploads that wait are wanted.
#[derive(Clone, Copy)]
enum Which {
    /// As many as a chat shows.
    All,
    /// The last one.
    Newest,
}

/// What waits in a room, read once for one answer.
struct Outbox {
    rows: Vec<OutboxRow>,
}

impl Outbox {
    async fn of(desk: &Desk, room: RoomId) -> Result<Self, ErrorView> {
        Ok(Self { rows: outbox::of_room(&desk.state, desk.me()?.id, room).await? })
    }

    /// Uploads and messages that the server does not know yet.
    async fn items(
        &self,
        desk: &Desk,
        room: RoomId,
        shown: &BTreeSet<String>,
        which: Which,
    ) -> Result<Vec<Item>, ErrorView> {
        let me = desk.me()?;
        let ids = self.rows.iter().filter_map(|row| row.wish.message());
        let known = desk.cache.known_messages(ids.collect()).await?.into_iter().collect();
        let mut replies = BTreeMap::new();
        for row in &self.rows {
            let Wish::Message { body, about: None, .. } = &row.wish else { continue };
            if let Some(Content::Text { reply: Some(reply), .. }) =
                Envelope::open(body).map(|held| held.content)
            {
                replies.insert(row.seq, desk.cache.answered(room, reply).await?);
            }
        }
        let waiting = Waiting { known, replies, ..self.waiting(desk, room).await? };
        let uploads = match which {
            Which::All => desk.transfers.local_uploads(room),
            Which::Newest => desk.transfers.newest_upload(room).into_iter().collect(),
        };
        let progress = desk.live().progress.clone();
        let files = BTreeMap::new();
        let around = Around {
            me: me.id,
            my_name: &me.display_name,
            uploads: &uploads,
            progress: &progress,
            files: &files,
        };
        Ok(timeline::waiting(&waiting, &around, shown))
    }

    /// What will change of messages that are shown.
    async fn overlay(&self, desk: &Desk, room: RoomId, items: &mut [Item]) -> Result<(), ErrorView> {
        if self.rows.iter().all(|row| row.wish.about().is_none()) {
            return Ok(());
        }
        let me = desk.me()?;
        let (progress, files) = (BTreeMap::new(), BTreeMap::new());
        let around =
            Around { me: me.id, my_name: &me.display_name, uploads: &[], progress: &progress, files: &files };
        timeline::overlay(items, &self.waiting(desk, room).await?, &around);
        Ok(())
    }

    async fn waiting(&self, desk: &Desk, room: RoomId) -> Result<Waiting<'_>, ErrorView> {
        let me = desk.me()?;
        let members = desk.cache.members(room).await?;
        let role = members.iter().find(|member| member.account == me.id).and_then(|member| member.role);
        Ok(Waiting {
            rows: &self.rows,
            known: BTreeSet::new(),
            replies: BTreeMap::new(),
            role,
            names: timeline::names(&members),
        })
    }
}

/// Keeps the newest `limit` items, those at one position together; tells whether older ones were cut off.
fn cut(items: &mut Vec<Item>, limit: usize) -> bool {
    let Some(first) = items.len().checked_sub(limit).filter(|first| *first > 0) else { return false };
    let pos = items.get(first).and_then(|item| item.pos);
    let start = items.iter().position(|item| item.pos == pos).unwrap_or(first);
    items.drain(..start);
    start > 0
}

/// Keeps the oldest `limit` items, those at one position together; tells whether newer ones were cut off.
fn cut_newer(items: &mut Vec<Item>, limit: usize) -> bool {
    let Some(last) = items.get(limit.saturating_sub(1)).map(|item| item.pos) else { return false };
    let end = items.iter().rposition(|item| item.pos == last).map_or(items.len(), |at| at + 1);
    let more = end < items.len();
    items.truncate(end);
    more
}

/// Fetches the page before what is here.
pub(super) async fn history(desk: &Desk, row: &RoomRow) -> Result<(), ErrorView> {
    // Nothing of the log is here: from its end.
    let before = if row.oldest.0 == 0 { Position(0) } else { row.oldest };
    let request = Request::History { room: row.id, before, limit: limits::HISTORY_PAGE_MAX };
    match desk.request(request).await? {
        Answer::History { events, more } => {
            let more = if more { More::Yes } else { More::No };
            desk.cache.apply_history(row.id, row.oldest, events, more).await
        }
        Answer::Done {}
        | Answer::Pending {}
        | Answer::People { .. }
        | Answer::Link(_)
        | Answer::Peer { .. }
        | Answer::Relay { .. } => {
            Err(ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood"))
        }
    }
}
