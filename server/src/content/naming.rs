//! How names are compared: two names that one desktop would hold as one may not lie in one folder.
//! What a name may be at all, says `pod_shared::content::check_name`; nothing here renames anything.

use crate::error::Refusal;
use pod_shared::content::check_name;
use pod_shared::{ErrorCode, limits};
use unicode_normalization::UnicodeNormalization;

/// The form in which names are compared: without case (Windows, macOS), composed (macOS writes decomposed).
#[must_use]
pub(crate) fn key(name: &str) -> String {
    name.nfd().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

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
