//! The part of the three trees that matters when only some of it changed, so that a plan costs what changed.
//!
//! It begins with what may have changed, and with what was not at rest after the plan before ([`restless`]), and adds
//! whatever a plan of everything would look at for these: the folders above, who lies or lay at a place, who has a name.
//! What is left out has its base on both sides. So the plan of the part is that of the whole: a law of the tests.
//! Refuses to search: everything is found by its path, its entry or its name.

use super::names::{beside, conflict_name, from_server, to_server};
use super::{Base, Local, Seen};
use pod_shared::EntryId;
use pod_shared::content::{Entry, EntryKind, name_key};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of both sides, found without looking at all of it.
pub trait Ground {
    /// What both sides had of an entry.
    fn base(&self, entry: EntryId) -> Option<&Base>;
    /// The entries of the bases that lay in a folder.
    fn bases_in(&self, folder: Option<EntryId>) -> Vec<EntryId>;
    /// The base that had a name on the disk.
    fn base_at(&self, folder: Option<EntryId>, local: &str) -> Option<EntryId>;
    /// What has a name at the server, as [`name_key`] writes it: by the bases, and of what is not at rest as it is.
    fn named(&self, folder: Option<EntryId>, key: &str) -> Option<EntryId>;
    /// What lies on the disk.
    fn local(&self, path: &str) -> Option<&Local>;
    /// Paths of what lies in a folder of the disk, and in those in it.
    fn below(&self, path: &str) -> Vec<String>;
    /// An entry of the server that is there, wherever it lies; not one in a deleted folder.
    fn entry(&self, entry: EntryId) -> Option<Entry>;
    /// Entries that lie in a folder of the server.
    fn entries_in(&self, folder: EntryId) -> Vec<EntryId>;
}

/// What may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// On the disk.
    pub paths: BTreeSet<String>,
    /// At the server, or in the bases.
    pub entries: BTreeSet<EntryId>,
}

/// What a plan needs of the trees for what changed.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Of the disk, each folder before what lies in it.
    pub local: Vec<Local>,
    /// Of the server.
    pub remote: Vec<Entry>,
    /// Of what both had.
    pub bases: Vec<Base>,
    /// Paths that were looked for, there or not.
    pub paths: BTreeSet<String>,
    /// Entries that were looked for, there or not.
    pub entries: BTreeSet<EntryId>,
}

impl Changed {
    /// Nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.entries.is_empty()
    }

    /// This too.
    pub fn add(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.entries.extend(other.entries);
    }
}

/// Finds it. `root` is the entry that is linked, `names` are person and date in the name of a copy.
#[must_use]
pub fn narrow(ground: &impl Ground, root: Option<EntryId>, changed: &Changed, names: (&str, &str)) -> Part {
    let mut finding = Finding::new(ground, root, names);
    finding.next.extend(changed.paths.iter().cloned().map(Look::Path));
    finding.next.extend(changed.entries.iter().copied().map(Look::Entry));
    while let Some(look) = finding.next.pop() {
        match look {
            Look::Path(path) => finding.path(path),
            Look::Entry(entry) => finding.entry(entry),
        }
    }
    let Finding { paths, entries, .. } = finding;
    let local = paths.iter().filter_map(|path| ground.local(path)).cloned().collect();
    let bases = entries.keys().filter_map(|entry| ground.base(*entry)).cloned().collect();
    let remote = entries.values().flatten().cloned().collect();
    let entries = entries.into_keys().collect();
    Part { local, remote, bases, paths, entries }
}

enum Look {
    Path(String),
    Entry(EntryId),
}

struct Finding<'a, G> {
    ground: &'a G,
    root: Option<EntryId>,
    person: &'a str,
    date: &'a str,
    paths: BTreeSet<String>,
    entries: BTreeMap<EntryId, Option<Entry>>,
    next: Vec<Look>,
}

impl<'a, G: Ground> Finding<'a, G> {
    fn new(ground: &'a G, root: Option<EntryId>, (person, date): (&'a str, &'a str)) -> Self {
        let (paths, entries, next) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        Self { ground, root, person, date, paths, entries, next }
    }

    fn look_path(&mut self, path: String) {
        if !self.paths.contains(&path) {
            self.next.push(Look::Path(path));
        }
    }

    fn look_entry(&mut self, entry: EntryId) {
        if Some(entry) != self.root && !self.entries.contains_key(&entry) {
            self.next.push(Look::Entry(entry));
        }
    }

