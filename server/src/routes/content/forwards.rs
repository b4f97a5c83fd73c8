//! `/v1/forwards/{offer}`: files for people who are away. The bytes come as uploads (`uploads`).

use super::{Asking, download};
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath, body_bytes};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pod_shared::OfferId;
use pod_shared::content::{ForwardNew, ForwardOffset, ForwardState};

pub(crate) async fn put(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(offer): InPath<OfferId>,
    Body(new): Body<ForwardNew>,
) -> Result<Json<ForwardOffset>, Refusal> {
    content.put_forward(caller, offer, new).await.map(Json)
}

pub(crate) async fn get(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(offer): InPath<OfferId>,
) -> Result<Json<ForwardState>, Refusal> {
    content.forward_state(caller, offer).await.map(Json)
}

pub(crate) async fn drop(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(offer): InPath<OfferId>,
) -> Result<StatusCode, Refusal> {
    content.drop_forward(caller, offer).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn put_manifest(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(offer): InPath<OfferId>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    // Whose it is, before anything is read.
    content.forward_state(caller, offer).await?;
    let digests = body_bytes(request, &content).await?;
    content.put_manifest(caller, offer, digests.into()).await.map(|()| StatusCode::NO_CONTENT)
}

pub(crate) async fn manifest(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(offer): InPath<OfferId>,
) -> Result<Response, Refusal> {
    let digests = content.manifest(caller, offer).await?;
    let about =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((about, digests).into_response())
}

pub(crate) async fn content(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(offer): InPath<OfferId>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    download::serve(content.fetch_forward(caller, offer).await?, &method, &headers).await
}
