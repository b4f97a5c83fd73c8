//! Pictures from the clipboard, written as files so that they go the way of every file. They lie in the profile, each in
//! a folder of its own, and go when they were sent, when nobody sent them, and at the next start what no transfer needs.

use crate::profile;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// The folder of pasted pictures.
#[derive(Debug)]
pub(crate) struct Pasted {
    folder: PathBuf,
}

impl Pasted {
    /// Pictures go below this folder.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Writes a picture under this name.
    pub(crate) fn write(&self, name: &str, png: &[u8]) -> io::Result<PathBuf> {
        let place = self.folder.join(Uuid::now_v7().to_string());
        profile::make_private(&place)?;
        let path = place.join(name);
        fs::write(&path, png)?;
        Ok(path)
    }

    /// These files are needed no more: those of ours go, all others stay.
    pub(crate) fn drop_unused(&self, paths: &[PathBuf]) {
        for path in paths {
            if let Some(place) = self.place_of(path) {
                remove(place);
            }
        }
    }

    /// A picture of this name was sent, or will never be.
    pub(crate) fn ended(&self, name: &str) {
        self.retain(|other| other != name);
    }

    /// Keeps the pictures whose name fits: at a start those that a transfer still needs.
    pub(crate) fn retain(&self, needed: impl Fn(&str) -> bool) {
        for place in fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok) {
            let place = place.path();
            let mut names = fs::read_dir(&place).into_iter().flatten().filter_map(Result::ok);
            if !names.any(|entry| needed(&entry.file_name().to_string_lossy())) {
                remove(&place);
            }
        }
    }

    /// The picture's own folder, if the file is one of ours.
    fn place_of<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        path.parent().filter(|place| place.parent() == Some(&self.folder))
    }
}

fn remove(place: &Path) {
    if let Err(error) = fs::remove_dir_all(place) {
        tracing::warn!(%error, "a pasted picture could not be removed");
    }
}
