//! How much room a disk has.

use std::path::{Path, PathBuf};

/// Bytes that are free where this file goes, in the nearest folder that is there. Nothing: the disk does not say.
pub(super) async fn free(path: PathBuf) -> Option<u64> {
    let asked = tokio::task::spawn_blocking(move || {
        let folder = path.ancestors().skip(1).find(|folder| folder.is_dir()).map(Path::to_owned)?;
        fs4::available_space(folder).ok()
    });
    asked.await.ok().flatten()
}
