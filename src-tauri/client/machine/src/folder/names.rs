//! Names: what the disk calls a file and what the server calls it, and the name of a copy.
//!
//! The server takes only names that every desktop can hold. What another name has too much is written as [`QUOTE`] and a
//! wide twin, so that a computer that can hold the name finds the first one again; names that are fine are never touched.

use pod_shared::content::{EntryKind, check_name, name_key};
use pod_shared::limits;

/// Stands before a character that is written as its twin. Before another character it stands for itself.
const QUOTE: char = '\u{201b}';
/// Characters that some desktop cannot hold, with their twins.
const TWINS: &[(char, char)] = &[
    ('\\', '＼'),
    (':', '：'),
    ('*', '＊'),
    ('?', '？'),
    ('"', '＂'),
    ('<', '＜'),
    ('>', '＞'),
    ('|', '｜'),
    ('.', '．'),
    (' ', '␠'),
    ('\t', '␉'),
    ('\n', '␊'),
    ('\r', '␍'),
    (QUOTE, QUOTE),
];
/// Stands alone before a name that Windows keeps for devices.
const RESERVED: char = '＿';

fn twin(c: char) -> Option<char> {
    TWINS.iter().find(|(plain, _)| *plain == c).map(|(_, twin)| *twin)
}

fn plain(c: char) -> Option<char> {
    TWINS.iter().find(|(_, twin)| *twin == c).map(|(plain, _)| *plain)
}

/// The name for the server of something that the disk calls so; nothing: no server takes it.
#[must_use]
pub fn to_server(local: &str) -> Option<String> {
    let composed = pod_shared::content::composed(local);
    let fine = |name: &str| check_name(name).is_ok();
    // A name that would be read as another one is written out too.
    if fine(&composed) && from_server(&composed) == composed {
        return Some(composed);
    }
    let last = composed.chars().count().saturating_sub(1);
    let mut written = String::with_capacity(composed.len() + 8);
    for (at, c) in composed.chars().enumerate() {
        let always = !matches!(c, '.' | ' ') && c != QUOTE;
        let edge = matches!(c, '.' | ' ') && (at == last || (c == ' ' && at == 0));
        let next = composed.chars().nth(at + 1);
        let quoted = c == QUOTE && next.is_some_and(|next| plain(next).is_some() || next == RESERVED);
        match twin(c) {
            Some(twin) if always || edge || quoted => written.extend([QUOTE, twin]),
            Some(_) | None => written.push(c),
        }
    }
    if !fine(&written) {
        written.insert_str(0, &format!("{QUOTE}{RESERVED}"));
    }
    (fine(&written) && from_server(&written) == composed).then_some(written)
}

/// The name for the disk of something that the server calls so.
#[must_use]
pub fn from_server(name: &str) -> String {
    // Windows holds no other names than the server takes.
    if cfg!(windows) {
        return name.to_owned();
    }
    let mut read = String::with_capacity(name.len());
    let mut rest = name.chars().peekable();
    let mut first = true;
    while let Some(c) = rest.next() {
        let quotes = c == QUOTE;
        match rest.peek().copied() {
            Some(RESERVED) if quotes && first => drop(rest.next()),
            Some(next) if quotes && plain(next).is_some() => {
                read.extend(plain(next));
                rest.next();
            }
            Some(_) | None => read.push(c),
        }
        first = false;
    }
    // A name that would lead elsewhere is none.
    if read.is_empty() || read == "." || read == ".." || read.contains(['/', '\0']) {
        return name.to_owned();
    }
    read
}

/// `name (conflict, person, date).ext`, cut where it would be too long. What the person's name has too much is left out.
#[must_use]
pub fn conflict_name(name: &str, kind: EntryKind, person: &str, date: &str) -> String {
    let keeps = |c: &char| !c.is_control() && !"/\\:*?\"<>|,()".contains(*c);
    let person: String = person.chars().filter(keeps).take(40).collect();
    let tail = format!(" (conflict, {}, {date})", person.trim());
    let cut = beside(name, kind, &tail);
    if check_name(&cut).is_ok() { cut } else { beside(name, kind, &format!(" (conflict, {date})")) }
}

/// The name with something between it and its ending, cut where it would be too long.
#[must_use]
pub fn beside(name: &str, kind: EntryKind, tail: &str) -> String {
    let dot = name.rfind('.').filter(|at| *at > 0 && kind == EntryKind::File);
    let (stem, ending) = name.split_at(dot.unwrap_or(name.len()));
    let room = limits::ENTRY_NAME_BYTES_MAX.saturating_sub(tail.len() + ending.len());
    let stem = stem.get(..stem.floor_char_boundary(room)).unwrap_or_default().trim_end();
    format!("{stem}{tail}{ending}")
}

/// The first of `name`, `name 2`, `name 3` that nobody has.
pub(super) fn free(name: &str, kind: EntryKind, taken: impl Fn(&str) -> bool) -> String {
    let mut number = 1_u32;
    loop {
        let tried = if number == 1 { name.to_owned() } else { beside(name, kind, &format!(" {number}")) };
        if !taken(&name_key(&tried)) {
            return tried;
        }
        number += 1;
    }
}
