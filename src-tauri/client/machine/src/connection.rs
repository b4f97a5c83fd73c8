//! The connection of a signed-in device: when to dial, when to give a silent socket up, when to wait for a person.
//!
//! The life: signed out -> connecting (dial, greeting, sync) -> online -> (closed or silent) waiting -> connecting ...
//! A change of the network, a computer that woke up, or a person who asks ends a wait at once. A device that was
//! signed out, whose place a copy of it took, or a server with another certificate, needs a person; nothing is dialled
//! then.
//! Each dial has a number; what a former connection still says is ignored.

use crate::Moment;
use crate::backoff::Backoff;
use pod_shared::{ErrorBody, ErrorCode, Retry, limits};

#[cfg(test)]
mod tests;

/// A socket that must prove that it lives has this long: one round trip on a bad line, with room.
pub const PROBE_MS: u64 = 5_000;
/// A dial that heard nothing for this long is begun anew when the network changes: it may hang on the old one.
const STALE_DIAL_MS: u64 = 1_000;

/// Where the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody is signed in.
    SignedOut,
    /// Dialling, greeting, syncing.
    Connecting {
        /// Since when.
        since_ms: u64,
        /// Last sign of life.
        heard_ms: Option<u64>,
        /// The network changed meanwhile: a failure of this try says nothing about the next.
        stale: Stale,
    },
    /// Up to date.
    Online {
        /// Last sign of life.
        heard_ms: u64,
        /// It must prove that it lives until then.
        probe_until_ms: Option<u64>,
    },
    /// Not connected; tries again by itself.
    Waiting {
        /// The next try.
        until_ms: u64,
        /// Why the last one ended.
        reason: Option<ErrorBody>,
    },
    /// A person must act.
    NeedsPerson {
        /// Why.
        reason: ErrorBody,
    },
}

/// Whether a try began before the network changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// It began on the network as it is.
    Fresh,
    /// It began before.
    Stale,
}

/// What happens to the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Somebody is signed in.
    SignedIn,
    /// Nobody is any more.
    SignedOut,
    /// Addresses of this computer changed.
    NetworkChanged,
    /// The computer slept and is awake.
    Woke,
    /// A person asks for it.
    Asked,
    /// Any frame or pong came.
    Heard {
        /// The dial it belongs to.
        dial: u64,
    },
    /// The sync is whole and applied.
    Synced {
        /// The dial it belongs to.
        dial: u64,
    },
    /// The dial failed, or the socket ended.
    Closed {
        /// The dial it belongs to.
        dial: u64,
        /// Why.
        reason: ErrorBody,
    },
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Connect, under this number.
    Dial(u64),
    /// End the connection with this number.
    HangUp(u64),
    /// Send a ping on the connection with this number.
    Probe(u64),
}

/// The machine.
#[derive(Debug)]
pub struct Connection {
    state: State,
    dial: u64,
    failures: u32,
}

impl Default for Connection {
    fn default() -> Self {
        Self { state: State::SignedOut, dial: 0, failures: 0 }
    }
}

impl Connection {
    /// Where it is.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The number of the newest dial.
    #[must_use]
    pub fn dial(&self) -> u64 {
        self.dial
    }

