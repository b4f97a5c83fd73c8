//! The ground of the model: everything is here, and found as `narrow` asks for it. What is asked is counted.

use super::server::Server;
use crate::folder::{Base, Changed, Ground, Local, Mark, Seen, narrow, restless};
use pod_shared::EntryId;
use pod_shared::content::{Entry, EntryKind, name_key};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct Here {
    pub(super) bases: BTreeMap<EntryId, Base>,
    pub(super) locals: BTreeMap<String, Local>,
    pub(super) live: BTreeMap<EntryId, Entry>,
    by_place: BTreeMap<(Option<EntryId>, String), EntryId>,
    by_name: BTreeMap<(Option<EntryId>, String), Vec<EntryId>>,
    pub(super) asked: Cell<usize>,
}

impl Here {
    pub(super) fn new(bases: BTreeMap<EntryId, Base>, locals: &[Local], live: &[Entry]) -> Self {
        let locals = locals.iter().map(|local| (local.path.clone(), local.clone())).collect();
        let live: BTreeMap<EntryId, Entry> = live.iter().map(|entry| (entry.id, entry.clone())).collect();
        let by_place = bases.values().map(|base| ((base.parent, base.local.clone()), base.entry)).collect();
        let mut by_name: BTreeMap<_, Vec<EntryId>> = BTreeMap::new();
        for entry in live.values() {
            by_name.entry((entry.parent, name_key(&entry.name))).or_default().push(entry.id);
        }
        Self { bases, locals, live, by_place, by_name, asked: Cell::new(0) }
    }

    /// What differs from what was before.
    pub(super) fn differs(&self, before: &Self) -> Changed {
        let paths = self.locals.keys().chain(before.locals.keys());
        let paths = paths.filter(|path| self.locals.get(*path) != before.locals.get(*path)).cloned();
        let entries = self.live.keys().chain(before.live.keys());
        let entries = entries.filter(|id| self.live.get(id) != before.live.get(id)).copied();
        let bases = self.bases.keys().chain(before.bases.keys());
        let bases = bases.filter(|id| self.bases.get(id) != before.bases.get(id)).copied();
        Changed { paths: paths.collect(), entries: entries.chain(bases).collect() }
    }

    fn count(&self) {
        self.asked.set(self.asked.get() + 1);
    }
}

impl Ground for Here {
    fn base(&self, entry: EntryId) -> Option<&Base> {
        self.count();
        self.bases.get(&entry)
    }

    fn bases_in(&self, folder: Option<EntryId>) -> Vec<EntryId> {
        let inside = (folder, String::new())..;
        let inside = self.by_place.range(inside).take_while(|((place, _), _)| *place == folder);
        inside.inspect(|_| self.count()).map(|(_, entry)| *entry).collect()
    }

    fn base_at(&self, folder: Option<EntryId>, local: &str) -> Option<EntryId> {
        self.count();
        self.by_place.get(&(folder, local.to_owned())).copied()
    }

    fn named(&self, folder: Option<EntryId>, key: &str) -> Option<EntryId> {
        self.count();
        self.by_name.get(&(folder, key.to_owned())).and_then(|all| all.first()).copied()
    }

    fn local(&self, path: &str) -> Option<&Local> {
        self.count();
        self.locals.get(path)
    }

    fn below(&self, path: &str) -> Vec<String> {
        let inside = format!("{path}/");
        let below = self.locals.range(inside.clone()..).map(|(path, _)| path);
        below.take_while(|path| path.starts_with(&inside)).inspect(|_| self.count()).cloned().collect()
    }

    fn entry(&self, entry: EntryId) -> Option<Entry> {
        self.count();
        self.live.get(&entry).cloned()
    }

    fn entries_in(&self, folder: EntryId) -> Vec<EntryId> {
        self.count();
        self.live.values().filter(|entry| entry.parent == Some(folder)).map(|entry| entry.id).collect()
    }
}

fn id(number: usize) -> EntryId {
    EntryId::from_slice(&(number as u128).to_be_bytes()).unwrap()
}

/// A tree at rest: so many folders with a hundred files each.
fn at_rest(folders: usize) -> Here {
    let (mut bases, mut locals, mut live) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut server = Server::default();
    for folder in 0..folders {
        let top = server.make(None, &format!("folder {folder}"), EntryKind::Folder).unwrap();
        for number in 0..=100 {
            let entry = match number {
                0 => server.entries[&top].entry.clone(),
                _ => Entry {
                    id: id(1_000_000 + folder * 100 + number),
                    parent: Some(top),
                    name: format!("file {number}"),
                    kind: EntryKind::File,
                    digest: format!("{folder} {number}"),
                    version: 1,
                    ..server.entries[&top].entry.clone()
                },
            };
            let inode = live.len() as u64 + 1;
            let mark = Mark { inode, ..Mark::default() };
            let (path, seen) = match entry.kind {
                EntryKind::Folder => (entry.name.clone(), Seen::Folder { restless: false }),
                EntryKind::File => {
                    let digest = entry.digest.clone();
                    (format!("folder {folder}/{}", entry.name), Seen::File { digest, mark })
                }
            };
            let (name, local, digest) = (entry.name.clone(), entry.name.clone(), entry.digest.clone());
            let (parent, kind, version) = (entry.parent, entry.kind, entry.version);
            let base = Base { entry: entry.id, parent, name, local, kind, digest, version, mark };
            bases.insert(entry.id, base);
            locals.push(Local { path, inode, seen });
            live.push(entry);
        }
    }
    Here::new(bases, &locals, &live)
}

#[test]
fn a_change_among_100_000_entries_costs_what_one_among_200_costs() {
    let mut costs = Vec::new();
    for folders in [2, 991] {
        let here = at_rest(folders);
        assert!(here.bases.len() == folders * 101);
        for changed in [
            Changed { paths: BTreeSet::from(["folder 1/file 7".to_owned()]), ..Changed::default() },
            Changed { entries: BTreeSet::from([id(1_000_107)]), ..Changed::default() },
        ] {
            here.asked.set(0);
            let part = narrow(&here, None, &changed, ("amy", "2026-11-29"));
            assert_eq!((part.local.len(), part.remote.len(), part.bases.len()), (2, 2, 2));
            assert!(restless(&here, None, &part).is_empty());
            costs.push(here.asked.get());
        }
    }
    assert_eq!(costs[..2], costs[2..]);
    assert!(costs.iter().all(|cost| *cost < 60), "{costs:?}");
}
