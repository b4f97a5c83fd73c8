//! Comments and ratings of files: asked of the server, and said to it.

use super::{Desk, commands, folders, fresh};
use crate::timeline;
use crate::view::{CommentView, CommentsView, ErrorView, RatingView};
use pod_shared::content::{Comment, CommentNew, CommentPage, RatingNew, RatingPage};
use pod_shared::{AccountId, CommentId, EntryId, limits};
use reqwest::Method;
use std::collections::BTreeMap;

/// Comments on an entry before a place, the newest first.
pub(super) async fn list(
    desk: &Desk,
    id: EntryId,
    before: Option<u32>,
    limit: u32,
) -> Result<CommentsView, ErrorView> {
    let me = desk.me()?.id;
    let names = names(desk, id).await?;
    let (before, limit) = (before.unwrap_or(u32::MAX), limit.clamp(1, limits::CONTENT_PAGE_MAX));
    let path = format!("/v1/entries/{id}/comments?before={before}&limit={limit}");
    let page: CommentPage = commands::content_get(desk, &path).await?;
    let view = |comment: Comment| CommentView {
        by_name: names.get(&comment.by).cloned().unwrap_or_default(),
        mine: comment.by == me,
        names_me: comment.mentions.contains(&me),
        id: comment.id,
        seq: comment.seq,
        by: comment.by,
        at: comment.at,
        version: comment.version,
        text: comment.text,
        reply: comment.reply,
    };
    Ok(CommentsView { entry: id, comments: page.comments.into_iter().map(view).collect(), more: page.more })
}

/// Says something about an entry.
pub(super) async fn say(
    desk: &Desk,
    id: EntryId,
    text: String,
    mentions: Vec<AccountId>,
    reply: Option<CommentId>,
) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let body = CommentNew { id: fresh(CommentId::from_slice)?, text, mentions, reply };
    let path = format!("/v1/entries/{id}/comments");
    let answer = commands::content_call(desk, Method::POST, &path, Some(&body)).await?;
    folders::keep(desk, room, &answer).await
}

/// Takes the text of a comment away.
pub(super) async fn delete(desk: &Desk, id: EntryId, comment: CommentId) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let path = format!("/v1/comments/{comment}");
    let answer = commands::content_call::<()>(desk, Method::DELETE, &path, None).await?;
    folders::keep(desk, room, &answer).await
}

/// Sets one's own rating, or takes it back.
pub(super) async fn rate(desk: &Desk, id: EntryId, halves: Option<u8>) -> Result<(), ErrorView> {
    let room = folders::room_of(desk, id).await?;
    let path = format!("/v1/entries/{id}/rating");
    let answer = commands::content_call(desk, Method::PUT, &path, Some(&RatingNew { halves })).await?;
    folders::keep(desk, room, &answer).await
}

/// Who rated an entry how.
pub(super) async fn ratings(desk: &Desk, id: EntryId) -> Result<Vec<RatingView>, ErrorView> {
    let me = desk.me()?.id;
    let names = names(desk, id).await?;
    let page: RatingPage = commands::content_get(desk, &format!("/v1/entries/{id}/ratings")).await?;
    let view = |rating: pod_shared::content::Rating| RatingView {
        by_name: names.get(&rating.by).cloned().unwrap_or_default(),
        mine: rating.by == me,
        by: rating.by,
        halves: rating.halves,
    };
    Ok(page.ratings.into_iter().map(view).collect())
}

async fn names(desk: &Desk, id: EntryId) -> Result<BTreeMap<AccountId, String>, ErrorView> {
    let room = folders::room_of(desk, id).await?;
    Ok(timeline::names(&desk.cache.members(room).await?))
}
