//! The operations that bring both sides to what was decided, in an order in which each can be done.
//!
//! Notes first. Then the folders and moves, from the top down; only when there are none, files and deletions: so paths are
//! never those of a tree that is just being moved, and a plan made after each round stays short.

use super::board::{Board, Item, ROOT};
use super::fate::{copy_name, is_kept};
use super::names::{beside, free};
use super::{Alone, Base, Mark, Operation, Plan, Right, Seen, Under};
use pod_shared::EntryId;
use pod_shared::content::{EntryKind, name_key};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Lists them.
pub(super) fn list(board: Board<'_>) -> Plan {
    let mut list = Deeds::new(board);
    list.notes();
    let noted = list.out.len();
    list.folders_and_moves();
    let mut question = None;
    if list.out.len() == noted {
        list.files();
        question = list.deletions();
    }
    let mut alone = list.board.alone;
    alone.sort();
    alone.dedup();
    Plan { operations: list.out, question, alone }
}

pub(super) struct Deeds<'a> {
    pub(super) board: Board<'a>,
    pub(super) out: Vec<Operation>,
    /// What lies in each folder, as decided.
    kids: Vec<Vec<usize>>,
    /// The paths of the disk, as decided.
    paths: Vec<Option<String>>,
    /// Moves of the disk that are in the plan already.
    moves: Vec<(String, String)>,
    /// What the server has, by folder and name.
    there: BTreeMap<(Option<EntryId>, String), usize>,
    /// Folders that the plan makes at the server.
    made: BTreeSet<usize>,
    /// Could not be moved, since something else has the name still.
    waiting: Vec<usize>,
}

impl<'a> Deeds<'a> {
    fn new(board: Board<'a>) -> Self {
        let mut kids = vec![Vec::new(); board.items.len()];
        let mut there = BTreeMap::new();
        for (at, item) in board.items.iter().enumerate().skip(1) {
            kids[item.parent].push(at);
            if let Some(entry) = item.remote {
                there.insert((entry.parent, name_key(&entry.name)), at);
            }
        }
        for inside in &mut kids {
            inside.sort_by(|one, other| board.items[*one].name.cmp(&board.items[*other].name));
        }
        let mut paths = vec![None; board.items.len()];
        paths[ROOT] = Some(String::new());
        let (moves, made, waiting) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { board, out: Vec::new(), kids, paths, moves, there, made, waiting }
    }

    /// What both sides have now.
    fn notes(&mut self) {
        for at in 1..self.board.items.len() {
            let item = &self.board.items[at];
            if item.unknown {
                continue;
            }
            if let (Some(base), None) = (item.base, item.remote)
                && (item.local.is_none() || item.alive)
            {
                self.out.push(Operation::Forget(base.entry));
                continue;
            }
            if let Some(note) = self.note(at)
                && item.base != Some(&note)
            {
                self.out.push(Operation::Note(note));
            }
        }
    }

    fn note(&self, at: usize) -> Option<Base> {
        let item = &self.board.items[at];
        let (entry, local) = (item.remote?, item.local?);
        let placed = self.board.above_here(local) == self.board.of_entry(entry.parent);
        let named = self.board.name_here(local) == item.here && entry.name == item.name;
        let settled = placed && named && item.parent == self.board.of_entry(entry.parent);
        if !settled {
            // Their place is another matter: what both hold is noted all the same.
            let Seen::File { digest, mark } = &self.board.local(local).seen else { return None };
            let base = item.base.filter(|_| *digest == entry.digest)?.clone();
            return Some(Base { digest: digest.clone(), version: entry.version, mark: *mark, ..base });
        }
        let (digest, version, mark) = match (&self.board.local(local).seen, item.base) {
            (Seen::Folder { .. }, _) => {
                (String::new(), 0, Mark { inode: self.board.local(local).inode, ..Mark::default() })
            }
            (Seen::File { digest, mark }, _) if *digest == entry.digest => {
                (digest.clone(), entry.version, *mark)
            }
            (Seen::File { .. } | Seen::Alone(_), Some(base)) => {
                (base.digest.clone(), base.version, base.mark)
            }
            (Seen::File { .. } | Seen::Alone(_), None) => return None,
        };
        let (name, local) = (entry.name.clone(), item.here.clone());
        let (entry, parent, kind) = (entry.id, entry.parent, item.kind);
        Some(Base { entry, parent, name, local, kind, digest, version, mark })
    }

