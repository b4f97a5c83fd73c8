//! One page of a folder in the order a window asks for: rows are read from an index, never sorted.
//!
//! A folder is a row of sections (its folders, then its files; by person one for each), whose lengths are kept as sums:
//! the section where a page begins is known without reading any. Inside a section the way from its beginning is walked
//! once, over the index alone, and every [`EVERY`]th row on it is remembered until the folder changes.

use super::row::{self, int, uint};
use super::{Cache, entries, order, rooms};
use crate::timeline::shown_name;
use crate::view::{ErrorView, Sort, SortBy};
use pod_shared::content::{Entry, EntryKind};
use pod_shared::{AccountId, EntryId, RoomId};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, params_from_iter};
use std::collections::BTreeMap;
use std::sync::Arc;

mod passed;
#[cfg(test)]
mod tests;

pub(super) use passed::Marks;

/// Rows between two that are remembered.
const EVERY: u64 = 256;

/// A page of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Entries in the folder.
    pub(crate) total: u32,
    /// Bytes of the files in it.
    pub(crate) bytes: u64,
    /// Those on the page, with how many lie in each.
    pub(crate) entries: Vec<(Entry, u32)>,
    /// Rows of indexes that were passed over on the way to them.
    pub(crate) passed: u64,
}

/// Entries of a folder that stand together and are sorted alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    kind: EntryKind,
    by: Index,
    descending: bool,
    rows: u64,
}

/// An index of `entries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Name,
    Time,
    Size,
    Type,
    /// One person's.
    Person(AccountId),
    /// Files that have it, by how much.
    With(Mark),
    /// Files that have it not, by name.
    Without(Mark),
}

/// What few files of a folder have: only those stand in an index for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It was changed.
    Version,
    Comments,
    Rating,
    Lock,
}

impl Mark {
    /// Its column, and the value of who has it not.
    fn column(self) -> (&'static str, u8) {
        match self {
            Self::Version => ("version", 1),
            Self::Comments => ("comments", 0),
            Self::Rating => ("rating", 0),
            Self::Lock => ("locked", 0),
        }
    }
}

impl Section {
    /// The columns that order it; with them all a row is found again.
    fn columns(&self) -> &'static [&'static str] {
        match self.by {
            Index::Name | Index::Person(_) | Index::Without(_) => &["name_key", "id"],
            Index::Time => &["modified_at", "name_key", "id"],
            Index::Size => &["size", "name_key", "id"],
            Index::Type => &["type_key", "name_key", "id"],
            Index::With(Mark::Version) => &["version", "name_key", "id"],
            Index::With(Mark::Comments) => &["comments", "name_key", "id"],
            Index::With(Mark::Rating) => &["rating", "name_key", "id"],
            Index::With(Mark::Lock) => &["locked", "name_key", "id"],
        }
    }

    /// The question for its rows, all or those behind one. It is answered from the index alone.
    fn question(&self, behind: Option<&[Value]>) -> String {
        let index = self.index();
        let (way, beyond) = if self.descending { (" DESC", "<") } else { ("", ">") };
        let columns = self.columns().join(", ");
        let order: Vec<String> = self.columns().iter().map(|column| format!("{column}{way}")).collect();
        let only = self.only();
        let behind = behind.map_or_else(String::new, |values| {
            format!(" AND ({columns}) {beyond} ({})", vec!["?"; values.len()].join(", "))
        });
        format!(
            "SELECT {columns} FROM entries INDEXED BY {index}
             WHERE place = ? AND kind = {} AND deleted = 0{only}{behind} ORDER BY {} LIMIT ?",
            entries::kind_number(self.kind),
            order.join(", ")
        )
    }

    fn index(&self) -> &'static str {
        match self.by {
            Index::Name | Index::Without(_) => "entries_by_name",
            Index::With(Mark::Version) => "entries_by_version",
            Index::With(Mark::Comments) => "entries_by_comments",
            Index::With(Mark::Rating) => "entries_by_rating",
            Index::With(Mark::Lock) => "entries_by_lock",
            Index::Time => "entries_by_time",
            Index::Size => "entries_by_size",
            Index::Type => "entries_by_type",
            Index::Person(_) => "entries_by_person",
        }
    }

    /// Which of the folder's.
    fn only(&self) -> String {
        match self.by {
            Index::Person(_) => " AND person = ?".to_owned(),
            // As the condition of its index is written.
            Index::With(mark) => {
                let (column, none) = mark.column();
                format!(" AND {column} > {none}")
            }
            Index::Without(mark) => {
                let (column, none) = mark.column();
                format!(" AND {column} = {none}")
            }
            Index::Name | Index::Time | Index::Size | Index::Type => String::new(),
        }
    }
}

