//! Presence: whether a person is there, and what they say of it. Told only to who shares a room with them, apart from
//! messages, and synchronised like them: each change carries its transaction.

use crate::{AccountId, TimeMs};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Whether a person is there, as others see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// At one of their devices.
    Here,
    /// Signed in, but at none of them.
    Away,
    /// There, and not to be disturbed.
    Busy,
    /// Not there, or not to be seen.
    #[default]
    Offline,
}

impl PresenceState {
    /// The stored number of the state; its meaning never changes.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Offline => 0,
            Self::Here => 1,
            Self::Away => 2,
            Self::Busy => 3,
        }
    }

    /// The state with this stored number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Offline, Self::Here, Self::Away, Self::Busy].into_iter().find(|state| state.code() == code)
    }
}

/// What a person chose to be; *here* leaves it to their devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PresenceChoice {
    /// As the devices say: here at any of them, away when all are idle.
    #[default]
    Here,
    /// Away, whatever the devices say.
    Away,
    /// Not to be disturbed.
    Busy,
    /// Seen by nobody.
    Invisible,
}

impl PresenceChoice {
    /// The stored number of the choice; its meaning never changes.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Here => 0,
            Self::Away => 1,
            Self::Busy => 2,
            Self::Invisible => 3,
        }
    }

    /// The choice with this stored number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Here, Self::Away, Self::Busy, Self::Invisible].into_iter().find(|choice| choice.code() == code)
    }
}

/// A person's presence, as others see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Presence {
    /// Whether they are there.
    pub state: PresenceState,
    /// What they say of it; may be empty.
    pub text: String,
    /// Until when they say so.
    pub until: Option<TimeMs>,
    /// When they were last there, once they are offline.
    pub seen_at: Option<TimeMs>,
}

/// A person's own choice: the same on all their devices, until it runs out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct MyPresence {
    /// What they chose to be.
    pub state: PresenceChoice,
    /// What they say of it; at most `limits::PRESENCE_TEXT_BYTES_MAX`.
    pub text: String,
    /// Then both are over: *here*, without a text.
    pub until: Option<TimeMs>,
}

/// The presence of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPresence {
    /// Who.
    pub account: AccountId,
    /// As others see them.
    pub presence: Presence,
}
