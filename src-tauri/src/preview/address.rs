//! The addresses of pictures, read strictly: anything that is not exactly one of ours is none.

use crate::player::Piece;
use pod_shared::{EntryId, RoomId};

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A small picture of an entry.
    Entry(EntryId),
    /// The whole content of an entry.
    File(EntryId),
    /// A piece of a PDF.
    Piece(Piece),
    /// The picture of a room.
    Room(RoomId),
    /// A held picture.
    Held {
        /// Of this bundle.
        number: u64,
        /// This file.
        index: usize,
    },
}

/// Parts of the longest path.
const PARTS_MAX: usize = 5;
/// Longest mark after `?v=`: a version, or a digest in hex.
const MARK_CHARS_MAX: usize = 64;

/// Reads path and query of an address.
pub(super) fn read(path: &str, query: Option<&str>) -> Option<Wanted> {
    if !query.is_none_or(is_mark) {
        return None;
    }
    let parts: Vec<&str> = path.strip_prefix('/')?.splitn(PARTS_MAX + 1, '/').collect();
    match *parts.as_slice() {
        ["entry", entry] => Some(Wanted::Entry(exact(entry)?)),
        ["file", entry] => Some(Wanted::File(exact(entry)?)),
        ["room", room] => Some(Wanted::Room(exact(room)?)),
        ["held", number, index] => Some(Wanted::Held { number: exact(number)?, index: exact(index)? }),
        ["piece", entry, version, from, bytes] => Some(Wanted::Piece(Piece {
            entry: exact(entry)?,
            version: exact(version)?,
            from: exact(from)?,
            bytes: exact(bytes)?,
        })),
        _ => None,
    }
}

/// Only the one way in which a value is written counts.
fn exact<T: std::str::FromStr + ToString>(text: &str) -> Option<T> {
    text.parse::<T>().ok().filter(|value| value.to_string() == text)
}

/// The mark only keeps an old picture from being shown: it chooses nothing.
fn is_mark(query: &str) -> bool {
    query.strip_prefix("v=").is_some_and(|mark| {
        (1..=MARK_CHARS_MAX).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
