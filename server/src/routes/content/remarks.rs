//! Comments and ratings of entries.

use super::Asking;
use super::entries::{Before, page};
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath, InQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pod_shared::content::{Comment, CommentNew, CommentPage, Entry, RatingNew, RatingPage};
use pod_shared::{CommentId, EntryId};

pub(crate) async fn say(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(new): Body<CommentNew>,
) -> Result<Json<Comment>, Refusal> {
    content.comment(caller, entry, new).await.map(Json)
}

pub(crate) async fn list(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    InQuery(Before { before, limit }): InQuery<Before>,
) -> Result<Json<CommentPage>, Refusal> {
    content.comments(caller, entry, before.unwrap_or(u32::MAX), page(limit)).await.map(Json)
}

pub(crate) async fn delete(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(comment): InPath<CommentId>,
) -> Result<StatusCode, Refusal> {
    content.delete_comment(caller, comment).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn rate(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(new): Body<RatingNew>,
) -> Result<Json<Entry>, Refusal> {
    content.rate(caller, entry, new).await.map(Json)
}

pub(crate) async fn ratings(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
) -> Result<Json<RatingPage>, Refusal> {
    content.ratings(caller, entry).await.map(Json)
}
