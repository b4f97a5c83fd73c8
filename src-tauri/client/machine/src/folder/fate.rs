//! What becomes of each item: whether it stays, in which folder, under which names.
//!
//! The server's move counts before the one of the disk; each of folder and name by itself. What both changed stays on both
//! sides, and what would take a name that is taken gets another one.

use super::board::{Board, Item, ROOT};
use super::names::{conflict_name, free, from_server, to_server};
use super::{Alone, Right};
use pod_shared::EntryId;
use pod_shared::content::{EntryKind, name_key};
use std::collections::{BTreeMap, BTreeSet};

/// Decides it for all.
pub(super) fn decide(board: &mut Board<'_>) {
    for at in 1..board.items.len() {
        leave_what_is_held(board, at);
        place(board, at, Wins::Either);
    }
    if has_loop(board) {
        for at in 1..board.items.len() {
            place(board, at, Wins::Server);
        }
    }
    stay(board);
    settle_names(board);
}

/// Whose place counts where both sides have the item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wins {
    Either,
    Server,
}

/// What this person may not change is left as it is here, and not sent.
fn leave_what_is_held(board: &mut Board<'_>, at: usize) {
    let item = &board.items[at];
    let looks = board.trees.right == Right::Look;
    let (Some(local), false) = (item.local, item.unknown) else { return };
    let hidden = closed_by(board, at, board.trees.hidden);
    if !(looks || hidden || closed_by(board, at, board.trees.held)) {
        return;
    }
    let why = if hidden { Alone::NotShared } else { Alone::ReadOnly };
    let changed = match item.base {
        Some(base) => {
            let digest = board.digest(local);
            let other = item.kind == EntryKind::File && digest != Some(base.digest.as_str());
            other && digest != item.remote.map(|entry| entry.digest.as_str())
        }
        None => item.remote.is_none(),
    };
    if changed {
        board.items[at].unknown = true;
        board.leave(board.local(local).path.clone(), why);
    }
}

/// Whether an item is one of these entries, or new in a folder that is.
fn closed_by(board: &Board<'_>, at: usize, entries: &BTreeSet<EntryId>) -> bool {
    if entries.is_empty() {
        return false;
    }
    let mut next = at;
    while next != ROOT {
        let item = &board.items[next];
        match (item.entry(), item.local) {
            (Some(entry), _) => return entries.contains(&entry),
            (None, Some(local)) => next = board.above_here(local),
            (None, None) => return false,
        }
    }
    false
}

/// Where it belongs, as far as one item can say.
fn place(board: &mut Board<'_>, at: usize, wins: Wins) {
    let item = &board.items[at];
    let there = item.remote.map(|entry| (board.of_entry(entry.parent), entry.name.clone()));
    let here = item.local.map(|local| (board.above_here(local), board.name_here(local).to_owned()));
    let called = here.as_ref().map(|(_, local)| local.clone());
    let known = |name: &str| match (item.base, &called) {
        (Some(base), _) if base.name == name => base.local.clone(),
        (_, Some(local)) if to_server(local).as_deref() == Some(name) => local.clone(),
        (Some(_) | None, Some(_) | None) => from_server(name),
    };
    let may = board.trees.right == Right::Write
        && item.entry().is_none_or(|entry| !board.trees.held.contains(&entry));
    let (parent, name, local) = match (there, here, item.base) {
        (Some((parent, name)), Some((above, local)), Some(base)) if wins == Wins::Either && may => {
            let entry = item.remote.and_then(|entry| entry.parent);
            let moved_here = board.folder_of(above) != Some(base.parent);
            let parent = if entry == base.parent && moved_here { above } else { parent };
            let renamed = name == base.name && local != base.local;
            match to_server(&local).filter(|_| renamed) {
                Some(written) => (parent, written, local),
                None => (parent, name.clone(), known(&name)),
            }
        }
        (Some((parent, name)), ..) => (parent, name.clone(), known(&name)),
        (None, Some((above, local)), _) => (above, to_server(&local).unwrap_or_else(|| local.clone()), local),
        (None, None, Some(base)) => (board.of_entry(base.parent), base.name.clone(), base.local.clone()),
        (None, None, None) => (ROOT, String::new(), String::new()),
    };
    let item = &mut board.items[at];
    (item.parent, item.name, item.here) = (parent, name, local);
}

/// Whether a folder would lie in itself: moved into another here, and the other into it there.
fn has_loop(board: &Board<'_>) -> bool {
    let ends = |start: usize| {
        let mut at = start;
        for _ in 0..=board.items.len() {
            if at == ROOT {
                return true;
            }
            at = board.items[at].parent;
        }
        false
    };
    let folders = (1..board.items.len()).filter(|at| board.items[*at].kind == EntryKind::Folder);
    folders.into_iter().any(|at| board.items[at].local.is_some() && !ends(at))
}

