//! How names are compared: two names that one desktop would hold as one may not lie in one folder.
//! What a name may be at all, says `pod_shared::content::check_name`; nothing here renames anything.

use crate::error::Refusal;
use crate::store::sqlite::content::Spot;
pub(crate) use pod_shared::content::name_key as key;
use pod_shared::content::{EntryKind, check_name, noted_name};
use pod_shared::{ErrorCode, limits};

/// Refuses a name that an entry may not have.
pub(crate) fn entry(name: &str) -> Result<(), Refusal> {
    check_name(name).map_err(|problem| Refusal::new(ErrorCode::InvalidName, problem.to_string()))
}

/// Refuses a title that a group may not have.
pub(crate) fn title(title: &str) -> Result<(), Refusal> {
    if title.trim().is_empty()
        || title.len() > limits::ROOM_TITLE_BYTES_MAX
        || title.chars().any(char::is_control)
    {
        return Err(Refusal::new(
            ErrorCode::InvalidName,
            "the title is empty, too long, or holds a control character",
        ));
    }
    Ok(())
}

/// The `number`th name to try: the name itself, then `name (2).ext`, cut where it would be too long.
#[must_use]
pub(crate) fn numbered(name: &str, kind: EntryKind, number: u32) -> String {
    if number <= 1 { name.to_owned() } else { noted_name(name, kind, &number.to_string()) }
}

/// The name of a copy that was kept beside a file of this name, when its writer gave it none.
#[must_use]
pub(crate) fn conflict(name: &str) -> String {
    noted_name(name, EntryKind::File, "conflict")
}

/// Refuses the names of an upload that an entry may not have.
pub(crate) fn spot(spot: &Spot) -> Result<(), Refusal> {
    entry(&spot.name)?;
    spot.basis.copy.as_deref().map_or(Ok(()), entry)
}
