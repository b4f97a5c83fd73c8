//! How much a room and a person take up.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::InPath;
use axum::Json;
use axum::extract::State;
use pod_shared::RoomId;
use pod_shared::content::Space;

pub(crate) async fn get(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
) -> Result<Json<Space>, Refusal> {
    content.store().space(caller.account, room).await.map(Json)
}
