//! Starting once more when the Pod that ran on this profile was just leaving.
//!
//! A second start wakes the first one and ends. When the first one ends at that very moment, there is nobody to wake
//! and nothing to show: the person would see no Pod at all. Then the program starts itself anew, with the same words.

use std::ffi::OsString;

/// Counts the starts; in the environment, because the program replaces itself.
const TRIES: &str = "POD_STARTS";
/// Starts, the first one included.
const TRIES_MAX: u32 = 5;

/// Whether the start failed because the running Pod left while it was being woken.
pub(crate) fn was_leaving(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.to_string().contains("`single-instance`"))
}

/// Replaces this process by a new start; answers only when that cannot be done, or was done too often.
#[cfg(unix)]
pub(crate) fn start(words: impl Iterator<Item = OsString>) {
    use std::os::unix::process::CommandExt;

    let Some(tries) = next(std::env::var(TRIES).ok().as_deref()) else { return };
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program).args(words).env(TRIES, tries.to_string()).exec();
    tracing::warn!(%error, "Pod could not be started anew");
}

/// Elsewhere the first one is asked in another way that does not fail like this.
#[cfg(not(unix))]
pub(crate) fn start(_words: impl Iterator<Item = OsString>) {}

#[cfg(unix)]
fn next(before: Option<&str>) -> Option<u32> {
    let tries = before.and_then(|text| text.parse::<u32>().ok()).unwrap_or(1) + 1;
    (tries <= TRIES_MAX).then_some(tries)
}

#[cfg(all(test, unix))]
mod tests;
