//! A model: computers with disks that use numbers again, and people who write, beside a server with versions and trash.

use super::ground::Here;
use super::server::{Sent, Server};
use crate::folder::{
    Alone, Base, Changed, Local, Mark, Operation, Part, Plan, Question, Right, Seen, Trees, Under, narrow,
    plan, restless,
};
use pod_shared::EntryId;
use pod_shared::content::EntryKind;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The day of every plan.
const DATE: &str = "2026-11-29";

/// A file or folder of a disk; a folder has no content.
#[derive(Clone, Debug)]
pub(super) struct Node {
    inode: u64,
    changed: i64,
    pub(super) content: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Moving {
    Up(Sent),
    Down { entry: EntryId, path: String, replaces: Option<Mark>, lies: Option<(Option<EntryId>, String)> },
}

#[derive(Clone, Debug)]
pub(super) struct Computer {
    person: String,
    pub(super) disk: BTreeMap<String, Node>,
    clock: i64,
    top_changed: i64,
    pub(super) bases: BTreeMap<EntryId, Base>,
    pub(super) pending: VecDeque<Operation>,
    made: BTreeMap<String, EntryId>,
    pub(super) moving: VecDeque<Moving>,
    allowed: BTreeSet<EntryId>,
    sent: BTreeSet<String>,
    pub(super) question: Option<Question>,
    pub(super) alone: Vec<(String, Alone)>,
    pub(super) right: Right,
    /// What is not shared with this person.
    pub(super) hidden: BTreeSet<EntryId>,
    written: u32,
    /// How everything was when it planned last, and what the plan looked at: the next one looks at what changed.
    seen: Option<(Here, Part, BTreeSet<String>)>,
}

fn above(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(above, _)| above)
}

impl Computer {
    pub(super) fn new(person: &str) -> Self {
        Self {
            person: person.to_owned(),
            disk: BTreeMap::new(),
            clock: 1,
            top_changed: 0,
            bases: BTreeMap::new(),
            pending: VecDeque::new(),
            made: BTreeMap::new(),
            moving: VecDeque::new(),
            allowed: BTreeSet::new(),
            sent: BTreeSet::new(),
            question: None,
            alone: Vec::new(),
            right: Right::Write,
            hidden: BTreeSet::new(),
            written: 0,
            seen: None,
        }
    }

    /// The lowest number that no file has: as file systems give them.
    fn number(&self) -> u64 {
        let used: BTreeSet<u64> = self.disk.values().map(|node| node.inode).collect();
        (1..).find(|number| !used.contains(number)).unwrap()
    }

    fn is_folder(&self, path: Option<&str>) -> bool {
        path.is_none_or(|path| self.disk.get(path).is_some_and(|node| node.content.is_none()))
    }

    /// Time goes on, and what lies in a folder changed.
    fn touch(&mut self, path: &str) {
        self.clock += 1;
        let now = self.clock;
        match above(path) {
            Some(above) => {
                if let Some(folder) = self.disk.get_mut(above) {
                    folder.changed = now;
                }
            }
            None => self.top_changed = now,
        }
    }

    fn put(&mut self, path: &str, content: Option<&str>) {
        let inode = self.number();
        self.touch(path);
        let node = Node { inode, changed: self.clock, content: content.map(str::to_owned) };
        self.disk.insert(path.to_owned(), node);
    }

    fn mark(&self, path: &str) -> Option<Mark> {
        let node = self.disk.get(path)?;
        let size = node.content.as_ref()?.len() as u64;
        Some(Mark { size, modified_ns: node.changed, changed_ns: node.changed, inode: node.inode })
    }

    /// A person writes a file, in place or (as editors do) by another one that takes its name. Gives what was there.
    pub(super) fn write(&mut self, path: &str, in_place: bool) -> Option<(String, Option<String>)> {
        if !self.is_folder(above(path)) || self.disk.get(path).is_some_and(|node| node.content.is_none()) {
            return None;
        }
        self.written += 1;
        let content = format!("{} {}", self.person, self.written);
        let before = self.disk.get(path).and_then(|node| node.content.clone());
        if in_place && before.is_some() {
            self.touch(path);
            let node = self.disk.get_mut(path).unwrap();
            (node.content, node.changed) = (Some(content.clone()), self.clock);
        } else {
            self.put(path, Some(&content));
        }
        Some((content, before))
    }

    /// A person makes a folder.
    pub(super) fn make(&mut self, path: &str) -> bool {
        let may = self.is_folder(above(path)) && !self.disk.contains_key(path);
        if may {
            self.put(path, None);
        }
        may
    }