    /// What both sides have once the disk has followed the server.
    fn note_of_move(&self, at: usize) -> Option<Base> {
        let item = &self.board.items[at];
        let (base, entry) = (self.note(at).or(item.base.cloned())?, item.remote?);
        let follows = entry.name == item.name && self.board.of_entry(entry.parent) == item.parent;
        let place = (entry.parent, entry.name.clone(), item.here.clone());
        follows.then_some(Base { parent: place.0, name: place.1, local: place.2, ..base })
    }

    /// A path of the disk as it is after the moves so far.
    fn now(&self, path: &str) -> String {
        self.moves.iter().fold(path.to_owned(), |path, (from, to)| match path.strip_prefix(from.as_str()) {
            Some("") => to.clone(),
            Some(rest) if rest.starts_with('/') => format!("{to}{rest}"),
            Some(_) | None => path,
        })
    }

    fn move_here(&mut self, from: String, to: String, note: Option<Base>) {
        self.out.push(Operation::MoveHere { from: from.clone(), to: to.clone(), note });
        self.moves.push((from, to));
    }

    fn folders_and_moves(&mut self) {
        let before = self.out.len();
        let mut next = VecDeque::from([ROOT]);
        while let Some(folder) = next.pop_front() {
            for at in self.kids[folder].clone() {
                let item = &self.board.items[at];
                if !item.alive || item.unknown {
                    // Its place is known all the same, for what is decided about others.
                    self.paths[at] = item.local.map(|local| self.now(&self.board.local(local).path));
                    continue;
                }
                if self.arrange(folder, at) && self.board.items[at].kind == EntryKind::Folder {
                    next.push_back(at);
                }
            }
        }
        if self.out.len() == before {
            self.open_a_ring();
        }
    }

    /// Brings one item to its place on both sides; whether what lies in it may follow.
    fn arrange(&mut self, folder: usize, at: usize) -> bool {
        let Some(above) = self.paths[folder].clone() else { return false };
        let item = &self.board.items[at];
        let path = joined(&above, &item.here);
        self.paths[at] = Some(path.clone());
        if let Some((from, to)) = self.set_aside(at) {
            self.out.push(Operation::SetAside { from, to });
            return false;
        }
        match item.local {
            Some(local) => {
                let from = self.now(&self.board.local(local).path);
                if from != path {
                    if self.is_taken(folder, at) {
                        self.waiting.push(at);
                        return false;
                    }
                    let note = self.note_of_move(at);
                    self.move_here(from, path.clone(), note);
                }
            }
            None if item.kind == EntryKind::Folder => {
                if self.is_taken(folder, at) {
                    return self.in_the_way(path);
                }
                self.out.push(Operation::MakeHere { path: path.clone() });
            }
            None => {}
        }
        if self.board.trees.right == Right::Write { self.arrange_there(folder, at, path) } else { true }
    }

