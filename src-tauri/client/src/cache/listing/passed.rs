//! Rows of folders that were passed on the way to a page, until the folder changes.

use super::{Index, Section};
use pod_shared::content::EntryKind;
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Sections whose rows are remembered.
pub(super) const SECTIONS_MAX: usize = 24;

/// Rows that were passed, so that the next page behind them begins there.
#[derive(Default)]
pub(in crate::cache) struct Marks {
    /// The one used last stands last.
    sections: Mutex<Vec<Marked>>,
}

struct Marked {
    place: [u8; 16],
    kind: EntryKind,
    by: Index,
    descending: bool,
    /// Of the folder, when the rows were passed.
    turn: i64,
    /// By how many rows stand before them, themselves included.
    rows: BTreeMap<u64, Vec<Value>>,
}

impl Marked {
    fn is_of(&self, place: [u8; 16], section: &Section) -> bool {
        (self.place, self.kind, self.by, self.descending)
            == (place, section.kind, section.by, section.descending)
    }
}

impl Marks {
    /// Another file is in the place of the one that was walked.
    pub(in crate::cache) fn forget_all(&self) {
        self.sections.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The last remembered row before one, and how many rows end with it.
    pub(super) fn before(
        &self,
        place: [u8; 16],
        section: &Section,
        turn: i64,
        from: u64,
    ) -> (u64, Option<Vec<Value>>) {
        let sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        let marked = sections.iter().find(|marked| marked.is_of(place, section) && marked.turn == turn);
        let found = marked.and_then(|marked| marked.rows.range(..=from).next_back());
        found.map_or((0, None), |(at, row)| (*at, Some(row.clone())))
    }

    pub(super) fn keep(&self, place: [u8; 16], section: &Section, turn: i64, seen: Vec<(u64, Vec<Value>)>) {
        if seen.is_empty() {
            return;
        }
        let mut sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        let held = sections.iter().position(|marked| marked.is_of(place, section));
        let held = held.map(|at| sections.remove(at)).filter(|marked| marked.turn == turn);
        let mut marked = held.unwrap_or_else(|| {
            let Section { kind, by, descending, .. } = *section;
            Marked { place, kind, by, descending, turn, rows: BTreeMap::new() }
        });
        marked.rows.extend(seen);
        if sections.len() >= SECTIONS_MAX {
            sections.remove(0);
        }
        sections.push(marked);
    }
}
