//! A linked folder on the disk: what lies there, what changes, and the small changes that are made to it.
//!
//! `scan` is the truth, `watch` only hints where to look, which `places` does. `disk` makes, moves and deletes, each only if what it finds is
//! what was planned with. Refuses to follow a symbolic link, to touch what it did not expect, and to move the bytes of a
//! file: the transfer queue does that.

pub(crate) mod disk;
pub(crate) mod places;
pub(crate) mod scan;
pub(crate) mod watch;

#[cfg(test)]
mod tests;

use crate::view::ErrorView;
use pod_shared::ErrorCode;
use std::io::{self, ErrorKind};

/// What the disk refuses, as the person is told; what is only other than planned is looked at again.
#[expect(clippy::wildcard_enum_match_arm, reason = "an operating system may say anything")]
fn local(error: io::Error) -> ErrorView {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            ErrorView::new(ErrorCode::DiskFull, "the disk of this computer is full")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            ErrorView::new(ErrorCode::FileUnreadable, "the folder may not be used")
        }
        ErrorKind::NotFound
        | ErrorKind::AlreadyExists
        | ErrorKind::DirectoryNotEmpty
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory => {
            ErrorView::new(ErrorCode::FileChanged, "the folder was changed meanwhile")
        }
        kind => ErrorView::new(ErrorCode::FileUnreadable, format!("the folder cannot be used: {kind}")),
    }
}
