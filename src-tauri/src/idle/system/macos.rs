//! The session's event source.

use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};
use std::time::Duration;

/// Any kind of input (`kCGAnyInputEventType`).
const ANY: CGEventType = CGEventType(u32::MAX);

/// The event source, which is always there.
#[derive(Debug, Default)]
pub(super) struct Source;

impl Source {
    pub(super) fn find() -> Self {
        Self
    }

    pub(super) fn resting(&self) -> Option<Duration> {
        let state = CGEventSourceStateID::CombinedSessionState;
        Duration::try_from_secs_f64(CGEventSource::seconds_since_last_event_type(state, ANY)).ok()
    }
}
