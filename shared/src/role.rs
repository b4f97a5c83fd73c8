//! What a member may do in a room and its folder.

use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// The role of a member, the same in the room and in its sharing group (N4). Ordered from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads messages and files.
    Viewer,
    /// Writes messages; uploads, renames, moves and deletes files.
    Editor,
    /// Also adds and removes members and cancels other people's uploads.
    Manager,
    /// Also gives and takes the roles of managers. A room has at least one.
    Owner,
}

impl Role {
    /// Whether this role may write messages and change files.
    #[must_use]
    pub fn writes(self) -> bool {
        self >= Self::Editor
    }

    /// Whether this role may change the members.
    #[must_use]
    pub fn manages(self) -> bool {
        self >= Self::Manager
    }

    /// Whether this role may turn a member's role from `from` into `to`; nothing stands for "not a member".
    ///
    /// A manager acts on editors and viewers only; an owner on everybody.
    #[must_use]
    pub fn may_change(self, from: Option<Role>, to: Option<Role>) -> bool {
        let ceiling = from.max(to);
        match self {
            Self::Owner => true,
            Self::Manager => ceiling < Some(Role::Manager),
            Self::Editor | Self::Viewer => false,
        }
    }

    /// The stored number of the role; its meaning never changes.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Viewer => 1,
            Self::Editor => 2,
            Self::Manager => 3,
            Self::Owner => 4,
        }
    }

    /// The role with this stored number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Viewer),
            2 => Some(Self::Editor),
            3 => Some(Self::Manager),
            4 => Some(Self::Owner),
            _ => None,
        }
    }
}
