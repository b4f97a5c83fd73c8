//! Files a window holds and has not sent yet: dropped on it, pasted into it, chosen in a dialog. Their paths stay here;
//! a page has a number for each bundle and one for each file in it, so it can never name a file that nobody gave it.
//!
//! A bundle is kept until it is used or released, its window closes, or too many newer ones came. A file that is let go
//! alone leaves the others their numbers. It refuses numbers of other windows and used ones. What falls out is answered,
//! because a picture from the clipboard (`pasted`) is a file of ours that has to go.

use crate::preview;
use serde::Serialize;
use std::{
    collections::{BTreeMap, VecDeque},
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

#[cfg(test)]
mod tests;

/// Bundles that wait at the same time, of all windows.
const BUNDLES_MAX: usize = 32;

/// Files by their number in the bundle.
pub(crate) type Files = BTreeMap<usize, PathBuf>;

/// One held file, as a page may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct HeldFile {
    index: usize,
    name: String,
    bytes: u64,
    image: bool,
    folder: bool,
}

/// What one number stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bundle {
    number: u64,
    window: String,
    files: Files,
}

/// All that is held.
#[derive(Debug, Default)]
pub(crate) struct Held {
    last: u64,
    bundles: VecDeque<Bundle>,
}

impl Held {
    /// Holds files for a window. Answers their number, and the files of the bundle that made room.
    pub(crate) fn keep(&mut self, window: &str, paths: Vec<PathBuf>) -> (u64, Vec<PathBuf>) {
        self.last += 1;
        let dropped = if self.bundles.len() == BUNDLES_MAX { self.bundles.pop_front() } else { None };
        let files = paths.into_iter().enumerate().collect();
        self.bundles.push_back(Bundle { number: self.last, window: window.to_owned(), files });
        (self.last, dropped.map(|bundle| bundle.files.into_values().collect()).unwrap_or_default())
    }

    /// The files a window holds under a number.
    pub(crate) fn files(&self, window: &str, number: u64) -> Option<Files> {
        let bundle = self.bundles.iter().find(|bundle| bundle.is(window, number))?;
        Some(bundle.files.clone())
    }

    /// One of them.
    pub(crate) fn path(&self, window: &str, number: u64, index: usize) -> Option<PathBuf> {
        let bundle = self.bundles.iter().find(|bundle| bundle.is(window, number))?;
        bundle.files.get(&index).cloned()
    }

    /// All of them, and the number is used up.
    pub(crate) fn take(&mut self, window: &str, number: u64) -> Option<Files> {
        let place = self.bundles.iter().position(|bundle| bundle.is(window, number))?;
        self.bundles.remove(place).map(|bundle| bundle.files)
    }

    /// One of the files, which is held no more; with the last one the number is used up.
    pub(crate) fn take_one(&mut self, window: &str, number: u64, index: usize) -> Option<PathBuf> {
        let place = self.bundles.iter().position(|bundle| bundle.is(window, number))?;
        let bundle = self.bundles.get_mut(place)?;
        let path = bundle.files.remove(&index);
        if bundle.files.is_empty() {
            self.bundles.remove(place);
        }
        path
    }

    /// The files could not be used after all: they are held again under their number.
    pub(crate) fn restore(&mut self, window: &str, number: u64, files: Files) {
        if self.bundles.len() < BUNDLES_MAX {
            self.bundles.push_back(Bundle { number, window: window.to_owned(), files });
        }
    }

    /// A window is gone, and all that it held. Answers the files.
    pub(crate) fn forget(&mut self, window: &str) -> Vec<PathBuf> {
        let (gone, kept) =
            self.bundles.drain(..).partition::<VecDeque<_>, _>(|bundle| bundle.window == window);
        self.bundles = kept;
        gone.into_iter().flat_map(|bundle| bundle.files.into_values()).collect()
    }
}

impl Bundle {
    fn is(&self, window: &str, number: u64) -> bool {
        self.number == number && self.window == window
    }
}

/// The files, without their numbers.
pub(crate) fn paths(files: Files) -> Vec<PathBuf> {
    files.into_values().collect()
}

/// What a page may know of these files. Reads the disk; one that is gone has no bytes.
pub(crate) fn describe(files: &Files) -> Vec<HeldFile> {
    files.iter().map(|(index, path)| describe_one(*index, path)).collect()
}

fn describe_one(index: usize, path: &Path) -> HeldFile {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let there = fs::metadata(path).ok();
    let folder = there.as_ref().is_some_and(fs::Metadata::is_dir);
    let bytes = there.filter(fs::Metadata::is_file).map_or(0, |there| there.len());
    let image = !folder && first_bytes(path).is_ok_and(|bytes| preview::is_picture(&bytes));
    HeldFile { index, name, bytes, image, folder }
}

fn first_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Only a plain file is looked into: a pipe would never end.
    if fs::metadata(path)?.is_file() {
        File::open(path)?.take(preview::SNIFFED_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
