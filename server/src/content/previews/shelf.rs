//! Small pictures kept as files, by the digest of what they show: bounded, the oldest goes first. Losing all of it
//! costs work and nothing else. Blocks.

use super::draw::{Drawn, Form};
use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[cfg(test)]
mod tests;

/// What a file counts besides its bytes: an empty one takes room too.
const FILE_BYTES: u64 = 512;
/// The ending of a file that says that there is no small picture.
const NONE: &str = "none";
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
        fs::create_dir_all(folder)?;
        let mut found = Vec::new();
        for file in fs::read_dir(folder)? {
            let file = file?;
            let (Ok(name), about) = (file.file_name().into_string(), file.metadata()?) else { continue };
            if name.ends_with(DRAFT) {
                fs::remove_file(file.path())?;
            } else if about.is_file() {
                found.push((about.modified()?, name, about.len()));
            }
        }
        found.sort();
        let shelf = Self { folder: folder.to_owned(), bytes_max, kept: Mutex::default() };
        for (_, name, bytes) in found {
            shelf.count(name, bytes)?;
        }
        Ok(shelf)
    }

    /// What is kept for a content; inside: nothing, where none could be made.
    pub(crate) fn get(&self, digest: &str) -> Option<Option<Drawn>> {
        for form in [Form::Jpeg, Form::Png] {
            if let Ok(bytes) = fs::read(self.folder.join(name(digest, Some(form)))) {
                return Some(Some(Drawn { form, bytes }));
            }
        }
        self.folder.join(name(digest, None)).exists().then_some(None)
    }

    /// Keeps what was made of a content, or that nothing could be.
    pub(crate) fn put(&self, digest: &str, drawn: Option<&Drawn>) -> io::Result<()> {
        let name = name(digest, drawn.map(|drawn| drawn.form));
        let bytes = drawn.map(|drawn| drawn.bytes.as_slice()).unwrap_or_default();
        let draft = self.folder.join(format!("{name}.{DRAFT}"));
        fs::write(&draft, bytes)?;
        fs::rename(draft, self.folder.join(&name))?;
        self.count(name, bytes.len() as u64)
    }

    fn count(&self, name: String, bytes: u64) -> io::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.files.iter().any(|(held, _)| *held == name) {
            return Ok(());
        }
        kept.bytes += bytes + FILE_BYTES;
        kept.files.push_back((name, bytes + FILE_BYTES));
        while kept.bytes > self.bytes_max
            && let Some((oldest, bytes)) = kept.files.pop_front()
        {
            kept.bytes -= bytes;
            match fs::remove_file(self.folder.join(oldest)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}

fn name(digest: &str, form: Option<Form>) -> String {
    let ending = match form {
        Some(Form::Jpeg) => "jpg",
        Some(Form::Png) => "png",
        None => NONE,
    };
    format!("{digest}.{ending}")
}
