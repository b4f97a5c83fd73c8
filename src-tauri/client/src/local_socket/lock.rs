//! One engine per profile: a lock that the operating system lets go when the process ends, however it ends.

use super::place;
use crate::view::ErrorView;
use pod_shared::ErrorCode;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held while an engine runs on the profile.
#[derive(Debug)]
pub(crate) struct Lock {
    profile: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock. `conflict` when an engine runs on the profile already. Blocks for a moment.
    pub(crate) fn take(profile: &Path) -> Result<Self, ErrorView> {
        std::fs::create_dir_all(profile)?;
        let profile = place::canonical(profile)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(profile.join("engine.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { profile, _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(ErrorView::new(ErrorCode::Conflict, "another Pod runs on this profile"))
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The locked profile.
    pub(super) fn profile(&self) -> &Path {
        &self.profile
    }
}
