//! The three trees side by side: one item for each file or folder, however many of the trees have it.

use super::{Alone, Base, Local, Seen, Trees};
use pod_shared::EntryId;
use pod_shared::content::{Entry, EntryKind};
use std::collections::BTreeMap;

/// The linked folder itself.
pub(super) const ROOT: usize = 0;

/// One file or folder.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    /// What both sides had.
    pub(super) base: Option<&'a Base>,
    /// What the disk has.
    pub(super) local: Option<usize>,
    /// What the server has.
    pub(super) remote: Option<&'a Entry>,
    /// File or folder.
    pub(super) kind: EntryKind,
    /// What the disk has of it cannot be said now: nothing is done to it.
    pub(super) unknown: bool,
    /// It stays, or comes.
    pub(super) alive: bool,
    /// The folder where it belongs.
    pub(super) parent: usize,
    /// The name that it should have at the server.
    pub(super) name: String,
    /// The name that it should have on the disk.
    pub(super) here: String,
}

/// All of them.
pub(super) struct Board<'a> {
    pub(super) trees: Trees<'a>,
    pub(super) items: Vec<Item<'a>>,
    pub(super) by_entry: BTreeMap<EntryId, usize>,
    /// The item of each thing on the disk.
    pub(super) of_local: Vec<Option<usize>>,
    /// The folder in which each thing on the disk lies; nothing: the linked one.
    pub(super) above: Vec<Option<usize>>,
    /// What lies in a folder of the disk, by name.
    pub(super) inside: BTreeMap<Option<usize>, BTreeMap<&'a str, usize>>,
    /// What lies on the disk, by path.
    pub(super) by_path: BTreeMap<&'a str, usize>,
    /// What is left alone.
    pub(super) alone: Vec<(String, Alone)>,
}

impl<'a> Item<'a> {
    fn new(kind: EntryKind) -> Self {
        Self {
            base: None,
            local: None,
            remote: None,
            kind,
            unknown: false,
            alive: true,
            parent: ROOT,
            name: String::new(),
            here: String::new(),
        }
    }

    /// The entry it is, if it is one.
    pub(super) fn entry(&self) -> Option<EntryId> {
        self.remote.map(|entry| entry.id).or(self.base.map(|base| base.entry))
    }
}

impl<'a> Board<'a> {
    /// The trees, with base and server side by side already: both name the entry.
    pub(super) fn new(trees: Trees<'a>) -> Self {
        let mut board = Self {
            trees,
            items: vec![Item::new(EntryKind::Folder)],
            by_entry: BTreeMap::new(),
            of_local: vec![None; trees.local.len()],
            above: vec![None; trees.local.len()],
            inside: BTreeMap::new(),
            by_path: BTreeMap::new(),
            alone: Vec::new(),
        };
        for base in trees.bases {
            let item = Item { base: Some(base), ..Item::new(base.kind) };
            board.by_entry.insert(base.entry, board.items.len());
            board.items.push(item);
        }
        for entry in trees.remote {
            match board.by_entry.get(&entry.id) {
                Some(at) => board.items[*at].remote = Some(entry),
                None => {
                    board.by_entry.insert(entry.id, board.items.len());
                    board.items.push(Item { remote: Some(entry), ..Item::new(entry.kind) });
                }
            }
        }
        for (at, local) in trees.local.iter().enumerate() {
            let (above, name) = match local.path.rsplit_once('/') {
                Some((above, name)) => (board.by_path.get(above).copied(), name),
                None => (None, local.path.as_str()),
            };
            board.above[at] = above;
            board.inside.entry(above).or_default().insert(name, at);
            board.by_path.insert(local.path.as_str(), at);
        }
        board
    }

    /// One more item, of something that only the disk has.
    pub(super) fn add_local(&mut self, at: usize, kind: EntryKind) -> usize {
        let item = self.items.len();
        self.items.push(Item { local: Some(at), ..Item::new(kind) });
        self.of_local[at] = Some(item);
        item
    }

    /// The thing on the disk is this item.
    pub(super) fn claim(&mut self, item: usize, local: usize) {
        self.items[item].local = Some(local);
        self.of_local[local] = Some(item);
    }

    /// A thing on the disk.
    pub(super) fn local(&self, at: usize) -> &'a Local {
        &self.trees.local[at]
    }

    /// What it is; what the queue works on counts as moving.
    pub(super) fn seen(&self, at: usize) -> Seen {
        let local = self.local(at);
        if self.trees.moving.contains(&local.path) {
            return Seen::Alone(Alone::Moving);
        }
        local.seen.clone()
    }

    /// The last name of its path.
    pub(super) fn name_here(&self, at: usize) -> &'a str {
        let path = self.local(at).path.as_str();
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }

    /// The digest of a file on the disk.
    pub(super) fn digest(&self, at: usize) -> Option<&'a str> {
        match &self.local(at).seen {
            Seen::File { digest, .. } => Some(digest),
            Seen::Folder { .. } | Seen::Alone(_) => None,
        }
    }

    /// The item of a folder of the server.
    pub(super) fn of_entry(&self, folder: Option<EntryId>) -> usize {
        match folder {
            Some(id) if folder != self.trees.folder => self.by_entry.get(&id).copied().unwrap_or(ROOT),
            Some(_) | None => ROOT,
        }
    }

    /// The item of the folder of the disk in which something lies.
    pub(super) fn above_here(&self, at: usize) -> usize {
        self.above[at].and_then(|above| self.of_local[above]).unwrap_or(ROOT)
    }

    /// The folder of the server that an item is; nothing: it is none yet.
    pub(super) fn folder_of(&self, item: usize) -> Option<Option<EntryId>> {
        if item == ROOT {
            return Some(self.trees.folder);
        }
        self.items[item].remote.map(|entry| Some(entry.id))
    }

    /// Leaves something alone, and says so.
    pub(super) fn leave(&mut self, path: impl Into<String>, why: Alone) {
        self.alone.push((path.into(), why));
    }
}
