//! `PUT /v1/entries/{id}/permission`.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath};
use axum::Json;
use axum::extract::State;
use pod_shared::EntryId;
use pod_shared::content::{Entry, Permission};

pub(crate) async fn set(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(permission): Body<Permission>,
) -> Result<Json<Entry>, Refusal> {
    content.set_permission(caller, entry, permission).await.map(Json)
}