impl Cache {
    /// A page of a folder (nothing: the top) of a room.
    pub(crate) async fn list(
        &self,
        room: RoomId,
        parent: Option<EntryId>,
        sort: Sort,
        offset: u32,
        limit: u32,
    ) -> Result<Listed, ErrorView> {
        let marks = Arc::clone(&self.marks);
        let run = move |tx: &Transaction<'_>| {
            let place = entries::place(room, parent);
            let turn = tx
                .prepare_cached("SELECT turn FROM turns WHERE place = ?1")?
                .query_row([place], |row| row.get(0))
                .optional()?;
            let mut listed = Listed::default();
            let mut way = Way { tx, place, turn: turn.unwrap_or(0), marks: &marks, passed: 0 };
            let mut ids = Vec::new();
            let (from, to) = (u64::from(offset), u64::from(offset) + u64::from(limit));
            let mut begin = 0;
            for section in sections(tx, room, &place, sort, &mut listed)? {
                let end = begin + section.rows;
                let (first, last) = (from.max(begin), to.min(end));
                if first < last {
                    way.walk(&section, first - begin, last - begin, &mut ids)?;
                }
                begin = end;
            }
            listed.passed = way.passed;
            for id in ids {
                if let Some(entry) = entries::read_as_told(tx, id)? {
                    let count = match entry.kind {
                        EntryKind::Folder => entries::count_in(tx, id)?,
                        EntryKind::File => 0,
                    };
                    listed.entries.push((entry, count));
                }
            }
            Ok(listed)
        };
        self.read(run).await
    }
}

/// The sections of a folder in their order; its sums go into `listed`.
fn sections(
    tx: &Transaction<'_>,
    room: RoomId,
    place: &[u8],
    sort: Sort,
    listed: &mut Listed,
) -> Result<Vec<Section>, ErrorView> {
    let mut statement =
        tx.prepare_cached("SELECT kind, person, count, bytes FROM sums WHERE place = ?1 AND count > 0")?;
    let mut sums = statement.query([place])?;
    let mut people: BTreeMap<(u8, AccountId), u64> = BTreeMap::new();
    while let Some(sum) = sums.next()? {
        let (count, bytes) = (uint(sum, 2)?, uint(sum, 3)?);
        people.insert((sum.get(0)?, row::id(sum, 1, AccountId::from_slice)?), count);
        listed.total = listed.total.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        listed.bytes = listed.bytes.saturating_add(bytes);
    }
    let all = |kind| {
        let number = entries::kind_number(kind);
        people.iter().filter(|((kind, _), _)| *kind == number).map(|(_, count)| count).sum()
    };
    let section = |kind, by, descending| Section { kind, by, descending, rows: all(kind) };
    let (folders, files) = (EntryKind::Folder, EntryKind::File);
    let down = sort.descending;
    // Folders have none of what files are marked by.
    let by_mark = |mark| -> Result<Vec<Section>, ErrorView> {
        let [first, second] = marked(tx, place, mark, down, all(files))?;
        Ok(vec![section(folders, Index::Name, false), first, second])
    };
    Ok(match sort.by {
        SortBy::Name => vec![section(folders, Index::Name, down), section(files, Index::Name, down)],
        SortBy::Modified => vec![section(folders, Index::Time, down), section(files, Index::Time, down)],
        // Folders have no size, and are all of one kind: they stay by name.
        SortBy::Size => vec![section(folders, Index::Name, false), section(files, Index::Size, down)],
        SortBy::Kind => vec![section(folders, Index::Name, false), section(files, Index::Type, down)],
        SortBy::Person => {
            let order = people_in_order(tx, room, people.keys().map(|(_, person)| *person), down)?;
            let of = |kind, person| {
                let rows = people.get(&(entries::kind_number(kind), person)).copied().unwrap_or(0);
                Section { kind, by: Index::Person(person), descending: down, rows }
            };
            let both = [folders, files].into_iter();
            both.flat_map(|kind| order.iter().map(move |person| of(kind, *person))).collect()
        }
        SortBy::Version => by_mark(Mark::Version)?,
        SortBy::Comments => by_mark(Mark::Comments)?,
        SortBy::Rating => by_mark(Mark::Rating)?,
        SortBy::Lock => by_mark(Mark::Lock)?,
    })
}

