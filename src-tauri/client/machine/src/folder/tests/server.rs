//! The server of the model: entries with every content they ever had, and what is deleted kept.

use pod_shared::content::{Entry, EntryKind, name_key};
use pod_shared::{AccountId, ContentPosition, EntryId, RoomId, TimeMs};
use std::collections::BTreeMap;

/// A content on its way up.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) path: String,
    pub(super) parent: Option<EntryId>,
    pub(super) name: String,
    pub(super) onto: Option<(EntryId, u32)>,
    pub(super) copy: String,
}

/// An entry of the server, with every content it ever had.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) entry: Entry,
    pub(super) versions: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Server {
    pub(super) entries: BTreeMap<EntryId, Kept>,
    position: u64,
}

impl Server {
    fn lives<'a>(&'a self, mut entry: &'a Entry) -> bool {
        loop {
            if entry.deleted {
                return false;
            }
            let Some(parent) = entry.parent else { return true };
            entry = &self.entries[&parent].entry;
        }
    }

    pub(super) fn live(&self) -> Vec<Entry> {
        let live = self.entries.values().map(|kept| &kept.entry).filter(|entry| self.lives(entry));
        live.cloned().collect()
    }

    fn holder(&self, parent: Option<EntryId>, name: &str) -> Option<EntryId> {
        let same = |entry: &&Entry| entry.parent == parent && name_key(&entry.name) == name_key(name);
        let mut live = self.entries.values().map(|kept| &kept.entry).filter(|entry| !entry.deleted);
        live.find(same).map(|entry| entry.id)
    }

    fn is_folder(&self, parent: Option<EntryId>) -> bool {
        parent.is_none_or(|id| {
            self.entries
                .get(&id)
                .is_some_and(|kept| kept.entry.kind == EntryKind::Folder && self.lives(&kept.entry))
        })
    }

    pub(super) fn make(&mut self, parent: Option<EntryId>, name: &str, kind: EntryKind) -> Option<EntryId> {
        if !self.is_folder(parent) || self.holder(parent, name).is_some() {
            return None;
        }
        self.position += 1;
        let id = EntryId::from_slice(&u128::from(self.position).to_be_bytes()).unwrap();
        let someone = AccountId::from_slice(&[0; 16]).unwrap();
        let entry = Entry {
            id,
            room: RoomId::from_slice(&[0; 16]).unwrap(),
            parent,
            name: name.to_owned(),
            kind,
            size: 0,
            digest: String::new(),
            version: 0,
            created_at: TimeMs(0),
            created_by: someone,
            modified_at: TimeMs(0),
            modified_by: someone,
            position: ContentPosition(self.position),
            deleted: false,
            lock: None,
            comments: 0,
            rating: None,
            permission: None,
            description: String::new(),
            tags: Vec::new(),
        };
        self.entries.insert(id, Kept { entry, versions: Vec::new() });
        Some(id)
    }

    fn put(&mut self, id: EntryId, content: &str) {
        self.position += 1;
        let position = ContentPosition(self.position);
        let kept = self.entries.get_mut(&id).unwrap();
        kept.versions.push(content.to_owned());
        kept.entry.version += 1;
        (kept.entry.digest, kept.entry.size) = (content.to_owned(), content.len() as u64);
        kept.entry.position = position;
    }

    /// A content comes, made from a version that its writer knew; what it became.
    pub(super) fn take(&mut self, sent: &Sent, content: &str) -> Option<EntryId> {
        let known = sent.onto.filter(|(entry, _)| self.lives(&self.entries[entry].entry));
        let holder = known.map(|(entry, _)| entry).or_else(|| self.holder(sent.parent, &sent.name));
        let Some(holder) = holder else {
            let made = self.make(sent.parent, &sent.name, EntryKind::File);
            made.into_iter().for_each(|id| self.put(id, content));
            return made;
        };
        let there = self.entries[&holder].entry.clone();
        let fits = sent.onto == Some((holder, there.version)) || there.digest == content;
        if there.kind == EntryKind::File && fits {
            self.put(holder, content);
            return Some(holder);
        }
        let named = |number: u32| format!("{} {number}", sent.copy);
        let mut names = std::iter::once(sent.copy.clone()).chain((2..).map(named));
        let free = names.find(|name| self.holder(there.parent, name).is_none()).unwrap();
        let id = self.make(there.parent, &free, EntryKind::File).unwrap();
        self.put(id, content);
        Some(id)
    }

    pub(super) fn place(&mut self, id: EntryId, parent: Option<EntryId>, name: &str, known: ContentPosition) {
        let entry = self.entries[&id].entry.clone();
        let holder = self.holder(parent, name).filter(|holder| *holder != id);
        let mut above = parent;
        while let Some(folder) = above {
            if folder == id {
                return;
            }
            above = self.entries[&folder].entry.parent;
        }
        if !self.lives(&entry) || entry.position > known || holder.is_some() || !self.is_folder(parent) {
            return;
        }
        self.position += 1;
        let position = ContentPosition(self.position);
        let entry = &mut self.entries.get_mut(&id).unwrap().entry;
        (entry.parent, entry.name, entry.position) = (parent, name.to_owned(), position);
    }

    pub(super) fn delete(&mut self, id: EntryId) {
        if let Some(kept) = self.entries.get_mut(&id) {
            kept.entry.deleted = true;
        }
    }

    /// Path and content of everything.
    pub(super) fn tree(&self) -> BTreeMap<String, String> {
        let live = self.live();
        live.iter().map(|entry| (self.path(entry), entry.digest.clone())).collect()
    }

    fn path(&self, entry: &Entry) -> String {
        match entry.parent {
            Some(parent) => format!("{}/{}", self.path(&self.entries[&parent].entry), entry.name),
            None => entry.name.clone(),
        }
    }
}
