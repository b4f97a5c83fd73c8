//! The file of an edit on the disk: looked at, put aside as a save, cleared away.

use crate::engine::now;
use crate::folder::{disk, scan};
use crate::view::ErrorView;
use pod_machine::edit::{Look, is_open_sign, look};
use pod_machine::folder::Mark;
use pod_shared::ErrorCode;
use std::fs;
use std::path::{Path, PathBuf};

/// Where saves wait for their turn, beside the file.
const SAVES: &str = ".saves";

/// What a look at the file found.
pub(super) struct Found {
    /// What is to be done about it.
    pub(super) look: Look,
    /// What it is, where it was read.
    pub(super) read: Option<(Mark, String)>,
    /// It is there.
    pub(super) there: bool,
    /// A program shows that it has it open.
    pub(super) sign: bool,
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ErrorView> + Send + 'static,
) -> Result<T, ErrorView> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ErrorView::stopped())?
}

fn mark(path: &Path) -> Option<Mark> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(disk::mark_of(&metadata))
}

/// Whether the file there is still this one.
pub(super) async fn is(path: PathBuf, wanted: Mark) -> Result<bool, ErrorView> {
    blocking(move || Ok(mark(&path) == Some(wanted))).await
}

/// Looks at the file, and reads it if it rests and is another one than when it was read.
pub(super) async fn look_at(path: PathBuf, read: Option<Mark>) -> Result<Found, ErrorView> {
    blocking(move || {
        let (at, now_ns) = (mark(&path), now().0.saturating_mul(1_000_000));
        let mut found = Found {
            look: look(now_ns, at.as_ref(), read.as_ref()),
            read: None,
            there: at.is_some(),
            sign: signs(&path),
        };
        if let (Look::Read, Some(before)) = (found.look, at) {
            let digest = scan::digest(&path, &|| false)?;
            match mark(&path) {
                Some(after) if after == before => found.read = Some((before, digest)),
                Some(_) | None => found.look = Look::Again { after_ms: pod_machine::edit::QUIET_MS },
            }
        }
        Ok(found)
    })
    .await
}

/// The digest of the file, if it is there.
pub(super) async fn digest(path: PathBuf) -> Result<Option<String>, ErrorView> {
    blocking(move || match mark(&path) {
        Some(_) => Ok(Some(scan::digest(&path, &|| false)?)),
        None => Ok(None),
    })
    .await
}

/// Whether a program shows that it has the file open.
fn signs(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let Some(Ok(all)) = path.parent().map(fs::read_dir) else { return false };
    all.filter_map(Result::ok)
        .any(|other| other.file_name().to_str().is_some_and(|other| is_open_sign(other, name)))
}

/// Where a save lies: under the name that the file has in the room.
pub(super) fn save_path(path: &Path, number: u32, name: &str) -> PathBuf {
    path.with_file_name(SAVES).join(number.to_string()).join(name)
}

/// A copy of the file as it is now, which nobody writes to any more, on the disk for good; gives its digest.
/// `file_changed`: it is being written.
pub(super) async fn put_aside(path: PathBuf, save: PathBuf) -> Result<String, ErrorView> {
    blocking(move || {
        let changing = || ErrorView::new(ErrorCode::FileChanged, "the file is being written to");
        let before = mark(&path).ok_or_else(changing)?;
        if let Some(folder) = save.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&path, &save)?;
        if mark(&path) != Some(before) {
            return Err(changing());
        }
        fs::File::open(&save)?.sync_all()?;
        Ok(scan::digest(&save, &|| false)?)
    })
    .await
}

/// A save that is at the server goes.
pub(super) async fn drop_save(save: PathBuf) -> Result<(), ErrorView> {
    blocking(move || {
        // What stays behind goes with the folder.
        let _ = save.parent().map(fs::remove_dir_all);
        Ok(())
    })
    .await
}

/// Everything of an edit in a folder of its own goes.
pub(super) async fn clear(path: PathBuf) -> Result<(), ErrorView> {
    blocking(move || match path.parent().map(fs::remove_dir_all) {
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Some(Ok(()) | Err(_)) | None => Ok(()),
    })
    .await
}
