//! What is to be sent when files and folders are put into a room: a plan made from the disk. Blocks.
//!
//! Folders come before what lies in them. Names that no room takes are refused one by one, and shown as such; links to
//! folders are not followed, so a walk ends.

use super::row::Folder;
use crate::transfer::source;
use crate::view::ErrorView;
use pod_shared::content::{check_name, name_key};
use pod_shared::{EntryId, ErrorCode, RoomId};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// One file to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::transfer) struct File {
    /// Into which folder.
    pub(in crate::transfer) parent: Option<EntryId>,
    /// Under which name.
    pub(in crate::transfer) name: String,
    /// Where it lies.
    pub(in crate::transfer) path: PathBuf,
    /// Bytes, as far as known.
    pub(in crate::transfer) size: u64,
    /// Why it cannot be sent.
    pub(in crate::transfer) refused: Option<ErrorView>,
}

/// Everything to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::transfer) struct Plan {
    /// Folders to make, parents first.
    pub(in crate::transfer) folders: Vec<Folder>,
    /// Files to send, and those that cannot be.
    pub(in crate::transfer) files: Vec<File>,
    most: usize,
}

/// Looks at what was dropped. `taken` are names on their way into the same folder already; a walk ends at `most` files
/// and folders.
pub(in crate::transfer) fn plan(
    room: RoomId,
    parent: Option<EntryId>,
    paths: &[PathBuf],
    taken: BTreeSet<String>,
    most: usize,
) -> Result<Plan, ErrorView> {
    let mut plan = Plan { most, ..Plan::default() };
    let mut taken = taken;
    for path in paths {
        let path = std::path::absolute(path).map_err(|error| source::unreadable(&error))?;
        let name = name_of(&path);
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if paths.len() == 1 => return Err(source::unreadable(&error)),
            Err(error) => {
                plan.refuse(parent, &name, &path, source::unreadable(&error));
                continue;
            }
        };
        if metadata.is_dir() {
            plan.folder(room, parent, &name, &path, &mut taken)?;
        } else {
            plan.file(parent, &name, &path, metadata.len(), &mut taken);
        }
    }
    if plan.folders.is_empty()
        && let [file] = plan.files.as_slice()
        && let Some(error) = &file.refused
    {
        return Err(error.clone());
    }
    Ok(plan)
}

impl Plan {
    fn folder(
        &mut self,
        room: RoomId,
        parent: Option<EntryId>,
        name: &str,
        path: &Path,
        taken: &mut BTreeSet<String>,
    ) -> Result<(), ErrorView> {
        if let Err(problem) = check_name(name) {
            self.refuse(parent, name, path, ErrorView::new(ErrorCode::InvalidName, problem.to_string()));
            return Ok(());
        }
        let mut waiting = vec![(parent, free_name(name, taken), path.to_owned())];
        while let Some((parent, name, path)) = waiting.pop() {
            let folder = Folder { id: EntryId(Uuid::now_v7()), room, parent, name };
            let inside = Some(folder.id);
            self.folders.push(folder);
            if self.files.len() + self.folders.len() > self.most {
                return Err(ErrorView::new(ErrorCode::TooMany, "these are more files than the queue takes"));
            }
            let mut taken = BTreeSet::new();
            for (name, path, metadata) in listed(&path).map_err(|error| source::unreadable(&error))? {
                if metadata.is_dir() {
                    match check_name(&name) {
                        Ok(()) => waiting.push((inside, free_name(&name, &mut taken), path)),
                        Err(problem) => {
                            let error = ErrorView::new(ErrorCode::InvalidName, problem.to_string());
                            self.refuse(inside, &name, &path, error);
                        }
                    }
                } else if metadata.is_file() {
                    self.file(inside, &name, &path, metadata.len(), &mut taken);
                }
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        parent: Option<EntryId>,
        name: &str,
        path: &Path,
        size: u64,
        taken: &mut BTreeSet<String>,
    ) {
        let refused = check_name(name)
            .err()
            .map(|problem| ErrorView::new(ErrorCode::InvalidName, problem.to_string()))
            .or_else(|| {
                path.to_str().is_none().then(|| ErrorView::new(ErrorCode::InvalidName, "the path is no text"))
            });
        let name = if refused.is_none() { free_name(name, taken) } else { name.to_owned() };
        self.files.push(File { parent, name, path: path.to_owned(), size, refused });
    }

    fn refuse(&mut self, parent: Option<EntryId>, name: &str, path: &Path, error: ErrorView) {
        let file =
            File { parent, name: name.to_owned(), path: path.to_owned(), size: 0, refused: Some(error) };
        self.files.push(file);
    }
}

/// What is in a folder, by name, links to folders left out.
fn listed(folder: &Path) -> std::io::Result<Vec<(String, PathBuf, fs::Metadata)>> {
    let mut all = Vec::new();
    for item in fs::read_dir(folder)? {
        let path = item?.path();
        let link = fs::symlink_metadata(&path)?.is_symlink();
        // A link to nowhere, or a file that is gone meanwhile.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if !(link && metadata.is_dir()) {
            all.push((name_of(&path), path, metadata));
        }
    }
    all.sort_by(|(left, ..), (right, ..)| left.cmp(right));
    Ok(all)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The name, or the first of `name (2)`, `name (3)` that no other file on its way has.
fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut number = 1;
    loop {
        let candidate =
            crate::transfer::part::namesake(Path::new(name), number).to_string_lossy().into_owned();
        if taken.insert(name_key(&candidate)) {
            return candidate;
        }
        number += 1;
    }
}
