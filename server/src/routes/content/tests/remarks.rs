//! Comments and ratings: who writes and reads them, what is told, and what is left of what was taken back.

use super::world::{Meta, Person, World, good, refused};
use pod_shared::content::{
    ActivityKind, Comment, CommentNew, CommentPage, Entry, LockAsk, LockGrant, RatingNew, RatingPage,
    RatingSum, Settled,
};
use pod_shared::{CommentId, EntryId, ErrorCode, Role, limits};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

impl Person {
    async fn commenting(&self, entry: EntryId, new: &CommentNew) -> Response {
        self.send(Method::POST, &format!("/v1/entries/{entry}/comments"), new).await
    }

    async fn comment(&self, entry: EntryId, text: &str) -> Comment {
        good(self.commenting(entry, &saying(text)).await).await
    }

    async fn comments(&self, entry: EntryId, query: &str) -> CommentPage {
        good(self.get(&format!("/v1/entries/{entry}/comments{query}")).await).await
    }

    async fn uncomment(&self, comment: CommentId) -> Response {
        self.ask(Method::DELETE, &format!("/v1/comments/{comment}")).send().await.unwrap()
    }

    async fn rating(&self, entry: EntryId, halves: Option<u8>) -> Response {
        self.send(Method::PUT, &format!("/v1/entries/{entry}/rating"), &RatingNew { halves }).await
    }
}

fn saying(text: &str) -> CommentNew {
    CommentNew { id: CommentId(Uuid::now_v7()), text: text.into(), mentions: Vec::new(), reply: None }
}

