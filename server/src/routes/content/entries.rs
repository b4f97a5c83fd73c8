//! Folders and entries, and what happened to them.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath, InQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pod_shared::content::{Changes, Entry, EntryChange, EntryPage, FolderNew, VersionPage, VersionRestore};
use pod_shared::{ContentPosition, EntryId, RoomId, limits};
use serde::Deserialize;

/// `?parent=ID&after=NAME&limit=N`
#[derive(Deserialize)]
pub(crate) struct Listing {
    parent: Option<EntryId>,
    after: Option<String>,
    limit: Option<u32>,
}

/// `?after=POSITION&limit=N`
#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    after: ContentPosition,
    limit: Option<u32>,
}

/// `?before=VERSION&limit=N`
#[derive(Deserialize)]
pub(crate) struct Before {
    pub(super) before: Option<u32>,
    pub(super) limit: Option<u32>,
}

/// What was asked for, within the limit.
pub(super) fn page(limit: Option<u32>) -> u32 {
    limit.unwrap_or(limits::CONTENT_PAGE_MAX).clamp(1, limits::CONTENT_PAGE_MAX)
}

pub(crate) async fn list(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    InQuery(Listing { parent, after, limit }): InQuery<Listing>,
) -> Result<Json<EntryPage>, Refusal> {
    content.folder(caller, room, parent, after, page(limit)).await.map(Json)
}

pub(crate) async fn changes(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    InQuery(Since { after, limit }): InQuery<Since>,
) -> Result<Json<Changes>, Refusal> {
    content.changes(caller, room, after, page(limit)).await.map(Json)
}

pub(crate) async fn create_folder(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(room): InPath<RoomId>,
    Body(new): Body<FolderNew>,
) -> Result<Json<Entry>, Refusal> {
    content.create_folder(caller, room, new).await.map(Json)
}

pub(crate) async fn get(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
) -> Result<Json<Entry>, Refusal> {
    content.entry(caller, entry).await.map(Json)
}

pub(crate) async fn change(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    Body(change): Body<EntryChange>,
) -> Result<Json<Entry>, Refusal> {
    content.change_entry(caller, entry, change).await.map(Json)
}

pub(crate) async fn delete(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
) -> Result<StatusCode, Refusal> {
    content.delete_entry(caller, entry).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn restore(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
) -> Result<Json<Entry>, Refusal> {
    content.restore_entry(caller, entry).await.map(Json)
}

pub(crate) async fn versions(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    InQuery(Before { before, limit }): InQuery<Before>,
) -> Result<Json<VersionPage>, Refusal> {
    content.versions(caller, entry, before.unwrap_or(u32::MAX), page(limit)).await.map(Json)
}

pub(crate) async fn restore_version(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath((entry, version)): InPath<(EntryId, u32)>,
    Body(restore): Body<VersionRestore>,
) -> Result<Json<Entry>, Refusal> {
    content.restore_version(caller, entry, version, restore).await.map(Json)
}
