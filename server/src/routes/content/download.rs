//! `GET` and `HEAD /v1/entries/{id}/content`.

use super::Asking;
use super::range::{Plan, plan};
use crate::content::{Content, Download, Span};
use crate::error::Refusal;
use crate::routes::extract::{InPath, InQuery};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pod_shared::EntryId;
use pod_shared::content::Entry;
use serde::Deserialize;

/// `?version=N&quiet=true`
#[derive(Deserialize)]
pub(crate) struct Which {
    version: Option<u32>,
    /// A linked folder fetches it, no person: nobody is told.
    #[serde(default)]
    quiet: bool,
}

pub(crate) async fn content(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(entry): InPath<EntryId>,
    InQuery(Which { version, quiet }): InQuery<Which>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let download = content.download(caller, entry, version).await?;
    serve(if quiet { download.untold() } else { download }, &method, &headers).await
}

/// Answers with a stored content, or the part of it that is asked for.
pub(super) async fn serve(
    download: Download,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let (size, etag) = (download.size, format!("\"{}\"", download.tag));
    let plan = plan(method, headers, &etag, size);
    let mut about = vec![
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let (status, span) = match plan {
        Plan::NotModified => return answer(StatusCode::NOT_MODIFIED, &about, Body::empty()),
        Plan::PreconditionFailed => return answer(StatusCode::PRECONDITION_FAILED, &about, Body::empty()),
        Plan::Unsatisfiable => {
            about.push((header::CONTENT_RANGE, format!("bytes */{size}")));
            return answer(StatusCode::RANGE_NOT_SATISFIABLE, &about, Body::empty());
        }
        Plan::Whole => (StatusCode::OK, Span { from: 0, to: size }),
        Plan::Part(span) => {
            about.push((header::CONTENT_RANGE, format!("bytes {}-{}/{size}", span.from, span.to - 1)));
            (StatusCode::PARTIAL_CONTENT, span)
        }
    };
    about.extend(describe(download.entry.as_ref()));
    about.push((header::CONTENT_LENGTH, (span.to - span.from).to_string()));
    if *method == Method::HEAD {
        return answer(status, &about, Body::empty());
    }
    answer(status, &about, Body::from_stream(download.stream(span).await?))
}

fn answer(status: StatusCode, about: &[(HeaderName, String)], body: Body) -> Result<Response, Refusal> {
    let mut response = (status, body).into_response();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    for (name, value) in about {
        let value = HeaderValue::from_str(value).map_err(|error| Refusal::internal(&error))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// What the bytes are. Never shown in place: nothing that somebody uploaded runs in the name of this server.
fn describe(entry: Option<&Entry>) -> [(HeaderName, String); 2] {
    let disposition = entry.map_or_else(|| "attachment".to_owned(), |entry| disposition(&entry.name));
    [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ]
}

/// RFC 6266: the name in plain letters for old programs, and as it is (RFC 8187).
fn disposition(name: &str) -> String {
    use std::fmt::Write as _;
    let plain: String = name
        .chars()
        .map(
            |c| if c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '\\' | '%') { c } else { '_' },
        )
        .collect();
    let mut text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
