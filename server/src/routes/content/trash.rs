//! What was deleted and can come back.

use super::Asking;
use super::entries::page;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{InPath, InQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pod_shared::content::TrashPage;
use pod_shared::{ContentPosition, EntryId, RoomId};
use serde::Deserialize;

/// `?before=POSITION&limit=N`
#[derive(Deserialize)]
pub(crate) struct DeletedBefore {
    before: Option<ContentPosition>,
    limit: Option<u32>,
}

/// `?up_to=POSITION`
#[derive(Deserialize)]
pub(crate) struct UpTo {
    up_to: ContentPosition,
}

pub(crate) async fn list(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    InQuery(DeletedBefore { before, limit }): InQuery<DeletedBefore>,
) -> Result<Json<TrashPage>, Refusal> {
    let before = before.unwrap_or(ContentPosition(u64::MAX));
    content.trash(caller, room, before, page(limit)).await.map(Json)
}

pub(crate) async fn purge(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
) -> Result<StatusCode, Refusal> {
    content.purge(caller, entry).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn empty(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    InQuery(UpTo { up_to }): InQuery<UpTo>,
) -> Result<StatusCode, Refusal> {
    content.empty_trash(caller, room, up_to).await.map(|()| StatusCode::NO_CONTENT)
}
