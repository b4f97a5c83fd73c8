//! What people say about a file or folder.

use pod_shared::{AccountId, CommentId, EntryId, TimeMs};
use serde::{Deserialize, Serialize};

/// Comments on an entry, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct CommentsView {
    /// The entry.
    pub entry: EntryId,
    /// The comments.
    pub comments: Vec<CommentView>,
    /// There are older ones.
    pub more: bool,
}

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct CommentView {
    /// Its id.
    pub id: CommentId,
    /// Its place, from 1.
    pub seq: u32,
    /// By whom.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// It is this person's own.
    pub mine: bool,
    /// It names this person.
    pub names_me: bool,
    /// When.
    pub at: TimeMs,
    /// The newest version of the file at that time.
    pub version: u32,
    /// What it says; nothing: it was deleted.
    pub text: Option<String>,
    /// The comment that it answers.
    pub reply: Option<CommentId>,
}

/// One person's rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RatingView {
    /// Who.
    pub by: AccountId,
    /// As to be shown.
    pub by_name: String,
    /// It is this person's own.
    pub mine: bool,
    /// Half stars, 2 to 10.
    pub halves: u8,
}
