//! Which thing on the disk is which entry.
//!
//! First by its place, so that a file that an editor saves through another one stays what it is; then, for what is missing
//! at its place, by the number of the file system (files also by their digest, since numbers are used again); then by a
//! digest that only one has. What is new on both sides under one name is one thing if it is alike.

use super::board::{Board, ROOT};
use super::{Alone, Base, Seen, names};
use pod_shared::EntryId;
use pod_shared::content::{EntryKind, name_key};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Finds them.
pub(super) fn pair(board: &mut Board<'_>) {
    let children = children(board);
    let root = board.trees.folder;
    let moved = moved(board);
    by_place(board, &children, &moved, root, None);
    folders_by_number(board, &children, &moved);
    files_by_number(board);
    files_by_digest(board);
    new_ones(board);
}

type Children = BTreeMap<Option<EntryId>, Vec<usize>>;

/// The bases by the folder in which they lay.
fn children(board: &Board<'_>) -> Children {
    let mut children = Children::new();
    for (at, item) in board.items.iter().enumerate() {
        if let Some(base) = item.base {
            children.entry(base.parent).or_default().push(at);
        }
    }
    children
}

/// Things on the disk that are surely another entry than the one that lay at their place: one whose own place is empty.
fn moved(board: &Board<'_>) -> BTreeSet<usize> {
    let mut away: BTreeMap<u64, &Base> = BTreeMap::new();
    for base in board.trees.bases.iter().filter(|base| base.mark.inode != 0) {
        if old_path(board, base).is_some_and(|path| !board.by_path.contains_key(path.as_str())) {
            away.insert(base.mark.inode, base);
        }
    }
    let is = |at: &usize| {
        let base = away.get(&board.local(*at).inode);
        base.is_some_and(|base| match (&board.local(*at).seen, base.kind) {
            (Seen::Folder { .. }, EntryKind::Folder) => true,
            (Seen::File { digest, .. }, EntryKind::File) => *digest == base.digest,
            (Seen::Folder { .. } | Seen::File { .. } | Seen::Alone(_), _) => false,
        })
    };
    (0..board.trees.local.len()).filter(is).collect()
}

/// Where an entry lay on the disk.
fn old_path(board: &Board<'_>, base: &Base) -> Option<String> {
    let mut path = base.local.clone();
    let mut above = base.parent;
    while above != board.trees.folder {
        let base = board.items[*board.by_entry.get(&above?)?].base?;
        path = format!("{}/{path}", base.local);
        above = base.parent;
    }
    Some(path)
}

/// What lies where it lay, from this folder down.
fn by_place(
    board: &mut Board<'_>,
    children: &Children,
    moved: &BTreeSet<usize>,
    folder: Option<EntryId>,
    above: Option<usize>,
) {
    let mut folders = VecDeque::from([(folder, above)]);
    while let Some((folder, above)) = folders.pop_front() {
        for at in children.get(&folder).into_iter().flatten().copied() {
            let Some(base) = board.items[at].base else { continue };
            if board.items[at].local.is_some() || board.items[at].unknown {
                continue;
            }
            let found = board.inside.get(&above).and_then(|inside| inside.get(base.local.as_str())).copied();
            let other = found
                .is_some_and(|found| moved.contains(&found) && board.local(found).inode != base.mark.inode);
            match found.map(|found| (found, board.seen(found), board.of_local[found])) {
                Some(_) if other => {}
                Some((found, Seen::Folder { .. }, None)) if base.kind == EntryKind::Folder => {
                    board.claim(at, found);
                    folders.push_back((Some(base.entry), Some(found)));
                }
                Some((found, Seen::File { .. }, None)) if base.kind == EntryKind::File => {
                    board.claim(at, found);
                }
                Some((found, Seen::Alone(_), None)) => {
                    board.claim(at, found);
                    unknown(board, children, at);
                }
                None if rests(board, above) && !is_moving(board, above, &base.local) => {}
                None => unknown(board, children, at),
                Some(_) => {}
            }
        }
    }
}

fn rests(board: &Board<'_>, folder: Option<usize>) -> bool {
    match folder {
        Some(at) => !matches!(board.local(at).seen, Seen::Folder { restless: true }),
        None => !board.trees.restless,
    }
}

fn is_moving(board: &Board<'_>, above: Option<usize>, name: &str) -> bool {
    let path = above.map_or_else(|| name.to_owned(), |at| format!("{}/{name}", board.local(at).path));
    board.trees.moving.contains(&path)
}

/// Nothing can be said of it now, nor of what lay in it.
fn unknown(board: &mut Board<'_>, children: &Children, at: usize) {
    let mut all = vec![at];
    while let Some(at) = all.pop() {
        board.items[at].unknown = true;
        let inside = board.items[at].base.and_then(|base| children.get(&Some(base.entry)));
        all.extend(inside.into_iter().flatten().filter(|at| !board.items[**at].unknown));
    }
}

