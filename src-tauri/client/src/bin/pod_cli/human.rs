//! Words and columns for people.

use pod_client::view::ErrorView;
use pod_shared::{ErrorCode, TimeMs};
use time::OffsetDateTime;

/// A table: each column as wide as its widest cell.
pub(crate) fn columns(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|title| (*title).to_owned()).collect();
    let mut widths: Vec<usize> = heading.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let line = |row: &Vec<String>| {
        let mut text = String::new();
        for (cell, widest) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(widest.saturating_sub(width(cell)) + 2));
        }
        text.trim_end().to_owned()
    };
    std::iter::once(&heading).chain(rows).map(line).collect::<Vec<String>>().join("\n")
}

/// Columns on a terminal; Korean, Chinese and the like take two for each character.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}')
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

/// A size as people say it.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut unit = 0;
    let mut scaled = bytes;
    while scaled >= 10_240 && unit + 1 < UNITS.len() {
        scaled /= 1_024;
        unit += 1;
    }
    format!("{scaled} {}", UNITS.get(unit).copied().unwrap_or_default())
}

/// The computer's clock.
pub(crate) fn now() -> TimeMs {
    let now = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
    TimeMs(i64::try_from(now).unwrap_or(i64::MAX))
}

/// A time, in UTC.
pub(crate) fn when(at: TimeMs) -> String {
    let Ok(time) = OffsetDateTime::from_unix_timestamp(at.0 / 1_000) else { return String::new() };
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", time.hour(), time.minute())
}

/// What happened, whether anything is lost, and what to do.
pub(crate) fn sentence(error: &ErrorView) -> String {
    let sentence = match error.code {
        ErrorCode::KeyringUnavailable => {
            "This computer has no keyring, or it is locked, so the sign-in cannot be kept safely. Unlock it and try \
             again; on a machine without one, `--secrets file` keeps it in a file that only you can read."
        }
        ErrorCode::NotSignedIn => "Nobody is signed in on this profile. Start with `sign-up` or `sign-in`.",
        ErrorCode::SignedOut => {
            "This device was signed out. Sign in again; your files and messages are kept."
        }
        ErrorCode::DeviceInUse => {
            "A copy of this profile is connected in its place. Sign in again to make this one a device of its own; \
             nothing is lost, and what waits is sent afterwards."
        }
        ErrorCode::WrongPassword => "Name and password do not fit. Nothing was changed.",
        ErrorCode::WeakPassword => "The password is too short: use at least 8 characters.",
        ErrorCode::NameTaken => "Somebody has this name already. Choose another one.",
        ErrorCode::InviteInvalid => "The invite is unknown, used up, or over. Ask for a new one.",
        ErrorCode::SetupCodeNeeded => {
            "The first account from another computer needs the setup code that the server printed (--setup-code)."
        }
        ErrorCode::RoleTooLow => "Your role in this room does not allow that. Nothing was changed.",
        ErrorCode::NotFound => "There is no such thing, or it is not for you. Nothing was changed.",
        ErrorCode::NameExists => "Something with this name is there already. Nothing was changed.",
        ErrorCode::InvalidName => "This name cannot be used, because not every computer could store it.",
        ErrorCode::Locked => {
            "Somebody else is editing this file: ask them to release it, or wait until they are done."
        }
        ErrorCode::LastOwner => "A room keeps at least one owner: make somebody else owner first.",
        ErrorCode::ServerNotTrusted => {
            "The server's certificate is not the one of the invite, so nothing was sent. Ask who runs the server."
        }
        ErrorCode::Offline | ErrorCode::Unavailable | ErrorCode::InterlockStale => {
            "The server cannot be reached now. What is queued goes out by itself when it is back."
        }
        ErrorCode::DiskFull => "The disk of this computer is full. Free some space, then retry.",
        ErrorCode::ServerDiskFull => "The disk of the server is full. It is tried again by itself.",
        ErrorCode::QuotaExceeded => "There is not enough space left. Nothing was sent.",
        ErrorCode::FileUnreadable => "The file is not there, or cannot be read.",
        ErrorCode::FolderMissing => {
            "The linked folder is not there, so nothing was changed. Bring it back, or link another one."
        }
        ErrorCode::FileChanged => "The file changed while it was being sent.",
        ErrorCode::Gone => "It is gone for good: it expired, or was cancelled.",
        ErrorCode::NewerData => {
            "This profile was written by a newer Pod. Update this one; nothing was changed."
        }
        ErrorCode::RateLimited => "Too many tries in a short time. Wait a minute, then try again.",
        ErrorCode::TooLarge => "That is larger than allowed. Nothing was changed.",
        ErrorCode::TooMany => "That would be more than allowed. Nothing was changed.",
        ErrorCode::Conflict => {
            "It was changed meanwhile, or another Pod is at work on it. Look again, then retry."
        }
        ErrorCode::BadRequest
        | ErrorCode::Unauthorized
        | ErrorCode::TokenExpired
        | ErrorCode::WrongAudience
        | ErrorCode::IdReused
        | ErrorCode::OffsetMismatch
        | ErrorCode::DigestMismatch
        | ErrorCode::UnsupportedVersion
        | ErrorCode::SlowConsumer
        | ErrorCode::Internal
        | ErrorCode::Ambiguous
        | ErrorCode::Cancelled => "It was not done.",
    };
    if error.message.is_empty() || error.code == ErrorCode::NotSignedIn {
        sentence.to_owned()
    } else {
        format!("{sentence} ({})", error.message)
    }
}