    /// A person deletes a file, or a folder with all that lies in it. Gives what was there.
    pub(super) fn delete(&mut self, path: &str) -> Vec<String> {
        self.touch(path);
        let inside = format!("{path}/");
        let gone: Vec<String> =
            self.disk.keys().filter(|other| *other == path || other.starts_with(&inside)).cloned().collect();
        gone.iter().filter_map(|path| self.disk.remove(path)?.content).collect()
    }

    /// Somebody moves a file or folder to a name that nobody has.
    pub(super) fn rename(&mut self, from: &str, to: &str) -> bool {
        let inside = format!("{from}/");
        let free = !self.disk.contains_key(to) && self.is_folder(above(to)) && !to.starts_with(&inside);
        if !free || !self.disk.contains_key(from) {
            return false;
        }
        self.touch(from);
        self.touch(to);
        let moved: Vec<String> =
            self.disk.keys().filter(|path| *path == from || path.starts_with(&inside)).cloned().collect();
        for path in moved {
            let node = self.disk.remove(&path).unwrap();
            self.disk.insert(format!("{to}{}", &path[from.len()..]), node);
        }
        let now = self.clock;
        self.disk.get_mut(to).unwrap().changed = now;
        true
    }

    fn locals(&self, quiet: bool) -> Vec<Local> {
        let fresh = |node: &Node| !quiet && node.changed + 2 > self.clock;
        let local = |(path, node): (&String, &Node)| {
            let seen = match &node.content {
                None => Seen::Folder { restless: fresh(node) },
                Some(_) if fresh(node) => Seen::Alone(Alone::Busy),
                Some(content) => Seen::File { digest: content.clone(), mark: self.mark(path).unwrap() },
            };
            Local { path: path.clone(), inode: node.inode, seen }
        };
        self.disk.iter().map(local).collect()
    }

    /// Looks at both sides and plans. What runs goes on.
    pub(super) fn plan(&mut self, server: &Server, quiet: bool) -> Plan {
        let moving: BTreeSet<String> = self
            .moving
            .iter()
            .map(|moving| match moving {
                Moving::Up(sent) => sent.path.clone(),
                Moving::Down { path, .. } => path.clone(),
            })
            .collect();
        let bases: Vec<Base> = self.bases.values().cloned().collect();
        let locals = self.locals(quiet);
        let live = server.live().into_iter().filter(|entry| !self.hidden.contains(&entry.id)).collect();
        let all = Part { local: locals, remote: live, bases, ..Part::default() };
        let made = self.plan_of(&all, &moving, quiet, None);
        let now = Here::new(self.bases.clone(), &all.local, &all.remote);
        let part = self.part(&now, &moving);
        // A law: what is planned for what changed is what is planned for everything.
        if let Some((part, files)) = part {
            let narrow = self.plan_of(&part, &moving, quiet, Some(files));
            assert_eq!(narrow, made, "of what changed less is planned than of everything");
        }
        self.pending = made.operations.clone().into();
        self.made.clear();
        (self.question, self.alone) = (made.question.clone(), made.alone.clone());
        made
    }

    /// What of everything matters since the last plan; files that have a base.
    fn part(&mut self, now: &Here, moving: &BTreeSet<String>) -> Option<(Part, usize)> {
        let files = now.bases.values().filter(|base| base.kind == EntryKind::File).count();
        let before = self.seen.take();
        let everything = || Changed {
            paths: now.locals.keys().cloned().collect(),
            entries: now.live.keys().chain(now.bases.keys()).copied().collect(),
        };
        let changed = match &before {
            None => everything(),
            Some((before, part, moved)) => {
                let mut changed = now.differs(before);
                changed.add(restless(now, None, part));
                changed.paths.extend(moved.iter().chain(moving).cloned());
                changed
            }
        };
        let part = narrow(now, None, &changed, (&self.person, DATE));
        self.seen = Some((now.clone(), part.clone(), moving.clone()));
        before.map(|_| (part, files))
    }

    fn plan_of(&self, part: &Part, moving: &BTreeSet<String>, quiet: bool, files: Option<usize>) -> Plan {
        plan(Trees {
            folder: None,
            restless: !quiet && self.top_changed + 2 > self.clock,
            local: &part.local,
            remote: &part.remote,
            bases: &part.bases,
            files,
            moving,
            held: &BTreeSet::new(),
            hidden: &self.hidden,
            sent: &self.sent,
            allowed: &self.allowed,
            right: self.right,
            person: &self.person,
            date: DATE,
        })
    }

    /// The person's word about many deletions.
    pub(super) fn allow(&mut self) {
        if let Some(question) = self.question.take() {
            self.allowed.extend(question.here.into_iter().chain(question.there));
        }
    }

