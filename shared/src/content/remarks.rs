//! What people say about a file or folder: comments, and ratings from one to five stars in half steps (N11).
//!
//! `POST /v1/entries/{id}/comments` with a [`CommentNew`] answers the [`Comment`], repeatably by its id; `GET` with
//! `?before=SEQ&limit=N` is a [`CommentPage`], newest first; `DELETE /v1/comments/{id}`, repeatably, by who wrote it or who
//! manages the room, leaves its place without its text. `PUT /v1/entries/{id}/rating` with a [`RatingNew`] sets one's own
//! rating or takes it back, `GET /v1/entries/{id}/ratings` is a [`RatingPage`]. A lock keeps nobody from any of these: the
//! content stays as it is.

use crate::{AccountId, CommentId, TimeMs};
use serde::{Deserialize, Serialize};

/// Least rating, in half stars.
pub const RATING_HALVES_MIN: u8 = 2;
/// Best rating, in half stars.
pub const RATING_HALVES_MAX: u8 = 10;

/// `POST /v1/entries/{id}/comments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentNew {
    /// Made by the client.
    pub id: CommentId,
    /// At most `limits::COMMENT_TEXT_BYTES_MAX`, not empty.
    pub text: String,
    /// The members it names, at most `limits::MENTIONS_MAX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<AccountId>,
    /// The comment on the same entry that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<CommentId>,
}

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// Its place among the comments on the entry, from 1.
    pub seq: u32,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: TimeMs,
    /// The newest version of the file at that time.
    pub version: u32,
    /// What it says; nothing: it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The members it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<AccountId>,
    /// The comment that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<CommentId>,
}

/// A comment as the line of the folder's log about it tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentLine {
    /// Which.
    pub id: CommentId,
    /// Its beginning, at most `limits::COMMENT_LINE_CHARS_MAX`; nothing: it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The members it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<AccountId>,
    /// Who wrote the comment that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<AccountId>,
}

/// `GET /v1/entries/{id}/comments`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentPage {
    /// The comments.
    pub comments: Vec<Comment>,
    /// There are older ones.
    pub more: bool,
}

/// `PUT /v1/entries/{id}/rating`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingNew {
    /// Half stars, [`RATING_HALVES_MIN`] to [`RATING_HALVES_MAX`]; nothing: no rating any more.
    pub halves: Option<u8>,
}

/// One person's rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Who.
    pub by: AccountId,
    /// Half stars.
    pub halves: u8,
    /// When.
    pub at: TimeMs,
}

/// `GET /v1/entries/{id}/ratings`: the newest first, at most `limits::MEMBERS_PER_ROOM_MAX`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingPage {
    /// The ratings.
    pub ratings: Vec<Rating>,
}

/// All ratings of an entry as one: their average is `halves` by `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RatingSum {
    /// Half stars of all together.
    pub halves: u32,
    /// How many rated it.
    pub count: u32,
}
