//! Contacts: people who agreed to see each other, as each of the two keeps them; and the groups they are sorted into.
//!
//! The life of a contact: one person asks, the other accepts, declines or lets it be; from then on each sees the other's
//! presence, until one of them removes the other. A block is apart from it and only its maker knows of it: for the blocked
//! person all goes on as if the other were away and never answered.

use crate::{AccountId, ContactGroupId};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// How another person stands to the one who keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactStanding {
    /// Not at all; kept only while something else is to be remembered.
    #[default]
    None,
    /// Asked, and has not answered.
    Asked,
    /// Asks.
    Asks,
    /// Asks, and is not answered.
    Ignored,
    /// A contact; both agreed.
    Contact,
    /// Asked, and declined.
    Declined,
}

/// What one of two people does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactStep {
    /// Asks.
    Ask,
    /// Accepts a request.
    Accept,
    /// Declines a request.
    Decline,
    /// Lets a request be, without an answer.
    Ignore,
    /// Takes the own request back, or is no longer a contact.
    Remove,
    /// Blocks.
    Block,
}

impl ContactStanding {
    /// The stored number of the standing; its meaning never changes.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Asked => 1,
            Self::Asks => 2,
            Self::Ignored => 3,
            Self::Contact => 4,
            Self::Declined => 5,
        }
    }

    /// The standing with this stored number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::None, Self::Asked, Self::Asks, Self::Ignored, Self::Contact, Self::Declined]
            .into_iter()
            .find(|standing| standing.code() == code)
    }

    /// How the other person stands after this step; nothing: there is no request to answer.
    #[must_use]
    pub fn after(self, step: ContactStep) -> Option<Self> {
        use ContactStep::{Accept, Ask, Block, Decline, Ignore, Remove};
        Some(match (step, self) {
            (Ask | Accept, Self::Asks | Self::Ignored | Self::Contact) => Self::Contact,
            (Ask, Self::None | Self::Declined | Self::Asked) => Self::Asked,
            (Accept, Self::None | Self::Declined | Self::Asked) => return None,
            (Decline, Self::Asks | Self::Ignored)
            | (Remove, Self::Asked | Self::Contact | Self::Declined)
            | (Block, Self::Asked | Self::Declined) => Self::None,
            (Ignore | Block, Self::Asks) => Self::Ignored,
            (Decline | Ignore, Self::Asked | Self::Contact) => return None,
            (Decline | Ignore, Self::None | Self::Declined)
            | (Ignore | Block, Self::Ignored)
            | (Remove, Self::None | Self::Asks | Self::Ignored)
            | (Block, Self::None | Self::Contact) => self,
        })
    }

    /// How I stand to the other person, who held me as `self`, when they came from `before` to `after` with me. Who is
    /// blocked asks without being heard.
    #[must_use]
    pub fn answering(self, before: Self, after: Self, blocked: bool) -> Self {
        match (before, after) {
            (Self::None | Self::Declined, Self::Asked) if blocked => Self::Ignored,
            (Self::None | Self::Declined, Self::Asked) => Self::Asks,
            (Self::Asks | Self::Ignored, Self::Contact) => Self::Contact,
            (Self::Asks | Self::Ignored, Self::None) => Self::Declined,
            (Self::Asked | Self::Contact, Self::None) => Self::None,
            _ => self,
        }
    }
}

/// Somebody as a person keeps them: the same on all their devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactState {
    /// Who.
    pub account: AccountId,
    /// Unique name.
    pub name: String,
    /// What others see.
    pub display_name: String,
    /// How they stand. `None` and not blocked: gone.
    pub standing: ContactStanding,
    /// They see nothing and reach nobody here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// Stands above the others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favourite: bool,
    /// Does not disturb.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
    /// What their keeper calls them; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nickname: String,
    /// What the request says; only while it waits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Counts the requests of the person who keeps them; of the other's, `theirs`.
    #[serde(default)]
    pub mine: u32,
    /// Counts the other's requests.
    #[serde(default)]
    pub theirs: u32,
    /// Where they are sorted to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<ContactPlace>,
}

impl ContactState {
    /// Nothing is left of it but that it was there.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.standing == ContactStanding::None && !self.blocked
    }
}

/// A contact's place in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ContactPlace {
    /// The group.
    pub group: ContactGroupId,
    /// Smaller ones come first, equal ones by account.
    #[ts(type = "number")]
    pub rank: i64,
}

/// A group of contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactGroupState {
    /// Which.
    pub group: ContactGroupId,
    /// Its name.
    pub name: String,
    /// Smaller ones come first, equal ones by id.
    pub rank: i64,
    /// It was deleted; its contacts are in it no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// What a device may ask about contacts. Each is repeatable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactRequest {
    /// Ask somebody; who asks already is accepted.
    Ask {
        /// Whom.
        account: AccountId,
        /// What to say; may be empty, at most `limits::CONTACT_TEXT_BYTES_MAX`.
        text: String,
        /// One more than this person's requests until now: asked twice, it counts once.
        round: u32,
    },
    /// Answer a request.
    Answer {
        /// Whose.
        account: AccountId,
        /// Which of theirs: a late answer belongs to another one.
        round: u32,
        /// How.
        how: ContactAnswer,
    },
    /// Take a request back, or be no longer contacts, on both sides.
    Remove {
        /// Whom.
        account: AccountId,
    },
    /// Block somebody, or no longer.
    Block {
        /// Whom.
        account: AccountId,
        /// They are to be.
        blocked: bool,
    },
    /// What this person alone sees of a contact; absent fields stay.
    Mark {
        /// Whom.
        account: AccountId,
        /// What to call them; empty: by their own name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nickname: Option<String>,
        /// They stand above the others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        favourite: Option<bool>,
        /// They do not disturb.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        muted: Option<bool>,
    },
    /// Put a contact into a group, to another place in it, or out of it.
    Place {
        /// Whom.
        account: AccountId,
        /// The group.
        group: ContactGroupId,
        /// The place; nothing: out of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<i64>,
    },
    /// Make a group, or change it; absent fields stay.
    Group {
        /// Which; made by the client.
        group: ContactGroupId,
        /// Its name; needed to make it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Its place; a new one without goes to the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<i64>,
    },
    /// Delete a group; its contacts stay contacts.
    GroupDelete {
        /// Which.
        group: ContactGroupId,
    },
}

/// An answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactAnswer {
    /// Yes.
    Accept,
    /// No, and the other person is told.
    Decline,
    /// None; the other person is not told.
    Ignore,
}

impl From<ContactAnswer> for ContactStep {
    fn from(answer: ContactAnswer) -> Self {
        match answer {
            ContactAnswer::Accept => Self::Accept,
            ContactAnswer::Decline => Self::Decline,
            ContactAnswer::Ignore => Self::Ignore,
        }
    }
}
