//! Whether somebody is there, from what the system and the windows know, and when to look again.

use std::time::Duration;

#[cfg(test)]
mod tests;

/// Who comes back is seen after this long at the latest.
const BACK_WITHIN: Duration = Duration::from_secs(1);
/// Where only the windows know, they wake us; this is for a system that begins to tell.
const NOTHING_TOLD: Duration = Duration::from_secs(60);

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rest {
    /// Nobody is there.
    pub(super) idle: bool,
    /// Look again after this long.
    pub(super) look_again: Duration,
}

/// `system`: since the last input anywhere, where it is told. `windows`: since the last one in a window of Pod.
pub(super) fn judge(system: Option<Duration>, windows: Duration, after: Duration) -> Rest {
    let resting = system.map_or(windows, |system| system.min(windows));
    match after.checked_sub(resting).filter(|left| !left.is_zero()) {
        Some(left) => Rest { idle: false, look_again: left },
        None if system.is_some() => Rest { idle: true, look_again: BACK_WITHIN },
        None => Rest { idle: true, look_again: NOTHING_TOLD },
    }
}
