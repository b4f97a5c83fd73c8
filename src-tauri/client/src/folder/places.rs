//! A look at some places of a linked folder: what is there now of what the disk hinted at. Blocks.
//!
//! What lies in a folder that was known before is not looked at with it, and a folder that is new is looked through. In a
//! small folder in which something just came or went the names are compared once more: of what is made in a folder that was
//! just made itself no hint may come.

use super::disk;
use super::local;
use super::scan::{Digests, Look, is_passing, mark_of_path};
use crate::view::ErrorView;
use pod_machine::folder::{Local, Mark, Seen};
use pod_shared::LinkedId;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// In larger folders names are not compared.
const NAMES_MAX: usize = 1_000;

/// What lies on the disk, by its path.
pub(crate) type Tree = BTreeMap<String, Local>;

/// What a look at some places found.
#[derive(Debug, Default)]
pub(crate) struct FoundThere {
    /// What is there now of what may have changed; nothing: it is gone.
    pub(crate) now: BTreeMap<String, Option<Local>>,
    /// Something in the linked folder itself came or went just now.
    pub(crate) restless: bool,
    /// Files that were read.
    pub(crate) read: Vec<(Mark, String)>,
    /// Something was left because it was just changing: look again after this time.
    pub(crate) again_in: Option<Duration>,
}

/// Looks at these paths. `stop` ends a long look.
pub(crate) fn look_at(
    root: &Path,
    id: LinkedId,
    known: &Digests,
    tree: &Tree,
    paths: &BTreeSet<String>,
    stop: &dyn Fn() -> bool,
) -> Result<FoundThere, ErrorView> {
    disk::check_root(root, id)?;
    let mut looking = Looking { root, tree, look: Look::new(known, stop), now: BTreeMap::new() };
    let restless = looking.look.changes(&mark_of_path(root).map_err(local)?);
    let mut places: BTreeSet<String> = BTreeSet::new();
    for path in paths {
        places.extend(path.rsplit_once('/').map(|(above, _)| above.to_owned()));
        places.insert(looking.first_unknown(path));
    }
    for path in &places {
        looking.place(path)?;
    }
    // The folder may have gone while it was looked at: what is missing then is not deleted.
    disk::check_root(root, id)?;
    let Looking { look, now, .. } = looking;
    let found = look.found();
    Ok(FoundThere { now, restless, read: found.read, again_in: found.again_in })
}

struct Looking<'a> {
    root: &'a Path,
    tree: &'a Tree,
    look: Look<'a>,
    now: BTreeMap<String, Option<Local>>,
}

impl Looking<'_> {
    fn is_folder(&self, path: &str) -> bool {
        let there = match self.now.get(path) {
            Some(now) => now.as_ref(),
            None => self.tree.get(path),
        };
        there.is_some_and(|local| matches!(local.seen, Seen::Folder { .. }))
    }

    /// The topmost folder on the way to it that is not known as one; else the path itself.
    fn first_unknown(&self, path: &str) -> String {
        let unknown = path.match_indices('/').map(|(at, _)| &path[..at]).find(|above| !self.is_folder(above));
        unknown.unwrap_or(path).to_owned()
    }

    fn place(&mut self, path: &str) -> Result<(), ErrorView> {
        let passing = path.split('/').any(is_passing);
        if path.is_empty() || passing || self.now.contains_key(path) {
            return Ok(());
        }
        // What lies in something that is gone, or was looked through, was said with it.
        let above = path.rsplit_once('/').map(|(above, _)| above);
        if above.is_some_and(|above| !self.is_folder(above)) {
            return Ok(());
        }
        let at = self.root.join(path);
        let Ok(metadata) = fs::symlink_metadata(&at) else {
            self.is_gone(path);
            return Ok(());
        };
        let mark = disk::mark_of(&metadata);
        let known = self.tree.get(path).filter(|known| metadata.is_dir() && known.inode == mark.inode);
        let Some(Local { seen: Seen::Folder { restless: before }, .. }) = known else {
            self.is_gone(path);
            return self.through(path, &metadata);
        };
        let restless = self.look.changes(&mark);
        let same = Local { path: path.to_owned(), inode: mark.inode, seen: Seen::Folder { restless } };
        self.now.insert(path.to_owned(), Some(same));
        if *before || restless { self.names(path) } else { Ok(()) }
    }

    /// Nothing of it is there any more.
    fn is_gone(&mut self, path: &str) {
        let inside = format!("{path}/");
        let below = self.tree.range(inside.clone()..).map(|(path, _)| path);
        let below = below.take_while(|path| path.starts_with(&inside));
        let gone: Vec<String> =
            self.tree.get_key_value(path).map(|(path, _)| path).into_iter().chain(below).cloned().collect();
        self.now.extend(gone.into_iter().map(|path| (path, None)));
    }

    /// All of it.
    fn through(&mut self, path: &str, metadata: &fs::Metadata) -> Result<(), ErrorView> {
        let found = self.look.through(&self.root.join(path), path.to_owned(), metadata)?;
        self.now.extend(found.into_iter().map(|local| (local.path.clone(), Some(local))));
        Ok(())
    }

    /// Compares the names in a folder with those that are known.
    fn names(&mut self, folder: &str) -> Result<(), ErrorView> {
        let inside = format!("{folder}/");
        let below = self.tree.range(inside.clone()..).map(|(path, _)| path);
        let below = below.take_while(|path| path.starts_with(&inside));
        let known: BTreeSet<String> =
            below.filter(|path| !path[inside.len()..].contains('/')).take(NAMES_MAX + 1).cloned().collect();
        if known.len() > NAMES_MAX {
            return Ok(());
        }
        let Ok(items) = fs::read_dir(self.root.join(folder)) else { return Ok(()) };
        let names = items.filter_map(Result::ok).filter_map(|item| item.file_name().into_string().ok());
        let there: BTreeSet<String> = names.map(|name| format!("{inside}{name}")).collect();
        for path in there.symmetric_difference(&known) {
            self.place(path)?;
        }
        Ok(())
    }
}
