//! When a file that somebody writes to is read, and how a program shows that it has it open.

use crate::folder::Mark;

/// A file that was changed within this time, in milliseconds, is left until it rests: whoever writes it may not be ready.
pub const QUIET_MS: u64 = 800;
/// On a disk that counts time in whole seconds two changes may look like one for this long, in milliseconds.
const QUIET_COARSE_MS: u64 = 2_500;
/// A time that lies further in the future than this, in milliseconds, means that the clock was set back.
const AHEAD_MS: u64 = 2_000;
/// A program that no longer shows that it has the file open, for this long in milliseconds, has closed it: some take the
/// sign away for a moment while they save.
pub const SIGN_GONE_MS: u64 = 3_000;

/// What to do about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is what it was when it was read.
    Same,
    /// It is being written, or replaced: look again after this time, in milliseconds.
    Again {
        /// How long.
        after_ms: u64,
    },
    /// It rests, and is to be read.
    Read,
}

/// What to do about a file that was read when it was `read` and is `mark` now; nothing: it is not there.
#[must_use]
pub fn look(now_ns: i64, mark: Option<&Mark>, read: Option<&Mark>) -> Look {
    let Some(mark) = mark else { return Look::Again { after_ms: QUIET_MS } };
    if read == Some(mark) {
        return Look::Same;
    }
    let age_ms = now_ns.saturating_sub(mark.changed_ns) / 1_000_000;
    let quiet = if mark.changed_ns % 1_000_000_000 == 0 { QUIET_COARSE_MS } else { QUIET_MS };
    match u64::try_from(age_ms) {
        Ok(age) if age < quiet => Look::Again { after_ms: quiet - age },
        Err(_) if age_ms.unsigned_abs() < AHEAD_MS => Look::Again { after_ms: quiet },
        Ok(_) | Err(_) => Look::Read,
    }
}

/// Whether a file of this name lies beside another one for as long as a program has that open: LibreOffice
/// (`.~lock.NAME#`), Microsoft Office (`~$NAME`, of longer names without their first two letters), vim (`.NAME.swp`), Emacs (`.#NAME`).
#[must_use]
pub fn is_open_sign(name: &str, file: &str) -> bool {
    if let Some(inner) = name.strip_prefix(".~lock.").and_then(|rest| rest.strip_suffix('#')) {
        return inner == file;
    }
    if let Some(rest) = name.strip_prefix("~$") {
        let short: String = file.chars().skip(2).collect();
        return rest == file || (!short.is_empty() && rest == short);
    }
    if let Some(inner) = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(".swp")) {
        return inner == file;
    }
    name.strip_prefix(".#").is_some_and(|inner| inner == file)
}
