//! What each side of a connection can do; exchanged first (P3), so that old and new versions work together.

/// Sync by key: the first message may carry a sync key (P2–P4).
pub const SYNC_KEY: &str = "sync-key/1";
/// Live progress of uploads in the room (N12).
pub const UPLOAD_PROGRESS: &str = "upload-progress/1";
/// Read marks as watermarks.
pub const READ_MARKS: &str = "read-marks/1";
/// Messages about messages: edits, reactions, deletions.
pub const ABOUT: &str = "about/1";
/// Who is writing.
pub const TYPING: &str = "typing/1";
/// Whose devices have a message, as watermarks.
pub const DELIVERED_MARKS: &str = "delivered-marks/1";
/// Presence of the people one shares a room with.
pub const PRESENCE: &str = "presence/1";
/// Links by which people join a room.
pub const ROOM_LINKS: &str = "room-links/1";
/// Files offered from person to person.
pub const OFFERS: &str = "offers/1";
/// Contacts by consent, in groups; and blocks.
pub const CONTACTS: &str = "contacts/1";

/// Settings that follow their person.
pub const SETTINGS: &str = "settings/1";

/// Greeting and sync in few bytes, for a device that was greeted before.
pub const BRIEF: &str = "brief/1";

/// What people say of themselves beside their names, told like presence.
pub const PROFILES: &str = "profiles/1";

/// Of a file that changed only what changed moves.
pub const CHUNKS: &str = "chunks/1";

/// All that this version can do. It grows at the end only: the place of a name is its bit.
pub const ALL: &[&str] = &[
    SYNC_KEY,
    UPLOAD_PROGRESS,
    READ_MARKS,
    ABOUT,
    TYPING,
    DELIVERED_MARKS,
    PRESENCE,
    ROOM_LINKS,
    OFFERS,
    CONTACTS,
    SETTINGS,
    BRIEF,
    PROFILES,
    CHUNKS,
];

/// These capabilities as a number; one that this version does not know has no bit.
#[must_use]
pub fn bits<T: AsRef<str>>(names: &[T]) -> u64 {
    let bit = |name: &T| ALL.iter().position(|known| *known == name.as_ref());
    names.iter().filter_map(bit).fold(0, |bits, at| bits | (1 << at))
}

/// The capabilities of a number; bits of a newer version stand for nothing here.
#[must_use]
pub fn of_bits(bits: u64) -> Vec<String> {
    let there = ALL.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0);
    there.map(|(_, name)| (*name).to_owned()).collect()
}
