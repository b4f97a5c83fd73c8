//! Doing what was planned. What turns out other than planned is left, and planned anew.

use super::round::{Round, is_move};
use crate::engine::commands;
use crate::folder::disk;
use crate::state::linked;
use crate::transfer::{ForLinked, Lies, LinkedMove};
use crate::view::ErrorView;
use pod_machine::folder::{Base, Operation, Plan, Under};
use pod_machine::transfer::Direction;
use pod_shared::content::{Basis, Entry, EntryChange, FolderNew, NewParent};
use pod_shared::{EntryId, ErrorCode};
use reqwest::Method;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Files of one linked folder that are in the queue at once: more are planned when some are done.
const MOVES_MAX: usize = 2_000;

impl Round {
    /// Does it; gives whether something was done that the next look sees, and what is in the way.
    pub(super) async fn perform(
        &mut self,
        plan: &Plan,
        names: &BTreeMap<EntryId, Entry>,
        open: usize,
    ) -> Result<(bool, Option<ErrorView>), ErrorView> {
        self.note(plan).await?;
        let (mut made, mut moves, mut trouble, mut done) = (BTreeMap::new(), Vec::new(), None, false);
        for operation in &plan.operations {
            if is_move(operation) {
                if open + moves.len() < MOVES_MAX {
                    moves.extend(self.to_move(operation, names));
                }
                continue;
            }
            let did = match operation {
                Operation::MakeThere { .. } | Operation::MoveThere { .. } | Operation::DeleteThere { .. } => {
                    self.change_there(operation, &mut made).await
                }
                Operation::MoveHere { note, .. } => {
                    let moved = self.change_here(operation.clone()).await;
                    if let (Ok(()), Some(base)) = (&moved, note) {
                        self.keep_notes(vec![base.clone()], Vec::new()).await?;
                    }
                    moved
                }
                Operation::MakeHere { .. } | Operation::SetAside { .. } | Operation::DeleteHere { .. } => {
                    self.change_here(operation.clone()).await
                }
                Operation::Note(_)
                | Operation::Forget(_)
                | Operation::Send { .. }
                | Operation::Fetch { .. } => continue,
            };
            done = true;
            match did {
                Ok(()) => {}
                Err(error) if is_other_than_planned(error.code) => {}
                Err(error) if error.code == ErrorCode::Offline => return Err(error),
                Err(error) => trouble = Some(error),
            }
        }
        if !moves.is_empty() {
            self.desk.transfers.move_linked(moves).await?;
        }
        Ok((done, trouble))
    }

    /// What both sides have, in one transaction.
    async fn note(&mut self, plan: &Plan) -> Result<(), ErrorView> {
        let (mut bases, mut gone) = (Vec::new(), Vec::new());
        for operation in &plan.operations {
            match operation {
                Operation::Note(base) => bases.push(base.clone()),
                Operation::Forget(entry) => gone.push(*entry),
                Operation::MakeHere { .. }
                | Operation::MakeThere { .. }
                | Operation::MoveHere { .. }
                | Operation::MoveThere { .. }
                | Operation::SetAside { .. }
                | Operation::Send { .. }
                | Operation::Fetch { .. }
                | Operation::DeleteHere { .. }
                | Operation::DeleteThere { .. } => {}
            }
        }
        self.keep_notes(bases, gone).await
    }

    async fn keep_notes(&mut self, bases: Vec<Base>, gone: Vec<EntryId>) -> Result<(), ErrorView> {
        if bases.is_empty() && gone.is_empty() {
            return Ok(());
        }
        linked::note(&self.desk.state, self.linked.id, bases.clone(), gone.clone()).await?;
        let known = Arc::make_mut(&mut self.known);
        gone.into_iter().for_each(|entry| known.remove(entry));
        bases.into_iter().for_each(|base| known.put(base));
        Ok(())
    }

    async fn change_here(&self, operation: Operation) -> Result<(), ErrorView> {
        let (root, id) = (self.linked.path.clone(), self.linked.id);
        let change = move || {
            disk::check_root(&root, id)?;
            match operation {
                Operation::MakeHere { path } => disk::make(&root, &path),
                Operation::MoveHere { from, to, .. } | Operation::SetAside { from, to } => {
                    disk::rename(&root, &from, &to)
                }
                Operation::DeleteHere { path, mark } => disk::delete(&root, &path, mark),
                Operation::Note(_)
                | Operation::Forget(_)
                | Operation::MakeThere { .. }
                | Operation::MoveThere { .. }
                | Operation::Send { .. }
                | Operation::Fetch { .. }
                | Operation::DeleteThere { .. } => Ok(()),
            }
        };
        tokio::task::spawn_blocking(change).await.map_err(|_| ErrorView::stopped())?
    }

