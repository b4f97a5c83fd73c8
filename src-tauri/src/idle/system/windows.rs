//! The time of the last input in the session.

use std::time::Duration;
use user_idle::UserIdle;

/// Windows, which always tells.
#[derive(Debug, Default)]
pub(super) struct Source;

impl Source {
    pub(super) fn find() -> Self {
        Self
    }

    pub(super) fn resting(&self) -> Option<Duration> {
        UserIdle::get_time().ok().map(|idle| idle.duration())
    }
}
