//! `GET`, `PUT` and `DELETE /v1/groups/{room}/picture`: bytes of a picture, both ways.

use super::Asking;
use super::preview::picture;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{InPath, body_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use pod_shared::RoomId;

pub(crate) async fn get(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let found = content.room_picture(caller, room).await?;
    let etag = format!("\"{}\"", found.digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    if super::preview::is_known(&method, &headers, &etag) {
        return super::preview::not_modified(&etag);
    }
    picture(&etag, found.drawn)
}

pub(crate) async fn set(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    content.may_change_picture(caller, room).await?;
    let sent = body_bytes(request, &content).await?;
    content.set_room_picture(caller, room, sent).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn clear(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
) -> Result<StatusCode, Refusal> {
    content.clear_room_picture(caller, room).await.map(|()| StatusCode::NO_CONTENT)
}
