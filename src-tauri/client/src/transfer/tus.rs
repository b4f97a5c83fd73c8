//! Uploads as tus 1.0 speaks them: create (repeatable by the id made here), ask for the offset, send, drop.
//!
//! Refuses to decide anything: neighbour `upload` does.

use crate::net::{Authorized, Net, refusal_of, unreachable_error};
use crate::view::ErrorView;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use pod_shared::content::{Basis, CopyPart};
use pod_shared::{EntryId, ErrorCode, OfferId, RoomId, UploadId};
use reqwest::{Body, Method, RequestBuilder, Response, header::HeaderMap};
use std::time::Duration;

/// The version of tus spoken.
const VERSION: &str = "1.0.0";
/// The kind of the bytes of an upload.
const OCTETS: &str = "application/offset+octet-stream";
/// A request without bytes of a file that is not answered for this long counts as lost.
pub(super) const SMALL_TIMEOUT: Duration = Duration::from_secs(30);

/// What is to be created.
#[derive(Clone, Debug)]
pub(super) struct NewUpload {
    /// Made here.
    pub(super) id: UploadId,
    /// Into which room.
    pub(super) room: RoomId,
    /// Into which folder; nothing: the top.
    pub(super) parent: Option<EntryId>,
    /// Under which name.
    pub(super) name: String,
    /// Bytes of the whole.
    pub(super) length: u64,
    /// SHA-256 in hex.
    pub(super) digest: String,
    /// Time of the file's last change.
    pub(super) modified_ms: i64,
    /// What the content is based on.
    pub(super) basis: Basis,
}

/// How far an upload is at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Bytes durably there.
    pub(super) offset: u64,
    /// The entry it became, if the server says so.
    pub(super) entry: Option<EntryId>,
    /// The version of it.
    pub(super) version: Option<u32>,
}

/// Makes the upload, or finds it; it may be finished at once when its bytes come along.
pub(super) async fn create(net: &Net, new: &NewUpload, bytes: Option<Bytes>) -> Result<Standing, ErrorView> {
    make(net, new.id, new.length, &metadata(new), bytes).await
}

/// Makes the upload of the rest of an offered file, or finds it.
pub(super) async fn create_rest(
    net: &Net,
    id: UploadId,
    offer: OfferId,
    length: u64,
) -> Result<Standing, ErrorView> {
    let pairs = [("id", id.to_string()), ("offer", offer.to_string())];
    make(net, id, length, &encoded(&pairs), None).await
}

async fn make(
    net: &Net,
    id: UploadId,
    length: u64,
    metadata: &str,
    bytes: Option<Bytes>,
) -> Result<Standing, ErrorView> {
    let answer = with_token(net, |way| {
        let request = way
            .http
            .request(Method::POST, "/v1/uploads", Some(&way.bearer))
            .timeout(SMALL_TIMEOUT)
            .header("Upload-Length", length)
            .header("Upload-Metadata", metadata);
        match bytes.clone() {
            Some(bytes) => request.header("Content-Type", OCTETS).body(bytes),
            None => request.header("Content-Length", 0),
        }
    })
    .await?;
    match offset(answer.headers()) {
        Some(offset) => Ok(standing_at(offset, answer.headers())),
        // Older servers say it only when asked.
        None => head(net, id).await,
    }
}

/// Asks how far an upload is.
pub(super) async fn head(net: &Net, upload: UploadId) -> Result<Standing, ErrorView> {
    let path = path(upload);
    let answer = with_token(net, |way| {
        way.http.request(Method::HEAD, &path, Some(&way.bearer)).timeout(SMALL_TIMEOUT)
    })
    .await;
    let answer = answer.map_err(head_refusal)?;
    standing(&answer)
}

/// Sends a stretch of bytes that begins at `at`.
pub(super) async fn patch(
    way: &Authorized,
    upload: UploadId,
    at: u64,
    bytes: u64,
    body: Body,
) -> Result<Standing, ErrorView> {
    let request = way
        .http
        .request(Method::PATCH, &path(upload), Some(&way.bearer))
        .header("Tus-Resumable", VERSION)
        .header("Upload-Offset", at)
        .header("Content-Type", OCTETS)
        .header("Content-Length", bytes)
        .body(body);
    let answer = request.send().await.map_err(|error| unreachable_error(&error))?;
    if !answer.status().is_success() {
        return Err(refusal_of(answer).await);
    }
    standing(&answer)
}

