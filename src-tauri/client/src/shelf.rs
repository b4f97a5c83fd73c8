//! Files made elsewhere and kept here by the digest of what they show: previews, beginnings of texts, pictures of rooms.
//! Bounded: the oldest goes first. Losing all of it costs a fetch and nothing else. Blocks.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[cfg(test)]
mod tests;

/// What a file counts besides its bytes: an empty one takes room too.
const FILE_BYTES: u64 = 512;
/// The ending of a file that is being written.
const DRAFT: &str = "draft";

/// The folder, and what is in it.
pub(crate) struct Shelf {
    folder: PathBuf,
    bytes_max: u64,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Names and what they count, oldest first.
    files: VecDeque<(String, u64)>,
    bytes: u64,
}

impl Shelf {
    /// Opens the folder, and drops what is too much or half written.
    pub(crate) fn open(folder: &Path, bytes_max: u64) -> io::Result<Self> {
        let shelf = Self { folder: folder.to_owned(), bytes_max, kept: Mutex::default() };
        let mut found = Vec::new();
        let files = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(shelf),
            other => other?,
        };
        for file in files {
            let file = file?;
            let (Ok(name), about) = (file.file_name().into_string(), file.metadata()?) else { continue };
            if name.ends_with(DRAFT) {
                fs::remove_file(file.path())?;
            } else if about.is_file() {
                found.push((about.modified()?, name, about.len()));
            }
        }
        found.sort();
        for (_, name, bytes) in found {
            shelf.count(name, bytes)?;
        }
        Ok(shelf)
    }

    /// Where a file lies, if it is kept.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join(name);
        (kept.files.iter().any(|(held, _)| held == name) && path.is_file()).then_some(path)
    }

    /// Keeps a file.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        let (draft, path) = (self.folder.join(format!("{name}.{DRAFT}")), self.folder.join(name));
        fs::write(&draft, bytes)?;
        fs::rename(draft, &path)?;
        self.count(name.to_owned(), bytes.len() as u64)?;
        Ok(path)
    }

    /// Drops everything: what one account may see is nothing for the next.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Kept::default();
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn count(&self, name: String, bytes: u64) -> io::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.files.iter().position(|(held, _)| *held == name)
            && let Some((_, bytes)) = kept.files.remove(at)
        {
            kept.bytes -= bytes;
        }
        kept.bytes += bytes + FILE_BYTES;
        kept.files.push_back((name, bytes + FILE_BYTES));
        while kept.bytes > self.bytes_max
            && kept.files.len() > 1
            && let Some((oldest, bytes)) = kept.files.pop_front()
        {
            kept.bytes -= bytes;
            match fs::remove_file(self.folder.join(oldest)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}
