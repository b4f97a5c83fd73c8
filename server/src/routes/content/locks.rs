//! `PUT` and `DELETE /v1/entries/{id}/lock`, `POST /v1/entries/{id}/lock/break`.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pod_shared::EntryId;
use pod_shared::content::{LockAsk, LockBreak, LockGrant};

pub(crate) async fn take(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(ask): Body<LockAsk>,
) -> Result<Json<LockGrant>, Refusal> {
    content.lock(caller, entry, ask).await.map(Json)
}

pub(crate) async fn give_back(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
) -> Result<StatusCode, Refusal> {
    content.unlock(caller, entry).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn end(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(breaking): Body<LockBreak>,
) -> Result<StatusCode, Refusal> {
    content.break_lock(caller, entry, breaking).await.map(|()| StatusCode::NO_CONTENT)
}