/// Has the server append bytes of a version that it has.
pub(super) async fn copy(way: &Authorized, upload: UploadId, part: CopyPart) -> Result<Standing, ErrorView> {
    let request = way
        .http
        .request(Method::POST, &format!("{}/copy", path(upload)), Some(&way.bearer))
        .timeout(SMALL_TIMEOUT)
        .header("Tus-Resumable", VERSION)
        .json(&part);
    let answer = request.send().await.map_err(|error| unreachable_error(&error))?;
    if !answer.status().is_success() {
        return Err(refusal_of(answer).await);
    }
    standing(&answer)
}

/// Tells the server that nobody wants the upload any more. One that is not there (any more) is fine.
pub(super) async fn delete(net: &Net, upload: UploadId) -> Result<(), ErrorView> {
    let path = path(upload);
    let answer = with_token(net, |way| {
        way.http.request(Method::DELETE, &path, Some(&way.bearer)).timeout(SMALL_TIMEOUT)
    })
    .await;
    answer.map(|_| ())
}

/// Sends a request; once more with another token when the first is void.
pub(super) async fn with_token(
    net: &Net,
    request: impl Fn(&Authorized) -> RequestBuilder,
) -> Result<Response, ErrorView> {
    let mut second = false;
    loop {
        let way = net.content().await?;
        let sent = request(&way).header("Tus-Resumable", VERSION).send().await;
        let answer = sent.map_err(|error| unreachable_error(&error))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        // An answer to HEAD has no body that could name the code.
        let unauthorized = answer.status() == reqwest::StatusCode::UNAUTHORIZED;
        let status = answer.status();
        let mut error = refusal_of(answer).await;
        if status.is_client_error() && error.code == ErrorCode::BadRequest {
            error = by_status(status.as_u16(), error);
        }
        if !unauthorized || second {
            return Err(error);
        }
        net.forget(&way.bearer).await;
        second = true;
    }
}

/// The code that a status alone stands for.
fn by_status(status: u16, error: ErrorView) -> ErrorView {
    let code = match status {
        401 => ErrorCode::Unauthorized,
        403 => ErrorCode::RoleTooLow,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::OffsetMismatch,
        410 => ErrorCode::Gone,
        413 => ErrorCode::TooLarge,
        408 | 423 | 429 => ErrorCode::Unavailable,
        _ => return error,
    };
    ErrorView::new(code, error.message)
}

/// An upload that the server does not know is gone.
fn head_refusal(error: ErrorView) -> ErrorView {
    if error.code == ErrorCode::NotFound {
        ErrorView::new(ErrorCode::Gone, "the server does not have this upload")
    } else {
        error
    }
}

fn path(upload: UploadId) -> String {
    format!("/v1/uploads/{upload}")
}

fn standing(answer: &Response) -> Result<Standing, ErrorView> {
    let offset = offset(answer.headers()).ok_or_else(|| {
        ErrorView::new(ErrorCode::Unavailable, "the server did not say how far the upload is")
    })?;
    Ok(standing_at(offset, answer.headers()))
}

fn standing_at(offset: u64, headers: &HeaderMap) -> Standing {
    Standing { offset, entry: entry(headers), version: version(headers) }
}

fn offset(headers: &HeaderMap) -> Option<u64> {
    headers.get("Upload-Offset")?.to_str().ok()?.parse().ok()
}

fn entry(headers: &HeaderMap) -> Option<EntryId> {
    headers.get("Pod-Entry")?.to_str().ok()?.parse().ok()
}

fn version(headers: &HeaderMap) -> Option<u32> {
    headers.get("Pod-Version")?.to_str().ok()?.parse().ok()
}

fn metadata(new: &NewUpload) -> String {
    let mut pairs = vec![
        ("id", new.id.to_string()),
        ("room", new.room.to_string()),
        ("filename", new.name.clone()),
        ("sha256", new.digest.clone()),
        ("modified_ms", new.modified_ms.to_string()),
    ];
    pairs.extend(new.parent.map(|parent| ("parent", parent.to_string())));
    pairs.extend(new.basis.entry.map(|entry| ("entry", entry.to_string())));
    pairs.extend(new.basis.version.map(|version| ("version", version.to_string())));
    pairs.extend(new.basis.fence.map(|fence| ("fence", fence.to_string())));
    pairs.extend(new.basis.copy.clone().map(|copy| ("copy", copy)));
    encoded(&pairs)
}

fn encoded(pairs: &[(&str, String)]) -> String {
    let encoded: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
    encoded.join(",")
}