    fn path(&mut self, path: String) {
        if path.is_empty() || !self.paths.insert(path.clone()) {
            return;
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", &path));
        self.look_path(above.to_owned());
        let folder = self.folder_at(above);
        let known = folder.and_then(|folder| self.ground.base_at(folder, name));
        known.into_iter().for_each(|entry| self.look_entry(entry));
        let seen = self.ground.local(&path).map(|local| &local.seen);
        let kind = match seen {
            Some(Seen::Folder { .. }) => Some(EntryKind::Folder),
            Some(Seen::File { .. } | Seen::Alone(_)) => Some(EntryKind::File),
            None => None,
        };
        if let (Some(folder), Some(kind), Some(written)) = (folder, kind, to_server(name)) {
            self.names(folder, above, &written, kind);
        }
        let was_folder = known.and_then(|entry| self.ground.base(entry)).map(|base| base.kind);
        if kind == Some(EntryKind::Folder) && was_folder != Some(EntryKind::Folder) {
            // New here, with all that lies in it.
            self.ground.below(&path).into_iter().for_each(|path| self.look_path(path));
        }
    }

    fn entry(&mut self, id: EntryId) {
        if Some(id) == self.root || self.entries.contains_key(&id) {
            return;
        }
        let base = self.ground.base(id).cloned();
        let there = self.ground.entry(id).filter(|entry| self.is_inside(entry));
        self.entries.insert(id, there.clone());
        let mut here = false;
        if let Some(base) = &base {
            base.parent.into_iter().for_each(|parent| self.look_entry(parent));
            if let Some(path) = self.path_of(base) {
                here =
                    self.ground.local(&path).is_some_and(|local| matches!(local.seen, Seen::Folder { .. }));
                self.look_path(path);
            }
        }
        if let Some(entry) = &there {
            entry.parent.into_iter().for_each(|parent| self.look_entry(parent));
            if let Some(above) = self.path_of_folder(entry.parent) {
                let kept = base.as_ref().map(|base| base.local.clone());
                for name in kept.into_iter().chain([from_server(&entry.name)]) {
                    self.look_path(joined(&above, &name));
                }
                self.names(entry.parent, &above, &entry.name, entry.kind);
            }
        }
        let kind = there.as_ref().map(|entry| entry.kind).or(base.as_ref().map(|base| base.kind));
        if kind != Some(EntryKind::Folder) {
            return;
        }
        let inside = match (base.is_some(), there.is_some()) {
            // Gone on a side, with all that lay in it.
            (true, is_there) if !is_there || !here => self.ground.bases_in(Some(id)),
            // New there, with all that lies in it.
            (false, true) => self.ground.entries_in(id),
            (true, _) | (false, false) => Vec::new(),
        };
        inside.into_iter().for_each(|entry| self.look_entry(entry));
    }

    /// Who has a name in a folder, and the names that a copy would be given.
    fn names(&mut self, folder: Option<EntryId>, above: &str, name: &str, kind: EntryKind) {
        self.ground.named(folder, &name_key(name)).into_iter().for_each(|entry| self.look_entry(entry));
        let copy = conflict_name(name, kind, self.person, self.date);
        for number in 1_u32.. {
            let tried = if number == 1 { copy.clone() } else { beside(&copy, kind, &format!(" {number}")) };
            let there = self.ground.named(folder, &name_key(&tried));
            let path = joined(above, &from_server(&tried));
            let here = self.ground.local(&path).is_some();
            there.into_iter().for_each(|entry| self.look_entry(entry));
            if here {
                self.look_path(path);
            }
            if !here && there.is_none() {
                break;
            }
        }
    }

    /// Whether an entry lies in what is linked.
    fn is_inside(&self, entry: &Entry) -> bool {
        let mut above = entry.parent;
        for _ in 0..=pod_shared::limits::FOLDER_DEPTH_MAX {
            if above == self.root {
                return true;
            }
            let Some(folder) = above.and_then(|above| self.ground.entry(above)) else { return false };
            above = folder.parent;
        }
        false
    }

    /// The folder of the server that is one of the disk, by the bases and else by its name.
    fn folder_at(&self, path: &str) -> Option<Option<EntryId>> {
        let mut folder = self.root;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let known = self.ground.base_at(folder, name);
            let named = || self.ground.named(folder, &name_key(&to_server(name)?));
            folder = Some(known.or_else(named)?);
        }
        Some(folder)
    }

    fn path_of_folder(&self, folder: Option<EntryId>) -> Option<String> {
        match folder {
            folder if folder == self.root => Some(String::new()),
            Some(folder) => self.path_of(self.ground.base(folder)?),
            None => None,
        }
    }

    /// Where an entry lay on the disk.
    fn path_of(&self, base: &Base) -> Option<String> {
        let (mut path, mut above) = (base.local.clone(), base.parent);
        while above != self.root {
            let base = self.ground.base(above?)?;
            path = joined(&base.local, &path);
            above = base.parent;
        }
        Some(path)
    }
}

/// What of a part is not at rest by now: to be looked at again with the next change.
#[must_use]
pub fn restless(ground: &impl Ground, root: Option<EntryId>, part: &Part) -> Changed {
    let finding = Finding::new(ground, root, ("", ""));
    let (mut changed, mut rests) = (Changed::default(), BTreeSet::new());
    for id in &part.entries {
        let there = ground.entry(*id).filter(|entry| finding.is_inside(entry));
        match (ground.base(*id), there) {
            (None, None) => {}
            (Some(base), Some(entry)) => match finding.rests(base, &entry) {
                Some(path) => drop(rests.insert(path)),
                None => drop(changed.entries.insert(*id)),
            },
            (Some(_), None) | (None, Some(_)) => drop(changed.entries.insert(*id)),
        }
    }
    let left = part.paths.iter().filter(|path| ground.local(path).is_some() && !rests.contains(*path));
    changed.paths.extend(left.cloned());
    changed
}

impl<G: Ground> Finding<'_, G> {
    /// Where it lies, if both sides have what both had.
    fn rests(&self, base: &Base, entry: &Entry) -> Option<String> {
        let same = (entry.parent, &entry.name, &entry.digest) == (base.parent, &base.name, &base.digest);
        let path = self.path_of(base).filter(|_| same)?;
        let local = self.ground.local(&path)?;
        let here = match &local.seen {
            Seen::Folder { restless } => {
                !restless && base.kind == EntryKind::Folder && local.inode == base.mark.inode
            }
            Seen::File { digest, mark } => {
                *digest == base.digest && *mark == base.mark && entry.version == base.version
            }
            Seen::Alone(_) => false,
        };
        here.then_some(path)
    }
}

fn joined(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") }
}