/// Which of them stay: what is on both sides, what is new, what was changed on one side, and the folders that hold any.
fn stay(board: &mut Board<'_>) {
    for at in 1..board.items.len() {
        let item = &board.items[at];
        board.items[at].alive = match (item.base, item.remote, item.local) {
            _ if item.unknown => true,
            (None, ..) | (_, Some(_), Some(_)) => true,
            (Some(base), Some(entry), None) => {
                let may = board.trees.right == Right::Write && !board.trees.held.contains(&entry.id);
                let other = entry.digest != base.digest && !board.trees.sent.contains(&entry.digest);
                item.kind == EntryKind::File && other || !may
            }
            (Some(base), None, Some(local)) => {
                item.kind == EntryKind::File && board.digest(local) != Some(base.digest.as_str())
            }
            (Some(_), None, None) => false,
        };
    }
    let sure: Vec<usize> =
        (1..board.items.len()).filter(|at| board.items[*at].alive && !board.items[*at].unknown).collect();
    for at in sure {
        let mut above = board.items[at].parent;
        while above != ROOT && !board.items[above].alive {
            board.items[above].alive = true;
            above = board.items[above].parent;
        }
    }
    // A folder that only holds what is left alone is left alone too.
    let left = board.alone.iter().filter_map(|(path, _)| path.rsplit_once('/'));
    let left: Vec<usize> = left.filter_map(|(above, _)| board.of_local[*board.by_path.get(above)?]).collect();
    let unknown: Vec<usize> = (1..board.items.len())
        .filter(|at| board.items[*at].unknown)
        .map(|at| board.items[at].parent)
        .collect();
    for mut above in left.into_iter().chain(unknown) {
        while above != ROOT && !board.items[above].alive {
            (board.items[above].alive, board.items[above].unknown) = (true, true);
            above = board.items[above].parent;
        }
    }
}

/// No two of one folder with one name.
fn settle_names(board: &mut Board<'_>) {
    let mut taken: BTreeMap<(usize, String), usize> = BTreeMap::new();
    let mut order: Vec<usize> = (1..board.items.len()).filter(|at| board.items[*at].alive).collect();
    order.sort_by_key(|at| rank(board, *at));
    for at in order {
        let key = (board.items[at].parent, name_key(&board.items[at].name));
        let Some(holder) = taken.get(&key).copied() else {
            taken.insert(key, at);
            continue;
        };
        if board.items[at].unknown {
            continue;
        }
        if clashes(board, at, holder) {
            board.items[at].unknown = true;
            if let Some(local) = board.items[at].local {
                board.leave(board.local(local).path.clone(), Alone::Clash);
            }
            continue;
        }
        let name = copy_name(board, at, |name| taken.contains_key(&(key.0, name.to_owned())));
        taken.insert((key.0, name_key(&name)), at);
        let item = &mut board.items[at];
        (item.here, item.name) = (from_server(&name), name);
    }
}

/// Who keeps a name: what is left alone, then what has it at the server, then what has a base.
fn rank(board: &Board<'_>, at: usize) -> (u8, usize) {
    let item = &board.items[at];
    let has = item.remote.is_some_and(|entry| {
        board.of_entry(entry.parent) == item.parent && name_key(&entry.name) == name_key(&item.name)
    });
    let rank = match (item.unknown, has, item.base) {
        (true, ..) => 0,
        (false, true, _) => 1,
        (false, false, Some(_)) => 2,
        (false, false, None) => 3,
    };
    (rank, at)
}

/// Two things of one folder of the disk, which only this system tells apart.
fn clashes(board: &Board<'_>, at: usize, holder: usize) -> bool {
    let (Some(one), Some(other)) = (board.items[at].local, board.items[holder].local) else { return false };
    let same = board.above[one] == board.above[other];
    let key = |local: usize| to_server(board.name_here(local)).map(|name| name_key(&name));
    same && board.items[at].remote.is_none() && key(one) == key(other)
}

/// The name of a copy that nobody has yet.
pub(super) fn copy_name(board: &Board<'_>, at: usize, taken: impl Fn(&str) -> bool) -> String {
    let item = &board.items[at];
    let name = conflict_name(&item.name, item.kind, board.trees.person, board.trees.date);
    free(&name, item.kind, taken)
}

/// Whether the server has a content, which went up from here, in a folder beside an item.
pub(super) fn is_kept(board: &Board<'_>, at: usize, folder: Option<EntryId>, digest: &str) -> bool {
    let is = |(other, item): (usize, &Item<'_>)| {
        let same = item.remote.is_some_and(|entry| entry.parent == folder && entry.digest == digest);
        other != at && item.alive && same
    };
    board.trees.sent.contains(digest) && board.items.iter().enumerate().any(is)
}
