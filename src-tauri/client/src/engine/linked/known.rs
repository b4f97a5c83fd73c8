//! What a keeper knows of both sides between its rounds, found by entry, by place and by name; all of it can be had again.

use crate::cache::EntriesNow;
use crate::folder::places::{FoundThere, Tree};
use crate::view::ErrorView;
use pod_machine::folder::{Base, Ground, Local};
use pod_shared::EntryId;
use pod_shared::content::{Entry, EntryKind, name_key};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

type Places = BTreeMap<(Option<EntryId>, String), EntryId>;

/// The bases, and the disk as it was last seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    bases: BTreeMap<EntryId, Base>,
    by_place: Places,
    by_name: Places,
    files: usize,
    pub(super) tree: Tree,
}

impl Known {
    /// The bases, all anew.
    pub(super) fn set_bases(&mut self, bases: Vec<Base>) {
        (self.bases, self.by_place, self.by_name, self.files) = Default::default();
        bases.into_iter().for_each(|base| self.put(base));
    }

    /// Both sides have this now.
    pub(super) fn put(&mut self, base: Base) {
        self.remove(base.entry);
        self.by_place.insert((base.parent, base.local.clone()), base.entry);
        self.by_name.insert((base.parent, name_key(&base.name)), base.entry);
        self.files += usize::from(base.kind == EntryKind::File);
        self.bases.insert(base.entry, base);
    }

    /// Neither side has it any more.
    pub(super) fn remove(&mut self, entry: EntryId) {
        let Some(base) = self.bases.remove(&entry) else { return };
        self.files -= usize::from(base.kind == EntryKind::File);
        let places = [(&mut self.by_place, base.local), (&mut self.by_name, name_key(&base.name))];
        for (places, name) in places {
            let place = (base.parent, name);
            if places.get(&place) == Some(&entry) {
                places.remove(&place);
            }
        }
    }

    /// All bases.
    pub(super) fn bases(&self) -> impl Iterator<Item = &Base> {
        self.bases.values()
    }

    /// Files that have a base.
    pub(super) fn files(&self) -> usize {
        self.files
    }

    /// The disk is so now; gives which paths that changes.
    pub(super) fn saw(&mut self, found: &FoundThere) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        for (path, now) in &found.now {
            let before = match now {
                Some(local) => self.tree.insert(path.clone(), local.clone()),
                None => self.tree.remove(path),
            };
            if before.as_ref() != now.as_ref() {
                changed.insert(path.clone());
            }
        }
        changed
    }

    /// Everything that is known, to be looked at at once.
    pub(super) fn everything(
        &self,
        there: impl Iterator<Item = EntryId>,
    ) -> (BTreeSet<String>, BTreeSet<EntryId>) {
        (self.tree.keys().cloned().collect(), self.bases.keys().copied().chain(there).collect())
    }
}

/// What the server has.
pub(super) enum There<'a> {
    /// As the cache has it.
    Cache(&'a EntriesNow<'a>),
    /// All of it that is linked.
    All(BTreeMap<EntryId, Entry>),
}

/// What is known, with what the server has.
pub(super) struct Standing<'a> {
    known: &'a Known,
    there: There<'a>,
    /// Names of entries that are not at rest.
    names: Places,
    /// Why the cache could not be read.
    failed: RefCell<Option<ErrorView>>,
}

impl<'a> Standing<'a> {
    /// `changed`: entries that may not be at rest.
    pub(super) fn new(known: &'a Known, there: There<'a>, changed: &BTreeSet<EntryId>) -> Self {
        let mut standing = Self { known, there, names: Places::new(), failed: RefCell::default() };
        let there: Vec<Entry> = changed.iter().filter_map(|entry| standing.entry(*entry)).collect();
        standing.names =
            there.into_iter().map(|entry| ((entry.parent, name_key(&entry.name)), entry.id)).collect();
        standing
    }

    /// Whether all that was asked could be answered.
    pub(super) fn ended(self) -> Result<(), ErrorView> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    fn read<T: Default>(&self, read: Result<T, ErrorView>) -> T {
        read.unwrap_or_else(|error| {
            self.failed.replace(Some(error));
            T::default()
        })
    }
}

impl Ground for Standing<'_> {
    fn base(&self, entry: EntryId) -> Option<&Base> {
        self.known.bases.get(&entry)
    }

    fn bases_in(&self, folder: Option<EntryId>) -> Vec<EntryId> {
        let inside = self.known.by_place.range((folder, String::new())..);
        inside.take_while(|((place, _), _)| *place == folder).map(|(_, entry)| *entry).collect()
    }

    fn base_at(&self, folder: Option<EntryId>, local: &str) -> Option<EntryId> {
        self.known.by_place.get(&(folder, local.to_owned())).copied()
    }

    fn named(&self, folder: Option<EntryId>, key: &str) -> Option<EntryId> {
        let place = (folder, key.to_owned());
        self.names.get(&place).or_else(|| self.known.by_name.get(&place)).copied()
    }

    fn local(&self, path: &str) -> Option<&Local> {
        self.known.tree.get(path)
    }

    fn below(&self, path: &str) -> Vec<String> {
        let inside = format!("{path}/");
        let below = self.known.tree.range(inside.clone()..).map(|(path, _)| path);
        below.take_while(|path| path.starts_with(&inside)).cloned().collect()
    }

    fn entry(&self, entry: EntryId) -> Option<Entry> {
        match &self.there {
            There::Cache(entries) => self.read(entries.entry(entry)),
            There::All(all) => all.get(&entry).cloned(),
        }
    }

    fn entries_in(&self, folder: EntryId) -> Vec<EntryId> {
        match &self.there {
            There::Cache(entries) => self.read(entries.in_folder(folder)),
            There::All(all) => {
                all.values().filter(|entry| entry.parent == Some(folder)).map(|entry| entry.id).collect()
            }
        }
    }
}
