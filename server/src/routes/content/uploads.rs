//! tus 1.0 at `/v1/uploads`: creation, creation-with-upload, expiration, checksum (SHA-256), termination.
//!
//! A thin mapping: everything that is an upload is in `content::uploads`, so that the coming IETF protocol can be a
//! second mapping beside this one. `Location` is relative. Of a finished upload `Pod-Entry` and `Pod-Version` name what
//! it became.

use super::Asking;
use crate::content::Content;
use crate::content::uploads::{Portion, Standing, UploadNew};
use crate::error::Refusal;
use crate::routes::extract::InPath;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pod_shared::{ErrorCode, UploadId, limits};

mod metadata;
mod reading;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,expiration,checksum,termination";
const OCTETS: &str = "application/offset+octet-stream";

/// What this server speaks; for anybody.
pub(crate) async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    put(&mut response, "tus-version", VERSION);
    put(&mut response, "tus-extension", EXTENSIONS);
    put(&mut response, "tus-max-size", limits::FILE_BYTES_MAX);
    put(&mut response, "tus-checksum-algorithm", "sha256");
    spoken(response)
}

/// `POST`: begins an upload, with its first bytes if there are some.
pub(crate) async fn create(
    State(content): State<Content>,
    Asking(caller): Asking,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let made = async {
        reading::version(&headers)?;
        let checksum = reading::checksum(&headers)?;
        let new: UploadNew = metadata::read(&headers)?;
        let announced = reading::announced(&headers);
        if is_octets(&headers) && checksum.is_none() && Content::comes_whole(&new, announced) {
            return content.take_whole(caller, new, body).await;
        }
        let mut standing = content.begin_upload(caller, new).await?;
        // A repeated creation finds bytes there already: they go on with a PATCH.
        if is_octets(&headers) && standing.offset == 0 && standing.done.is_none() {
            let portion = Portion { offset: 0, checksum, announced, body };
            standing = content.take_portion(caller, standing.id, portion).await?;
        }
        Ok(standing)
    };
    let answer = made.await.map(|standing: Standing| {
        let mut response = told(StatusCode::CREATED, &standing);
        put(&mut response, "location", format!("/v1/uploads/{}", standing.id));
        response
    });
    finish(answer)
}

/// `HEAD`: how far it is.
pub(crate) async fn look(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(upload): InPath<UploadId>,
    headers: HeaderMap,
) -> Response {
    let looked = async {
        reading::version(&headers)?;
        content.look_at_upload(caller, upload).await
    };
    finish(looked.await.map(|standing| {
        let mut response = told(StatusCode::OK, &standing);
        put(&mut response, "upload-length", standing.length);
        put(&mut response, "cache-control", "no-store");
        response
    }))
}

/// `PATCH`: the next bytes.
pub(crate) async fn send(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(upload): InPath<UploadId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let sent = async {
        reading::version(&headers)?;
        let offset = reading::number(&headers, "upload-offset")?;
        let (checksum, announced) = (reading::checksum(&headers)?, reading::announced(&headers));
        content.take_portion(caller, upload, Portion { offset, checksum, announced, body }).await
    };
    if !is_octets(&headers) {
        let refusal =
            Refusal::new(ErrorCode::BadRequest, "the bytes of an upload are application/offset+octet-stream");
        let mut response = refusal.into_response();
        *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return spoken(response);
    }
    taken(sent.await)
}

/// The answer to bytes that were taken.
pub(super) fn taken(standing: Result<Standing, Refusal>) -> Response {
    finish(standing.map(|standing| told(StatusCode::NO_CONTENT, &standing)))
}

/// `DELETE`: gives it up.
pub(crate) async fn cancel(
    State(content): State<Content>,
    Asking(caller): Asking,
    InPath(upload): InPath<UploadId>,
    headers: HeaderMap,
) -> Response {
    let cancelled = async {
        reading::version(&headers)?;
        content.cancel_upload(caller, upload).await
    };
    finish(cancelled.await.map(|()| StatusCode::NO_CONTENT.into_response()))
}

fn is_octets(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(OCTETS)
}

/// An answer that says how far the upload is.
fn told(status: StatusCode, standing: &Standing) -> Response {
    let mut response = status.into_response();
    put(&mut response, "upload-offset", standing.offset);
    match standing.done {
        Some((entry, version)) => {
            put(&mut response, "pod-entry", entry);
            put(&mut response, "pod-version", version);
        }
        None => put(&mut response, "upload-expires", httpdate::fmt_http_date(standing.expires)),
    }
    response
}

fn finish(answer: Result<Response, Refusal>) -> Response {
    spoken(match answer {
        Ok(response) => response,
        Err(refusal) => {
            let code = refusal.code();
            let mut response = refusal.into_response();
            if code == ErrorCode::UnsupportedVersion {
                put(&mut response, "tus-version", VERSION);
            }
            response
        }
    })
}

fn spoken(mut response: Response) -> Response {
    put(&mut response, "tus-resumable", VERSION);
    response
}

fn put(response: &mut Response, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
