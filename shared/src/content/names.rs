//! Which names a file or folder may have: those that every desktop can hold (Windows, macOS, Linux), and that don't lie.

use super::EntryKind;
use crate::limits;
use unicode_normalization::UnicodeNormalization;

#[cfg(test)]
mod tests;

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// It is empty.
    #[error("the name is empty")]
    Empty,
    /// It is longer than [`limits::ENTRY_NAME_BYTES_MAX`].
    #[error("the name is too long")]
    TooLong,
    /// `.` or `..`.
    #[error("the name stands for a folder")]
    Dots,
    /// A slash, NUL or another character that some desktop cannot hold.
    #[error("the name holds a character that some computers cannot store")]
    Character,
    /// A mark that turns the direction of text and so can hide the real ending.
    #[error("the name holds an invisible mark that hides its real ending")]
    Direction,
    /// An invisible character, by which two names would look alike.
    #[error("the name holds an invisible character")]
    Invisible,
    /// A name that Windows keeps for devices.
    #[error("the name is reserved on Windows")]
    Reserved,
    /// It begins or ends with a space, or ends with a dot.
    #[error("the name begins or ends with a space, or ends with a dot")]
    Edge,
}

/// The form in which names of one folder are compared: without case (Windows, macOS), composed (macOS writes decomposed).
/// Two names with one key are the same file to some desktop.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.nfd().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// The name in composed form, as most systems write it; macOS takes names apart.
#[must_use]
pub fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// Whether a file or folder may have this name.
///
/// # Errors
/// Why not.
pub fn check_name(name: &str) -> Result<(), NameProblem> {
    if name.is_empty() {
        return Err(NameProblem::Empty);
    }
    if name.len() > limits::ENTRY_NAME_BYTES_MAX {
        return Err(NameProblem::TooLong);
    }
    if name == "." || name == ".." {
        return Err(NameProblem::Dots);
    }
    if name.chars().any(|c| c.is_control() || "/\\:*?\"<>|".contains(c) || c == '\u{feff}') {
        return Err(NameProblem::Character);
    }
    if name.chars().any(|c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return Err(NameProblem::Direction);
    }
    if hides(name) {
        return Err(NameProblem::Invisible);
    }
    if name.starts_with(char::is_whitespace) || name.ends_with(char::is_whitespace) || name.ends_with('.') {
        return Err(NameProblem::Edge);
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
    {
        return Err(NameProblem::Reserved);
    }
    Ok(())
}

/// Longer ones are a part of the name.
const ENDING_BYTES_MAX: usize = 32;

/// `name (note).ext`: the name with something said in it, cut where it would be too long. A folder has no ending.
#[must_use]
pub fn noted_name(name: &str, kind: EntryKind, note: &str) -> String {
    let is_ending = |stem: &str, ending: &str| {
        kind == EntryKind::File && !stem.is_empty() && ending.len() <= ENDING_BYTES_MAX
    };
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if is_ending(stem, ending) => (stem, format!(".{ending}")),
        Some(_) | None => (name, String::new()),
    };
    let tail = format!(" ({note}){ending}");
    let mut room = limits::ENTRY_NAME_BYTES_MAX.saturating_sub(tail.len()).min(stem.len());
    while !stem.is_char_boundary(room) {
        room -= 1;
    }
    format!("{}{tail}", stem.get(..room).unwrap_or_default().trim_end())
}

/// Whether a name holds a character that shows nothing. Joiners are part of Persian words and of emoji: they may stand
/// between two characters that are neither joiners nor ASCII.
fn hides(name: &str) -> bool {
    let joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
    let joins = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !joiner(c));
    let mut before = None;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let invisible = matches!(
            c,
            '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}'
                | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        );
        if invisible || (joiner(c) && !(joins(before) && joins(rest.peek().copied()))) {
            return true;
        }
        before = Some(c);
    }
    false
}
