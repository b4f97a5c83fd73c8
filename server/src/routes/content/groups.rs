//! Sharing groups and their members.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath};
use axum::Json;
use axum::extract::State;
use pod_shared::content::{Group, GroupNew, MemberRole, Settled};
use pod_shared::{AccountId, RoomId};

pub(crate) async fn create(
    State(content): State<Content>,
    Asking(caller): Asking,
    Body(new): Body<GroupNew>,
) -> Result<Json<Group>, Refusal> {
    content.create_group(caller, new).await.map(Json)
}

pub(crate) async fn list(
    State(content): State<Content>,
    Asking(caller): Asking,
) -> Result<Json<Vec<Group>>, Refusal> {
    content.groups(caller).await.map(Json)
}

pub(crate) async fn get(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
) -> Result<Json<Group>, Refusal> {
    content.group(caller, room).await.map(Json)
}

pub(crate) async fn set_member(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath((room, account)): InPath<(RoomId, AccountId)>,
    Body(MemberRole { role }): Body<MemberRole>,
) -> Result<Json<Settled>, Refusal> {
    content.set_member(caller, room, account, Some(role)).await.map(Json)
}

pub(crate) async fn remove_member(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath((room, account)): InPath<(RoomId, AccountId)>,
) -> Result<Json<Settled>, Refusal> {
    content.set_member(caller, room, account, None).await.map(Json)
}
