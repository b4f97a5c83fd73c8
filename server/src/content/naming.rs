//! How names are compared: two names that one desktop would hold as one may not lie in one folder.
//! What a name may be at all, says `pod_shared::content::check_name`; nothing here renames anything.

use crate::error::Refusal;
pub(crate) use pod_shared::content::name_key as key;
use pod_shared::content::{EntryKind, check_name};
use pod_shared::{ErrorCode, limits};

/// Longer ones are a part of the name.
const ENDING_BYTES_MAX: usize = 32;

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
    if number <= 1 {
        return name.to_owned();
    }
    let is_ending = |stem: &str, ending: &str| {
        kind == EntryKind::File && !stem.is_empty() && ending.len() <= ENDING_BYTES_MAX
    };
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if is_ending(stem, ending) => (stem, format!(".{ending}")),
        Some(_) | None => (name, String::new()),
    };
    let tail = format!(" ({number}){ending}");
    let mut room = limits::ENTRY_NAME_BYTES_MAX.saturating_sub(tail.len()).min(stem.len());
    while !stem.is_char_boundary(room) {
        room -= 1;
    }
    format!("{}{tail}", stem.get(..room).unwrap_or_default().trim_end())
}