    async fn change_there(
        &self,
        operation: &Operation,
        made: &mut BTreeMap<String, EntryId>,
    ) -> Result<(), ErrorView> {
        let under = |under: &Under| match under {
            Under::Entry(entry) => Some(*entry),
            Under::Made(path) => made.get(path).map(|entry| Some(*entry)),
        };
        let desk = &self.desk;
        match operation {
            Operation::MakeThere { path, under: place, name } => {
                let Some(parent) = under(place) else { return Ok(()) };
                let id = crate::engine::fresh(EntryId::from_slice)?;
                let body = FolderNew { id, parent, name: name.clone() };
                let at = format!("/v1/rooms/{}/folders", self.linked.room);
                self.keep(&commands::content_call(desk, Method::POST, &at, Some(&body)).await?).await?;
                made.insert(path.clone(), id);
            }
            Operation::MoveThere { entry, under: place, name, position } => {
                let Some(parent) = under(place) else { return Ok(()) };
                let change = EntryChange {
                    name: Some(name.clone()),
                    parent: Some(parent.map_or(NewParent::Top, NewParent::Folder)),
                    if_position: Some(*position),
                };
                let at = format!("/v1/entries/{entry}");
                self.keep(&commands::content_call(desk, Method::PATCH, &at, Some(&change)).await?).await?;
            }
            Operation::DeleteThere { entry } => {
                let at = format!("/v1/entries/{entry}");
                commands::content_call::<()>(desk, Method::DELETE, &at, None).await?;
            }
            Operation::Note(_)
            | Operation::Forget(_)
            | Operation::MakeHere { .. }
            | Operation::MoveHere { .. }
            | Operation::SetAside { .. }
            | Operation::Send { .. }
            | Operation::Fetch { .. }
            | Operation::DeleteHere { .. } => {}
        }
        Ok(())
    }

    async fn keep(&self, answer: &[u8]) -> Result<(), ErrorView> {
        match serde_json::from_slice::<Entry>(answer) {
            Ok(entry) => self.desk.cache.keep_entry(entry).await,
            Err(_) => Ok(()),
        }
    }

    /// The number of the lock with which this device itself edits a file.
    fn own_fence(&self, entry: &Entry) -> Option<u64> {
        let lock = entry.lock.as_ref().filter(|lock| lock.device == self.desk.device.id())?;
        Some(lock.fence)
    }

    fn to_move(&self, operation: &Operation, names: &BTreeMap<EntryId, Entry>) -> Option<LinkedMove> {
        let (id, root, room) = (self.linked.id, self.linked.path.clone(), self.linked.room);
        let moved = match operation {
            Operation::Send { path, size, parent, name, onto, copy, .. } => {
                let (entry, version) = onto.map_or((None, 0), |(entry, version)| (Some(entry), version));
                let fence = entry.and_then(|entry| self.own_fence(names.get(&entry)?));
                let basis = Basis { entry, version: Some(version), fence, copy: Some(copy.clone()) };
                let (direction, name, path, size) = (Direction::Up, name.clone(), root.join(path), *size);
                let lies = Some(lies(*parent, &name, path.as_path(), None));
                let of = ForLinked { id, root, replaces: None, lies };
                LinkedMove { direction, room, parent: *parent, entry: None, name, path, size, basis, of }
            }
            Operation::Fetch { entry, path, size, replaces, .. } => {
                let there = names.get(entry)?;
                let (direction, name) = (Direction::Down, there.name.clone());
                let newest = Some((there.version, there.digest.clone()));
                let (entry, path, size, basis) = (Some(*entry), root.join(path), *size, Basis::default());
                let lies = Some(lies(there.parent, &name, path.as_path(), newest));
                let of = ForLinked { id, root, replaces: *replaces, lies };
                LinkedMove { direction, room, parent: None, entry, name, path, size, basis, of }
            }
            Operation::Note(_)
            | Operation::Forget(_)
            | Operation::MakeHere { .. }
            | Operation::MakeThere { .. }
            | Operation::MoveHere { .. }
            | Operation::MoveThere { .. }
            | Operation::SetAside { .. }
            | Operation::DeleteHere { .. }
            | Operation::DeleteThere { .. } => return None,
        };
        Some(moved)
    }
}

fn lies(parent: Option<EntryId>, name: &str, path: &Path, version: Option<(u32, String)>) -> Lies {
    let local = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Lies { parent, name: name.to_owned(), local, version }
}

/// Somebody was quicker: the next look sees it.
fn is_other_than_planned(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::FileChanged
            | ErrorCode::NameExists
            | ErrorCode::Conflict
            | ErrorCode::NotFound
            | ErrorCode::Gone
            | ErrorCode::BadRequest
    )
}
