//! `backup FILE`: everything in the data folder as one tar file, consistent across the databases.
//!
//! All databases are locked against writing at once for a moment, in which a view of each is opened; the views are then
//! copied at leisure while the server goes on. What one half had told the other at that moment is in both views, or its
//! relay row still is. Files beside the databases (blobs, keys) get a second name first, so that nothing deleted
//! meanwhile is missing. Restoring: unpack into an empty data folder and start; the mark in it makes a new epoch.

use crate::app::{LOCK_FILE, PLACE_FILE, RESTORED_MARK};
use crate::secret;
use crate::store::sqlite::{auth, content, messenger};
use anyhow::{Context, bail};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where second names and copies stand while the backup is written.
const DRAFT_PREFIX: &str = "backup-draft-";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Databases in it.
    pub databases: usize,
}

/// Writes the backup; a file that is there already is never touched.
///
/// # Errors
/// A sentence about what is in the way; no file is left then.
pub fn backup(data: &Path, file: &Path) -> anyhow::Result<Written> {
    if file.exists() {
        bail!("{} is there already", file.display());
    }
    let draft = Draft::new(data)?;
    let databases = copy_databases(data, &draft.path)?;
    link_files(data, data, &draft.path)?;
    fs::write(draft.path.join(RESTORED_MARK), b"")?;
    let part = file.with_extension("part");
    let written = write_tar(&draft.path, &part).and_then(|()| {
        fs::rename(&part, file).with_context(|| format!("{} cannot be written", file.display()))
    });
    if let Err(error) = written {
        // The half-written file is of no use to anybody.
        _ = fs::remove_file(&part);
        return Err(error);
    }
    Ok(Written { file: file.to_owned(), bytes: fs::metadata(file)?.len(), databases })
}

/// The draft folder; gone when dropped, also after an error.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn new(data: &Path) -> anyhow::Result<Self> {
        let path = data.join(format!("{DRAFT_PREFIX}{}", secret::hex(&secret::random()[..8])));
        fs::create_dir(&path).with_context(|| format!("{} cannot be written", data.display()))?;
        Ok(Self { path })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // What stays after a crash is skipped by the next backup.
        _ = fs::remove_dir_all(&self.path);
    }
}

fn copy_databases(data: &Path, draft: &Path) -> anyhow::Result<usize> {
    let names = [auth::FILE, messenger::FILE, content::FILE];
    let there: Vec<&str> = names.into_iter().filter(|name| data.join(name).exists()).collect();
    if there.is_empty() {
        bail!("there is no database in {}", data.display());
    }
    let mut locks = Vec::new();
    for name in &there {
        let lock = Connection::open_with_flags(data.join(name), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        lock.busy_timeout(Duration::from_secs(30))?;
        lock.execute_batch("BEGIN IMMEDIATE")?;
        locks.push(lock);
    }
    let mut views = Vec::new();
    for name in &there {
        let view = Connection::open_with_flags(data.join(name), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        // The first question fixes what the transaction sees.
        view.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;")?;
        views.push((*name, view));
    }
    for lock in &locks {
        lock.execute_batch("ROLLBACK")?;
    }
    for (name, view) in &views {
        let mut copy = Connection::open(draft.join(name))?;
        let steps = Backup::new(view, &mut copy)?;
        steps.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    }
    Ok(there.len())
}

/// Gives every other file a second name in the draft; a copy where the disk knows no second names.
fn link_files(data: &Path, folder: &Path, draft: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if folder == data && is_left_out(&name.to_string_lossy()) {
            continue;
        }
        let (from, to) = (entry.path(), draft.join(&name));
        if entry.file_type()?.is_dir() {
            fs::create_dir(&to)?;
            link_files(data, &from, &to)?;
            continue;
        }
        let linked = fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ()));
        match linked {
            Ok(()) => {}
            // Deleted between listing and linking: the view of the database does not need it any more, or `check` says so.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", from.display())),
        }
    }
    Ok(())
}

/// Databases are copied another way; the rest is about one run only.
fn is_left_out(name: &str) -> bool {
    let of_database = [auth::FILE, messenger::FILE, content::FILE].iter().any(|file| name.starts_with(file));
    of_database
        || name == LOCK_FILE
        || name == PLACE_FILE
        || name == RESTORED_MARK
        || name.starts_with(DRAFT_PREFIX)
}

fn write_tar(draft: &Path, part: &Path) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part).with_context(|| format!("{} cannot be written", part.display()))?;
    let mut tar = tar::Builder::new(std::io::BufWriter::with_capacity(1024 * 1024, file));
    append(&mut tar, draft, Path::new(""))?;
    let file = tar.into_inner()?.into_inner().map_err(|error| error.into_error())?;
    file.sync_all()?;
    Ok(())
}

fn append(tar: &mut tar::Builder<impl std::io::Write>, folder: &Path, inside: &Path) -> anyhow::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = inside.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            tar.append_dir(&name, entry.path())?;
            append(tar, &entry.path(), &name)?;
            continue;
        }
        let file = File::open(entry.path())?;
        let mut header = tar::Header::new_gnu();
        header.set_metadata(&file.metadata()?);
        // An open upload may grow while it is read: as much as the header says, no more.
        let bytes = header.size()?;
        tar.append_data(&mut header, &name, file.take(bytes))?;
    }
    Ok(())
}