/// Items that the disk does not have at their place.
fn missing(board: &Board<'_>, kind: EntryKind) -> Vec<usize> {
    let is = |at: &usize| {
        let item = &board.items[*at];
        item.base.is_some() && item.kind == kind && item.local.is_none() && !item.unknown
    };
    (1..board.items.len()).filter(is).collect()
}

/// Things on the disk that are nothing yet, by their number.
fn by_number(board: &Board<'_>) -> BTreeMap<u64, usize> {
    let locals = board.trees.local.iter().enumerate();
    let free = locals.filter(|(at, local)| board.of_local[*at].is_none() && local.inode != 0);
    free.map(|(at, local)| (local.inode, at)).collect()
}

fn folders_by_number(board: &mut Board<'_>, children: &Children, moved: &BTreeSet<usize>) {
    let numbers = by_number(board);
    for at in missing(board, EntryKind::Folder) {
        let Some(base) = board.items[at].base else { continue };
        // What lay in a folder that was found meanwhile is found with it.
        if board.items[at].local.is_some() || board.items[at].unknown {
            continue;
        }
        let Some(found) = numbers.get(&base.mark.inode).copied() else { continue };
        let is_folder = matches!(board.local(found).seen, Seen::Folder { .. });
        if is_folder && board.of_local[found].is_none() {
            board.claim(at, found);
            by_place(board, children, moved, Some(base.entry), Some(found));
        }
    }
}

fn files_by_number(board: &mut Board<'_>) {
    let numbers = by_number(board);
    for at in missing(board, EntryKind::File) {
        let Some(base) = board.items[at].base else { continue };
        let Some(found) = numbers.get(&base.mark.inode).copied() else { continue };
        if board.of_local[found].is_some() {
            continue;
        }
        match board.seen(found) {
            Seen::File { digest, .. } if digest == base.digest => board.claim(at, found),
            // It was moved just now, and is read in a moment.
            Seen::Alone(Alone::Busy) => board.items[at].unknown = true,
            Seen::File { .. } | Seen::Folder { .. } | Seen::Alone(_) => {}
        }
    }
}

fn files_by_digest(board: &mut Board<'_>) {
    let mut free: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in 0..board.trees.local.len() {
        let file = matches!(board.seen(at), Seen::File { mark, .. } if mark.size > 0);
        if let Some(digest) = board.digest(at).filter(|_| file && board.of_local[at].is_none()) {
            free.entry(digest).or_default().push(at);
        }
    }
    let mut lost: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in missing(board, EntryKind::File) {
        let Some(base) = board.items[at].base else { continue };
        lost.entry(base.digest.as_str()).or_default().push(at);
    }
    for (digest, lost) in lost {
        if let ([at], Some([found])) = (lost.as_slice(), free.get(digest).map(Vec::as_slice)) {
            board.claim(*at, *found);
        }
    }
}

/// What is on the disk and was nothing before: what the server has in that place and the disk has nowhere, or new itself.
fn new_ones(board: &mut Board<'_>) {
    let mut there: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for (at, item) in board.items.iter().enumerate() {
        if let Some(entry) = item.remote.filter(|_| item.local.is_none() && !item.unknown) {
            there.insert((board.of_entry(entry.parent), name_key(&entry.name)), at);
        }
    }
    // What is missing where things come and go just now may be this very thing, moved.
    let lost = board.items.iter().filter(|item| item.unknown && item.local.is_none());
    let lost: BTreeSet<u64> = lost.filter_map(|item| item.base).map(|base| base.mark.inode).collect();
    for at in 0..board.trees.local.len() {
        if board.of_local[at].is_some() || !is_inside(board, at) {
            continue;
        }
        let local = board.local(at);
        if local.inode != 0 && lost.contains(&local.inode) {
            board.leave(local.path.clone(), Alone::Busy);
            continue;
        }
        let kind = match board.seen(at) {
            Seen::Folder { .. } => EntryKind::Folder,
            Seen::File { .. } => EntryKind::File,
            Seen::Alone(why) => {
                board.leave(local.path.clone(), why);
                continue;
            }
        };
        let Some(name) = names::to_server(board.name_here(at)) else {
            board.leave(local.path.clone(), Alone::Name);
            continue;
        };
        let parent = board.above_here(at);
        match there.get(&(parent, name_key(&name))).copied() {
            Some(item) if board.items[item].local.is_none() && board.items[item].kind == kind => {
                board.claim(item, at);
            }
            Some(_) | None => drop(board.add_local(at, kind)),
        }
    }
}

/// Whether the folder in which it lies takes part.
fn is_inside(board: &Board<'_>, at: usize) -> bool {
    board.above[at].is_none_or(|above| {
        board.of_local[above].is_some_and(|item| item != ROOT && !board.items[item].unknown)
    })
}
