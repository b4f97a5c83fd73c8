//! Files found by words and by what is known of them: asked of the server; where it cannot be reached, by the names that
//! are known here. And what somebody says that a file is.

use super::{Desk, browse, commands, folders};
use crate::command::FindAsk;
use crate::view::{ErrorView, FilesFoundView};
use pod_shared::content::{AboutNew, Entry, EntryKind, SearchAsk, SearchPage};
use pod_shared::{EntryId, ErrorCode, RoomId, limits};
use reqwest::Method;

/// What is asked for.
pub(super) async fn find(desk: &Desk, ask: FindAsk) -> Result<FilesFoundView, ErrorView> {
    desk.me()?;
    if ask.text.len() > limits::SEARCH_TEXT_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the text to search for is too long"));
    }
    let body = SearchAsk {
        rooms: rooms(desk, ask.room).await?,
        text: ask.text.clone(),
        by: ask.by,
        kind: ask.kind,
        endings: ask.endings.iter().map(|ending| ending.to_lowercase()).collect(),
        since: ask.since,
        until: ask.until,
        size_min: ask.size_min,
        size_max: ask.size_max,
        halves_min: ask.halves_min,
        tag: ask.tag.clone(),
        after: ask.after,
        limit: Some(ask.limit.clamp(1, limits::FOLDER_PAGE_MAX)),
    };
    match commands::content_call(desk, Method::POST, "/v1/search", Some(&body)).await {
        Ok(bytes) => {
            let page: SearchPage = serde_json::from_slice(&bytes).map_err(|_| {
                ErrorView::new(ErrorCode::UnsupportedVersion, "the server's answer is not understood")
            })?;
            let hits = page.found.into_iter().map(|hit| (hit.entry, hit.path)).collect();
            Ok(FilesFoundView { found: browse::found(desk, hits).await?, next: page.next, here: false })
        }
        Err(error) if error.code == ErrorCode::Offline => here(desk, &ask, &body).await,
        Err(error) => Err(error),
    }
}

/// The rooms to look in: the one asked for, else those in which something happened last.
async fn rooms(desk: &Desk, room: Option<RoomId>) -> Result<Vec<RoomId>, ErrorView> {
    if let Some(room) = room {
        return Ok(vec![room]);
    }
    let all = super::rooms::all(desk).await?;
    let with_folder = all.into_iter().filter(|room| room.has_folder).map(|room| room.id);
    Ok(with_folder.take(limits::SEARCH_ROOMS_MAX).collect())
}

/// By the names that are known on this computer; all on one page.
async fn here(desk: &Desk, ask: &FindAsk, body: &SearchAsk) -> Result<FilesFoundView, ErrorView> {
    let mut hits = Vec::new();
    if ask.after.is_none() {
        let named = if ask.text.trim().is_empty() {
            every(desk, &body.rooms).await?
        } else {
            let found = desk.cache.find(&ask.text, ask.room, limits::FOLDER_PAGE_MAX).await?;
            found.into_iter().map(|one| (one.entry, one.path)).collect()
        };
        hits = named.into_iter().filter(|(entry, _)| fits(body, entry)).take(ask.limit as usize).collect();
    }
    Ok(FilesFoundView { found: browse::found(desk, hits).await?, next: None, here: true })
}

/// All that is known of these rooms' folders.
async fn every(desk: &Desk, rooms: &[RoomId]) -> Result<Vec<(Entry, Vec<String>)>, ErrorView> {
    let mut all = Vec::new();
    for room in rooms {
        for entry in desk.cache.tree(*room, None).await? {
            let above = match entry.parent {
                Some(parent) => desk.cache.path_to(parent).await?,
                None => Vec::new(),
            };
            all.push((entry, above.into_iter().map(|folder| folder.name).collect()));
        }
    }
    Ok(all)
}

/// Whether an entry is one of those asked for, its words apart.
fn fits(ask: &SearchAsk, of: &Entry) -> bool {
    let file = of.kind == EntryKind::File;
    let ending = || of.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ask.by.is_none_or(|by| by == of.created_by)
        && ask.kind.is_none_or(|kind| kind == of.kind)
        && (ask.endings.is_empty() || (file && ending().is_some_and(|ending| ask.endings.contains(&ending))))
        && ask.since.is_none_or(|since| of.modified_at >= since)
        && ask.until.is_none_or(|until| of.modified_at <= until)
        && ask.size_min.is_none_or(|least| file && of.size >= least)
        && ask.size_max.is_none_or(|most| file && of.size <= most)
        && ask.halves_min.is_none_or(|least| {
            of.rating.is_some_and(|rating| rating.halves >= u32::from(least) * rating.count)
        })
        && ask
            .tag
            .as_ref()
            .is_none_or(|tag| of.tags.iter().any(|one| one.to_lowercase() == tag.to_lowercase()))
}

/// Says what an entry is.
pub(super) async fn describe(
    desk: &Desk,
    id: EntryId,
    description: String,
    tags: Vec<String>,
) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let body = AboutNew { description, tags };
    let path = format!("/v1/entries/{id}/about");
    let answer = commands::content_call(desk, Method::PUT, &path, Some(&body)).await?;
    folders::keep(desk, room, &answer).await
}
