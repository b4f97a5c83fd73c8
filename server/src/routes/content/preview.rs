//! `GET /v1/entries/{id}/preview?as=image|text`: a small picture, or the first bytes of a text as they are.

use super::Asking;
use super::range::{Plan, plan};
use crate::content::Content;
use crate::content::previews::Drawn;
use crate::error::Refusal;
use crate::routes::extract::{InPath, InQuery};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pod_shared::EntryId;
use pod_shared::content::PREVIEW_TRUNCATED;
use serde::Deserialize;

/// `?as=image|text`
#[derive(Deserialize)]
pub(crate) struct Wanted {
    r#as: As,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum As {
    Image,
    Text,
}

pub(crate) async fn preview(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    InQuery(Wanted { r#as }): InQuery<Wanted>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let look = content.look(caller, entry).await?;
    let kind = match r#as {
        As::Image => "image",
        As::Text => "text",
    };
    let etag = format!("\"{}-{kind}\"", look.stored.entry.digest);
    if is_known(&method, &headers, &etag) {
        return not_modified(&etag);
    }
    match r#as {
        As::Image => picture(&etag, look.image().await?),
        As::Text => {
            let beginning = look.beginning().await?;
            let mut response = answer(&etag, "application/octet-stream", beginning.bytes)?;
            let truncated = HeaderValue::from_static(if beginning.truncated { "1" } else { "0" });
            response.headers_mut().insert(PREVIEW_TRUNCATED, truncated);
            Ok(response)
        }
    }
}

/// Whether whoever asks has it already.
pub(super) fn is_known(method: &Method, headers: &HeaderMap, etag: &str) -> bool {
    plan(method, headers, etag, 0) == Plan::NotModified
}

pub(super) fn not_modified(etag: &str) -> Result<Response, Refusal> {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    mark(&mut response, etag)?;
    Ok(response)
}

/// A picture that this server drew.
pub(super) fn picture(etag: &str, drawn: Drawn) -> Result<Response, Refusal> {
    answer(etag, drawn.form.mime(), drawn.bytes)
}

fn answer(etag: &str, mime: &'static str, bytes: Vec<u8>) -> Result<Response, Refusal> {
    let mut response = Body::from(bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    mark(&mut response, etag)?;
    Ok(response)
}

fn mark(response: &mut Response, etag: &str) -> Result<(), Refusal> {
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(etag).map_err(|error| Refusal::internal(&error))?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(())
}
