//! Deletions: what is gone on one side and still is on the other what both had. Many at once are asked about.

use super::board::ROOT;
use super::deeds::Deeds;
use super::{DELETIONS_FEW, DELETIONS_MAX, Mark, Operation, Question, Right, Seen};
use pod_shared::content::EntryKind;
use std::collections::BTreeSet;

impl Deeds<'_> {
    /// What is gone on one side, if it is little or was allowed.
    pub(super) fn deletions(&mut self) -> Option<Question> {
        let mut question = Question::default();
        let dead = |at: &usize| !self.board.items[*at].alive && !self.board.items[*at].unknown;
        let dead: Vec<usize> = (1..self.board.items.len()).filter(dead).collect();
        let may = self.board.trees.right == Right::Write;
        for item in dead.iter().map(|at| &self.board.items[*at]).filter(|item| item.kind == EntryKind::File) {
            let side = match (item.local, item.remote) {
                (Some(_), _) => &mut question.here,
                (None, Some(_)) if may => &mut question.there,
                (None, _) => continue,
            };
            side.extend(item.entry().filter(|entry| !self.board.trees.allowed.contains(entry)));
        }
        let counted = || self.board.trees.bases.iter().filter(|base| base.kind == EntryKind::File).count();
        let files = self.board.trees.files.unwrap_or_else(counted);
        let many = |count: usize| count > DELETIONS_MAX || (count > DELETIONS_FEW && count * 10 > files);
        if many(question.here.len()) || many(question.there.len()) {
            return Some(question);
        }
        let kept = self.kept_there();
        let mut here: Vec<(String, Option<Mark>)> = Vec::new();
        for at in dead {
            let item = &self.board.items[at];
            let goes = |item: usize| !self.board.items[item].alive && !kept.contains(&item);
            let above_goes = item.remote.is_some_and(|entry| goes(self.board.of_entry(entry.parent)));
            match (item.local, item.remote) {
                (Some(local), _) => {
                    let mark = match self.board.local(local).seen {
                        Seen::File { mark, .. } => Some(mark),
                        Seen::Folder { .. } | Seen::Alone(_) => None,
                    };
                    here.push((self.board.local(local).path.clone(), mark));
                }
                (None, Some(entry)) if may && !above_goes && !kept.contains(&at) => {
                    self.out.push(Operation::DeleteThere { entry: entry.id });
                }
                (None, Some(_) | None) => {}
            }
        }
        // What lies in a folder goes before it.
        here.sort_by(|(one, _), (other, _)| other.cmp(one));
        self.out.extend(here.into_iter().map(|(path, mark)| Operation::DeleteHere { path, mark }));
        None
    }

    /// Folders of the server in which something still lies that stays.
    fn kept_there(&self) -> BTreeSet<usize> {
        let mut kept = BTreeSet::new();
        for item in self.board.items.iter().skip(1).filter(|item| item.alive) {
            let mut entry = item.remote;
            while let Some(above) = entry.map(|entry| self.board.of_entry(entry.parent)) {
                if above == ROOT || !kept.insert(above) {
                    break;
                }
                entry = self.board.items[above].remote;
            }
        }
        kept
    }
}
