//! The headers of tus requests and answers, one at a time.

use super::VERSION;
use crate::error::Refusal;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pod_shared::ErrorCode;

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// Refuses another version of tus.
pub(super) fn version(headers: &HeaderMap) -> Result<(), Refusal> {
    if text(headers, "tus-resumable") == Some(VERSION) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::UnsupportedVersion, "this server speaks tus 1.0.0"))
}

/// A header that must be a count.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Result<u64, Refusal> {
    text(headers, name)
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Refusal::new(ErrorCode::BadRequest, format!("{name} must be a number")))
}

/// How many bytes the request says it brings.
pub(super) fn announced(headers: &HeaderMap) -> Option<u64> {
    text(headers, header::CONTENT_LENGTH.as_str())?.parse().ok()
}

/// `Upload-Checksum`: SHA-256 of the bytes of this request.
pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Refusal> {
    let Some(value) = text(headers, "upload-checksum") else { return Ok(None) };
    let (algorithm, sum) = value.split_once(' ').unwrap_or((value, ""));
    if !algorithm.eq_ignore_ascii_case("sha256") {
        return Err(Refusal::new(ErrorCode::BadRequest, "the only checksum here is sha256"));
    }
    let sum = STANDARD.decode(sum.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    sum.map(Some).ok_or_else(|| Refusal::new(ErrorCode::BadRequest, "the checksum is not base64 of 32 bytes"))
}