    /// The process dies: what was planned is forgotten, what moved is lost.
    pub(super) fn crash(&mut self) {
        self.pending.clear();
        self.moving.clear();
        self.sent.clear();
    }

    /// Does the next operation of the plan; whether there was one.
    pub(super) fn step(&mut self, server: &mut Server) -> bool {
        let Some(operation) = self.pending.pop_front() else { return false };
        match operation {
            Operation::Note(base) => drop(self.bases.insert(base.entry, base)),
            Operation::Forget(entry) => drop(self.bases.remove(&entry)),
            Operation::MakeHere { path } => drop(self.make(&path)),
            Operation::MakeThere { path, under, name } => {
                let made = self.under(&under).and_then(|under| server.make(under, &name, EntryKind::Folder));
                self.made.extend(made.map(|entry| (path, entry)));
            }
            Operation::MoveHere { from, to, note } => {
                if self.rename(&from, &to) {
                    self.bases.extend(note.map(|base| (base.entry, base)));
                }
            }
            Operation::SetAside { from, to } => drop(self.rename(&from, &to)),
            Operation::MoveThere { entry, under, name, position } => {
                if let Some(under) = self.under(&under) {
                    server.place(entry, under, &name, position);
                }
            }
            Operation::Send { path, parent, name, onto, copy, .. } => {
                self.sent.extend(self.disk.get(&path).and_then(|node| node.content.clone()));
                self.moving.push_back(Moving::Up(Sent { path, parent, name, onto, copy }));
            }
            Operation::Fetch { entry, path, replaces, .. } => {
                let there = server.entries.get(&entry).map(|kept| &kept.entry);
                let lies = there.map(|entry| (entry.parent, entry.name.clone()));
                self.moving.push_back(Moving::Down { entry, path, replaces, lies });
            }
            Operation::DeleteHere { path, mark } => {
                let inside = format!("{path}/");
                let full = self.disk.keys().any(|other| other.starts_with(&inside));
                if self.mark(&path) == mark && !full && self.disk.contains_key(&path) {
                    self.delete(&path);
                }
            }
            Operation::DeleteThere { entry } => server.delete(entry),
        }
        true
    }

    fn under(&self, under: &Under) -> Option<Option<EntryId>> {
        match under {
            Under::Entry(entry) => Some(*entry),
            Under::Made(path) => self.made.get(path).map(|entry| Some(*entry)),
        }
    }

    /// One transfer comes to its end; whether there was one.
    pub(super) fn transfer(&mut self, server: &mut Server) -> bool {
        match self.moving.pop_front() {
            None => return false,
            Some(Moving::Up(sent)) => {
                let content = self.disk.get(&sent.path).and_then(|node| node.content.clone());
                if let Some(content) = content {
                    let became = server.take(&sent, &content);
                    self.sent.insert(content);
                    let same = became.filter(|entry| sent.onto.is_some_and(|(onto, _)| onto == *entry));
                    self.note(same, &sent.path, (sent.parent, sent.name), server);
                }
            }
            Some(Moving::Down { entry, path, replaces, lies }) => {
                let there = server.live().into_iter().find(|other| other.id == entry);
                let free = self.is_folder(above(&path));
                let same =
                    self.mark(&path) == replaces && self.disk.contains_key(&path) == replaces.is_some();
                if let Some(there) = there.filter(|_| same && free) {
                    self.put(&path, Some(&there.digest));
                    lies.into_iter().for_each(|lies| self.note(Some(entry), &path, lies, server));
                }
            }
        }
        true
    }

    /// The end of a transfer writes what both sides have now.
    fn note(&mut self, entry: Option<EntryId>, path: &str, lies: (Option<EntryId>, String), server: &Server) {
        let there = entry.and_then(|entry| server.entries.get(&entry)).map(|kept| kept.entry.clone());
        let (Some(there), Some(mark)) = (there, self.mark(path)) else { return };
        let local = path.rsplit('/').next().unwrap_or_default().to_owned();
        let base = Base {
            entry: there.id,
            parent: lies.0,
            name: lies.1,
            local,
            kind: EntryKind::File,
            digest: there.digest,
            version: there.version,
            mark: Mark { changed_ns: 0, ..mark },
        };
        self.bases.insert(base.entry, base);
    }

    /// Path and content of everything.
    pub(super) fn tree(&self) -> BTreeMap<String, String> {
        let content = |node: &Node| node.content.clone().unwrap_or_default();
        self.disk.iter().map(|(path, node)| (path.clone(), content(node))).collect()
    }
}
