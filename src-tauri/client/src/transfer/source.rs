//! The file that goes up: what it is now, and its digest. Each function blocks.

use crate::view::ErrorView;
use pod_machine::transfer::{Content, Stamp};
use pod_shared::{ErrorCode, limits};
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Bytes read at once.
pub(super) const PIECE_BYTES: usize = 256 * 1024;

/// What tells this file from a changed one.
pub(super) fn stamp_of(metadata: &Metadata) -> Stamp {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Stamp {
        size: metadata.len(),
        modified_ns: modified.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default(),
        inode,
    }
}

/// The source as it is now.
pub(super) fn stamp(path: &Path) -> Result<Stamp, ErrorView> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() {
        return Err(ErrorView::new(ErrorCode::FileUnreadable, "this is not a file"));
    }
    Ok(stamp_of(&metadata))
}

/// Reads the source through. `file_changed` when it was written to meanwhile.
pub(super) fn read_through(path: &Path, stop: &dyn Fn() -> bool) -> Result<Content, ErrorView> {
    let before = stamp(path)?;
    if before.size > limits::FILE_BYTES_MAX {
        return Err(ErrorView::new(ErrorCode::TooLarge, "the file is larger than a room's folder takes"));
    }
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    let (digest, size) = digest_of(&mut file, before.size, stop).map_err(|error| unreadable(&error))?;
    if stamp(path)? != before || size != before.size {
        return Err(ErrorView::new(ErrorCode::FileChanged, "the file is being written to"));
    }
    Ok(Content { digest: hex(&digest.finalize()), size, stamp: Some(before) })
}

/// The digest so far, and the bytes it covers; about `size` of them are expected.
pub(super) fn digest_of(
    source: &mut impl Read,
    size: u64,
    stop: &dyn Fn() -> bool,
) -> io::Result<(Sha256, u64)> {
    let mut digest = Sha256::new();
    // One more than is expected: the read that finds the end needs room too.
    let mut piece = vec![0; usize::try_from(size).unwrap_or(PIECE_BYTES).saturating_add(1).min(PIECE_BYTES)];
    let mut bytes = 0;
    loop {
        if stop() {
            return Err(ErrorKind::Interrupted.into());
        }
        let read = match source.read(&mut piece) {
            Ok(0) => return Ok((digest, bytes)),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(piece.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

/// A digest as people and headers write it.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A local file that cannot be used, as the person is told.
#[expect(clippy::wildcard_enum_match_arm, reason = "an operating system may say anything")]
pub(super) fn unreadable(error: &io::Error) -> ErrorView {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            ErrorView::new(ErrorCode::DiskFull, "the disk of this computer is full")
        }
        ErrorKind::NotFound => ErrorView::new(ErrorCode::FileUnreadable, "the file is not there"),
        ErrorKind::PermissionDenied => ErrorView::new(ErrorCode::FileUnreadable, "the file may not be used"),
        kind => ErrorView::new(ErrorCode::FileUnreadable, format!("the file cannot be used: {kind}")),
    }
}
