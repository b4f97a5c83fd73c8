//! What a person says of themself (P1): told to who shares a room with them and to their contacts, synchronised like
//! presence. The display name is not part of it: that is the account's.

use crate::limits::{PROFILE_LINE_BYTES_MAX, PROFILE_TEXT_BYTES_MAX};
use crate::{AccountId, ErrorCode};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Fields of a person; each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct ProfileFields {
    /// What they are.
    pub title: String,
    /// Where they belong.
    pub organisation: String,
    /// A telephone number.
    pub phone: String,
    /// An address for mail.
    pub mail: String,
    /// Where they are to be found; lines.
    pub address: String,
    /// Anything else; lines.
    pub about: String,
}

impl ProfileFields {
    /// Whether it says anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each field with its name, in the order in which they are shown.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &str); 6] {
        [
            ("title", &self.title),
            ("organisation", &self.organisation),
            ("phone", &self.phone),
            ("mail", &self.mail),
            ("address", &self.address),
            ("about", &self.about),
        ]
    }

    /// The field with this name.
    pub fn named_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "title" => &mut self.title,
            "organisation" => &mut self.organisation,
            "phone" => &mut self.phone,
            "mail" => &mut self.mail,
            "address" => &mut self.address,
            "about" => &mut self.about,
            _ => return None,
        })
    }

    /// Without the space around each field.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let trim = |text: &String| text.trim().to_owned();
        Self {
            title: trim(&self.title),
            organisation: trim(&self.organisation),
            phone: trim(&self.phone),
            mail: trim(&self.mail),
            address: trim(&self.address),
            about: trim(&self.about),
        }
    }

    /// Whether it may be kept.
    ///
    /// # Errors
    /// `too_large` for a field that is too long, `bad_request` for one with a character that cannot be shown.
    pub fn check(&self) -> Result<(), ErrorCode> {
        for (name, text) in self.named() {
            let lines = matches!(name, "address" | "about");
            let limit = if lines { PROFILE_TEXT_BYTES_MAX } else { PROFILE_LINE_BYTES_MAX };
            if text.len() > limit {
                return Err(ErrorCode::TooLarge);
            }
            if text.chars().any(|c| c.is_control() && !(lines && c == '\n')) {
                return Err(ErrorCode::BadRequest);
            }
        }
        Ok(())
    }
}

/// The fields of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonProfile {
    /// Who.
    pub account: AccountId,
    /// As they stand; empty: nothing any more.
    pub profile: ProfileFields,
}
