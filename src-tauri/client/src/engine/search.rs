//! A search in one room: what is here first, then older pages of the server, a bounded piece for each answer.

use super::{Desk, chat, rooms};
use crate::cache::Found;
use crate::timeline::{self, Around};
use crate::view::{ErrorView, FoundView};
use pod_shared::{ErrorCode, Position, RoomId, limits};
use std::collections::BTreeMap;

/// Most items of one answer.
const ITEMS_MAX: u32 = 200;
/// Log rows looked through for one answer.
const ROWS_MAX: u32 = 20_000;
/// Pages of history fetched for one answer.
const FETCHES_MAX: u32 = 8;

pub(super) async fn search(
    desk: &Desk,
    room: RoomId,
    text: String,
    before: Option<Position>,
    limit: u32,
) -> Result<FoundView, ErrorView> {
    rooms::known(desk, room).await?;
    if text.len() > limits::SEARCH_TEXT_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the search text is too long"));
    }
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(FoundView { items: Vec::new(), more: false, reached: None });
    }
    let limit = limit.clamp(1, ITEMS_MAX) as usize;
    let mut messages = Vec::new();
    let mut from = before.unwrap_or(Position(u64::MAX));
    let (mut reached, mut fetches) = (None, 0);
    let more = loop {
        let wanted = limit - messages.len();
        let found = desk.cache.search(room, text.clone(), from, (ROWS_MAX, wanted)).await?;
        let Found { messages: some, reached: here, whole } = found;
        messages.extend(some);
        reached = here.or(reached);
        from = reached.unwrap_or(from);
        if messages.len() >= limit || !whole {
            break from.0 > 1;
        }
        let Some(row) = desk.cache.room(room).await? else { break false };
        if row.oldest.0 == 1 || row.head.0 == 0 {
            break false;
        }
        if fetches == FETCHES_MAX {
            break true;
        }
        fetches += 1;
        match chat::history(desk, &row).await {
            Ok(()) => {}
            // Without a network what is here is the answer, and the rest is still to be looked at.
            Err(_) if fetches > 1 || reached.is_some() => break true,
            Err(error) => return Err(error),
        }
    };
    let me = desk.me()?;
    let members = desk.cache.members(room).await?;
    let (progress, files) = (BTreeMap::new(), BTreeMap::new());
    let around =
        Around { me: me.id, my_name: &me.display_name, uploads: &[], progress: &progress, files: &files };
    let items = messages
        .iter()
        .filter_map(|(event, said)| timeline::of_found(&around, &members, event, said))
        .collect();
    Ok(FoundView { items, more, reached })
}