    fn arrange_there(&mut self, folder: usize, at: usize, path: String) -> bool {
        let under = match self.board.folder_of(folder) {
            Some(entry) => Under::Entry(entry),
            None if self.made.contains(&folder) => {
                Under::Made(self.paths[folder].clone().unwrap_or_default())
            }
            None => return false,
        };
        let item = &self.board.items[at];
        let name = item.name.clone();
        let taken = match &under {
            Under::Entry(entry) => {
                self.there.get(&(*entry, name_key(&name))).is_some_and(|other| *other != at)
            }
            Under::Made(_) => false,
        };
        match item.remote {
            Some(entry) => {
                if under == Under::Entry(entry.parent) && entry.name == name || taken {
                    return true;
                }
                let (entry, position) = (entry.id, entry.position);
                self.out.push(Operation::MoveThere { entry, under, name, position });
            }
            None if item.kind == EntryKind::Folder => {
                if taken {
                    return false;
                }
                self.made.insert(at);
                self.out.push(Operation::MakeThere { path, under, name });
            }
            None => {}
        }
        true
    }

    /// What is here and what is there are two contents, and neither came from the other: what is here gets another name.
    fn set_aside(&self, at: usize) -> Option<(String, String)> {
        let item = &self.board.items[at];
        let (entry, local) = (item.remote?, item.local?);
        let digest = self.board.digest(local).filter(|digest| *digest != entry.digest)?;
        let base = item.base.map(|base| base.digest.as_str());
        if base == Some(digest) || base == Some(entry.digest.as_str()) {
            return None;
        }
        let from = self.now(&self.board.local(local).path);
        let name = match self.kept_copy(entry.parent, digest) {
            Some(copy) => copy,
            // The server keeps the copy, and tells of it; whoever may not send only makes room.
            None if self.board.trees.right == Right::Write => return None,
            None => {
                let inside = self.board.inside.get(&self.board.above[local]);
                copy_name(&self.board, at, |key| {
                    inside.is_some_and(|inside| inside.keys().any(|name| name_key(name) == key))
                })
            }
        };
        let to = match from.rsplit_once('/') {
            Some((above, _)) => joined(above, &name),
            None => name,
        };
        Some((from, to))
    }

