//! Bodies about one file or folder: its lock, its permission, what people say of it.

use super::super::samples::{device, id};
use super::{Book, amy, file};
use crate::content::{
    Comment, CommentNew, CommentPage, Entry, Lock, LockAsk, LockBreak, LockGrant, Permission, Rating,
    RatingNew, RatingPage, RatingSum, SharedWith,
};
use crate::{CommentId, TimeMs};

pub(super) fn locks(book: &mut Book) {
    let lock = Lock { by: amy(), device: device(), since: TimeMs(2), fence: 3 };
    book.body("entry", &Entry { lock: Some(lock), ..file() });
    book.body("lock_ask", &LockAsk::default());
    book.body("lock_ask", &LockAsk { fence: Some(3), lasts_s: Some(600) });
    book.body("lock_grant", &LockGrant { fence: 3, lasts_s: 120, version: 2 });
    book.body("lock_break", &LockBreak { reason: "봄".into() });
}

pub(super) fn permissions(book: &mut Book) {
    let some = Permission { shared_with: SharedWith::Some(vec![amy()]), view_only: false };
    book.body("permission", &Permission { shared_with: SharedWith::Everyone, view_only: true });
    book.body("permission", &Permission { shared_with: SharedWith::OnlyMe, view_only: false });
    book.body("permission", &some);
    book.body("entry", &Entry { permission: Some(some), ..file() });
}

pub(super) fn remarks(book: &mut Book) {
    let comment_id = CommentId(id(24));
    let new =
        CommentNew { id: comment_id, text: "봄".into(), mentions: vec![amy()], reply: Some(comment_id) };
    book.body("comment_new", &new);
    book.body("comment_new", &CommentNew { mentions: Vec::new(), reply: None, ..new });
    let comment = Comment {
        id: comment_id,
        seq: 2,
        by: amy(),
        at: TimeMs(2),
        version: 4,
        text: Some("봄".into()),
        mentions: vec![amy()],
        reply: Some(comment_id),
    };
    let deleted = Comment { text: None, mentions: Vec::new(), reply: None, ..comment.clone() };
    book.body("comment_page", &CommentPage { comments: vec![comment, deleted], more: true });
    book.body("rating_new", &RatingNew { halves: Some(9) });
    book.body("rating_new", &RatingNew { halves: None });
    let rating = Rating { by: amy(), halves: 9, at: TimeMs(2) };
    book.body("rating_page", &RatingPage { ratings: vec![rating] });
    let rating = Some(RatingSum { halves: 9, count: 1 });
    book.body("entry", &Entry { comments: 2, rating, ..file() });
}
