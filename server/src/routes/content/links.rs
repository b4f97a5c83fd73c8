//! `POST /v1/links` and `POST /v1/links/{id}/proof`: instant upload.

use super::Asking;
use crate::content::Content;
use crate::error::Refusal;
use crate::routes::extract::{Body, InPath};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pod_shared::UploadId;
use pod_shared::content::{InstantAnswer, InstantNew, InstantProof};

pub(crate) async fn ask(
    State(content): State<Content>,
    Asking(caller): Asking,
    Body(new): Body<InstantNew>,
) -> Result<Response, Refusal> {
    content.ask_instant(caller, new).await.map(answer)
}

pub(crate) async fn prove(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(id): InPath<UploadId>,
    Body(proof): Body<InstantProof>,
) -> Result<Response, Refusal> {
    content.prove_instant(caller, id, proof).await.map(answer)
}

fn answer(answer: InstantAnswer) -> Response {
    let status = match answer {
        InstantAnswer::Linked { .. } => StatusCode::CREATED,
        InstantAnswer::Prove { .. } => StatusCode::OK,
    };
    (status, Json(answer)).into_response()
}