/// Who registered what lies there, by their names.
fn people_in_order(
    tx: &Transaction<'_>,
    room: RoomId,
    people: impl Iterator<Item = AccountId>,
    descending: bool,
) -> Result<Vec<AccountId>, ErrorView> {
    let mut order: Vec<AccountId> = people.collect();
    order.sort_unstable();
    order.dedup();
    let members = rooms::read_members(tx, room)?;
    let names: BTreeMap<AccountId, String> =
        members.iter().map(|member| (member.account, shown_name(member))).collect();
    order.sort_by_cached_key(|person| names.get(person).map(|name| order::name_key(name)));
    if descending {
        order.reverse();
    }
    Ok(order)
}

/// The files of a folder by something that few of them have: those that have it not stand together, by name.
fn marked(
    tx: &Transaction<'_>,
    place: &[u8],
    mark: Mark,
    descending: bool,
    files: u64,
) -> Result<[Section; 2], ErrorView> {
    let kind = EntryKind::File;
    let mut found = Section { kind, by: Index::With(mark), descending, rows: 0 };
    let question = format!(
        "SELECT count(*) FROM entries INDEXED BY {} WHERE place = ? AND kind = {} AND deleted = 0{}",
        found.index(),
        entries::kind_number(kind),
        found.only()
    );
    found.rows = tx.prepare_cached(&question)?.query_row([place], |row| uint(row, 0))?;
    let rows = files.saturating_sub(found.rows);
    let rest = Section { kind, by: Index::Without(mark), descending: false, rows };
    Ok(if descending { [found, rest] } else { [rest, found] })
}

/// A walk over the sections of one folder.
struct Way<'a> {
    tx: &'a Transaction<'a>,
    place: [u8; 16],
    turn: i64,
    marks: &'a Marks,
    passed: u64,
}

impl Way<'_> {
    /// The ids from one row of a section up to, and without, another.
    fn walk(
        &mut self,
        section: &Section,
        from: u64,
        to: u64,
        ids: &mut Vec<EntryId>,
    ) -> Result<(), ErrorView> {
        let (mut at, behind) = self.marks.before(self.place, section, self.turn, from);
        let mut statement = self.tx.prepare_cached(&section.question(behind.as_deref()))?;
        let person = match section.by {
            Index::Person(person) => Some(Value::Blob(person.as_bytes().to_vec())),
            Index::Name | Index::Time | Index::Size | Index::Type | Index::With(_) | Index::Without(_) => {
                None
            }
        };
        let values = std::iter::once(Value::Blob(self.place.to_vec()))
            .chain(person)
            .chain(behind.into_iter().flatten())
            .chain([Value::Integer(int(to - at))]);
        let mut rows = statement.query(params_from_iter(values))?;
        let columns = section.columns().len();
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            if at >= from {
                ids.push(row::id(row, columns - 1, EntryId::from_slice)?);
            } else {
                self.passed += 1;
            }
            at += 1;
            if at % EVERY == 0 {
                let row = (0..columns).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>()?;
                seen.push((at, row));
            }
        }
        self.marks.keep(self.place, section, self.turn, seen);
        Ok(())
    }
}
