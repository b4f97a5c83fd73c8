//! How values of the domain stand in columns: ids as 16 bytes, counts as signed integers, digests as raw bytes.

use pod_shared::content::{ActivityKind, EntryKind};
use rusqlite::Row;
use rusqlite::types::Type;
use uuid::Uuid;

/// A count in a column.
pub(in super::super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A column as a count.
pub(in super::super) fn count(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(index)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(index, value))
}

/// A column as an id.
pub(in super::super) fn id<T>(row: &Row<'_>, index: usize, make: fn(Uuid) -> T) -> rusqlite::Result<T> {
    row.get::<_, [u8; 16]>(index).map(|bytes| make(Uuid::from_bytes(bytes)))
}

/// A column as an id that may be missing.
pub(in super::super) fn id_or_none<T>(
    row: &Row<'_>,
    index: usize,
    make: fn(Uuid) -> T,
) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(index)?.map(|bytes| make(Uuid::from_bytes(bytes))))
}

/// A value that no version of this program wrote.
pub(in super::super) fn strange(index: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, Type::Integer, what.into())
}

/// Digest bytes as hex.
pub(in super::super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The stored number of an entry's kind.
pub(in super::super) fn entry_kind(kind: EntryKind) -> i64 {
    match kind {
        EntryKind::File => 1,
        EntryKind::Folder => 2,
    }
}

/// The kind with this stored number.
pub(in super::super) fn entry_kind_of(row: &Row<'_>, index: usize) -> rusqlite::Result<EntryKind> {
    match row.get::<_, i64>(index)? {
        1 => Ok(EntryKind::File),
        2 => Ok(EntryKind::Folder),
        _ => Err(strange(index, "kind of entry")),
    }
}

/// The stored number of an activity's kind; its meaning never changes.
pub(in super::super) fn activity_kind(kind: &ActivityKind) -> i64 {
    match kind {
        ActivityKind::GroupCreated => 1,
        ActivityKind::UploadStarted => 2,
        ActivityKind::Uploaded => 3,
        ActivityKind::UploadCancelled => 4,
        ActivityKind::Modified => 5,
        ActivityKind::Downloaded => 6,
        ActivityKind::FolderCreated => 7,
        ActivityKind::Renamed { .. } => 8,
        ActivityKind::Moved => 9,
        ActivityKind::Deleted => 10,
        ActivityKind::Restored => 11,
        ActivityKind::RoomPicture => 12,
        ActivityKind::ConflictKept { .. } => 13,
        ActivityKind::VersionRestored { .. } => 14,
        ActivityKind::Locked => 15,
        ActivityKind::Unlocked => 16,
        ActivityKind::LockExpired => 17,
        ActivityKind::LockBroken { .. } => 18,
        ActivityKind::Commented => 19,
        ActivityKind::CommentDeleted => 20,
        ActivityKind::Rated { .. } => 21,
        ActivityKind::PermissionChanged => 40,
        ActivityKind::Purged => 22,
        ActivityKind::TrashEmptied => 23,
        ActivityKind::Opened => 24,
        ActivityKind::OpenedTold { .. } => 25,
        ActivityKind::MetadataChanged => 26,
        // Only read by clients, never written.
        ActivityKind::Unknown { .. } => 0,
    }
}

/// What the column `was` holds for a kind: a name, or a number in digits.
pub(in super::super) fn activity_was(kind: &ActivityKind) -> Option<String> {
    match kind {
        ActivityKind::Renamed { from } => Some(from.clone()),
        ActivityKind::ConflictKept { of } => Some(of.clone()),
        ActivityKind::VersionRestored { version } => Some(version.to_string()),
        ActivityKind::LockBroken { reason } => Some(reason.clone()),
        ActivityKind::Rated { halves } => Some(halves.to_string()),
        ActivityKind::OpenedTold { on } => Some(u8::from(*on).to_string()),
        ActivityKind::Unknown { was } => Some(was.clone()),
        ActivityKind::GroupCreated
        | ActivityKind::UploadStarted
        | ActivityKind::Uploaded
        | ActivityKind::UploadCancelled
        | ActivityKind::Modified
        | ActivityKind::Downloaded
        | ActivityKind::FolderCreated
        | ActivityKind::Moved
        | ActivityKind::Deleted
        | ActivityKind::Restored
        | ActivityKind::RoomPicture
        | ActivityKind::Locked
        | ActivityKind::Unlocked
        | ActivityKind::LockExpired
        | ActivityKind::Commented
        | ActivityKind::CommentDeleted
        | ActivityKind::PermissionChanged
        | ActivityKind::Purged
        | ActivityKind::TrashEmptied
        | ActivityKind::Opened
        | ActivityKind::MetadataChanged => None,
    }
}

/// The kind with this stored number; `was` is what [`activity_was`] gave.
pub(in super::super) fn activity_kind_of(
    row: &Row<'_>,
    index: usize,
    was: usize,
) -> rusqlite::Result<ActivityKind> {
    let text = || Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(was)?.unwrap_or_default());
    Ok(match row.get::<_, i64>(index)? {
        1 => ActivityKind::GroupCreated,
        2 => ActivityKind::UploadStarted,
        3 => ActivityKind::Uploaded,
        4 => ActivityKind::UploadCancelled,
        5 => ActivityKind::Modified,
        6 => ActivityKind::Downloaded,
        7 => ActivityKind::FolderCreated,
        8 => ActivityKind::Renamed { from: text()? },
        9 => ActivityKind::Moved,
        10 => ActivityKind::Deleted,
        11 => ActivityKind::Restored,
        12 => ActivityKind::RoomPicture,
        13 => ActivityKind::ConflictKept { of: text()? },
        14 => {
            let version = text()?.parse().map_err(|_| strange(was, "version brought back"))?;
            ActivityKind::VersionRestored { version }
        }
        15 => ActivityKind::Locked,
        16 => ActivityKind::Unlocked,
        17 => ActivityKind::LockExpired,
        18 => ActivityKind::LockBroken { reason: text()? },
        19 => ActivityKind::Commented,
        20 => ActivityKind::CommentDeleted,
        21 => {
            let halves = text()?.parse().map_err(|_| strange(was, "half stars"))?;
            ActivityKind::Rated { halves }
        }
        22 => ActivityKind::Purged,
        23 => ActivityKind::TrashEmptied,
        40 => ActivityKind::PermissionChanged,
        24 => ActivityKind::Opened,
        25 => ActivityKind::OpenedTold { on: text()? == "1" },
        26 => ActivityKind::MetadataChanged,
        _ => return Err(strange(index, "kind of activity")),
    })
}
