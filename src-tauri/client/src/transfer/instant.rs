//! Instant upload (O9): what the server has already becomes a version without its bytes being sent.
//!
//! The server is asked once, before the first byte. Who may read that content anyway has it linked at once; everybody
//! else proves to hold all of it. Any other answer means: send the bytes.

use super::reports::Stored;
use super::room::Job;
use super::source::{PIECE_BYTES, hex, unreadable};
use super::trouble::Failure;
use super::tus::{SMALL_TIMEOUT, with_token};
use pod_machine::transfer::{Content, Trouble};
use pod_shared::content::{InstantAnswer, InstantNew, InstantProof};
use pod_shared::{EntryId, ErrorCode, UploadId, limits};
use reqwest::Method;
use serde::Serialize;
use std::io::Read;

#[cfg(test)]
mod tests;

/// Bytes of a nonce.
const NONCE_BYTES: usize = 32;

/// What it became, where no byte must be sent.
pub(super) async fn link(job: &Job, content: &Content, upload: UploadId) -> Result<Option<Stored>, Failure> {
    if content.size < limits::INSTANT_BYTES_MIN || job.of.file.machine.done > 0 {
        return Ok(None);
    }
    let new = InstantNew {
        id: upload,
        room: job.of.file.room,
        parent: job.of.file.parent,
        filename: job.name.clone(),
        sha256: content.digest.clone(),
        size: content.size,
        modified_ms: content.stamp.map(|stamp| stamp.modified_ns / 1_000_000),
        basis: job.of.file.machine.basis.clone(),
    };
    let nonce = match ask(job, "/v1/links", &new).await? {
        Some(InstantAnswer::Linked { entry, version }) => return Ok(Some(stored(entry, version))),
        Some(InstantAnswer::Prove { nonce }) => nonce,
        None => return Ok(None),
    };
    let Some(nonce) = bytes_of(&nonce) else { return Ok(None) };
    let path = job.path.clone();
    let proof = job.blocking(move |stop| proof(&path, &nonce, stop)).await?;
    match ask(job, &format!("/v1/links/{upload}/proof"), &InstantProof { proof }).await? {
        Some(InstantAnswer::Linked { entry, version }) => Ok(Some(stored(entry, version))),
        Some(InstantAnswer::Prove { .. }) | None => Ok(None),
    }
}

fn stored(entry: EntryId, version: u32) -> Stored {
    Stored { entry: Some(entry), version: Some(version) }
}

/// Nothing: the bytes must be sent.
async fn ask<B: Serialize>(job: &Job, path: &str, body: &B) -> Result<Option<InstantAnswer>, Failure> {
    let asked = with_token(&job.ports.net, |way| {
        way.http.request(Method::POST, path, Some(&way.bearer)).timeout(SMALL_TIMEOUT).json(body)
    });
    match asked.await {
        Ok(answer) => {
            let bytes = answer.bytes().await.map_err(|error| crate::net::unreachable_error(&error))?;
            Ok(serde_json::from_slice(&bytes).ok())
        }
        Err(error) if error.code == ErrorCode::Offline => Err(error.into()),
        // A refusal says nothing about the upload: that is asked next.
        Err(_) => Ok(None),
    }
}

/// The file as only who has all of it can know: BLAKE3 keyed with the nonce. Blocks.
fn proof(
    path: &std::path::Path,
    nonce: &[u8; NONCE_BYTES],
    stop: &dyn Fn() -> bool,
) -> Result<String, Failure> {
    let mut file = std::fs::File::open(path).map_err(|error| Failure::from(unreadable(&error)))?;
    let mut hasher = blake3::Hasher::new_keyed(nonce);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        if stop() {
            return Err(Failure::new(Trouble::Network { pause_ms: 0 }, "the work on the file was stopped"));
        }
        match file.read(&mut piece) {
            Ok(0) => return Ok(hex(hasher.finalize().as_bytes())),
            Ok(read) => drop(hasher.update(piece.get(..read).unwrap_or_default())),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(&error).into()),
        }
    }
}

fn bytes_of(nonce: &str) -> Option<[u8; NONCE_BYTES]> {
    let digits = nonce.as_bytes();
    if digits.len() != NONCE_BYTES * 2 {
        return None;
    }
    let mut bytes = [0; NONCE_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