    /// When the next `Tick` is wanted.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        match &self.state {
            State::SignedOut | State::NeedsPerson { .. } => None,
            State::Connecting { since_ms, heard_ms, .. } => {
                Some(heard_ms.unwrap_or(*since_ms) + limits::SILENCE_MS_MAX)
            }
            State::Online { heard_ms, probe_until_ms } => {
                let silent = heard_ms + limits::SILENCE_MS_MAX;
                Some(probe_until_ms.map_or(silent, |probe| probe.min(silent)))
            }
            State::Waiting { until_ms, .. } => Some(*until_ms),
        }
    }

    /// One step.
    pub fn step(&mut self, at: Moment, input: Input, out: &mut Vec<Effect>) {
        match input {
            Input::SignedIn => {
                self.failures = 0;
                self.hang_up(out);
                self.connect(at, out);
            }
            Input::SignedOut => {
                self.hang_up(out);
                self.state = State::SignedOut;
            }
            Input::NetworkChanged | Input::Woke => self.nudge(at, out),
            Input::Asked => match self.state {
                State::Waiting { .. } | State::NeedsPerson { .. } => self.connect(at, out),
                State::Connecting { .. } | State::Online { .. } => self.nudge(at, out),
                State::SignedOut => {}
            },
            Input::Heard { dial } if dial == self.dial => self.heard(at.now_ms),
            Input::Synced { dial } if dial == self.dial => self.synced(at.now_ms),
            Input::Closed { dial, reason } if dial == self.dial => self.closed(at, reason, out),
            Input::Heard { .. } | Input::Synced { .. } | Input::Closed { .. } => {}
            Input::Tick => self.tick(at, out),
        }
    }

    fn connect(&mut self, at: Moment, out: &mut Vec<Effect>) {
        self.dial += 1;
        self.state = State::Connecting { since_ms: at.now_ms, heard_ms: None, stale: Stale::Fresh };
        out.push(Effect::Dial(self.dial));
    }

    fn hang_up(&mut self, out: &mut Vec<Effect>) {
        match self.state {
            State::Connecting { .. } | State::Online { .. } => out.push(Effect::HangUp(self.dial)),
            State::SignedOut | State::Waiting { .. } | State::NeedsPerson { .. } => {}
        }
    }

    fn nudge(&mut self, at: Moment, out: &mut Vec<Effect>) {
        match &mut self.state {
            State::SignedOut | State::NeedsPerson { .. } => {}
            State::Waiting { .. } => self.connect(at, out),
            State::Online { probe_until_ms, .. } => {
                if probe_until_ms.is_none() {
                    *probe_until_ms = Some(at.now_ms + PROBE_MS);
                    out.push(Effect::Probe(self.dial));
                }
            }
            State::Connecting { since_ms, heard_ms: None, .. }
                if at.now_ms.saturating_sub(*since_ms) >= STALE_DIAL_MS =>
            {
                self.hang_up(out);
                self.connect(at, out);
            }
            State::Connecting { stale, .. } => *stale = Stale::Stale,
        }
    }

    fn heard(&mut self, now_ms: u64) {
        match &mut self.state {
            State::Connecting { heard_ms, .. } => *heard_ms = Some(now_ms),
            State::Online { heard_ms, probe_until_ms } => {
                *heard_ms = now_ms;
                *probe_until_ms = None;
            }
            State::SignedOut | State::Waiting { .. } | State::NeedsPerson { .. } => {}
        }
    }

    fn synced(&mut self, now_ms: u64) {
        if let State::Connecting { .. } = self.state {
            self.failures = 0;
            self.state = State::Online { heard_ms: now_ms, probe_until_ms: None };
        }
    }

    fn closed(&mut self, at: Moment, reason: ErrorBody, out: &mut Vec<Effect>) {
        let stale = match self.state {
            State::Connecting { stale, .. } => stale,
            State::Online { .. } => Stale::Fresh,
            State::SignedOut | State::Waiting { .. } | State::NeedsPerson { .. } => return,
        };
        if matches!(
            reason.code,
            ErrorCode::SignedOut
                | ErrorCode::DeviceInUse
                | ErrorCode::ServerNotTrusted
                | ErrorCode::KeyringUnavailable
        ) {
            self.state = State::NeedsPerson { reason };
            return;
        }
        let first = self.failures == 0;
        self.failures = self.failures.saturating_add(1);
        if stale == Stale::Stale || (first && reason.code.retry() == Retry::Now) {
            self.connect(at, out);
            return;
        }
        let wait = Backoff::CONNECTION.delay_ms(self.failures, at.chance);
        let wait = wait.max(reason.retry_after_ms.unwrap_or(0));
        self.state = State::Waiting { until_ms: at.now_ms.saturating_add(wait), reason: Some(reason) };
    }

    fn tick(&mut self, at: Moment, out: &mut Vec<Effect>) {
        if self.next_deadline().is_none_or(|deadline| at.now_ms < deadline) {
            return;
        }
        match self.state {
            State::Waiting { .. } => self.connect(at, out),
            State::Connecting { .. } | State::Online { .. } => {
                self.hang_up(out);
                let silent = ErrorBody::new(ErrorCode::Offline, "the server has gone silent");
                self.closed(at, silent, out);
            }
            State::SignedOut | State::NeedsPerson { .. } => {}
        }
    }
}
