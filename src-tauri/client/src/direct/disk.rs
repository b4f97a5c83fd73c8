//! What the disk says, in the words of the direct path. Each function blocks for a moment.

use crate::view::ErrorView;
use pod_machine::transfer::Stamp;
use pod_shared::ErrorCode;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// What the open file is now.
pub(super) fn stamp(file: &File) -> Result<Stamp, ErrorView> {
    file.metadata().map_err(|error| trouble(&error)).and_then(|metadata| stamp_of(&metadata))
}

/// What lies at this place now.
pub(super) fn stamp_at(path: &Path) -> Result<Stamp, ErrorView> {
    std::fs::metadata(path).map_err(|error| trouble(&error)).and_then(|metadata| stamp_of(&metadata))
}

fn stamp_of(metadata: &Metadata) -> Result<Stamp, ErrorView> {
    if !metadata.is_file() {
        return Err(ErrorView::new(ErrorCode::FileUnreadable, "this is not a file"));
    }
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Ok(Stamp {
        size: metadata.len(),
        modified_ns: modified.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default(),
        inode,
    })
}

/// A local file that cannot be used, as the person is told.
#[expect(clippy::wildcard_enum_match_arm, reason = "an operating system may say anything")]
pub(super) fn trouble(error: &io::Error) -> ErrorView {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            ErrorView::new(ErrorCode::DiskFull, "the disk of this computer is full")
        }
        ErrorKind::NotFound => ErrorView::new(ErrorCode::FileUnreadable, "the file is not there"),
        ErrorKind::PermissionDenied => ErrorView::new(ErrorCode::FileUnreadable, "the file may not be used"),
        kind => ErrorView::new(ErrorCode::FileUnreadable, format!("the file cannot be used: {kind}")),
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
