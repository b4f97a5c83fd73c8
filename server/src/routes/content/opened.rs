//! Who looked at a file, and whether the room is told.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath};
use axum::extract::State;
use axum::http::StatusCode;
use pod_shared::content::{OpenedNew, OpenedSwitch};
use pod_shared::{EntryId, RoomId};

pub(crate) async fn tell(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(OpenedNew { version }): Body<OpenedNew>,
) -> Result<StatusCode, Refusal> {
    content.opened(caller, entry, version).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn switch(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    Body(OpenedSwitch { on }): Body<OpenedSwitch>,
) -> Result<StatusCode, Refusal> {
    content.tell_opened(caller, room, on).await.map(|()| StatusCode::NO_CONTENT)
}
