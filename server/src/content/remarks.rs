//! Comments and ratings: the rules that need no data.

use super::Content;
use crate::access::Caller;
use crate::error::Refusal;
use pod_shared::content::{
    Comment, CommentNew, CommentPage, Entry, RATING_HALVES_MAX, RATING_HALVES_MIN, RatingNew, RatingPage,
};
use pod_shared::{CommentId, EntryId, ErrorCode, limits};

impl Content {
    /// Says something about an entry.
    pub(crate) async fn comment(
        &self,
        caller: Caller,
        entry: EntryId,
        new: CommentNew,
    ) -> Result<Comment, Refusal> {
        if new.text.trim().is_empty() {
            return Err(Refusal::new(ErrorCode::BadRequest, "a comment says something"));
        }
        if new.text.len() > limits::COMMENT_TEXT_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooLarge, "the comment is too long"));
        }
        if new.mentions.len() > limits::MENTIONS_MAX {
            return Err(Refusal::new(ErrorCode::TooMany, "a comment cannot name that many people"));
        }
        self.store().comment(Self::doing_at(caller), entry, new).await
    }

    /// Comments on an entry before a place, the newest first.
    pub(crate) async fn comments(
        &self,
        caller: Caller,
        entry: EntryId,
        before: u32,
        limit: u32,
    ) -> Result<CommentPage, Refusal> {
        self.store().comments(caller.account, entry, before, limit).await
    }

    /// Takes the text of a comment away.
    pub(crate) async fn delete_comment(&self, caller: Caller, comment: CommentId) -> Result<(), Refusal> {
        self.store().delete_comment(Self::doing_at(caller), comment).await
    }

    /// Sets one's own rating, or takes it back.
    pub(crate) async fn rate(
        &self,
        caller: Caller,
        entry: EntryId,
        RatingNew { halves }: RatingNew,
    ) -> Result<Entry, Refusal> {
        if halves.is_some_and(|halves| !(RATING_HALVES_MIN..=RATING_HALVES_MAX).contains(&halves)) {
            return Err(Refusal::new(ErrorCode::BadRequest, "a rating is one to five stars"));
        }
        self.store().rate(Self::doing_at(caller), entry, halves).await
    }

    /// Who rated an entry how.
    pub(crate) async fn ratings(&self, caller: Caller, entry: EntryId) -> Result<RatingPage, Refusal> {
        self.store().ratings(caller.account, entry).await
    }
}
