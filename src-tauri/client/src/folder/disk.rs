//! Small changes of a linked folder. Each is done only if what it finds is what it was planned with. Each function blocks.

use super::local;
use super::scan::{digest, is_rubbish};
use crate::view::ErrorView;
use pod_machine::folder::Mark;
use pod_shared::{ErrorCode, LinkedId};
use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The file by which a linked folder is known again: without it the disk may be another one, or none.
pub(crate) const MARKER: &str = ".pod-folder";

/// The ending of what is out of sight for a moment.
const ASIDE: &str = ".pod-old";

/// What tells a file from a changed one.
pub(crate) fn mark_of(metadata: &Metadata) -> Mark {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_ns = modified.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default();
    #[cfg(unix)]
    let (changed_ns, inode) = {
        use std::os::unix::fs::MetadataExt;
        (metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec()), metadata.ino())
    };
    #[cfg(not(unix))]
    let (changed_ns, inode) = (modified_ns, 0);
    Mark { size: metadata.len(), modified_ns, changed_ns, inode }
}

/// The folder is there, and is the linked one.
pub(crate) fn check_root(root: &Path, id: LinkedId) -> Result<(), ErrorView> {
    let missing = || ErrorView::new(ErrorCode::FolderMissing, "the linked folder is not there");
    match fs::read_to_string(root.join(MARKER)) {
        Ok(text) if text.trim() == id.to_string() => Ok(()),
        Ok(_) => Err(missing()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(local(error)),
        Err(_) => Err(missing()),
    }
}

/// Makes the folder if it is not there, and marks it.
pub(crate) fn mark_root(root: &Path, id: LinkedId) -> Result<(), ErrorView> {
    let write = || {
        fs::create_dir_all(root)?;
        let mut file = fs::File::create(root.join(MARKER))?;
        file.write_all(format!("{id}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(local)
}

/// Takes the mark away, if it is of this link.
pub(crate) fn unmark_root(root: &Path, id: LinkedId) {
    if check_root(root, id).is_ok() {
        // What stays behind is a small file that means nothing any more.
        let _ = fs::remove_file(root.join(MARKER));
    }
}

/// Where a path of a plan lies, if no symbolic link leads elsewhere on the way.
pub(crate) fn place(root: &Path, path: &str) -> Result<PathBuf, ErrorView> {
    let outside = || ErrorView::new(ErrorCode::FileUnreadable, "the way to the file leads out of the folder");
    let mut at = root.to_owned();
    let mut parts = Path::new(path).components().peekable();
    while let Some(part) = parts.next() {
        let Component::Normal(name) = part else { return Err(outside()) };
        at.push(name);
        let last = parts.peek().is_none();
        if !last && fs::symlink_metadata(&at).is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(outside());
        }
    }
    Ok(at)
}

/// Makes a folder; one that is there is fine.
pub(crate) fn make(root: &Path, path: &str) -> Result<(), ErrorView> {
    let at = place(root, path)?;
    match fs::create_dir(&at) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && at.is_dir() => Ok(()),
        other => other.map_err(local),
    }
}

/// Moves or renames, never over something else.
pub(crate) fn rename(root: &Path, from: &str, to: &str) -> Result<(), ErrorView> {
    let (from, to) = (place(root, from)?, place(root, to)?);
    let metadata = fs::symlink_metadata(&from).map_err(local)?;
    // A name that changes only in case is the same file to some systems.
    if fs::symlink_metadata(&to).is_ok_and(|there| mark_of(&there) != mark_of(&metadata)) {
        return Err(local(ErrorKind::AlreadyExists.into()));
    }
    if metadata.is_file() && fs::hard_link(&from, &to).is_ok() {
        // A link never replaces anything, a rename would.
        return fs::remove_file(&from).map_err(local);
    }
    fs::rename(&from, &to).map_err(local)
}

/// Deletes a file that is still this; nothing: a folder that is empty.
pub(crate) fn delete(root: &Path, path: &str, mark: Option<Mark>) -> Result<(), ErrorView> {
    let at = place(root, path)?;
    let Some(mark) = mark else { return delete_folder(&at).map_err(local) };
    // Out of everybody's sight first: who changes it in this moment changes what is looked at again.
    let aside = aside(&at);
    if !is(&at, mark) {
        return Err(ErrorView::new(ErrorCode::FileChanged, "the file was changed meanwhile"));
    }
    fs::rename(&at, &aside).map_err(local)?;
    if fs::symlink_metadata(&aside).is_ok_and(|now| same(&mark_of(&now), &mark)) {
        return fs::remove_file(&aside).map_err(local);
    }
    if fs::hard_link(&aside, &at).is_ok() {
        fs::remove_file(&aside).map_err(local)?;
    }
    Err(ErrorView::new(ErrorCode::FileChanged, "the file was changed meanwhile"))
}

fn delete_folder(at: &Path) -> io::Result<()> {
    let only_rubbish = fs::read_dir(at)?
        .all(|item| item.is_ok_and(|item| item.file_name().to_str().is_some_and(is_rubbish)));
    if only_rubbish {
        for item in fs::read_dir(at)? {
            fs::remove_file(item?.path())?;
        }
    }
    fs::remove_dir(at)
}

/// Whether the file there is this one.
pub(crate) fn is(at: &Path, mark: Mark) -> bool {
    fs::symlink_metadata(at).is_ok_and(|now| mark_of(&now) == mark)
}

/// The same file with the same content; its name may be another one, which changes the system's time.
fn same(one: &Mark, other: &Mark) -> bool {
    (one.size, one.modified_ns, one.inode) == (other.size, other.modified_ns, other.inode)
}

/// A name beside a file for a moment, which no look takes for a file.
fn aside(at: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(uuid::Uuid::now_v7().simple().to_string());
    name.push(ASIDE);
    at.with_file_name(name)
}

/// Brings back what a process that died had put out of sight; what the server has is deleted.
pub(crate) fn bring_back(root: &Path, is_kept: &dyn Fn(&str) -> bool) -> Result<(), ErrorView> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(items) = fs::read_dir(&folder) else { continue };
        for item in items.filter_map(Result::ok) {
            let Ok(kind) = item.file_type() else { continue };
            let name = item.file_name().to_string_lossy().into_owned();
            if kind.is_dir() {
                folders.push(item.path());
            } else if let Some(name) = name.strip_suffix(ASIDE).filter(|_| kind.is_file()) {
                if digest(&item.path(), &|| false).is_ok_and(|digest| is_kept(&digest)) {
                    fs::remove_file(item.path()).map_err(local)?;
                } else {
                    // Its name is not known any more: it comes back as a file of its own, and nothing is lost.
                    let name = name.trim_start_matches('.');
                    fs::rename(item.path(), folder.join(format!("recovered {name}"))).map_err(local)?;
                }
            }
        }
    }
    Ok(())
}

