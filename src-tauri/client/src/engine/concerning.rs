//! What a person did in other rooms that concerns this one, for the conversation of the two. Asks the cache only: no row is
//! written anywhere for it, and what may not be seen was never told.

use super::{Desk, chat};
use crate::cache::{Concerning, Page};
use crate::view::{ConcerningView, ErrorView};
use pod_shared::{AccountId, limits};
use std::collections::BTreeMap;

/// The newest of it.
pub(super) async fn list(
    desk: &Desk,
    account: AccountId,
    limit: u32,
) -> Result<Vec<ConcerningView>, ErrorView> {
    let me = desk.me()?.id;
    let shared = desk.cache.shared_rooms(me, account).await?;
    let titles: BTreeMap<_, _> = shared.into_iter().collect();
    let limit = limit.clamp(1, limits::CONTENT_PAGE_MAX);
    let found = desk.cache.concerning(me, account, titles.keys().copied().collect(), limit).await?;
    let mut views = Vec::with_capacity(found.len());
    for Concerning { room: id, line, entry } in found {
        // Left meanwhile: it is told no more.
        let Some(room) = desk.cache.room(id).await? else { continue };
        let page = Page {
            room,
            members: desk.cache.members(id).await?,
            marks: BTreeMap::new(),
            said: BTreeMap::new(),
            events: Vec::new(),
            activities: vec![line],
            entries: BTreeMap::from([(entry.id, entry)]),
            uploads: BTreeMap::new(),
            whole: true,
        };
        let room_title = titles.get(&id).cloned().unwrap_or_default();
        let items = chat::lines(desk, &page).await?;
        views.extend(items.into_iter().map(|item| ConcerningView {
            room: id,
            room_title: room_title.clone(),
            item,
        }));
    }
    Ok(views)
}
