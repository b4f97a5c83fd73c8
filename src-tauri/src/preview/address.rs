//! The addresses of pictures, read strictly: anything that is not exactly one of ours is none.

use pod_shared::{EntryId, RoomId};

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A small picture of an entry.
    Entry(EntryId),
    /// The whole content of an entry.
    File(EntryId),
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

/// Longest mark after `?v=`: a version, or a digest in hex.
const MARK_CHARS_MAX: usize = 64;

/// Reads path and query of an address.
pub(super) fn read(path: &str, query: Option<&str>) -> Option<Wanted> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let (kind, first, second) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || !query.is_none_or(is_mark) {
        return None;
    }
    match (kind, second) {
        ("entry", None) => Some(Wanted::Entry(exact(first)?)),
        ("file", None) => Some(Wanted::File(exact(first)?)),
        ("room", None) => Some(Wanted::Room(exact(first)?)),
        ("held", Some(second)) => Some(Wanted::Held { number: exact(first)?, index: exact(second)? }),
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
