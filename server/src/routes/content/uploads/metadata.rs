//! What the creation of an upload says of itself: `Upload-Length` and `Upload-Metadata`.

use super::reading;
use crate::content::uploads::UploadNew;
use crate::error::Refusal;
use crate::secret;
use crate::store::sqlite::content::{Goal, Spot};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pod_shared::content::Basis;
use pod_shared::{ErrorCode, limits};
use std::collections::HashMap;
use std::str::FromStr;

/// Reads both headers.
pub(super) fn read(headers: &HeaderMap) -> Result<UploadNew, Refusal> {
    let length = reading::number(headers, "upload-length")?;
    let pairs = pairs(headers)?;
    Ok(UploadNew {
        id: id(&pairs, "id")?,
        goal: goal(&pairs)?,
        length,
        promised: pairs.get("sha256").map(|text| digest(text)).transpose()?,
        modified_ms: id(&pairs, "modified_ms")?,
    })
}

fn goal(pairs: &HashMap<String, String>) -> Result<Goal, Refusal> {
    if let Some(offer) = id(pairs, "offer")? {
        return Ok(Goal::Offer(offer));
    }
    let name = pairs.get("filename").ok_or_else(|| bad("the metadata must name the file"))?;
    let room = id(pairs, "room")?.ok_or_else(|| bad("the metadata must name the room"))?;
    let copy = pairs.get("copy").filter(|copy| !copy.is_empty()).cloned();
    let basis = Basis {
        entry: id(pairs, "entry")?,
        version: id(pairs, "version")?,
        fence: id(pairs, "fence")?,
        copy,
    };
    Ok(Goal::Folder(Spot { room, parent: id(pairs, "parent")?, name: name.clone(), basis }))
}

fn pairs(headers: &HeaderMap) -> Result<HashMap<String, String>, Refusal> {
    let Some(value) = headers.get("upload-metadata") else { return Err(bad("Upload-Metadata is missing")) };
    if value.len() > limits::UPLOAD_METADATA_BYTES_MAX {
        return Err(Refusal::new(ErrorCode::TooLarge, "Upload-Metadata is longer than allowed"));
    }
    let value = value.to_str().map_err(|_| bad("Upload-Metadata holds what no header may hold"))?;
    let mut pairs = HashMap::new();
    for pair in value.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, text) = pair.split_once(' ').unwrap_or((pair, ""));
        let text = STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| bad("a value of Upload-Metadata is not base64 of a text"))?;
        if pairs.insert(key.to_owned(), text).is_some() {
            return Err(bad("a key of Upload-Metadata comes twice"));
        }
    }
    Ok(pairs)
}

fn id<T: FromStr>(pairs: &HashMap<String, String>, key: &str) -> Result<Option<T>, Refusal> {
    let Some(text) = pairs.get(key).filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| bad("a value of Upload-Metadata is of the wrong kind"))
}

fn digest(hex: &str) -> Result<[u8; 32], Refusal> {
    secret::unhex(hex).ok_or_else(|| bad("sha256 is not 64 hexadecimal digits"))
}

fn bad(sentence: &'static str) -> Refusal {
    Refusal::new(ErrorCode::BadRequest, sentence)
}
