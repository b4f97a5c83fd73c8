//! `GET /v1/entries/{id}/chunks` and `POST /v1/uploads/{id}/copy`: only what changed moves.

use super::{Asking, uploads};
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath, InQuery};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use pod_shared::content::CopyPart;
use pod_shared::{EntryId, UploadId};
use serde::Deserialize;

/// `?version=N`
#[derive(Deserialize)]
pub(crate) struct Which {
    version: Option<u32>,
}

pub(crate) async fn list(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    InQuery(Which { version }): InQuery<Which>,
) -> Result<Response, Refusal> {
    let found = content.chunks(caller, entry, version).await?;
    let about = [
        (header::ETAG, format!("\"{}\"", found.tag)),
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((about, found.list).into_response())
}

pub(crate) async fn copy(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(upload): InPath<UploadId>,
    Body(part): Body<CopyPart>,
) -> Response {
    uploads::taken(content.copy_part(caller, upload, part).await)
}