/// Gives a whole file its name: over the file that was planned with, or where nothing is.
pub(crate) fn put(part: &Path, dest: &Path, replaces: Option<Mark>) -> Result<(), ErrorView> {
    let changed = || ErrorView::new(ErrorCode::FileChanged, "the file was changed meanwhile");
    let Some(mark) = replaces else {
        return match fs::hard_link(part, dest) {
            Ok(()) => fs::remove_file(part).map_err(local),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(changed()),
            // A disk without links: an empty file of ours holds the name for the rename.
            Err(_) => {
                OpenOptions::new().write(true).create_new(true).open(dest).map_err(|_| changed())?;
                fs::rename(part, dest).map_err(local)
            }
        };
    };
    let metadata = fs::symlink_metadata(dest).map_err(|_| changed())?;
    if mark_of(&metadata) != mark {
        return Err(changed());
    }
    fs::set_permissions(part, metadata.permissions()).map_err(local)?;
    // What is replaced stays for a moment: somebody who has it open may write into it just now.
    let aside = aside(dest);
    let kept = fs::hard_link(dest, &aside).is_ok();
    fs::rename(part, dest).map_err(local)?;
    if kept {
        let now = fs::symlink_metadata(&aside).map_err(local)?;
        if same(&mark_of(&now), &mark) {
            fs::remove_file(&aside).map_err(local)?;
        } else {
            let stem = dest.file_name().unwrap_or_default().to_string_lossy().into_owned();
            fs::rename(&aside, dest.with_file_name(format!("recovered {stem}"))).map_err(local)?;
        }
    }
    Ok(())
}

/// Whether somebody may write into the folder at all.
pub(crate) fn check_writable(root: &Path) -> Result<(), ErrorView> {
    let probe = aside(&root.join(MARKER)).with_extension("pod-part");
    OpenOptions::new().write(true).create_new(true).open(&probe).map_err(local)?;
    fs::remove_file(&probe).map_err(local)
}