    /// The name on the disk of what the server keeps beside, with this content, and the disk does not have yet.
    fn kept_copy(&self, folder: Option<EntryId>, digest: &str) -> Option<String> {
        let is = |item: &&Item<'_>| {
            let new = item.base.is_none() && item.local.is_none() && !item.unknown;
            new && item.remote.is_some_and(|entry| entry.parent == folder && entry.digest == digest)
        };
        self.board.items.iter().find(is).map(|item| item.here.clone())
    }

    /// Whether something else has the name on the disk where an item is to go.
    fn is_taken(&self, folder: usize, at: usize) -> bool {
        let item = &self.board.items[at];
        let above = if folder == ROOT { None } else { self.board.items[folder].local };
        if folder != ROOT && above.is_none() {
            return false;
        }
        let found = self.board.inside.get(&above).and_then(|inside| inside.get(item.here.as_str())).copied();
        found.is_some_and(|found| {
            let path = &self.board.local(found).path;
            Some(found) != item.local && self.now(path) == joined_to(&self.paths[folder], &item.here)
        })
    }

    fn in_the_way(&mut self, path: String) -> bool {
        // What is only being written, or came just now, is seen in a moment.
        let there = self.board.by_path.get(path.as_str()).map(|at| self.board.seen(*at));
        if !matches!(there, Some(Seen::Alone(Alone::Busy | Alone::Moving))) {
            self.board.leave(path, Alone::InTheWay);
        }
        false
    }

    /// Names go round in a ring: one of them steps aside for a moment.
    fn open_a_ring(&mut self) {
        let Some(at) = self.waiting.first().copied() else { return };
        let item = &self.board.items[at];
        let Some(local) = item.local else { return };
        let from = self.board.local(local).path.clone();
        let inside = self.board.inside.get(&self.board.above[local]);
        let taken = |key: &str| inside.is_some_and(|inside| inside.keys().any(|name| name_key(name) == key));
        let holder = self.holder(at);
        if holder.is_none_or(|holder| !self.waiting.contains(&holder)) {
            return;
        }
        let name = free(&beside(self.board.name_here(local), item.kind, " (moving)"), item.kind, taken);
        let to = from.rsplit_once('/').map_or_else(|| name.clone(), |(above, _)| joined(above, &name));
        self.move_here(from, to, None);
    }

    /// Who has the name on the disk that an item is to get.
    fn holder(&self, at: usize) -> Option<usize> {
        let item = &self.board.items[at];
        let above = if item.parent == ROOT { None } else { Some(self.board.items[item.parent].local?) };
        let found = self.board.inside.get(&above)?.get(item.here.as_str()).copied()?;
        self.board.of_local[found]
    }

    /// Contents that go up or come down.
    fn files(&mut self) {
        for at in 1..self.board.items.len() {
            let item = &self.board.items[at];
            let Some(path) = self.paths[at].clone() else { continue };
            let moving = self.board.trees.moving.contains(&path);
            if !item.alive || item.unknown || item.kind == EntryKind::Folder || moving {
                continue;
            }
            match (item.remote, item.local) {
                (None, Some(local)) => self.send(at, local, path, None),
                (Some(_), None) => self.fetch(at, path, None),
                (Some(entry), Some(local)) => {
                    let Seen::File { digest, mark } = &self.board.local(local).seen else { continue };
                    if *digest == entry.digest {
                        continue;
                    }
                    // What went up from here lay here: what is here now came after it.
                    let from_here = self.board.trees.sent.contains(&entry.digest);
                    match item.base {
                        Some(base) if *digest == base.digest => self.fetch(at, path, Some(*mark)),
                        Some(base) if entry.digest == base.digest => {
                            self.send(at, local, path, Some((entry.id, entry.version)));
                        }
                        Some(_) | None if from_here => {
                            self.send(at, local, path, Some((entry.id, entry.version)));
                        }
                        Some(_) | None if is_kept(&self.board, at, entry.parent, digest) => {
                            self.fetch(at, path, Some(*mark));
                        }
                        // Neither came from the other: the server keeps this one beside the newest.
                        Some(base) => self.send(at, local, path, Some((entry.id, base.version))),
                        None => self.send(at, local, path, None),
                    }
                }
                (None, None) => {}
            }
        }
    }

    fn send(&mut self, at: usize, local: usize, path: String, onto: Option<(EntryId, u32)>) {
        let item = &self.board.items[at];
        let (Right::Write, Some(parent)) = (self.board.trees.right, self.board.folder_of(item.parent)) else {
            return;
        };
        // What had the name at the server goes first.
        let holder = self.there.get(&(parent, name_key(&item.name))).copied();
        if onto.is_none() && holder.is_some_and(|holder| !self.board.items[holder].alive) {
            return;
        }
        let Seen::File { mark, .. } = self.board.local(local).seen else { return };
        let copy = copy_name(&self.board, at, |key| self.there.contains_key(&(parent, key.to_owned())));
        let (name, size) = (item.name.clone(), mark.size);
        self.out.push(Operation::Send { path, size, parent, name, onto, copy });
    }

    fn fetch(&mut self, at: usize, path: String, replaces: Option<Mark>) {
        let item = &self.board.items[at];
        let Some(entry) = item.remote else { return };
        // It may be what is just going up from here, kept beside another one.
        let goes_up = item.base.is_none() && self.board.trees.sent.contains(&entry.digest);
        if goes_up && replaces.is_none() && !self.board.trees.moving.is_empty() {
            return;
        }
        let has_folder = item.parent == ROOT || self.board.items[item.parent].local.is_some();
        if !has_folder || (replaces.is_none() && self.is_taken(item.parent, at)) {
            if has_folder {
                self.in_the_way(path);
            }
            return;
        }
        self.out.push(Operation::Fetch { entry: entry.id, path, size: entry.size, replaces });
    }
}

fn joined(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") }
}

fn joined_to(above: &Option<String>, name: &str) -> String {
    joined(above.as_deref().unwrap_or_default(), name)
}
