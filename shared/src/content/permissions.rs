//! Who may see and who may change a file or folder, where that is less than the whole room (O10).
//!
//! `PUT /v1/entries/{id}/permission` with a [`Permission`] sets it, repeatably, by the registrant of the entry or who
//! manages the room; the answer is the [`super::Entry`]. A permission only ever takes away: an entry is seen by who passes
//! its own permission and those of all folders above it, and changed by who passes those too. The functions here are that
//! rule; the content service asks them where the data is, and a pod asks them to offer nobody what will be refused.
//!
//! [`SharedWith::OnlyMe`] means it: who manages the room does not see it either. No permission, and no move, hides an entry
//! from a member who is its registrant (`conflict`), and only the registrant or who manages the room moves it to where others
//! see it (`role_too_low`). View only: the content, the name and the place stay as they are, and nothing comes into a folder,
//! but for its registrant and who manages the room; comments and ratings go on.

use crate::{AccountId, Role};
use serde::{Deserialize, Serialize};

/// Who sees an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SharedWith {
    /// Everybody in the room.
    #[default]
    Everyone,
    /// These members and the registrant; at most `limits::PERMISSION_PEOPLE_MAX`, at least one.
    Some(Vec<AccountId>),
    /// The registrant.
    OnlyMe,
}

/// Who sees an entry and what lies in it, and whether they may change it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Permission {
    /// Who sees it.
    pub shared_with: SharedWith,
    /// Only the registrant and who manages the room change it.
    #[serde(default)]
    pub view_only: bool,
}

/// The permission of an entry or of a folder above it, with the registrant of that.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// Who made what it stands on.
    pub registrant: AccountId,
    /// It.
    pub permission: &'a Permission,
}

impl Permission {
    /// It takes nothing away.
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        *self == Self::default()
    }

    /// Somebody in the room may not see what it stands on.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.shared_with != SharedWith::Everyone
    }
}

impl Mark<'_> {
    /// Whether a member passes it to look.
    #[must_use]
    pub fn shows(&self, who: AccountId) -> bool {
        match &self.permission.shared_with {
            SharedWith::Everyone => true,
            SharedWith::Some(people) => self.registrant == who || people.contains(&who),
            SharedWith::OnlyMe => self.registrant == who,
        }
    }

    /// Whether a member passes it to change something.
    #[must_use]
    pub fn opens(&self, who: AccountId, role: Role) -> bool {
        !self.permission.view_only || self.registrant == who || role.manages()
    }
}

/// Whether a member sees an entry: the marks are its own and those of the folders above it.
#[must_use]
pub fn may_see(who: AccountId, marks: &[Mark<'_>]) -> bool {
    marks.iter().all(|mark| mark.shows(who))
}

/// Whether a member who sees an entry changes its content, name or place, or what lies in it.
#[must_use]
pub fn may_change(who: AccountId, role: Role, marks: &[Mark<'_>]) -> bool {
    role.writes() && marks.iter().all(|mark| mark.opens(who, role))
}

/// Whether a member who sees an entry sets who else does.
#[must_use]
pub fn may_permit(who: AccountId, role: Role, registrant: AccountId) -> bool {
    role.manages() || (role.writes() && registrant == who)
}

#[cfg(test)]
mod tests;