#[tokio::test]
async fn a_comment_is_kept_once_told_once_and_answered() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "a", b"one").await;
    let new = CommentNew { mentions: vec![bob.account], ..saying("좋아요, @Bob?") };
    let first: Comment = good(ann.commenting(file, &new).await).await;
    assert_eq!((first.seq, first.version, first.by), (1, 1, ann.account));
    assert_eq!(good::<Comment>(ann.commenting(file, &new).await).await, first, "said again");
    let other = CommentNew { text: "something else".into(), ..new.clone() };
    assert_eq!(refused(ann.commenting(file, &other).await).await, ErrorCode::IdReused);
    assert_eq!(refused(bob.commenting(file, &new).await).await, ErrorCode::IdReused);
    ann.upload(room, "a", b"two").await;
    let answer = CommentNew { reply: Some(first.id), ..saying("better now") };
    let second: Comment = good(bob.commenting(file, &answer).await).await;
    assert_eq!((second.seq, second.version, second.reply), (2, 2, Some(first.id)));
    let page = bob.comments(file, "?limit=1").await;
    assert_eq!((page.comments, page.more), (vec![second.clone()], true));
    let page = bob.comments(file, "?before=2").await;
    assert_eq!((page.comments, page.more), (vec![first.clone()], false));
    assert_eq!(ann.entry(file).await.comments, 2);
    let told = ann.changes(room, 0).await.activities;
    let told: Vec<_> = told.iter().filter(|line| line.kind == ActivityKind::Commented).collect();
    assert_eq!(
        told.iter().map(|line| (line.by, line.entry)).collect::<Vec<_>>(),
        [(ann.account, Some(file)), (bob.account, Some(file))]
    );
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_text_of_a_deleted_comment_is_taken_away_and_its_place_stays() {
    let world = World::new().await;
    let (ann, bob, cid) = (world.person(), world.person(), world.person());
    let room = ann.group(&[&bob, &cid]).await;
    let file = ann.upload(room, "a", b"one").await;
    let (one, two) = (bob.comment(file, "a secret").await, bob.comment(file, "rude").await);
    assert_eq!(refused(cid.uncomment(one.id).await).await, ErrorCode::RoleTooLow);
    for _ in 0..2 {
        assert_eq!(bob.uncomment(one.id).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(ann.uncomment(two.id).await.status(), StatusCode::NO_CONTENT, "by who manages the room");
    }
    let left = cid.comments(file, "").await.comments;
    assert_eq!(
        left.iter().map(|one| (one.seq, one.text.clone())).collect::<Vec<_>>(),
        [(2, None), (1, None)]
    );
    assert_eq!(ann.entry(file).await.comments, 0);
    let texts: i64 = world
        .database()
        .query_row("SELECT count(*) FROM comments WHERE text IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(texts, 0);
    let third = bob.comment(file, "again").await;
    assert_eq!((third.seq, ann.entry(file).await.comments), (3, 1));
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_rating_is_one_for_each_person_in_half_steps() {
    let world = World::new().await;
    let (ann, bob) = (world.person(), world.person());
    let room = ann.group(&[&bob]).await;
    let file = ann.upload(room, "a", b"one").await;
    for halves in [0, 1, 11] {
        assert_eq!(refused(ann.rating(file, Some(halves)).await).await, ErrorCode::BadRequest);
    }
    assert_eq!(
        good::<Entry>(ann.rating(file, Some(9)).await).await.rating,
        Some(RatingSum { halves: 9, count: 1 })
    );
    good::<Entry>(bob.rating(file, Some(2)).await).await;
    let both: Entry = good(bob.rating(file, Some(4)).await).await;
    assert_eq!(both.rating, Some(RatingSum { halves: 13, count: 2 }));
    assert_eq!(good::<Entry>(bob.rating(file, Some(4)).await).await, both, "said again");
    let who: RatingPage = good(ann.get(&format!("/v1/entries/{file}/ratings")).await).await;
    let mut who: Vec<_> = who.ratings.into_iter().map(|rating| (rating.halves, rating.by)).collect();
    who.sort_by_key(|(halves, _)| *halves);
    assert_eq!(who, [(4, bob.account), (9, ann.account)]);
    for _ in 0..2 {
        assert_eq!(
            good::<Entry>(ann.rating(file, None).await).await.rating,
            Some(RatingSum { halves: 4, count: 1 })
        );
    }
    assert_eq!(good::<Entry>(bob.rating(file, None).await).await.rating, None);
    let told = ann.changes(room, 0).await.activities.into_iter();
    let told: Vec<u8> = told
        .filter_map(|line| if let ActivityKind::Rated { halves } = line.kind { Some(halves) } else { None })
        .collect();
    assert_eq!(told, [9, 2, 4, 0, 0]);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn who_may_not_write_says_and_rates_nothing_and_strangers_read_nothing() {
    let world = World::new().await;
    let (ann, bob, vic, eve) = (world.person(), world.person(), world.person(), world.person());
    let room = ann.group(&[&bob, &vic]).await;
    let _carrier = world.settle_everything();
    good::<Settled>(ann.put_member(room, vic.account, Role::Viewer).await).await;
    let file = ann.upload(room, "a", b"one").await;
    let comment = ann.comment(file, "hello").await;
    assert_eq!(refused(vic.commenting(file, &saying("x")).await).await, ErrorCode::RoleTooLow);
    assert_eq!(refused(vic.rating(file, Some(5)).await).await, ErrorCode::RoleTooLow);
    assert_eq!(vic.comments(file, "").await.comments.len(), 1);
    for (who, id) in [(&eve, file), (&ann, EntryId(Uuid::now_v7()))] {
        assert_eq!(refused(who.commenting(id, &saying("x")).await).await, ErrorCode::NotFound);
        assert_eq!(refused(who.get(&format!("/v1/entries/{id}/comments")).await).await, ErrorCode::NotFound);
        assert_eq!(refused(who.rating(id, Some(5)).await).await, ErrorCode::NotFound);
        assert_eq!(refused(who.get(&format!("/v1/entries/{id}/ratings")).await).await, ErrorCode::NotFound);
    }
    assert_eq!(refused(eve.uncomment(comment.id).await).await, ErrorCode::NotFound);
    assert_eq!(refused(ann.uncomment(CommentId(Uuid::now_v7())).await).await, ErrorCode::NotFound);
    let elsewhere = ann.upload(ann.group(&[]).await, "b", b"x").await;
    let lost = CommentNew { reply: Some(comment.id), ..saying("x") };
    assert_eq!(refused(ann.commenting(elsewhere, &lost).await).await, ErrorCode::NotFound);
    let strange = CommentNew { mentions: vec![eve.account], ..saying("x") };
    assert_eq!(refused(ann.commenting(file, &strange).await).await, ErrorCode::NotFound);
    // A lock keeps nobody from them.
    good::<LockGrant>(ann.send(Method::PUT, &format!("/v1/entries/{file}/lock"), &LockAsk::default()).await)
        .await;
    bob.comment(file, "when are you done?").await;
    good::<Entry>(bob.rating(file, Some(10)).await).await;
    ann.ask(Method::DELETE, &format!("/v1/entries/{file}")).send().await.unwrap();
    assert_eq!(refused(bob.commenting(file, &saying("x")).await).await, ErrorCode::NotFound);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn comments_have_their_limits() {
    let world = World::new().await;
    let ann = world.person();
    let room = ann.group(&[]).await;
    let file = ann.whole(&Meta::new(room, "a"), b"one").await;
    assert_eq!(refused(ann.commenting(file, &saying(" \n")).await).await, ErrorCode::BadRequest);
    let long = "x".repeat(limits::COMMENT_TEXT_BYTES_MAX + 1);
    assert_eq!(refused(ann.commenting(file, &saying(&long)).await).await, ErrorCode::TooLarge);
    let many = CommentNew { mentions: vec![ann.account; limits::MENTIONS_MAX + 1], ..saying("x") };
    assert_eq!(refused(ann.commenting(file, &many).await).await, ErrorCode::TooMany);
    let last = ann.comment(file, "x").await;
    let full = i64::try_from(limits::COMMENTS_PER_ENTRY_MAX).unwrap();
    let database = world.database();
    database.execute("UPDATE comments SET seq = ?1 WHERE id = ?2", (full, last.id.as_bytes())).unwrap();
    assert_eq!(refused(ann.commenting(file, &saying("x")).await).await, ErrorCode::TooMany);
}
