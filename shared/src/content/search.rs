//! Finding files and folders by what they are called, what is said of them and what they say (O8, N11).
//!
//! `POST /v1/search` with a [`SearchAsk`] is a [`SearchPage`]: of the rooms named, only what the person may see, what came
//! last first. All words must be found: in the name (any part of a word), in description, tags, comments and, for plain
//! texts, Markdown and PDF, in what the file says (the beginning of a word; of Chinese, Japanese and Korean any part). The
//! server reads files in quiet, so what came a moment ago is found by its name first.
//!
//! `PUT /v1/entries/{id}/about` with an [`AboutNew`] says what an entry is; repeatable; the answer is the [`super::Entry`].

use super::{Entry, EntryKind};
use crate::{AccountId, RoomId, TimeMs};
use serde::{Deserialize, Serialize};

/// `POST /v1/search`. Whatever is missing is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchAsk {
    /// In these rooms, at most `limits::SEARCH_ROOMS_MAX`.
    pub rooms: Vec<RoomId>,
    /// Words, at most `limits::SEARCH_TEXT_BYTES_MAX` and `limits::SEARCH_PARTS_MAX` of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The registrant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// File or folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EntryKind>,
    /// Files whose name ends so, in lower case, without the dot; at most `limits::SEARCH_ENDINGS_MAX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endings: Vec<String>,
    /// Last changed then or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<TimeMs>,
    /// Last changed then or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<TimeMs>,
    /// Files of at least so many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_min: Option<u64>,
    /// Files of at most so many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_max: Option<u64>,
    /// Rated with at least so many half stars on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halves_min: Option<u8>,
    /// With this tag, in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Go on after this: `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// At most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What was found. A page may hold less than was asked for, even nothing, and there is more all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// What came last first.
    pub found: Vec<SearchHit>,
    /// Where to go on; nothing: that was all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// It.
    pub entry: Entry,
    /// Names of the folders in which it lies, from the top down.
    pub path: Vec<String>,
}

/// `PUT /v1/entries/{id}/about`: what an entry is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutNew {
    /// At most `limits::DESCRIPTION_BYTES_MAX`; empty: none.
    #[serde(default)]
    pub description: String,
    /// At most `limits::TAGS_PER_ENTRY_MAX`, each of one line and at most `limits::TAG_BYTES_MAX`.
    #[serde(default)]
    pub tags: Vec<String>,
}
